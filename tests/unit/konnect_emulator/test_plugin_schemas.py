# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugin schemas: what Kong fills in, what it refuses, and how close the compact ones are to Kong's published ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from konnect_emulator.ai_proxy_schema import AI_PROXY
from konnect_emulator.official_schemas import OPTIONAL_RECORDS, Catalog, load, plugin_name
from konnect_emulator.partial_schemas import PARTIAL_CONFIGS
from konnect_emulator.plugin_catalog import COMPACT
from konnect_emulator.plugin_schemas import (
    Field,
    PluginSchema,
    array,
    boolean,
    choice,
    each,
    fill,
    integer,
    map_of,
    record,
    ref,
    set_of,
    string,
    validate,
)

CHECKOUT = Path(__file__).resolve().parents[3]
OFFICIAL = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared") / "openapi" / "plugins-3.15"
needs_official = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason=f"no published schemas at {OFFICIAL} (KONNECT_SHARED)"
)

CHAT: dict[str, Any] = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": "{vault://mysecretvault/mistral-key}"},
    "model": {
        "provider": "mistral",
        "name": "mistral-tiny",
        "options": {"mistral_format": "openai", "upstream_url": "https://api.mistral.ai/v1/chat/completions"},
    },
}
UNSET_AUTH = (
    "aws_access_key_id aws_secret_access_key azure_client_id azure_client_secret azure_tenant_id gcp_metadata_url "
    "gcp_oauth_token_url gcp_service_account_json param_location param_name param_value"
)
UNSET_OPTIONS = (
    "anthropic_version azure_deployment_id azure_instance bedrock cache_read_cost cache_write_cost "
    "cache_write_cost_list cohere context_window_factor dashscope databricks embeddings_dimensions gemini huggingface "
    "input_cost llama2_format max_tokens output_cost service_tier_factor temperature top_k top_p upstream_path"
)


def problems(schema: PluginSchema, config: dict[str, Any]) -> list[tuple[str, str]]:
    filled = fill(schema.config, config)
    found = validate(schema.config, filled, "config")
    found = found or [violation for check in schema.checks for violation in check(filled)]
    return [(violation.field, violation.message) for violation in found]


def test_ai_proxy_is_filled_in_as_konnect_does() -> None:
    assert fill(AI_PROXY.config, CHAT) == {
        "auth": {
            **dict.fromkeys(UNSET_AUTH.split()),
            **CHAT["auth"],
            "allow_override": False,
            "azure_use_managed_identity": False,
            "gcp_use_service_account": False,
        },
        "genai_category": "text/generation",
        "llm_format": "openai",
        "logging": {"log_payloads": False, "log_statistics": False},
        "max_request_body_size": 1048576,
        "model": {
            "model_alias": None,
            "name": "mistral-tiny",
            "provider": "mistral",
            "options": {
                **dict.fromkeys(UNSET_OPTIONS.split()),
                **CHAT["model"]["options"],
                "azure_api_version": "2023-05-15",
            },
        },
        "model_name_header": True,
        "response_streaming": "allow",
        "route_type": "llm/v1/chat",
    }
    assert problems(AI_PROXY, CHAT) == []


def test_ai_proxy_flags() -> None:
    auth = dict(each(dict(each(AI_PROXY.config["fields"]))["auth"]["fields"]))
    both = {name for name, field in auth.items() if field.get("referenceable") and field.get("encrypted")}
    only_referenceable = {name for name, field in auth.items() if field.get("referenceable")} - both
    assert both == {
        "header_value",
        "param_value",
        "aws_access_key_id",
        "aws_secret_access_key",
        "azure_client_secret",
        "gcp_service_account_json",
    }
    assert only_referenceable == {
        "header_name",
        "param_name",
        "azure_client_id",
        "azure_tenant_id",
        "gcp_metadata_url",
        "gcp_oauth_token_url",
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"route_type": None}, ("config.route_type", "required field missing")),
        ({"route_type": "x"}, ("config.route_type", "expected one of: audio/v1/audio/speech, ")),
        ({"model": {"provider": "mistral"}}, ("", "must set 'model.options.mistral_format' for mistral provider")),
        ({"model": {}}, ("config.model.provider", "required field missing")),
        ({"model": None}, ("config.model", "required field missing")),
        ({"auth": {"header_name": "A"}}, ("", "all or none of these fields must be set: 'auth.header_name', 'auth.h")),
        ({"auth": {"header_name": 5}}, ("config.auth.header_name", "expected a string")),
        ({"auth": {"header_name": ""}}, ("config.auth.header_name", "length must be at least 1")),
        ({"auth": {"x": 5}}, ("config.auth.x", "unknown field")),
        ({"max_request_body_size": 0}, ("config.max_request_body_size", "value must be greater than 0")),
        ({"max_request_body_size": 1.5}, ("config.max_request_body_size", "expected an integer")),
        ({"model_name_header": "yes"}, ("config.model_name_header", "expected a boolean")),
    ],
)
def test_ai_proxy_refusals(change: dict[str, Any], expected: tuple[str, str]) -> None:
    (found,) = problems(AI_PROXY, {**CHAT, **change})
    assert found[0] == expected[0]
    assert found[1].startswith(expected[1])


