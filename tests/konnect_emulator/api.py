# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control plane API put together: endpoints, and around them token, log, latency and the last resort.

Each layer is an ASGI middleware of its own, put on by ``build`` from the inside out.
"""

from __future__ import annotations

import asyncio
import hmac
import sys
import traceback
from typing import TextIO

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .application import application
from .config_stores import ConfigStores
from .control_planes import TRACER, ControlPlanes
from .core_entities import CoreEntities
from .errors import ApiFailure, GatewayFailure, Problem, not_found
from .nodes import Nodes
from .official_schemas import Catalog
from .request_log import RequestLog
from .settings import Settings
from .state import World


async def _failure(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiFailure)
    return error.response()


async def _defect(request: Request, error: Exception) -> Response:
    return Problem(500, "Internal Server Error", "An unexpected error occurred").response()


async def _no_endpoint(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        headers = dict(error.headers or {})
        return Problem(405, "Method Not Allowed", "Method Not Allowed", headers=headers).response()
    return not_found().response()


class LastResort:
    """After a defect of the emulator was answered (500): its type and place on stderr, no values, no traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            print(f"defect: {type(error).__name__} in {place.name}, line {place.lineno}", file=sys.stderr, flush=True)


class TokenCheck:
    """401 before anything else; in front of core entities stands a gateway with errors of its own form."""

    def __init__(self, app: ASGIApp, token: str, form: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            sent = dict(scope["headers"]).get(b"authorization")
            if sent is None or not hmac.compare_digest(sent, self._expected):
                await self._refusal(scope["path"], sent is None).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, path: str, bare: bool) -> ApiFailure:
        gateway = "/core-entities" in path if self._form == "mixed" else self._form == "e3"
        if gateway:
            return GatewayFailure(401, "No API key found in request" if bare else "Unauthorized")
        if path.count("/") > 3:
            return Problem(401, "Unauthorized", "Unauthorized")
        return Problem(401, "Unauthenticated", "A valid token is required", tracer=TRACER)


class Latency:
    """Every answer waits."""

    def __init__(self, app: ASGIApp, milliseconds: int) -> None:
        self._app = app
        self._seconds = milliseconds / 1000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


def build(world: World, settings: Settings, catalog: Catalog, log: TextIO | None) -> ASGIApp:
    """The control plane API as one ASGI application."""
    endpoints = (
        ControlPlanes(world, settings),
        ConfigStores(world, settings),
        Nodes(world, settings),
        CoreEntities(world, settings, catalog),
    )
    routes = [route for group in endpoints for route in group.routes()]
    app: ASGIApp = application(routes, {ApiFailure: _failure, HTTPException: _no_endpoint, Exception: _defect})
    app = TokenCheck(app, settings.token, settings.switches.unauthorized)
    app = LastResort(app)
    if settings.latency_ms:
        app = Latency(app, settings.latency_ms)
    if log is not None:
        app = RequestLog(app, log)
    return app
