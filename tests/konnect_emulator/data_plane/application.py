# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy port of a node: routes requests of the connected control plane, and runs the plugins that it knows.

Every service without AI Proxy responds like httpbin's ``/anything``, without the request ever leaving the emulator.
"""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..clock import Clock
from ..json_application import json_application
from ..plugins.published_schemas import SchemaCatalog
from .ai_proxy import AiProxy
from .ai_proxy_errors import ModelUnreachable, RequestRejected
from .balancer import NoTarget, upstream_url
from .exchange import Exchange, NodeMemory
from .nodes import NO_CONFIG, Node, Nodes
from .plugins import Handler, in_order
from .response_cache import ResponseCache
from .responses import echo, https_required, kong_error
from .router import request_fields
from .running_config import ActivePlugin, RunningConfig
from .use_log import Use, UseLog

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
VIA = "1.1 konnect-emulator"


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
        self._memory = NodeMemory()
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
        request_id = uuid.uuid4().hex
        response, proxied = await self._respond(self._config(worker), request, use, request_id)
        latency = str(self._clock.now_ms() - use.time)
        response.headers["X-Kong-Upstream-Latency" if proxied else "X-Kong-Response-Latency"] = latency
        if proxied:
            response.headers["Via"] = VIA
            response.headers["X-Kong-Proxy-Latency"] = "0"
        response.headers["X-Kong-Request-Id"] = request_id
        if use.value is None:
            use.status = response.status_code
        self._uses.add(use)
        return response

    async def _respond(
        self, config: RunningConfig, request: Request, use: Use, request_id: str
    ) -> tuple[Response, bool]:
        """Return the response, and whether it is an upstream's."""
        host = request.headers.get("host", "")
        match = config.router.match(request.method, host, request.url.path, request.headers)
        if match is None:
            return kong_error(404, "no Route matched with those values", request_id), False
        asks_for_headers = bool(match.route.get("headers")) or "http.headers." in match.route.get("expression", "")
        use.route, use.trial = match.route.get("name"), asks_for_headers
        if request.url.scheme == "http" and "http" not in match.route["protocols"]:
            return https_required(request, match.route, request_id), False
        exchange = Exchange(request, await request.body(), request_id, use, config, match, self._memory)
        return await self._run_plugins(
            exchange, request_fields(request.method, host, request.url.path, request.headers)
        )

    async def _run_plugins(self, exchange: Exchange, fields: dict[str, list[object]]) -> tuple[Response, bool]:
        """Run every plugin before and after the response; who ends a request stops the former, not the latter.

        The plugin of a consumer is found once another plugin has found the consumer.
        """
        response: Response | None = None
        active: list[tuple[Handler, ActivePlugin]] = []
        for name, handler in in_order(exchange.config):
            plugin = exchange.config.plugin(name, exchange.route, exchange.consumer, fields)
            if plugin is not None:
                active.append((handler, plugin))
                response = response or handler.access(plugin, exchange)
        proxied = False
        if response is None:
            response, proxied = await self._proxy(exchange)
        for name, value in exchange.response_headers.items():
            response.headers[name] = value
        for handler, plugin in active:
            handler.respond(plugin, exchange, response)
        return response, proxied

    async def _proxy(self, exchange: Exchange) -> tuple[Response, bool]:
        """Send a request on, to a model or to the service."""
        if exchange.model is not None:
            return await self._chat(exchange.model, exchange)
        if exchange.service is None:
            return exchange.refuse(503, "no Service found with those values"), False
        try:
            url = upstream_url(exchange.service, exchange)
        except NoTarget:
            return exchange.refuse(503, "failure to get a peer from the ring-balancer"), False
        return echo(exchange.for_upstream(), exchange.body, url), True

    async def _chat(self, model: dict[str, Any], exchange: Exchange) -> tuple[Response, bool]:
        route_id, body = exchange.route["id"], exchange.body
        cached = self._cache.find(route_id, body) if self._cache else None
        if cached is not None:
            return cached, False
        try:
            response = await self._ai_proxy.forward(model, exchange.for_upstream(), body, exchange.use)
        except RequestRejected as rejected:
            return rejected.response(), False
        except ModelUnreachable:
            return exchange.refuse(502, "An invalid response was received from the upstream server"), False
        if self._cache:
            self._cache.store(route_id, body, response)
        return response, True