def test_a_reference_stands_for_anything() -> None:
    port = record({"port": integer(referenceable=True, between=[0, 9]), "plain": integer()})
    assert validate(port, {"port": "{vault://v/port}", "plain": None}, "config") == []
    assert validate(port, {"port": "{vault://v/port} ", "plain": "{vault://v/port}"}, "config") != []


def test_fill_rules() -> None:
    schema = record(
        {
            "unset": string(),
            "default": string(default="d"),
            "optional": record({"inner": string(default="i")}, required=False),
            "expanded": record({"inner": string(default="i")}),
            "preset": record({"inner": string(), "other": string(default="o")}, required=False, default={"inner": "p"}),
            "rows": array(record({"a": string(default="x"), "b": string()})),
            "letters": set_of(),
            "labels": map_of(),
        }
    )
    assert fill(schema, {}) == {
        "unset": None,
        "default": "d",
        "optional": None,
        "expanded": {"inner": "i"},
        "preset": {"inner": "p", "other": "o"},
        "rows": None,
        "letters": None,
        "labels": None,
    }
    given = {"optional": {}, "rows": [{"b": "y"}], "letters": ["b", "a", "b"], "labels": {"k": "v"}, "default": None}
    filled = fill(schema, given)
    assert filled["optional"] == {"inner": "i"}
    assert filled["rows"] == [{"a": "x", "b": "y"}]
    assert filled["letters"] == ["b", "a"]
    assert filled["labels"] == {"k": "v"}
    assert filled["default"] is None
    assert fill(schema, filled) == filled


def test_defaults_are_not_shared() -> None:
    cors = COMPACT["cors"]
    first = fill(cors.config, {})
    first["methods"].append("X")
    assert "X" not in fill(cors.config, {})["methods"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (array(), "x", "expected an array"),
        (set_of(), {}, "expected a set"),
        (map_of(), [], "expected a map"),
        (record({}), [], "expected a record"),
        (boolean(), 1, "expected a boolean"),
        (integer(), True, "expected an integer"),
        (integer(between=[1, 2]), 3, "value should be between 1 and 2"),
        (array(len_min=1), [], "length must be at least 1"),
        (string(len_max=2), "abc", "length must be at most 2"),
    ],
)
def test_types_and_rules(field: Field, value: Any, message: str) -> None:
    assert [violation.message for violation in validate(field, value, "config.x")] == [message]


def test_elements_are_named_by_place() -> None:
    field = record({"list": array(choice("a")), "map": map_of(integer())})
    found = validate(field, {"list": ["a", "b"], "map": {"k": "v"}}, "config")
    assert [violation.field for violation in found] == ["config.list[1]", "config.map.k"]


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("acl", {}, ("", "at least one of these fields must be non-empty: 'config.allow', 'config.deny'")),
        ("acl", {"allow": ["a"], "deny": ["b"]}, ("", "exactly one of these fields must be non-empty: ")),
        ("rate-limiting", {"minute": 5, "hour": 1}, ("config", "The limit for hour(1.0) cannot be lower than the lim")),
        ("request-termination", {"message": "a", "body": "b"}, ("config", "message cannot be used with content_type")),
    ],
)
def test_checks_of_other_plugins(name: str, config: dict[str, Any], expected: tuple[str, str]) -> None:
    (found,) = problems(COMPACT[name], config)
    assert found[0] == expected[0]
    assert found[1].startswith(expected[1])


