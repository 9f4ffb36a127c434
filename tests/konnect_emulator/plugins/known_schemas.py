# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schemas of plugins in a control plane: those of Kong, their clones, and custom plugins."""

from __future__ import annotations

from typing import Any

from ..state import ControlPlane, Record
from .lua_tables import NoLiteral, returned_table
from .published_schemas import SchemaCatalog
from .schema import Field, PluginSchema, named_fields, plugin


def _named(records: Any, name: str) -> Record | None:
    return next((record for record in records if record["name"] == name), None)


def _custom_schema(name: str, source: str) -> PluginSchema | None:
    """Return the schema in Lua code; of its fields only the config, which may refer to nothing outside the code."""
    try:
        fields = named_fields(returned_table(source).get("fields", []))
        config: Any = dict(fields).get("config")
    except (NoLiteral, AttributeError):
        return None
    config_fields: dict[str, Field] = dict(named_fields(config.get("fields", []))) if isinstance(config, dict) else {}
    return plugin(name, config_fields)


def known_schema(name: str, catalog: SchemaCatalog, control_plane: ControlPlane) -> PluginSchema | None:
    """Return the schema of a plugin, None if there is none of this name."""
    clone = _named(control_plane.entity_table("cloned-plugins"), name)
    found = catalog.get(clone["ref"] if clone else name)
    if found is not None:
        return found
    streamed = _named(control_plane.entity_table("custom-plugins"), name)
    installed = control_plane.plugin_schemas.get(name)
    source = streamed["schema"] if streamed else installed["lua_schema"] if installed else None
    return _custom_schema(name, source) if source else None
