# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugin schemas: which defaults Kong fills in, and what it rejects."""

from __future__ import annotations

from typing import Any

import pytest

from konnect_emulator.plugins import schema_rules
from konnect_emulator.plugins.ai_proxy_schema import AI_PROXY
from konnect_emulator.plugins.compact_schemas import COMPACT_SCHEMAS
from konnect_emulator.plugins.schema import (
    Field,
    PluginSchema,
    array,
    boolean,
    integer,
    map_of,
    named_fields,
    one_of,
    record,
    set_of,
    string,
)
from konnect_emulator.plugins.schema_rules import fill, validate

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


def violations(schema: PluginSchema, config: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with a config after its defaults are filled in: (field, message)."""
    found = schema_rules.violations(schema.config, schema.entity_checks, fill(schema.config, config))
    return [(violation.field, violation.message) for violation in found]


# --- defaults


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (string(), None),
        (string(default="d"), "d"),
        (record({"inner": string(default="i")}), {"inner": "i"}),
        (record({"inner": string(default="i")}, required=False), None),
        (record({"other": string(default="o")}, default={"inner": "p"}), {"other": "o", "inner": "p"}),
        (record({"other": string(default="o")}, required=False, default={"inner": "p"}), {"inner": "p"}),
        (array(), None),
        (set_of(), None),
        (map_of(), None),
    ],
    ids=[
        "scalar",
        "default",
        "record",
        "optional record",
        "default of a record",
        "default of an optional record",
        "array",
        "set",
        "map",
    ],
)
def test_an_absent_field_is_filled_in(field: Field, expected: Any) -> None:
    assert fill(record({"field": field}), {}) == {"field": expected}


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        (string(default="d"), None, None),
        (record({"inner": string(default="i")}, required=False), {}, {"inner": "i"}),
        (array(record({"a": string(default="x"), "b": string()})), [{"b": "y"}], [{"a": "x", "b": "y"}]),
        (set_of(), ["b", "a", "b"], ["b", "a"]),
        (map_of(), {"k": "v"}, {"k": "v"}),
        (map_of(), [], {}),
        (record({"inner": string(default="i")}), [], {"inner": "i"}),
        (array(), {}, []),
    ],
    ids=[
        "null",
        "optional record",
        "records of an array",
        "duplicates of a set",
        "map",
        "empty list for a map",
        "empty list for a record",
        "empty map for a list",
    ],
)
def test_a_given_field_is_completed(field: Field, given: Any, expected: Any) -> None:
    assert fill(record({"field": field}), {"field": given}) == {"field": expected}


@pytest.mark.parametrize("name", COMPACT_SCHEMAS)
def test_filling_a_filled_config_changes_nothing(name: str) -> None:
    schema = COMPACT_SCHEMAS[name].config
    assert fill(schema, fill(schema, {})) == fill(schema, {})


def test_defaults_are_not_shared() -> None:
    cors = COMPACT_SCHEMAS["cors"]
    fill(cors.config, {})["methods"].append("X")
    assert "X" not in fill(cors.config, {})["methods"]


# --- validation


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (array(), "x", "expected an array"),
        (set_of(), {"a": 1}, "expected a set"),
        (map_of(), ["a"], "expected a map"),
        (record({}), ["a"], "expected a record"),
        (boolean(), 1, "expected a boolean"),
        (integer(), True, "expected an integer"),
        (integer(between=[1, 2]), 3, "value should be between 1 and 2"),
        (array(len_min=1), [], "length must be at least 1"),
        (string(len_max=2), "abc", "length must be at most 2"),
    ],
)
def test_an_invalid_value_is_rejected(field: Field, value: Any, message: str) -> None:
    assert [violation.message for violation in validate(field, value, "config.x")] == [message]


def test_elements_are_named_by_their_index_or_key() -> None:
    field = record({"list": array(one_of("a")), "map": map_of(integer())})
    found = validate(field, {"list": ["a", "b"], "map": {"k": "v"}}, "config")
    assert [violation.field for violation in found] == ["config.list[1]", "config.map.k"]


def test_a_reference_is_valid_whatever_the_type_of_the_field() -> None:
    schema = record({"port": integer(referenceable=True, between=[0, 9])})
    assert validate(schema, {"port": "{vault://v/port}"}, "config") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [(integer(referenceable=True), "{vault://v/port} "), (integer(), "{vault://v/port}")],
    ids=["not exactly a reference", "not a referenceable field"],
)
def test_other_text_is_not_taken_for_a_reference(field: Field, value: str) -> None:
    assert validate(field, value, "config") != []


# --- AI Proxy


def test_ai_proxy_has_the_defaults_of_konnect() -> None:
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


def test_the_config_of_the_tutorial_is_valid() -> None:
    assert violations(AI_PROXY, CHAT) == []


def test_ai_proxy_marks_what_is_secret() -> None:
    auth = dict(named_fields(dict(named_fields(AI_PROXY.config["fields"]))["auth"]["fields"]))
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
def test_an_invalid_ai_proxy_config_is_rejected(change: dict[str, Any], expected: tuple[str, str]) -> None:
    found = violations(AI_PROXY, {**CHAT, **change})
    assert any(field == expected[0] and message.startswith(expected[1]) for field, message in found)


# --- other plugins


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("acl", {}, ("", "at least one of these fields must be non-empty: 'config.allow', 'config.deny'")),
        ("acl", {"allow": ["a"], "deny": ["b"]}, ("", "exactly one of these fields must be non-empty: ")),
        ("rate-limiting", {"minute": 5, "hour": 1}, ("config", "The limit for hour(1.0) cannot be lower than the lim")),
        ("request-termination", {"message": "a", "body": "b"}, ("config", "message cannot be used with content_type")),
    ],
)
def test_an_invalid_plugin_config_is_rejected(name: str, config: dict[str, Any], expected: tuple[str, str]) -> None:
    found = violations(COMPACT_SCHEMAS[name], config)
    assert any(field == expected[0] and message.startswith(expected[1]) for field, message in found)


def test_a_conditional_requirement_violates_field_and_entity() -> None:
    found = violations(COMPACT_SCHEMAS["rate-limiting"], {"minute": 5, "policy": "redis"})
    assert found == [
        ("config.redis.host", "required field missing"),
        ("", "failed conditional validation given value of field 'config.policy'"),
    ]
