# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control plane API as one ASGI application: its endpoints, and the layers around them."""

from __future__ import annotations

from typing import Any, TextIO

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from ..ai_gateways.answers import NoSuchPath
from ..ai_gateways.config_stores import ConfigStoreEndpoints as AiConfigStoreEndpoints
from ..ai_gateways.endpoints import AiGatewayEndpoints
from ..data_plane.nodes import Nodes
from ..errors import ApiError, ProblemError, in_family, not_found
from ..json_application import ExceptionHandler, json_application
from ..middleware.internal_errors import InternalErrors
from ..middleware.latency import Latency
from ..middleware.request_log import RequestLog
from ..middleware.token_check import TokenCheck
from ..plugins.published_schemas import SchemaCatalog
from ..settings import Settings
from ..state import EmulatorState
from .client_certificates import ClientCertificateEndpoints
from .config_stores import ConfigStoreEndpoints
from .control_plane_groups import ControlPlaneGroupEndpoints
from .control_planes import ControlPlaneEndpoints
from .core_entities import CoreEntityEndpoints
from .nodes import NodeEndpoints


def _to_api_error(error: Exception, path: str) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, HTTPException) and error.status_code == 405:
        return ProblemError(405, "Method Not Allowed", "Method Not Allowed", headers=error.headers)
    if isinstance(error, HTTPException):
        return NoSuchPath() if path.startswith("/v1/") else not_found()
    return ProblemError(500, "Internal Server Error", "An unexpected error occurred")


def _error_handler(family: str) -> ExceptionHandler:
    async def respond(request: Request, error: Exception) -> Response:
        return in_family(_to_api_error(error, request.url.path), family).response()

    return respond


def build_api(
    state: EmulatorState,
    settings: Settings,
    catalog: SchemaCatalog,
    nodes: Nodes,
    log: TextIO | None,
    ai_gateways: AiGatewayEndpoints | None = None,
) -> ASGIApp:
    """Return the control plane API; ``log`` is the stream of the request log."""
    groups = (
        ControlPlaneEndpoints(state, settings),
        ControlPlaneGroupEndpoints(state, settings),
        ConfigStoreEndpoints(state, settings),
        NodeEndpoints(state, settings, nodes),
        ClientCertificateEndpoints(state),
        CoreEntityEndpoints(state, settings, catalog),
        *((AiConfigStoreEndpoints(ai_gateways.find, settings), ai_gateways) if ai_gateways else ()),
    )
    respond = _error_handler(settings.switches.error_family)
    handlers: dict[Any, ExceptionHandler] = dict.fromkeys((ApiError, HTTPException, Exception), respond)
    app: ASGIApp = json_application([route for group in groups for route in group.routes()], handlers)
    app = TokenCheck(app, settings.token, settings.switches.unauthorized)
    app = InternalErrors(app)
    if settings.latency_ms:
        app = Latency(app, settings.latency_ms, state.clock)
    if log is not None:
        app = RequestLog(app, log, state.clock)
    return app
