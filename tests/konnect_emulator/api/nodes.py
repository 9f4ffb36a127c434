# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data plane nodes, and the config hash that they should have (Konnect OpenAPI control-planes-config v2, tag DP Nodes).

Only the control plane that the data plane is connected to has nodes. The first node is the emulator's own data plane;
the others exist as records only.
"""

from __future__ import annotations

import functools
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..data_plane.references import resolve
from ..entities.kinds import READ_ONLY_FIELDS
from ..errors import not_found
from ..json_application import json_response
from ..plugins.schema import is_reference
from ..record_table import RecordTable
from ..settings import Settings
from ..state import ControlPlane, EmulatorState, Snapshot, new_id
from ..switches import Switches
from .control_planes import find_control_plane
from .pagination import items_page

NODE_VERSION = "3.15.0.0"
STALE_SECONDS = 3600
MAX_CACHED_HASHES = 8


@dataclass(frozen=True)
class Node:
    """A data plane node. A stale node pinged long ago; a stuck node keeps its initial configuration."""

    id: str
    hostname: str
    stale: bool
    stuck: bool


def _resolved(snapshot: Snapshot, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(snapshot, item) for name, item in value.items() if name not in READ_ONLY_FIELDS}
    if isinstance(value, list):
        return [_resolved(snapshot, item) for item in value]
    return resolve(snapshot, value) if is_reference(value) else value


def config_hash(snapshot: Snapshot) -> str:
    """Return 32 hex digits over the configuration with secrets resolved; 32 zeros for an empty one."""
    entities = {kind: records for kind, records in snapshot.entities.items() if records}
    if not entities:
        return "0" * 32
    text = json.dumps(_resolved(snapshot, entities), sort_keys=True)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _create_nodes(switches: Switches) -> RecordTable[Node]:
    count = switches.node_count
    nodes: RecordTable[Node] = RecordTable()
    for number in range(count):
        hostname = f"konnect-emulator-{number + 1}" if number else "konnect-emulator"
        stale, stuck = (number >= count - last for last in (switches.stale_nodes, switches.stuck_nodes))
        node = Node(new_id(), hostname, stale, stuck)
        nodes.put(node.id, node)
    return nodes


class NodeEndpoints:
    """The endpoints of nodes and config hashes. Times are seconds since the epoch."""

    def __init__(self, state: EmulatorState, settings: Settings) -> None:
        self._state = state
        self._settings = settings
        self._nodes = _create_nodes(settings.switches)
        self._hashes: dict[Snapshot, str] = {}

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

    def _hash(self, snapshot: Snapshot) -> str:
        """Return the hash of a snapshot, computed once, because clients poll it."""
        if snapshot not in self._hashes:
            if len(self._hashes) > MAX_CACHED_HASHES:
                self._hashes.clear()
            self._hashes[snapshot] = config_hash(snapshot)
        return self._hashes[snapshot]

    def _nodes_of(self, control_plane: ControlPlane) -> RecordTable[Node]:
        return self._nodes if control_plane is self._state.connected else RecordTable()

    def _render(self, control_plane: ControlPlane, node: Node) -> dict[str, Any]:
        pinged = int(time.time()) - (STALE_SECONDS if node.stale else 0)
        if node.stale or node.stuck:
            snapshot = control_plane.initial_snapshot
        else:
            snapshot = control_plane.snapshot_before(self._settings.node_lag_ms)
        return {
            "id": node.id,
            "version": NODE_VERSION,
            "hostname": node.hostname,
            "last_ping": pinged,
            "type": "kong-proxy",
            "created_at": min(self._state.started_ms // 1000, pinged),
            "updated_at": pinged,
            "config_hash": self._hash(snapshot),
            "compatibility_status": {"state": "COMPATIBILITY_STATE_FULLY_COMPATIBLE", "issues": []},
        }

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
        changed = control_plane.changed_ms // 1000
        expected = self._hash(control_plane.snapshot_before(self._settings.switches.expected_hash_lag_ms))
        return json_response({"expected_hash": expected, "created_at": changed, "updated_at": changed})

    async def expected_version(self, request: Request) -> Response:
        """GET .../expected-config-version."""
        control_plane = self._control_plane(request)
        version = str(control_plane.revision)
        return json_response({"expected_config_version": version, "created_at": control_plane.changed_ms // 1000})
