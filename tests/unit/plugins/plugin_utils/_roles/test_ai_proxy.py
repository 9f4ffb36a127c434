# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib

import pytest

from ansible_collections.community.konnect.plugins.filter.ai_proxy_settings import ai_proxy_settings
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE
from ansible_collections.community.konnect.plugins.plugin_utils._roles.ai_proxy import TAKES, read_settings

KEY = "fake-api-key-of-some-length"
VARIABLES = {
    "config_store": "ai-keys",
    "vault_prefix": "ai-vault",
    "secret_key": "mistral",
    "api_key": KEY,
    "model": "mistral-small",
    "route": {"name": "chat", "paths": ["/chat"]},
}
REFERENCE = "{vault://ai-vault/mistral}"
# What the role does by itself, or has variables of its own for.
OWN = {"state", "on_in_use", "hold_until_guarded", *CONNECTION.options, *CONTROL_PLANE.options}


def settings(environment=None, **variables):
    return read_settings({**VARIABLES, **variables}, environment or {})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"api_key": "mistral"}, "equals ai_proxy_secret_key"),
        ({"api_key": "fake-key-with-line-end\n"}, "white space"),
        ({"api_key": REFERENCE}, "secret reference"),
        ({"api_key": ""}, "Set ai_proxy_api_key (or MISTRAL_API_KEY in the environment) to your API key for mistral."),
        ({"api_key": 7}, "Set ai_proxy_api_key"),
        (
            {"provider": "bedrock", "model_options": {"bedrock": {}}},
            "for bedrock, and ai_proxy_aws_access_key_id (or AWS_ACCESS_KEY_ID) to its id",
        ),
        ({"model": ""}, "Set ai_proxy_model,"),
        ({"secret_key": "a/b"}, "ai_proxy_secret_key may contain letters, digits"),
        ({"secret_key": None}, "ai_proxy_secret_key may contain letters, digits"),
        ({"vault_prefix": "AI"}, "ai_proxy_vault_prefix may contain lower-case letters"),
        ({"vault_prefix": "ai-"}, "ends with a letter or a digit"),
        ({"config_store": None}, "ai_proxy_config_store must not be empty"),
        ({"config_store": "  "}, "ai_proxy_config_store must not be empty"),
        ({"route": {"paths": ["/chat"]}}, "ai_proxy_route must be a name or a dict with a name"),
        ({"route": ""}, "ai_proxy_route must be a name or a dict with a name"),
        ({"route": '{"name": '}, "ai_proxy_route must be a mapping"),
        ({"route": ["chat"]}, "ai_proxy_route must be a mapping"),
        ({"route": {"name": "chat", "pahts": ["/chat"]}}, "There is no ai_proxy_route.pahts."),
        ({"service": {"name": "chat", "state": "absent"}}, "There is no ai_proxy_service.state."),
        ({"service": {"host": "api.example.com"}}, "ai_proxy_service must be a name or a dict with a name"),
        ({"route": {"name": "chat", "service": "one"}, "service": "two"}, "are two services"),
        ({"provider": "mistrall"}, "ai_proxy_provider must be one of anthropic, azure"),
        ({"state": "gone"}, "ai_proxy_state must be one of present, absent."),
        ({"new_key": "try"}, "ai_proxy_new_key must be one of trial, overwrite, fail."),
        ({"probes": "http://localhost:8000"}, "ai_proxy_probes must be a list of mappings"),
        ({"take_over": "ja"}, "ai_proxy_take_over must be true or false."),
        ({"request_timeout": "long"}, "ai_proxy_request_timeout must be a whole number."),
        (
            {"provider": "azure", "model_options": {"azure_instance": "mine"}},
            "Set azure_deployment_id in ai_proxy_model_options. The provider azure requires it.",
        ),
        ({"model_options": "temperature=1"}, "ai_proxy_model_options must be a mapping"),
    ],
)
def test_a_mistake_is_told_and_no_key_is_shown(wrong, words):
    with pytest.raises(InvalidInput) as caught:
        settings(**wrong)
    assert words in caught.value.message
    assert "fake-" not in caught.value.message


def test_the_filter_returns_the_mistake():
    assert ai_proxy_settings({**VARIABLES, "model": None}) == {
        "problem": "Set ai_proxy_model, for example mistral-tiny."
    }


def test_the_filter_returns_the_settings_when_there_is_no_mistake():
    assert ai_proxy_settings(VARIABLES)["problem"] == ""


@pytest.mark.parametrize("kind", TAKES)
def test_every_option_of_the_route_and_the_service_is_passed_on(kind):
    module = importlib.import_module(f"ansible_collections.community.konnect.plugins.modules.konnect_{kind}")
    assert set(TAKES[kind]) == module.SPEC.options.keys() - OWN


@pytest.mark.parametrize("empty", [None, ""])
def test_null_and_an_empty_text_are_not_given(empty):
    names = ("state", "provider", "new_key", "model_options", "proxy_url", "probes", "service", "tags", "konnect_url")
    assert settings(**dict.fromkeys(names, empty)) == settings()


