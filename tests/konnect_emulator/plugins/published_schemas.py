# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All plugin schemas of an emulator: the compact ones, and those in a folder of files.

A file is in Kong's published form, ``AiProxy.json``, or in the form in which the API shows a schema, ``ai-proxy.json``;
the latter has precedence over a compact schema.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .compact_schemas import COMPACT_SCHEMAS
from .lua_checks import with_lua_checks
from .published_form import from_published, plugin_name
from .schema import SCOPES, PluginSchema, named_fields
from .schema_rules import random_text

# Plugins of Kong Gateway that Konnect does not have (Kong's documentation of the plugins).
NOT_ON_KONNECT = frozenset(["key-auth-enc", "oauth2", "vault-auth"])


def from_shown(name: str, shown: dict[str, Any]) -> PluginSchema:
    """Return a schema from what the API shows."""
    fields = dict(named_fields(shown["fields"]))
    known = {"protocols": fields["protocols"]}
    for scope, kind in SCOPES.items():
        known[scope] = fields.get(scope) or {"type": "foreign", "reference": kind}
    known["config"] = {"required": True, **with_lua_checks(name, fields["config"])}
    partials = shown.get("supported_partials") or {}
    return PluginSchema(name, [{key: field} for key, field in known.items()], shown.get("entity_checks", []), partials)


def load_schema(path: Path) -> PluginSchema:
    """Return the schema in a file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if "fields" in content:
        return from_shown(path.stem, content)
    return from_published(plugin_name(path.stem), content, random_text())


class SchemaCatalog:
    """Plugin schemas by name, each file loaded when it is first needed."""

    def __init__(self, folder: str | None = None) -> None:
        paths = sorted(Path(folder).glob("*.json")) if folder else []
        shown = {path.stem: path for path in paths if path.stem == path.stem.lower()}
        self._schemas = {name: schema for name, schema in COMPACT_SCHEMAS.items() if name not in shown}
        self._paths = {**{plugin_name(path.stem): path for path in paths}, **shown}

    def get(self, name: str) -> PluginSchema | None:
        """Return the schema of a plugin, None if there is none."""
        if name not in self._schemas and name in self._paths and name not in NOT_ON_KONNECT:
            self._schemas[name] = load_schema(self._paths[name])
        return self._schemas.get(name)

    def names(self) -> list[str]:
        """Return the names of all plugins, sorted."""
        return sorted({*self._schemas, *self._paths} - NOT_ON_KONNECT)
