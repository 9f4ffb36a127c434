# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy port of the gateway: routes requests of the connected control plane, runs AI Proxy and Request Termination.

Every other service responds like httpbin's ``/anything``, without the request ever leaving the emulator.
"""

from __future__ import annotations

import time
import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..json_application import json_application
from ..plugins.published_schemas import SchemaCatalog
from ..state import EmulatorState, Snapshot
from .ai_proxy import AiProxy
from .ai_proxy_errors import ModelUnreachable, RequestRejected
from .responses import echo, https_required, is_terminated, kong_error, termination
from .running_config import RunningConfig

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
NO_CONFIG = Snapshot({}, {})
VIA = "1.1 konnect-emulator"


class DataPlane:
    """The proxy; it gets a change ``lag_ms`` after the control plane."""

    def __init__(self, state: EmulatorState, catalog: SchemaCatalog, ai_proxy: AiProxy, lag_ms: int) -> None:
        self._state = state
        self._catalog = catalog
        self._ai_proxy = ai_proxy
        self._lag_ms = lag_ms
        self._running = RunningConfig(NO_CONFIG, catalog)

    def app(self) -> Starlette:
        """Return the application."""
        return json_application([Route("/{path:path}", self.serve, methods=METHODS)])

    def _config(self) -> RunningConfig:
        control_plane = self._state.connected
        snapshot = control_plane.snapshot_before(self._lag_ms) if control_plane else NO_CONFIG
        if self._running.snapshot is not snapshot:
            self._running = RunningConfig(snapshot, self._catalog)
        return self._running

    async def serve(self, request: Request) -> Response:
        """Respond to a request, with Kong's own headers."""
        started = time.monotonic()
        request_id = uuid.uuid4().hex
        response = await self._respond(request, request_id)
        latency = str(int((time.monotonic() - started) * 1000))
        proxied = response.headers.get("Via") is not None
        response.headers["X-Kong-Upstream-Latency" if proxied else "X-Kong-Response-Latency"] = latency
        if proxied:
            response.headers["X-Kong-Proxy-Latency"] = "0"
        response.headers["X-Kong-Request-Id"] = request_id
        return response

    async def _respond(self, request: Request, request_id: str) -> Response:
        config = self._config()
        host = request.headers.get("host", "")
        match = config.router.match(request.method, host, request.url.path, request.headers)
        if match is None:
            return kong_error(404, "no Route matched with those values", request_id)
        if "http" not in match.route["protocols"]:
            return https_required(request, match.route, request_id)
        raw = await request.body()
        ai_proxy_config = config.plugin_config("ai-proxy", match.route)
        termination_config = config.plugin_config("request-termination", match.route)
        if termination_config is not None and is_terminated(termination_config, request):
            return termination(termination_config, request)
        if ai_proxy_config is not None:
            try:
                return _proxied(await self._ai_proxy.forward(ai_proxy_config, request, raw))
            except RequestRejected as rejected:
                return rejected.response()
            except ModelUnreachable:
                return kong_error(502, "An invalid response was received from the upstream server", request_id)
        service = config.services.get(match.route.get("service", {}).get("id", ""))
        if service is None:
            return kong_error(503, "no Service found with those values", request_id)
        return _proxied(echo(request, raw, match, service))


def _proxied(response: Response) -> Response:
    response.headers["Via"] = VIA
    return response
