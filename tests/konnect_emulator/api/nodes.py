# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data plane nodes, and the config hash that they should have (Konnect OpenAPI control-planes-config v2, tag DP Nodes).

Only the control plane that the data plane is connected to has nodes, or the control plane group that this one is a
member of. Two fields of a node are not in that description: ``config_sync``, which clients of the live API read from
nodes with incremental sync (``{"version_id", "state": "STATE_IN_SYNC"}``; the other state is a guess), and ``errors``,
which the description of AI Gateways has. What the issue and the error say is made up.
"""

from __future__ import annotations

import functools
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..data_plane.nodes import Node, Nodes
from ..errors import not_found
from ..json_application import json_response
from ..record_table import RecordTable
from ..settings import Settings
from ..state import ControlPlane, EmulatorState
from .control_planes import find_control_plane
from .expected_config import ExpectedConfig
from .pagination import items_page

NODE_VERSION = "3.15.0.0"
COMPATIBLE = {"state": "COMPATIBILITY_STATE_FULLY_COMPATIBLE", "issues": []}
INCOMPATIBLE = {
    "state": "COMPATIBILITY_STATE_INCOMPATIBLE",
    "issues": [
        {
            "code": "P101",
            "severity": "ERROR",
            "description": "The plugin 'ai-proxy' is not installed on this data plane node.",
            "resolution": "Upgrade the data plane node.",
            "affected_resources": [],
        }
    ],
}
ERROR = {
    "name": "invalid declarative configuration",
    "error_message": "in 'plugins': plugin 'ai-proxy' not enabled; add it to the 'plugins' configuration property",
    "flattened_errors": [],
    "fields": {},
    "code": 14,
    "source": "kong.clustering.config_helper",
    "traceback": "",
}


class NodeEndpoints:
    """The endpoints of nodes and config hashes. Times are seconds since the epoch."""

    def __init__(self, state: EmulatorState, settings: Settings, nodes: Nodes) -> None:
        self._state = state
        self._settings = settings
        self._nodes = nodes
        self._expected = ExpectedConfig(settings)

    def routes(self) -> list[Route]:
        """Return the routes of the application."""
        path = "/v2/control-planes/{control_plane}"
        return [
            *(Route(f"{path}/nodes{slash}", self.list, methods=["GET"]) for slash in ("", "/")),
            Route(f"{path}/nodes/eol", self.list_end_of_life, methods=["GET"]),
            Route(f"{path}/nodes/{{node}}", self.read, methods=["GET"]),
            Route(f"{path}/nodes/{{node}}", self.delete, methods=["DELETE"]),
            Route(f"{path}/expected-config-hash", self.expected_hash, methods=["GET"]),
            Route(f"{path}/expected-config-version", self.expected_version, methods=["GET"]),
        ]

    def _control_plane(self, request: Request) -> ControlPlane:
        return find_control_plane(self._state, request.path_params["control_plane"])

    def _nodes_of(self, control_plane: ControlPlane) -> RecordTable[Node]:
        return self._nodes.listed if control_plane is self._state.node_owner else RecordTable()

    def _source(self, control_plane: ControlPlane) -> ControlPlane:
        """Return the control plane whose configuration the nodes of this one run: a group's is that of its member."""
        connected = self._state.connected
        return connected if connected and control_plane is self._state.node_owner else control_plane

    def _render(self, control_plane: ControlPlane, node: Node) -> dict[str, Any]:
        pinged = self._nodes.last_ping_ms(node) // 1000
        reported = self._nodes.reported(node)
        has_issue = node.has_error and self._settings.switches.node_error == "issue"
        row = {
            "id": node.id,
            "version": NODE_VERSION,
            "hostname": node.hostname,
            "last_ping": pinged,
            "type": "kong-proxy",
            "created_at": min(self._state.started_ms // 1000, pinged),
            "updated_at": pinged,
            "config_hash": self._expected.hash_of(reported),
            "compatibility_status": INCOMPATIBLE if has_issue else COMPATIBLE,
        }
        if node.has_error and not has_issue:
            row["errors"] = [{**ERROR, "config_hash": row["config_hash"]}]
        if self._settings.switches.sync != "full":
            version = self._expected.version_of(reported)
            expected = self._expected.expected_version(self._source(control_plane))["expected_config_version"]
            state = "STATE_IN_SYNC" if version == expected else "STATE_OUT_OF_SYNC"
            row.update(config_hash=version, config_sync={"version_id": version, "state": state})
        return row

    async def list(self, request: Request) -> Response:
        """GET .../nodes."""
        control_plane = self._control_plane(request)
        nodes = self._nodes_of(control_plane)
        render = functools.partial(self._render, control_plane)
        return json_response(items_page(request, nodes, render, self._settings.page_size))

    async def list_end_of_life(self, request: Request) -> Response:
        """GET .../nodes/eol: no node is that old."""
        self._control_plane(request)
        return json_response({"items": [], "page": {"total_count": 0}})

    async def read(self, request: Request) -> Response:
        """GET .../nodes/{node}."""
        control_plane = self._control_plane(request)
        node = self._nodes_of(control_plane).get(request.path_params["node"])
        if node is None:
            raise not_found()
        return json_response({"item": self._render(control_plane, node)})

    async def delete(self, request: Request) -> Response:
        """DELETE .../nodes/{node}: does nothing, because a deleted node is back with its next ping."""
        self._control_plane(request)
        return Response(status_code=204)

    async def expected_hash(self, request: Request) -> Response:
        """GET .../expected-config-hash: 404 as long as no node ever connected."""
        control_plane = self._control_plane(request)
        if not len(self._nodes_of(control_plane)):
            raise not_found()
        return json_response(self._expected.expected_hash(self._source(control_plane)))

    async def expected_version(self, request: Request) -> Response:
        """GET .../expected-config-version."""
        control_plane = self._control_plane(request)
        return json_response(self._expected.expected_version(self._source(control_plane)))
