# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data plane nodes and the config hash they should have (Konnect OpenAPI control-planes-config v2, tag DP Nodes).

Only the first control plane has nodes. The first of them is the emulator's own data plane; the others are records.
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

from .control_planes import find_control_plane
from .entity_kinds import READ_ONLY
from .errors import json_response, not_found
from .paging import itemized
from .plugin_schemas import is_reference
from .references import resolve
from .settings import Settings, Switches
from .shelf import Shelf
from .state import ControlPlane, Snapshot, World, new_id

NODE_VERSION = "3.15.0.0"
STALE_SECONDS = 3600


@dataclass(frozen=True)
class Node:
    """A data plane node. A stale one pinged long ago; a stuck one keeps the config that it had at the start."""

    id: str
    hostname: str
    stale: bool
    stuck: bool


def _rendered(snapshot: Snapshot, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rendered(snapshot, item) for name, item in value.items() if name not in READ_ONLY}
    if isinstance(value, list):
        return [_rendered(snapshot, item) for item in value]
    return resolve(snapshot, value) if is_reference(value) else value


def config_hash(snapshot: Snapshot) -> str:
    """32 hex digits over the config as a data plane gets it, secrets put in; 32 zeros for an empty one."""
    entities = {kind: rows for kind, rows in snapshot.entities.items() if rows}
    if not entities:
        return "0" * 32
    text = json.dumps(_rendered(snapshot, entities), sort_keys=True)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _made(switches: Switches) -> Shelf[Node]:
    count = switches.node_count
    nodes: Shelf[Node] = Shelf()
    for number in range(count):
        hostname = f"konnect-emulator-{number + 1}" if number else "konnect-emulator"
        stale, stuck = (number >= count - last for last in (switches.stale_nodes, switches.stuck_nodes))
        node = Node(new_id(), hostname, stale, stuck)
        nodes.put(node.id, node)
    return nodes


class Nodes:
    """The endpoints. Times are epoch seconds."""

    def __init__(self, world: World, settings: Settings) -> None:
        self._world = world
        self._settings = settings
        self._nodes = _made(settings.switches)
        self._hashes: dict[Snapshot, str] = {}

    def routes(self) -> list[Route]:
        path = "/v2/control-planes/{cp}"
        return [
            *(Route(f"{path}/nodes{slash}", self.list, methods=["GET"]) for slash in ("", "/")),
            Route(f"{path}/nodes/eol", self.list_end_of_life, methods=["GET"]),
            Route(f"{path}/nodes/{{node}}", self.read, methods=["GET"]),
            Route(f"{path}/nodes/{{node}}", self.delete, methods=["DELETE"]),
            Route(f"{path}/expected-config-hash", self.expected_hash, methods=["GET"]),
            Route(f"{path}/expected-config-version", self.expected_version, methods=["GET"]),
        ]

    def _plane(self, request: Request) -> ControlPlane:
        return find_control_plane(self._world, request.path_params["cp"])

    def _hash(self, snapshot: Snapshot) -> str:
        """Worked out once a snapshot: clients poll."""
        if snapshot not in self._hashes:
            if len(self._hashes) > 8:
                self._hashes.clear()
            self._hashes[snapshot] = config_hash(snapshot)
        return self._hashes[snapshot]

    def _of(self, plane: ControlPlane) -> Shelf[Node]:
        return self._nodes if plane is self._world.main() else Shelf()

    def _shown(self, plane: ControlPlane, node: Node) -> dict[str, Any]:
        pinged = int(time.time()) - (STALE_SECONDS if node.stale else 0)
        config = plane.start if node.stale or node.stuck else plane.as_of(self._settings.node_lag_ms)
        return {
            "id": node.id,
            "version": NODE_VERSION,
            "hostname": node.hostname,
            "last_ping": pinged,
            "type": "kong-proxy",
            "created_at": min(self._world.started_ms // 1000, pinged),
            "updated_at": pinged,
            "config_hash": self._hash(config),
            "compatibility_status": {"state": "COMPATIBILITY_STATE_FULLY_COMPATIBLE", "issues": []},
        }

    async def list(self, request: Request) -> Response:
        plane = self._plane(request)
        show = functools.partial(self._shown, plane)
        return json_response(itemized(request, self._of(plane), show, self._settings.page_size))

    async def list_end_of_life(self, request: Request) -> Response:
        self._plane(request)
        return json_response({"items": [], "page": {"total_count": 0}})

    async def read(self, request: Request) -> Response:
        plane = self._plane(request)
        node = self._of(plane).get(request.path_params["node"])
        if node is None:
            raise not_found()
        return json_response({"item": self._shown(plane, node)})

    async def delete(self, request: Request) -> Response:
        """A deleted node is back with its next ping, so there is nothing to do."""
        self._plane(request)
        return Response(status_code=204)

    async def expected_hash(self, request: Request) -> Response:
        """404 as long as no node ever connected."""
        plane = self._plane(request)
        if not len(self._of(plane)):
            raise not_found()
        changed = plane.changed_ms // 1000
        expected = self._hash(plane.as_of(self._settings.switches.expected_hash_lag_ms))
        return json_response({"expected_hash": expected, "created_at": changed, "updated_at": changed})

    async def expected_version(self, request: Request) -> Response:
        plane = self._plane(request)
        answer = {"expected_config_version": str(plane.revision), "created_at": plane.changed_ms // 1000}
        return json_response(answer)