def test_zero_and_false_are_given():
    found = settings(validate_certs=False, request_retries=0, konnect_region="")
    assert found["connection"] == {"validate_certs": False, "request_retries": 0}


@pytest.mark.parametrize(("given", "other"), [("konnect_url", "konnect_region"), ("konnect_region", "konnect_url")])
def test_a_url_or_a_region_stands_instead_of_both_of_the_caller(given, other):
    assert settings(**{given: "eu"})["connection"] == {given: "eu", other: ""}


def test_removal_needs_no_key_and_no_model():
    assert settings(state="absent", api_key="", model="")["state"] == "absent"


@pytest.mark.parametrize(
    ("provider", "more", "auth", "value"),
    [
        ("mistral", {}, {"header_name": "Authorization", "header_value": REFERENCE}, f"Bearer {KEY}"),
        ("anthropic", {}, {"header_name": "x-api-key", "header_value": REFERENCE}, KEY),
        ("gemini", {}, {"param_name": "key", "param_location": "query", "param_value": REFERENCE}, KEY),
        (
            "bedrock",
            {"aws_access_key_id": "fake-id", "model_options": {"bedrock": {"aws_region": "eu-west-1"}}},
            {
                "aws_access_key_id": "{vault://ai-vault/mistral/access_key_id}",
                "aws_secret_access_key": "{vault://ai-vault/mistral/secret_access_key}",
            },
            f'{{"access_key_id": "fake-id", "secret_access_key": "{KEY}"}}',
        ),
    ],
)
def test_the_secret_and_its_reference_have_the_form_of_the_provider(provider, more, auth, value):
    found = settings(provider=provider, **more)
    assert (found["auth"], found["secret_value"]) == (auth, value)


def test_bearer_is_never_doubled():
    assert settings(api_key=f"Bearer {KEY}")["secret_value"] == f"Bearer {KEY}"


def test_the_key_is_read_from_the_environment_of_its_provider_alone():
    environment = {"OPENAI_API_KEY": "fake-openai-key", "MISTRAL_API_KEY": "fake-mistral-key"}
    assert settings(environment, provider="openai", api_key=None)["key"] == "fake-openai-key"
    with pytest.raises(InvalidInput, match="OPENAI_API_KEY"):
        settings({"MISTRAL_API_KEY": "fake-mistral-key"}, provider="openai", api_key=None)


def test_the_user_s_options_of_the_model_stand_beside_those_that_the_provider_requires():
    assert settings(model_options='{"temperature": 0.5}')["model_options"] == {
        "mistral_format": "openai",
        "temperature": 0.5,
    }


@pytest.mark.parametrize(
    ("new_key", "more", "expected"),
    [
        ("trial", {"proxy_url": "http://localhost:8000"}, "keep"),
        ("trial", {"probes": [{"url": "http://localhost:8000/chat"}]}, "keep"),
        ("trial", {}, "warn"),
        ("overwrite", {"proxy_url": "http://localhost:8000"}, "warn"),
        ("fail", {}, "fail"),
    ],
)
def test_a_new_key_is_tried_where_a_data_plane_is_known(new_key, more, expected):
    assert settings(new_key=new_key, **more)["on_new_value"] == expected


def test_the_data_plane_is_also_read_from_the_environment():
    found = settings({"KONNECT_PROXY_URL": "http://localhost:8000"})
    assert (found["proxy_url"], found["on_new_value"]) == ("http://localhost:8000", "keep")


def test_a_host_of_the_inventory_plugin_never_uses_the_data_plane_of_the_environment():
    found = settings({"KONNECT_PROXY_URL": "http://localhost:8000"}, host="orders")
    assert (found["proxy_url"], found["on_new_value"]) == ("", "warn")


@pytest.mark.parametrize(
    ("routes", "url"),
    [
        ([{"paths": ["~/v[0-9]", "/chat"]}], "http://localhost:8000/chat"),
        ([{"paths": None}], "http://localhost:8000/"),
        ([], "http://localhost:8000/"),
    ],
)
def test_the_trial_asks_the_first_path_that_is_no_regular_expression(routes, url):
    found = settings(proxy_url="http://localhost:8000/", live_routes=routes)
    assert found["probes"] == [{"url": url, "route": "chat"}]


def test_probes_of_the_user_take_its_place():
    assert settings(probes=[{"url": "http://localhost/a"}])["probes"] == [{"url": "http://localhost/a"}]


def test_a_route_and_a_service_by_name_are_only_used():
    found = settings(route="chat", service="backend")
    assert (found["route"], found["route_options"], found["service"], found["service_options"]) == (
        "chat",
        {},
        "backend",
        {},
    )


def test_a_route_and_a_service_that_are_made_get_tags_and_each_other():
    found = settings(service='{"name": "backend", "host": "api.example.com"}', tags=["one"])
    assert found["service_options"] == {"tags": ["one"], "name": "backend", "host": "api.example.com"}
    assert found["route_options"] == {"tags": ["one"], "service": "backend", "name": "chat", "paths": ["/chat"]}
