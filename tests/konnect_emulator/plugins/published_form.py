# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's published plugin schemas (JSON schema, one CamelCase file per plugin), translated to Lua style.

Rules restore what the published form lacks. A record is required, as Kong's entities make it
(kong/db/schema/entity.lua), unless it has a required field and its parent does not list it, or it is known to be
optional (``OPTIONAL_RECORDS``). ``protocols`` is a set, every other list an array. Fields that Kong makes a value for
are known by name.
"""

from __future__ import annotations

import re
from typing import Any

from .lua_checks import with_lua_checks
from .schema import SCOPES, Field, PluginSchema

# By their name, or by their parent's and their own. Recorded live schemas say so of some (ai-proxy, openid-connect,
# rate-limiting); of the others, Terraform sends null and live Konnect takes it (the provider's acceptance tests).
OPTIONAL_RECORDS = frozenset(
    [
        "auth",
        "bedrock",
        "brute_force_protection",
        "cloud_authentication",
        "cohere",
        "conditions",
        "dashscope",
        "databricks",
        "gemini",
        "http_opts.proxy",
        "huggingface",
        "options",
        "prompts",
        "rate_limiting",
        "resources",
        "server.session",
        "throttling",
        "token_exchange.cache",
        "token_exchange.request",
        "tools.acl",
        "vectordb.pgvector",
        "vectordb.redis",
    ]
)
# Kong makes a value when none is given: each time one is written (auto), or once when the schema is loaded.
AUTO_FIELDS = {
    "ai-rate-limiting-advanced": ("namespace",),
    "graphql-rate-limiting-advanced": ("namespace",),
    "openid-connect": ("cache_tokens_salt",),
    "rate-limiting-advanced": ("namespace",),
    "service-protection": ("namespace",),
}
# Old names of Redis records, which the published form leaves out and live Konnect shows (decK's tests, dump/002).
REDIS_RECORDS = (("config", "redis"), ("config", "cluster_cache_redis"))
OLD_REDIS_NAMES: dict[str, tuple[Field, list[str]]] = {
    "cluster_addresses": ({"type": "array", "elements": {"type": "string"}}, ["cluster_nodes"]),
    "sentinel_addresses": ({"type": "array", "elements": {"type": "string"}}, ["sentinel_nodes"]),
    "timeout": ({"type": "integer"}, ["connect_timeout", "send_timeout", "read_timeout"]),
}
RANDOM_DEFAULTS = {"saml": ("session_secret",), "session": ("secret",)}
WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z0-9])|(?<=[A-Z])(?=[A-Z][a-z])")
UNBOUNDED = 2**53

Path = tuple[str, ...]


def plugin_name(file_name: str) -> str:
    """Return the plugin of a file: ``AiProxy`` -> ``ai-proxy``, ``ACL`` -> ``acl``, ``Oauth2`` -> ``oauth2``."""
    return WORD_START.sub("-", file_name).lower()


def translate(node: dict[str, Any], path: Path, required: bool = False) -> Field:
    """Translate one node of JSON schema to a field in Lua style; ``path`` ends in its name."""
    field = _translate_type(node, path, required)
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


def _is_optional(node: dict[str, Any], path: Path, listed: bool) -> bool:
    needs_values = any("default" not in node["properties"].get(name, {}) for name in node.get("required", ()))
    known = path[-1] in OPTIONAL_RECORDS or ".".join(path[-2:]) in OPTIONAL_RECORDS
    return not listed and (known or needs_values)


def _translate_type(node: dict[str, Any], path: Path, listed: bool) -> Field:
    kind = node.get("type")
    if node.get("x-foreign"):
        return {"type": "foreign", "reference": ""}
    if kind == "array":
        elements = translate(node["items"], path)
        if elements["type"] == "record":
            elements["required"] = True
        return {"type": "set" if path[-1] == "protocols" else "array", "elements": elements}
    if kind == "object" and "properties" in node:
        required = node.get("required", ())
        fields = [{key: translate(inner, (*path, key), key in required)} for key, inner in node["properties"].items()]
        record = {"type": "record", "required": not _is_optional(node, path, listed), "fields": fields}
        has_old_names = path in REDIS_RECORDS and "cluster_nodes" in node["properties"]
        return _with_old_redis_names(record) if has_old_names else record
    if kind == "object" and isinstance(node.get("additionalProperties"), dict):
        values = translate(node["additionalProperties"], path)
        return {"type": "map", "keys": {"type": "string"}, "values": values}
    if kind == "object" and "x-speakeasy-type-override" not in node:
        return {"type": "record", "fields": []}
    return {"type": kind if kind in ("string", "number", "integer", "boolean") else "json"}


def _with_old_redis_names(record: Field) -> Field:
    shorthands = [
        {name: {**field, "deprecation": {"replaced_with": [{"path": [new]} for new in replaced_with]}}}
        for name, (field, replaced_with) in OLD_REDIS_NAMES.items()
    ]
    return {**record, "shorthand_fields": shorthands}


def _with_made_values(name: str, config: Field, random_text: str) -> Field:
    if "fields" not in config:
        return config
    marks: dict[str, Field] = {field: {"auto": True} for field in AUTO_FIELDS.get(name, ())}
    marks |= {field: {"default": random_text} for field in RANDOM_DEFAULTS.get(name, ())}
    fields = [{key: {**inner, **marks.get(key, {})} for key, inner in entry.items()} for entry in config["fields"]]
    return {**config, "fields": fields}


def from_published(name: str, published: dict[str, Any], random_text: str) -> PluginSchema:
    """Return the schema in a published file; ``random_text`` is the default that is random in Kong."""
    properties = published["properties"]
    fields: list[dict[str, Field]] = [{"protocols": translate(properties["protocols"], ("protocols",), True)}]
    for scope, kind in SCOPES.items():
        must_be_null = {} if scope in properties else {"eq": None}
        fields.append({scope: {"type": "foreign", "reference": kind, **must_be_null}})
    config = with_lua_checks(name, translate(properties["config"], ("config",), True))
    fields.append({"config": _with_made_values(name, config, random_text)})
    partials = {item["name"]: item["paths"] for item in published.get("x-supported-partials", ())}
    return PluginSchema(name, fields, supported_partials=partials)
