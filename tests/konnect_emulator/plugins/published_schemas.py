# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's published plugin schemas (JSON schema, one CamelCase file per plugin), translated to Lua style.

Rules restore what the published form lacks: a record is required, as Kong's entities make it
(kong/db/schema/entity.lua), except those known to be optional; ``protocols`` is a set, every other list an array.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .compact_schemas import COMPACT_SCHEMAS
from .schema import SCOPES, Field, PluginSchema

OPTIONAL_RECORDS = frozenset(
    ["auth", "options", "bedrock", "cloud_authentication", "cohere", "dashscope", "databricks", "gemini", "huggingface"]
)
# Plugins of Kong Gateway that Konnect does not have (Kong's documentation of the plugins).
NOT_ON_KONNECT = frozenset(["key-auth-enc", "oauth2", "vault-auth"])
WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z0-9])|(?<=[A-Z])(?=[A-Z][a-z])")
UNBOUNDED = 2**53


def plugin_name(file_name: str) -> str:
    """Return the plugin of a file: ``AiProxy`` -> ``ai-proxy``, ``ACL`` -> ``acl``, ``Oauth2`` -> ``oauth2``."""
    return WORD_START.sub("-", file_name).lower()


def translate(node: dict[str, Any], name: str, required: bool = False) -> Field:
    """Translate one node of JSON schema to a field in Lua style."""
    field = _translate_type(node, name)
    if required or node.get("x-lua-required"):
        field["required"] = True
    if "default" in node:
        field["default"] = node["default"]
        if node["default"] == "":
            field["len_min"] = 0
    if "enum" in node:
        field["one_of"] = node["enum"]
    if "minimum" in node or "maximum" in node:
        field["between"] = [node.get("minimum", -UNBOUNDED), node.get("maximum", UNBOUNDED)]
    for json_name, lua_name in (("minLength", "len_min"), ("maxLength", "len_max")):
        if json_name in node:
            field[lua_name] = node[json_name]
    for flag in ("referenceable", "encrypted"):
        if node.get(f"x-{flag}"):
            field[flag] = True
    return field


def _translate_type(node: dict[str, Any], name: str) -> Field:
    kind = node.get("type")
    if node.get("x-foreign"):
        return {"type": "foreign", "reference": ""}
    if kind == "array":
        return {"type": "set" if name == "protocols" else "array", "elements": translate(node["items"], "")}
    if kind == "object" and "properties" in node:
        required = node.get("required", ())
        fields = [{key: translate(inner, key, key in required)} for key, inner in node["properties"].items()]
        return {"type": "record", "required": name not in OPTIONAL_RECORDS, "fields": fields}
    if kind == "object" and isinstance(node.get("additionalProperties"), dict):
        return {"type": "map", "keys": {"type": "string"}, "values": translate(node["additionalProperties"], "")}
    return {"type": kind if kind in ("string", "number", "integer", "boolean") else "json"}


def load_schema(path: Path) -> PluginSchema:
    """Return the schema in one published file."""
    published = json.loads(path.read_text(encoding="utf-8"))
    properties = published["properties"]
    fields: list[dict[str, Field]] = [{"protocols": translate(properties["protocols"], "protocols", True)}]
    for scope, kind in SCOPES.items():
        must_be_null = {} if scope in properties else {"eq": None}
        fields.append({scope: {"type": "foreign", "reference": kind, **must_be_null}})
    fields.append({"config": translate(properties["config"], "config", True)})
    partials = {item["name"]: item["paths"] for item in published.get("x-supported-partials", ())}
    return PluginSchema(plugin_name(path.stem), fields, supported_partials=partials)


class SchemaCatalog:
    """Plugin schemas by name: the compact ones, then those of a folder, each loaded when it is first needed."""

    def __init__(self, folder: str | None = None) -> None:
        self._schemas = dict(COMPACT_SCHEMAS)
        paths = sorted(Path(folder).glob("*.json")) if folder else []
        named = ((plugin_name(path.stem), path) for path in paths)
        self._paths = {name: path for name, path in named if name not in NOT_ON_KONNECT}

    def get(self, name: str) -> PluginSchema | None:
        """Return the schema of a plugin, None if there is none."""
        if name not in self._schemas and name in self._paths:
            self._schemas[name] = load_schema(self._paths[name])
        return self._schemas.get(name)
