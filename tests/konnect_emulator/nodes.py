# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data plane nodes and the config hash they should have (Konnect OpenAPI control-planes-config v2, tag DP Nodes).

Only the first control plane has a node: the emulator's own data plane.
"""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .control_planes import find_control_plane
from .entity_kinds import READ_ONLY
from .errors import json_response, not_found
from .plugin_schemas import is_reference
from .references import resolve
from .settings import Settings
from .state import ControlPlane, Snapshot, World

NODE_VERSION = "3.15.0.0"


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


class Nodes:
    """The endpoints. Times are epoch seconds."""

    def __init__(self, world: World, settings: Settings) -> None:
        self._world = world
        self._count = settings.switches.node_count
        self._lag_ms = settings.propagation_ms + settings.switches.node_heartbeat_ms
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

    def _nodes(self, plane: ControlPlane) -> list[dict[str, Any]]:
        if plane is not self._world.main() or not self._count:
            return []
        now = int(time.time())
        node = {
            "id": self._world.node_id,
            "version": NODE_VERSION,
            "hostname": "konnect-emulator",
            "last_ping": now,
            "type": "kong-proxy",
            "created_at": self._world.started_ms // 1000,
            "updated_at": now,
            "config_hash": self._hash(plane.as_of(self._lag_ms)),
            "compatibility_status": {"state": "COMPATIBILITY_STATE_FULLY_COMPATIBLE", "issues": []},
        }
        return [node]

    async def list(self, request: Request) -> Response:
        items = self._nodes(self._plane(request))
        return json_response({"items": items, "page": {"total_count": len(items)}})

    async def list_end_of_life(self, request: Request) -> Response:
        self._plane(request)
        return json_response({"items": [], "page": {"total_count": 0}})

    async def read(self, request: Request) -> Response:
        for node in self._nodes(self._plane(request)):
            if node["id"] == request.path_params["node"]:
                return json_response({"item": node})
        raise not_found()

    async def delete(self, request: Request) -> Response:
        """A deleted node is back with its next ping, so there is nothing to do."""
        self._plane(request)
        return Response(status_code=204)

    async def expected_hash(self, request: Request) -> Response:
        """404 as long as no node ever connected."""
        plane = self._plane(request)
        if not self._nodes(plane):
            raise not_found()
        changed = plane.changed_ms // 1000
        answer = {"expected_hash": self._hash(plane.snapshot()), "created_at": changed, "updated_at": changed}
        return json_response(answer)

    async def expected_version(self, request: Request) -> Response:
        plane = self._plane(request)
        answer = {"expected_config_version": str(plane.revision), "created_at": plane.changed_ms // 1000}
        return json_response(answer)
