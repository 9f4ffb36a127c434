# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._roles.ai_gateway import read_gateway_settings

GIVEN = {
    "name": "gw",
    "config_store": "my-store",
    "vault": "my-vault",
    "secret_key": "my-key",
    "target": "mistral-small-latest",
}
ENVIRONMENT = {"MISTRAL_API_KEY": "fake-mistral-key", "KONNECT_AI_GATEWAY": "other"}


def settings(**more):
    return read_gateway_settings({**GIVEN, **more}, ENVIRONMENT)


def test_the_key_comes_from_the_environment_of_the_provider():
    found = settings()
    assert (found["gateway"], found["secret_value"]) == ("gw", "Bearer fake-mistral-key")
    assert found["provider_config"]["auth"]["headers"] == [
        {"name": "Authorization", "value": "{vault://my-vault/my-key}"}
    ]
    assert found["target_config"] == {"type": "mistral", "format": "openai"}


def test_a_key_that_goes_into_the_query_is_a_parameter():
    found = settings(provider_type="gemini", api_key="fake-gemini-key")
    (param,) = found["provider_config"]["auth"]["params"]
    assert (param["name"], param["location"], found["secret_value"]) == ("key", "query", "fake-gemini-key")


def test_an_empty_variable_is_not_set():
    assert settings(name="", state=None, konnect_token="")["gateway"] == "other"


def test_connection_options_and_the_gateway_are_defaults_of_the_tasks():
    # A region stands in the place of a URL of the caller too.
    assert settings(konnect_region="eu")["defaults"] == {"konnect_region": "eu", "konnect_url": "", "ai_gateway": "gw"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"config_store": "My_Store"}, "ai_gateway_config_store"),
        ({"vault": "a"}, "ai_gateway_vault"),
        ({"secret_key": "a b"}, "ai_gateway_secret_key"),
        ({"target": ""}, "ai_gateway_target"),
        ({"state": "gone"}, "ai_gateway_state"),
        ({"remove_gateway": "ja"}, "ai_gateway_remove_gateway must be true or false"),
        ({"provider_type": "bedrock"}, "ai_gateway_provider_type"),
        ({"api_key": "{vault://a/b}"}, "ai_gateway_api_key"),
        ({"target_config": "no mapping"}, "ai_gateway_target_config"),
    ],
)
def test_a_mistake_is_named_by_its_variable(more, said):
    with pytest.raises(InvalidInput, match=said):
        settings(**more)


def test_a_removal_needs_no_key():
    found = read_gateway_settings({**GIVEN, "target": "", "state": "absent"}, {})
    assert found["state"] == "absent"
