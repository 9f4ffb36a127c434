# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's published schemas: how they are translated, and how close the compact schemas are to them.

Most tests skip where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from konnect_emulator.plugins import lua_checks
from konnect_emulator.plugins.ai_proxy_schema import AI_PROXY
from konnect_emulator.plugins.compact_schemas import COMPACT_SCHEMAS
from konnect_emulator.plugins.partial_schemas import PARTIAL_CONFIGS
from konnect_emulator.plugins.partials import check_no_overlap, without_linked_paths
from konnect_emulator.plugins.published_form import plugin_name
from konnect_emulator.plugins.published_schemas import SchemaCatalog, load_schema
from konnect_emulator.plugins.schema import SCOPES, Field, PluginSchema, named_fields
from konnect_emulator.plugins.schema_rules import expand, fill, validate
from konnect_emulator.plugins.shorthands import with_shorthands

CHECKOUT = Path(__file__).resolve().parents[3]
PUBLISHED = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared") / "openapi" / "plugins-3.15"
FILES = sorted(PUBLISHED.glob("*.json"))
needs_published = pytest.mark.skipif(not FILES, reason=f"no published schemas at {PUBLISHED} (KONNECT_SHARED)")
CHAT = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": "{vault://mysecretvault/mistral-key}"},
    "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
}


def published_schema(name: str) -> PluginSchema:
    """Return the published schema of a plugin."""
    (path,) = (path for path in FILES if plugin_name(path.stem) == name)
    return load_schema(path)


def fields_by_path(field: Field, path: str) -> Iterator[tuple[str, Field]]:
    """Yield a field and all fields in it."""
    yield path, field
    for name, inner in named_fields(field.get("fields", [])):
        yield from fields_by_path(inner, f"{path}.{name}")
    if "elements" in field and field["elements"]["type"] == "record":
        yield from fields_by_path(field["elements"], f"{path}[]")


def comparable(field: Field) -> tuple[Any, ...]:
    """Return what both forms must agree on: the published one has no sets, and sorts defaults and choices."""

    def sorted_list(value: Any) -> Any:
        return sorted(value, key=str) if isinstance(value, list) else value

    kind = "array" if field["type"] == "set" else field["type"]
    flags = [bool(field.get(name)) for name in ("referenceable", "encrypted")]
    return (kind, sorted_list(field.get("default")), sorted_list(field.get("one_of")), *flags)


def comparable_fields(field: Field) -> dict[str, tuple[Any, ...]]:
    return {path: comparable(inner) for path, inner in fields_by_path(field, "config")}


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("AiProxy", "ai-proxy"),
        ("ACL", "acl"),
        ("Oauth2", "oauth2"),
        ("Oauth2Introspection", "oauth2-introspection"),
        ("AiA2AProxy", "ai-a2a-proxy"),
        ("AiMcpOauth2", "ai-mcp-oauth2"),
        ("JsonThreatProtection", "json-threat-protection"),
    ],
)
def test_the_name_of_a_plugin_is_taken_from_its_file(file_name: str, name: str) -> None:
    assert plugin_name(file_name) == name


# --- the compact schemas beside the published ones


@needs_published
@pytest.mark.parametrize("name", COMPACT_SCHEMAS)
def test_the_config_is_that_of_the_published_schema(name: str) -> None:
    assert comparable_fields(COMPACT_SCHEMAS[name].config) == comparable_fields(published_schema(name).config)


@needs_published
@pytest.mark.parametrize("name", COMPACT_SCHEMAS)
def test_scopes_and_partials_are_those_of_the_published_schema(name: str) -> None:
    compact, published = COMPACT_SCHEMAS[name], published_schema(name)
    assert compact.supported_partials == published.supported_partials
    for scope in SCOPES:
        assert ("eq" in compact.field(scope)) == ("eq" in published.field(scope))


@needs_published
@pytest.mark.parametrize("name", COMPACT_SCHEMAS)
def test_protocols_are_those_of_the_published_schema(name: str) -> None:
    compact, published = (schema.field("protocols") for schema in (COMPACT_SCHEMAS[name], published_schema(name)))
    assert compact["default"] == published["default"]
    assert set(compact["elements"]["one_of"]) == set(published["elements"]["one_of"])


@needs_published
@pytest.mark.parametrize(("kind", "name"), [("redis-ce", "rate-limiting"), ("redis-ee", "rate-limiting-advanced")])
def test_a_partial_is_that_of_a_published_plugin(kind: str, name: str) -> None:
    """A plugin that supports a partial has the same record in its own schema, and perhaps one more field."""
    published = published_schema(name)
    assert published.supported_partials == {kind: ["config.redis"]}
    in_plugin = comparable_fields(dict(named_fields(published.config["fields"]))["redis"])
    compact = comparable_fields(PARTIAL_CONFIGS[kind])
    assert compact.items() <= in_plugin.items()
    assert set(in_plugin) - set(compact) <= {"config.redis_proxy_type"}


