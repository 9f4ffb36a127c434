# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway's proxy port: routes requests of the first control plane, runs AI Proxy and Request Termination.

Every other service answers like httpbin's ``/anything``, without the request ever leaving the emulator.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .ai_proxy import AiProxy, Refused, Unreachable
from .application import application
from .bodies import parse_json
from .errors import json_response
from .official_schemas import Catalog
from .partials import expanded
from .references import resolve_all
from .router import Match, Router
from .state import Record, Snapshot, World

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
HIDDEN = frozenset(["authorization", "proxy-authorization", "apikey", "x-api-key", "cookie"])
SCOPE_WEIGHTS = {"route": 2, "service": 1}
TERMINATION_MESSAGES = {
    401: "Unauthorized",
    404: "Not found",
    405: "Method not allowed",
    500: "An unexpected error occurred",
    502: "Bad Gateway",
    503: "Service unavailable",
}


def _error(status: int, message: str, request_id: str, **headers: str) -> Response:
    """Kong's own errors, in its layout: ``"key":"value"`` on lines of their own."""
    text = f'{{\n  "message":"{message}",\n  "request_id":"{request_id}"\n}}'
    return Response(text, status, headers, media_type="application/json; charset=utf-8")


class RunningConfig:
    """A snapshot made ready to serve: routes compiled, references resolved."""

    def __init__(self, snapshot: Snapshot, catalog: Catalog) -> None:
        services = {row["id"]: row for row in snapshot.entities.get("services", ())}
        routes = [
            row
            for row in snapshot.entities.get("routes", ())
            if "service" not in row or services.get(row["service"]["id"], {}).get("enabled", True)
        ]
        partials = {row["id"]: row for row in snapshot.entities.get("partials", ())}
        self.revision = snapshot.revision
        self.services = services
        self.router = Router(routes)
        self._plugins = [
            {**row, "config": resolve_all(snapshot, schema.config, expanded(row, schema, partials.get))}
            for row in snapshot.entities.get("plugins", ())
            if row["enabled"] and (schema := catalog.get(row["name"])) is not None
        ]

    def plugin(self, name: str, route: Record) -> dict[str, Any] | None:
        """The config of the plugin that applies to a route: the most closely scoped; there are no consumers here."""
        scopes = {"route": route["id"], "service": route.get("service", {}).get("id")}
        best: tuple[int, dict[str, Any]] | None = None
        for row in self._plugins:
            if row["name"] != name or "consumer" in row or "consumer_group" in row:
                continue
            if any(scope in row and row[scope]["id"] != id_ for scope, id_ in scopes.items()):
                continue
            weight = sum(SCOPE_WEIGHTS[scope] for scope in scopes if scope in row)
            if best is None or weight > best[0]:
                best = weight, row["config"]
        return best[1] if best else None


class DataPlane:
    """The application."""

    def __init__(self, world: World, catalog: Catalog, ai_proxy: AiProxy, lag_ms: int) -> None:
        self._world = world
        self._catalog = catalog
        self._ai_proxy = ai_proxy
        self._lag_ms = lag_ms
        self._running: RunningConfig | None = None

    def app(self) -> Starlette:
        return application([Route("/{path:path}", self.serve, methods=METHODS)])

    def _config(self) -> RunningConfig:
        plane = self._world.main()
        snapshot = plane.as_of(self._lag_ms) if plane else Snapshot(-1, {}, {})
        if self._running is None or self._running.revision != snapshot.revision:
            self._running = RunningConfig(snapshot, self._catalog)
        return self._running

    async def serve(self, request: Request) -> Response:
        started = time.monotonic()
        request_id = uuid.uuid4().hex
        response = await self._answer(request, request_id)
        latency = str(int((time.monotonic() - started) * 1000))
        proxied = response.headers.get("Via") is not None
        response.headers["X-Kong-Upstream-Latency" if proxied else "X-Kong-Response-Latency"] = latency
        if proxied:
            response.headers["X-Kong-Proxy-Latency"] = "0"
        response.headers["X-Kong-Request-Id"] = request_id
        return response

    async def _answer(self, request: Request, request_id: str) -> Response:
        config = self._config()
        host = request.headers.get("host", "")
        match = config.router.match(request.method, host, request.url.path, request.headers)
        if match is None:
            return _error(404, "no Route matched with those values", request_id)
        if "http" not in match.route["protocols"]:
            return _https_only(request, match.route, request_id)
        raw = await request.body()
        model = config.plugin("ai-proxy", match.route)
        termination = config.plugin("request-termination", match.route)
        try:
            if termination is not None and _triggered(termination, request):
                return _terminated(termination, request)
            if model is not None:
                response = await self._ai_proxy.answer(model, request, raw)
                response.headers["Via"] = "1.1 konnect-emulator"
                return response
        except Refused as refused:
            return refused.response()
        except Unreachable:
            return _error(502, "An invalid response was received from the upstream server", request_id)
        service = config.services.get(match.route.get("service", {}).get("id", ""))
        if service is None:
            return _error(503, "no Service found with those values", request_id)
        return _echo(request, raw, match, service)


def _https_only(request: Request, route: Record, request_id: str) -> Response:
    status = route["https_redirect_status_code"]
    if status != 426:
        location = request.url.replace(scheme="https", port=None)
        return Response(status_code=status, headers={"Location": str(location)})
    upgrade = {"Connection": "Upgrade", "Upgrade": "TLS/1.2, HTTP/1.1"}
    return _error(426, "Please use HTTPS protocol", request_id, **upgrade)


def _triggered(config: dict[str, Any], request: Request) -> bool:
    trigger = config["trigger"]
    return not trigger or trigger in request.headers or trigger in request.query_params


def _terminated(config: dict[str, Any], request: Request) -> Response:
    status = config["status_code"]
    message = config["message"] or TERMINATION_MESSAGES.get(status)
    if config["body"] is not None:
        media_type = config["content_type"] or "application/json; charset=utf-8"
        return Response(config["body"], status, media_type=media_type)
    body: dict[str, Any] = {"message": message} if message else {}
    if config["echo"]:
        body["request"] = {"method": request.method, "path": request.url.path, "headers": _shown(request)}
    return json_response(body, status, "application/json; charset=utf-8")


def _shown(request: Request) -> dict[str, str]:
    return {name.title(): "(hidden)" if name.lower() in HIDDEN else value for name, value in request.headers.items()}


def _echo(request: Request, raw: bytes, match: Match, service: Record) -> Response:
    """httpbin's ``/anything``: ``{args, data, files, form, headers, json, method, origin, url}``."""
    rest = request.url.path[match.taken :] if match.route["strip_path"] else request.url.path
    base = (service.get("path") or "/").rstrip("/")
    path = f"{base}/{rest.lstrip('/')}" if rest else base or "/"
    query = f"?{request.url.query}" if request.url.query else ""
    try:
        parsed = parse_json(raw) if raw else None
    except ValueError:
        parsed = None
    body = {
        "args": dict(request.query_params),
        "data": raw.decode("utf-8", "replace"),
        "files": {},
        "form": {},
        "headers": _shown(request),
        "json": parsed,
        "method": request.method,
        "origin": request.client.host if request.client else "",
        "url": f"{service['protocol']}://{service['host']}{path}{query}",
    }
    response = json_response(body)
    response.headers["Via"] = "1.1 konnect-emulator"
    return response
