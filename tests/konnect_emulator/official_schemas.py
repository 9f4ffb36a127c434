# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's published plugin schemas (JSON schema, one CamelCase file a plugin) translated to Lua style.

What the published form has lost is put back by rule: a record is required, as Kong's entities make it
(kong/db/schema/entity.lua), except the ones known to be optional; ``protocols`` is a set, every other list an array.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .plugin_catalog import COMPACT
from .plugin_schemas import SCOPES, Field, PluginSchema

OPTIONAL_RECORDS = frozenset(
    ["auth", "options", "bedrock", "cloud_authentication", "cohere", "dashscope", "databricks", "gemini", "huggingface"]
)
WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z0-9])|(?<=[A-Z])(?=[A-Z][a-z])")
NO_LIMIT = 2**53


def plugin_name(camel: str) -> str:
    """``AiProxy`` -> ``ai-proxy``, ``ACL`` -> ``acl``, ``Oauth2`` -> ``oauth2``."""
    return WORD_START.sub("-", camel).lower()


def translate(node: dict[str, Any], name: str, required: bool = False) -> Field:
    """One JSON schema node as a Lua style field."""
    field = _shape(node, name)
    if required or node.get("x-lua-required"):
        field["required"] = True
    if "default" in node:
        field["default"] = node["default"]
        if node["default"] == "":
            field["len_min"] = 0
    if "enum" in node:
        field["one_of"] = node["enum"]
    if "minimum" in node or "maximum" in node:
        field["between"] = [node.get("minimum", -NO_LIMIT), node.get("maximum", NO_LIMIT)]
    for theirs, ours in (("minLength", "len_min"), ("maxLength", "len_max")):
        if theirs in node:
            field[ours] = node[theirs]
    for flag in ("referenceable", "encrypted"):
        if node.get(f"x-{flag}"):
            field[flag] = True
    return field


def _shape(node: dict[str, Any], name: str) -> Field:
    kind = node.get("type")
    if node.get("x-foreign"):
        return {"type": "foreign", "reference": ""}
    if kind == "array":
        return {"type": "set" if name == "protocols" else "array", "elements": translate(node["items"], "")}
    if kind == "object" and "properties" in node:
        needed = node.get("required", ())
        fields = [{key: translate(sub, key, key in needed)} for key, sub in node["properties"].items()]
        return {"type": "record", "required": name not in OPTIONAL_RECORDS, "fields": fields}
    if kind == "object" and isinstance(node.get("additionalProperties"), dict):
        return {"type": "map", "keys": {"type": "string"}, "values": translate(node["additionalProperties"], "")}
    return {"type": kind if kind in ("string", "number", "integer", "boolean") else "json"}


def load(path: Path) -> PluginSchema:
    """The schema in one published file."""
    published = json.loads(path.read_text(encoding="utf-8"))
    properties = published["properties"]
    fields: list[dict[str, Field]] = [{"protocols": translate(properties["protocols"], "protocols", True)}]
    for scope, kind in SCOPES.items():
        closed = {} if scope in properties else {"eq": None}
        fields.append({scope: {"type": "foreign", "reference": kind, **closed}})
    fields.append({"config": translate(properties["config"], "config", True)})
    partials = {item["name"]: item["paths"] for item in published.get("x-supported-partials", ())}
    return PluginSchema(plugin_name(path.stem), fields, supported_partials=partials)


class Catalog:
    """Plugin schemas by name: the compact ones, then those of a folder, each read when first asked for."""

    def __init__(self, folder: str | None = None) -> None:
        self._schemas = dict(COMPACT)
        paths = sorted(Path(folder).glob("*.json")) if folder else []
        self._paths = {plugin_name(path.stem): path for path in paths}

    def get(self, name: str) -> PluginSchema | None:
        if name not in self._schemas and name in self._paths:
            self._schemas[name] = load(self._paths[name])
        return self._schemas.get(name)
