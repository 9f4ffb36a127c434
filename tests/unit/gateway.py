# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content of the control plane that the fixture ``plane`` makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client.pagination import list_field
from ansible_collections.community.konnect.plugins.module_utils._entities.kind import Kind
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import CHILD_KINDS, CONFIG_STORE, SECRET
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID, ScriptedServer

STORE = {"id": "2c9a5b1e-7f5e-4d9a-9c39-0f4a1b6d7e21", "name": "my-store"}
# The clock of the server, a minute after the secrets were last written.
DATE = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
WRITTEN = {"created_at": "2026-11-23T08:00:00.000Z", "updated_at": "2026-11-23T09:59:00.000Z"}


def within(kind: Kind, workspace: str) -> Kind:
    """A kind as it is in a workspace."""
    first, *rest = kind.segments
    return replace(kind, segments=(first, workspace, *rest) if rest else (workspace, first))


def vault(prefix: str, store_id: str = STORE["id"]) -> dict[str, Any]:
    """A vault that exposes a config store."""
    return {"id": f"vault-{prefix}", "name": "konnect", "prefix": prefix, "config": {"config_store_id": store_id}}


class Gateway:
    """Sets the routes of a scripted server to the content of one control plane; at first it has nothing."""

    def __init__(self, server: ScriptedServer) -> None:
        self.server = server
        for kind in CHILD_KINDS:
            self.has(kind)

    def has(self, kind: Kind, *entities: dict[str, Any], below: tuple[str, ...] = ()) -> None:
        """All entities of a kind."""
        route = f"GET {self.path(*below, *kind.segments)}"
        for known in [known for known in self.server.routes if known.rpartition("/")[0] == route]:
            del self.server.routes[known]
        self.server.routes[route] = (200, {list_field(kind.paging): entities}, DATE)
        for entity in entities:
            self.server.routes[f"{route}/{entity.get('id') or entity[kind.id_field]}"] = (200, entity, DATE)

    def has_store(self, *keys: str) -> None:
        """One config store, STORE, and the keys in it."""
        self.has(CONFIG_STORE, STORE)
        self.has(SECRET, *({"key": key, **WRITTEN} for key in keys), below=(*CONFIG_STORE.segments, STORE["id"]))

    def has_schema(self, plugin: str, *fields: dict[str, Any], **more: Any) -> None:
        """The live schema of a plugin."""
        schema = {"fields": [{"config": {"type": "record", "required": True, "fields": fields}}], **more}
        self.server.routes[f"GET {self.path('core-entities', 'schemas', 'plugins', plugin)}"] = (200, schema)

    @staticmethod
    def path(*segments: str) -> str:
        return "/".join(["/v2/control-planes", PLANE_ID, *segments])

    def responds(self, method: str, kind: Kind, entity: dict[str, Any]) -> None:
        """What Konnect sends back for a POST or PUT."""
        path = self.path(*kind.segments, *([entity["id"]] if method == "PUT" else []))
        self.server.routes[f"{method} {path}"] = (200, entity)

    def writes(self) -> list[tuple[str, Any]]:
        """Every request that was to change something: its method with the end of its path, and its body."""
        return [
            (f"{method} {path.rpartition('/')[2]}", body)
            for method, path, _headers, body in self.server.requests
            if method != "GET" and not path.endswith("/validate")
        ]