def test_a_conditional_names_the_field_and_the_entity() -> None:
    found = problems(COMPACT["rate-limiting"], {"minute": 5, "policy": "redis"})
    assert found == [
        ("config.redis.host", "required field missing"),
        ("", "failed conditional validation given value of field 'config.policy'"),
    ]


@pytest.mark.parametrize(
    ("camel", "name"),
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
def test_plugin_names(camel: str, name: str) -> None:
    assert plugin_name(camel) == name


# --- against Kong's published schemas


def leaves(field: Field, path: str) -> Iterator[tuple[str, Field]]:
    yield path, field
    for name, sub in each(field.get("fields", [])):
        yield from leaves(sub, f"{path}.{name}")
    if "elements" in field and field["elements"]["type"] == "record":
        yield from leaves(field["elements"], f"{path}[]")


def traits(field: Field) -> tuple[Any, ...]:
    """What the published form and a compact schema must agree on; it has no sets, and sorts defaults and choices."""

    def plain(value: Any) -> Any:
        return sorted(value, key=str) if isinstance(value, list) else value

    kind = "array" if field["type"] == "set" else field["type"]
    flags = [bool(field.get(name)) for name in ("referenceable", "encrypted")]
    return (kind, plain(field.get("default")), plain(field.get("one_of")), *flags)


@needs_official
@pytest.mark.parametrize("name", COMPACT)
def test_compact_schemas_match_the_published_ones(name: str) -> None:
    (path,) = (path for path in OFFICIAL.glob("*.json") if plugin_name(path.stem) == name)
    official = load(path)
    ours, theirs = (dict(leaves(schema.config, "config")) for schema in (COMPACT[name], official))
    assert set(ours) == set(theirs)
    assert {key: traits(ours[key]) for key in ours} == {key: traits(theirs[key]) for key in theirs}
    for scope in ("consumer", "consumer_group", "route", "service"):
        assert ("eq" in COMPACT[name].field(scope)) == ("eq" in official.field(scope))
    assert COMPACT[name].supported_partials == official.supported_partials
    assert COMPACT[name].field("protocols")["default"] == official.field("protocols")["default"]
    assert set(COMPACT[name].field("protocols")["elements"]["one_of"]) == set(
        official.field("protocols")["elements"]["one_of"]
    )


@needs_official
@pytest.mark.parametrize(("kind", "name"), [("redis-ce", "RateLimiting"), ("redis-ee", "RateLimitingAdvanced")])
def test_compact_partials_match_the_published_plugins(kind: str, name: str) -> None:
    """A plugin that takes a partial has the same record in its own schema, and perhaps a field more."""
    official = load(OFFICIAL / f"{name}.json")
    assert official.supported_partials == {kind: ["config.redis"]}
    theirs = dict(leaves(dict(each(official.config["fields"]))["redis"], "redis"))
    ours = dict(leaves(PARTIAL_CONFIGS[kind], "redis"))
    assert set(theirs) - set(ours) <= {"redis.redis_proxy_type"}
    assert {key: traits(ours[key]) for key in ours} == {key: traits(theirs[key]) for key in ours}


@needs_official
def test_every_published_schema_is_understood() -> None:
    catalog = Catalog(str(OFFICIAL))
    for path in OFFICIAL.glob("*.json"):
        schema = catalog.get(plugin_name(path.stem))
        assert schema is not None
        filled = fill(schema.config, {})
        assert fill(schema.config, filled) == filled
        missing = [violation.message for violation in validate(schema.config, filled, "config")]
        assert set(missing) <= {"required field missing"}
    assert catalog.get("ai-proxy") is AI_PROXY
    assert catalog.get("nope") is None


@needs_official
def test_a_published_schema_is_filled_like_a_compact_one() -> None:
    assert {"auth", "options"} <= OPTIONAL_RECORDS
    official = load(OFFICIAL / "AiProxy.json")
    assert fill(official.config, CHAT) == fill(AI_PROXY.config, CHAT)


def test_reference_shorthand() -> None:
    assert ref() == {"type": "string", "referenceable": True}