# --- the published schemas themselves


@needs_published
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_published_schema_can_be_filled_and_validated(path: Path) -> None:
    schema = load_schema(path)
    filled = fill(schema.config, {})
    assert fill(schema.config, filled) == filled
    messages = {violation.message for violation in validate(schema.config, filled, "config")}
    assert messages <= {"required field missing", lua_checks.oauth2_flows({})}


def filled(name: str, config: dict[str, Any]) -> dict[str, Any]:
    value = fill(published_schema(name).config, config)
    assert isinstance(value, dict)
    return value


@needs_published
@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("acme", "account_key"),
        ("ace", "rate_limiting"),
        ("ai-mcp-oauth2", "token_exchange"),
        ("basic-auth", "brute_force_protection"),
        ("datakit", "resources"),
        ("openid-connect", "proof_of_possession_mtls_from_header"),
        ("rate-limiting-advanced", "throttling"),
    ],
)
def test_a_record_that_need_not_be_given_is_null(name: str, record: str) -> None:
    assert filled(name, {})[record] is None


@needs_published
@pytest.mark.parametrize(("name", "record"), [("http-log", "queue"), ("rate-limiting-advanced", "redis")])
def test_another_record_is_expanded(name: str, record: str) -> None:
    assert filled(name, {})[record]


@needs_published
def test_kong_makes_a_value_at_each_write() -> None:
    first, second = (filled("rate-limiting-advanced", {})["namespace"] for _write in range(2))
    assert first != second


@needs_published
def test_the_secret_of_sessions_has_a_default_that_differs_by_replica() -> None:
    one, other = (published_schema("session").config for _replica in range(2))
    assert fill(one, {})["secret"] == fill(one, {})["secret"] != fill(other, {})["secret"]


@needs_published
def test_a_published_schema_is_filled_like_a_compact_one() -> None:
    assert fill(published_schema("ai-proxy").config, CHAT) == fill(AI_PROXY.config, CHAT)


@needs_published
def test_the_catalog_prefers_compact_schemas() -> None:
    catalog = SchemaCatalog(str(PUBLISHED))
    assert catalog.get("ai-proxy") is AI_PROXY
    assert catalog.get("rate-limiting-advanced") is not None


@needs_published
@pytest.mark.parametrize("name", ["key-auth-enc", "oauth2", "vault-auth"])
def test_the_catalog_has_no_plugin_that_is_not_on_konnect(name: str) -> None:
    assert SchemaCatalog(str(PUBLISHED)).get(name) is None


def test_a_schema_in_the_form_of_the_api_has_precedence(tmp_path: Path) -> None:
    config = {"type": "record", "fields": [{"only": {"type": "string"}}]}
    schema = {"fields": [{"protocols": {"type": "set", "elements": {"type": "string"}}}, {"config": config}]}
    (tmp_path / "cors.json").write_text(json.dumps(schema))
    found = SchemaCatalog(str(tmp_path)).get("cors")
    assert found is not None
    assert [name for name, _field in named_fields(found.config["fields"])] == ["only"]


def test_the_catalog_knows_compact_schemas_only_without_a_folder() -> None:
    assert SchemaCatalog().get("rate-limiting-advanced") is None


@needs_published
def test_a_redis_record_takes_and_shows_its_old_names() -> None:
    config = published_schema("rate-limiting-advanced").config
    given = {"redis": {"cluster_addresses": ["redis.example.com:6379"], "timeout": 1000}}
    stored, wrong = expand(config, given, "config")
    assert (stored["redis"]["cluster_nodes"], stored["redis"]["read_timeout"], wrong) == (
        [{"ip": "redis.example.com", "port": 6379}],
        1000,
        [],
    )
    assert with_shorthands(config, stored)["redis"]["timeout"] == 1000


@needs_published
def test_what_no_partial_of_the_type_has_stays_at_a_linked_path() -> None:
    schema = published_schema("rate-limiting-advanced")
    plugin = {"partials": [{"id": "1", "path": "config.redis"}], "config": {}}
    filled = fill(schema.config, {"limit": [1], "window_size": [1]})
    shown = without_linked_paths(plugin, filled, lambda _id: {"type": "redis-ee", "config": {}})
    assert shown["redis"] == {"redis_proxy_type": None}
    assert check_no_overlap({**plugin, "config": shown}, lambda _id: None) == []
