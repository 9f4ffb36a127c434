# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy port of a node: routes requests of the connected control plane, and runs the plugins that it knows.

Every service without AI Proxy responds like httpbin's ``/anything``, without the request ever leaving the emulator.
"""

from __future__ import annotations

import itertools
import uuid
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..clock import Clock
from ..json_application import json_application
from ..plugins.published_schemas import SchemaCatalog
from .ai_proxy import AiProxy
from .ai_proxy_errors import ModelUnreachable, RequestRejected
from .key_auth import unauthorized
from .nodes import NO_CONFIG, Node, Nodes
from .response_cache import ResponseCache
from .response_transformer import transform_headers
from .responses import echo, https_required, is_terminated, kong_error, termination
from .router import Match
from .running_config import RunningConfig
from .use_log import Use, UseLog

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
VIA = "1.1 konnect-emulator"


class _Exchange(NamedTuple):
    """A request, its body, the id that Kong gives it, and what became of it."""

    request: Request
    raw: bytes
    request_id: str
    use: Use


class DataPlane:
    """The proxy of one node; its workers take requests in turn. ``cache`` is what stands in front of AI Proxy."""

    def __init__(
        self,
        node: Node,
        nodes: Nodes,
        catalog: SchemaCatalog,
        ai_proxy: AiProxy,
        uses: UseLog,
        clock: Clock,
        cache: ResponseCache | None = None,
    ) -> None:
        self._node = node
        self._nodes = nodes
        self._catalog = catalog
        self._ai_proxy = ai_proxy
        self._uses = uses
        self._clock = clock
        self._cache = cache
        self._workers = itertools.cycle(range(nodes.workers))
        self._running = [RunningConfig(NO_CONFIG, catalog) for _worker in range(nodes.workers)]

    def app(self) -> Starlette:
        """Return the application."""
        return json_application([Route("/{path:path}", self.serve, methods=METHODS)])

    def _config(self, worker: int) -> RunningConfig:
        snapshot = self._nodes.running(self._node, worker)
        if self._running[worker].snapshot is not snapshot:
            self._running[worker] = RunningConfig(snapshot, self._catalog, self._nodes.router_flavor)
        return self._running[worker]

    async def serve(self, request: Request) -> Response:
        """Respond to a request, with Kong's own headers."""
        worker = next(self._workers)
        use = Use(self._clock.now_ms(), self._node.hostname, worker, request.url.path)
        exchange = _Exchange(request, await request.body(), uuid.uuid4().hex, use)
        response, proxied = await self._respond(self._config(worker), exchange)
        latency = str(self._clock.now_ms() - use.time)
        response.headers["X-Kong-Upstream-Latency" if proxied else "X-Kong-Response-Latency"] = latency
        if proxied:
            response.headers["Via"] = VIA
            response.headers["X-Kong-Proxy-Latency"] = "0"
        response.headers["X-Kong-Request-Id"] = exchange.request_id
        if use.value is None:
            use.status = response.status_code
        self._uses.add(use)
        return response

    async def _respond(self, config: RunningConfig, exchange: _Exchange) -> tuple[Response, bool]:
        """Return the response, and whether it is an upstream's."""
        request, _raw, request_id, use = exchange
        host = request.headers.get("host", "")
        match = config.router.match(request.method, host, request.url.path, request.headers)
        if match is None:
            return kong_error(404, "no Route matched with those values", request_id), False
        asks_for_headers = bool(match.route.get("headers")) or "http.headers." in match.route.get("expression", "")
        use.route, use.trial = match.route.get("name"), asks_for_headers
        if request.url.scheme == "http" and "http" not in match.route["protocols"]:
            return https_required(request, match.route, request_id), False
        response, proxied = await self._run_plugins(config, match, exchange)
        transformer = config.plugin_config("response-transformer", match.route)
        if transformer is not None:
            transform_headers(transformer, response.headers)
        return response, proxied

    async def _run_plugins(self, config: RunningConfig, match: Match, exchange: _Exchange) -> tuple[Response, bool]:
        request, raw, request_id, _use = exchange
        key_auth = config.plugin_config("key-auth", match.route)
        refusal = unauthorized(key_auth, request, raw, request_id) if key_auth is not None else None
        if refusal is not None:
            return refusal, False
        termination_config = config.plugin_config("request-termination", match.route)
        if termination_config is not None and is_terminated(termination_config, request):
            return termination(termination_config, request), False
        ai_proxy_config = config.plugin_config("ai-proxy", match.route)
        if ai_proxy_config is not None:
            return await self._chat(ai_proxy_config, match.route["id"], exchange)
        service = config.services.get(match.route.get("service", {}).get("id", ""))
        if service is None:
            return kong_error(503, "no Service found with those values", request_id), False
        return echo(request, raw, match, service), True

    async def _chat(self, config: dict[str, Any], route_id: str, exchange: _Exchange) -> tuple[Response, bool]:
        request, raw, request_id, use = exchange
        cached = self._cache.find(route_id, raw) if self._cache else None
        if cached is not None:
            return cached, False
        try:
            response = await self._ai_proxy.forward(config, request, raw, use)
        except RequestRejected as rejected:
            return rejected.response(), False
        except ModelUnreachable:
            message = "An invalid response was received from the upstream server"
            return kong_error(502, message, request_id), False
        if self._cache:
            self._cache.store(route_id, raw, response)
        return response, True
