# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: ``/_emulator/...``, by which a test controls a running emulator. Nothing here exists in Konnect.

GET /_emulator/faults      ``{"requests": N}``: how many requests the API got since the faults were set
PUT /_emulator/faults      a JSON list of faults, in the form of ``--fault``, replaces the former ones
GET /_emulator/clock       ``{"now_ms": N}``: its time, in milliseconds since 1970
PUT /_emulator/clock       ``{"advance_ms": N}`` lets this time pass at once
GET /_emulator/data-plane  ``{"control_plane_id": ID}``: the control plane that the data plane is connected to
PUT /_emulator/data-plane  the same object connects the data plane and all nodes to that control plane (404: unknown)
PUT /_emulator/ai-gateway  ``{"ai_gateway_id": ID}`` connects the data plane of AI Gateways to that one (404: unknown)
GET /_emulator/nodes       ``{HOSTNAME: "live"|"lost"|"stuck"}``: the state of each node
PUT /_emulator/nodes       the same object makes these nodes so from now on (404: unknown hostname)
GET, PUT /_emulator/ai-nodes  the same for the nodes of AI Gateways
GET /_emulator/upstream    ``{"answers": N}``: how many keys it knows
PUT /_emulator/upstream    ``{"answers": {KEY: STATUS | {"status": 429, "retry_after": 7}}}`` replaces all answers
GET /_emulator/uses        a row for each request that the data plane got, see data_plane/use_log.py
DELETE /_emulator/uses     forgets these rows

These requests need no token, are not counted and not written to the request log.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

from ..ai_gateways.gateways import AiGateways
from ..chat_upstream import ChatUpstream
from ..data_plane.nodes import NODE_STATES, Nodes
from ..data_plane.use_log import UseLog
from ..faults import FAULTS_PATH, Fault
from ..state import EmulatorState
from ..upstream_answers import UPSTREAM_PATH, Answer
from .asgi_messages import read_body, send_response
from .fault_injection import FaultInjection

AI_GATEWAY_PATH = "/_emulator/ai-gateway"
AI_NODES_PATH = "/_emulator/ai-nodes"
CLOCK_PATH = "/_emulator/clock"
DATA_PLANE_PATH = "/_emulator/data-plane"
NODES_PATH = "/_emulator/nodes"
USES_PATH = "/_emulator/uses"

# Gets the method and the JSON of a PUT (else None); returns the status and the JSON of the response.
Endpoint = Callable[[str, Any], tuple[HTTPStatus, Any]]


def describe_endpoints() -> str:
    """Return the endpoints, other than those of faults, as lines for ``--help``."""
    return (
        f'clock: PUT {CLOCK_PATH} with {{"advance_ms": N}} lets this time pass at once.\n'
        f'data plane: PUT {DATA_PLANE_PATH} with {{"control_plane_id": ID}} connects it, and all nodes, to another\n'
        "  control plane of a running emulator.\n"
        f'nodes: PUT {NODES_PATH} with {{"HOSTNAME": "live"|"lost"|"stuck"}}; both others go on with what they run,\n'
        "  and a lost one no longer pings.\n"
        f'upstream: PUT {UPSTREAM_PATH} with {{"answers": {{KEY: STATUS or {{"status": 429, "retry_after": 7}}}}}}\n'
        "  replaces what the chat upstream answers to keys.\n"
        f"uses: GET {USES_PATH} lists the requests of the data plane, each with a digest of the key that the provider\n"
        "  got; DELETE forgets them."
    )


class EmulatorEndpoints:
    """A layer around all others of the control plane API, so that no fault hits these endpoints."""

    def __init__(
        self,
        app: FaultInjection,
        state: EmulatorState,
        nodes: Nodes,
        ai_gateways: AiGateways,
        ai_nodes: Nodes,
        upstream: ChatUpstream,
        uses: UseLog,
    ) -> None:
        self._app = app
        self._state = state
        self._ai_gateways = ai_gateways
        self._upstream = upstream
        self._uses = uses
        self._endpoints: dict[str, Endpoint] = {
            AI_GATEWAY_PATH: self._serve_ai_gateway,
            CLOCK_PATH: self._serve_clock,
            FAULTS_PATH: self._serve_faults,
            DATA_PLANE_PATH: self._serve_data_plane,
            NODES_PATH: partial(self._serve_nodes, nodes=nodes),
            AI_NODES_PATH: partial(self._serve_nodes, nodes=ai_nodes),
            UPSTREAM_PATH: self._serve_upstream,
            USES_PATH: self._serve_uses,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoints.get(scope["path"]) if scope["type"] == "http" else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        sent = json.loads(await read_body(receive)) if scope["method"] == "PUT" else None
        status, body = endpoint(scope["method"], sent)
        await send_response(send, status, json.dumps(body).encode())

    def _serve_clock(self, _method: str, sent: Any) -> tuple[HTTPStatus, Any]:
        if sent is not None:
            self._state.clock.advance(sent["advance_ms"])
        return HTTPStatus.OK, {"now_ms": self._state.clock.now_ms()}

    def _serve_faults(self, _method: str, sent: Any) -> tuple[HTTPStatus, Any]:
        if sent is not None:
            self._app.replace_faults(map(Fault.parse, sent))
        return HTTPStatus.OK, {"requests": self._app.request_count}

    def _serve_data_plane(self, _method: str, sent: Any) -> tuple[HTTPStatus, Any]:
        if sent is not None:
            control_plane = self._state.control_planes.get(sent["control_plane_id"])
            if control_plane is None:
                return HTTPStatus.NOT_FOUND, {"message": f"no control plane {sent['control_plane_id']}"}
            self._state.connect_data_plane(control_plane)
        connected = self._state.connected
        return HTTPStatus.OK, {"control_plane_id": connected.record["id"] if connected else None}

    def _serve_ai_gateway(self, _method: str, sent: Any) -> tuple[HTTPStatus, Any]:
        if sent is not None:
            gateway = self._ai_gateways.table.get(sent["ai_gateway_id"])
            if gateway is None:
                return HTTPStatus.NOT_FOUND, {"message": f"no AI Gateway {sent['ai_gateway_id']}"}
            self._ai_gateways.connect(gateway)
        connected = self._ai_gateways.connected
        return HTTPStatus.OK, {"ai_gateway_id": connected.record["id"] if connected else None}

    @staticmethod
    def _serve_nodes(_method: str, sent: Any, nodes: Nodes) -> tuple[HTTPStatus, Any]:
        if sent is not None:
            if not set(sent.values()) <= set(NODE_STATES):
                return HTTPStatus.BAD_REQUEST, {"message": f"the state of a node is one of {', '.join(NODE_STATES)}"}
            if not set(sent) <= set(nodes.states()):
                return HTTPStatus.NOT_FOUND, {"message": f"the nodes are {', '.join(nodes.states())}"}
            nodes.set_states(sent)
        return HTTPStatus.OK, nodes.states()

    def _serve_upstream(self, _method: str, sent: Any) -> tuple[HTTPStatus, Any]:
        if sent is not None:
            try:
                answers = {key: Answer.from_json(value) for key, value in sent["answers"].items()}
            except ValueError as error:
                return HTTPStatus.BAD_REQUEST, {"message": str(error)}
            self._upstream.replace_answers(answers)
        return HTTPStatus.OK, {"answers": self._upstream.answer_count}

    def _serve_uses(self, method: str, _sent: Any) -> tuple[HTTPStatus, Any]:
        if method == "DELETE":
            self._uses.clear()
        return HTTPStatus.OK, self._uses.rows()
