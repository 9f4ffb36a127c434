# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy port of the AI Gateway: chats by alias, model and provider."""

from __future__ import annotations

import json
import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..clock import Clock
from ..data_plane.ai_proxy import AiProxy
from ..data_plane.ai_proxy_errors import ModelUnreachable, RequestRejected
from ..data_plane.nodes import Node, Nodes
from ..data_plane.responses import kong_error
from ..data_plane.use_log import Use, UseLog
from ..json_application import json_application
from ..request_bodies import parse_json
from .models import ai_proxy_config, chosen_model, is_admitted, models_at


class AiGatewayDataPlane:
    """The proxy of one node."""

    def __init__(self, node: Node, nodes: Nodes, ai_proxy: AiProxy, uses: UseLog, clock: Clock) -> None:
        self._node = node
        self._nodes = nodes
        self._ai_proxy = ai_proxy
        self._uses = uses
        self._clock = clock

    def app(self) -> Starlette:
        """Return the application."""
        return json_application([Route("/{path:path}", self.serve, methods=["GET", "POST"])])

    async def serve(self, request: Request) -> Response:
        """Respond to a request."""
        use = Use(self._clock.now_ms(), self._node.hostname, 0, request.url.path)
        request_id = uuid.uuid4().hex
        response, proxied = await self._respond(request, request_id, use)
        latency = str(self._clock.now_ms() - use.time)
        response.headers["X-Kong-Upstream-Latency" if proxied else "X-Kong-Response-Latency"] = latency
        response.headers["X-Kong-Request-Id"] = request_id
        if use.value is None:
            use.status = response.status_code
        self._uses.add(use)
        return response

    async def _respond(self, request: Request, request_id: str, use: Use) -> tuple[Response, bool]:
        """Return the response, and whether it is the provider's."""
        snapshot = self._nodes.running(self._node, 0)
        models = models_at(snapshot, request)
        if not models:
            return kong_error(404, "no Route matched with those values", request_id), False
        try:
            body = parse_json(await request.body())
        except ValueError:
            body = None
        model = chosen_model(models, request, body) if isinstance(body, dict) else None
        if model is None:
            return kong_error(400, "no model matched with the request", request_id), False
        use.route = model["name"]
        if not is_admitted(snapshot, model, request):
            return kong_error(401, "No API key found in request", request_id), False
        config = ai_proxy_config(snapshot, model)
        if config is None:
            return kong_error(500, "no provider found for the model", request_id), False
        alone = json.dumps({name: value for name, value in body.items() if name != "model"}).encode()
        try:
            return await self._ai_proxy.forward(config, request, alone, use), True
        except RequestRejected as rejected:
            return rejected.response(), False
        except ModelUnreachable:
            return kong_error(502, "An invalid response was received from the upstream server", request_id), False
