# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.host_settings import host_settings
from ansible_collections.community.konnect.plugins.filter.secret_names import secret_names
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._roles.host import read_host

LISTED = {
    "host": "payments",
    "konnect_control_plane_name": "payments",
    "konnect_token_env": "TOKEN_OF_PAYMENTS",
    "konnect_region": "eu",
}
ENVIRONMENT = {"TOKEN_OF_PAYMENTS": "fake-token", "KONNECT_PROXY_URL": "http://localhost:8000"}


def options(environment=None, **variables):
    return read_host(variables, ENVIRONMENT if environment is None else environment)["options"]


def test_a_host_without_variables_leaves_all_to_the_environment():
    unset = {"konnect_region": None, "konnect_url": "", "konnect_token_env": None, "options": {"ca_path": ""}}
    parent = dict.fromkeys(("control_plane", "ai_gateway", "proxy_url", "name"), "")
    empty = {"options": {}, "proxy_url": "", "ai_gateway_url": "", "environment": {}, "parent": parent}
    chat = {"retries": 60, "delay": 1, "use_proxy": {"proxy_url": True, "ai_gateway_url": True}}
    assert read_host(unset, {}) == {**empty, "chat": chat}


@pytest.mark.parametrize(
    ("url", "uses_proxy"),
    [("http://localhost:8000", False), ("http://127.0.0.1:8000", False), ("https://gateway.example.com", True)],
)
def test_no_proxy_is_asked_for_this_machine(url, uses_proxy):
    chat = read_host({"konnect_proxy_url": url, "konnect_ai_gateway_url": "https://one.example.com"}, {})["chat"]
    assert chat["use_proxy"] == {"proxy_url": uses_proxy, "ai_gateway_url": True}


def test_how_often_the_chat_is_sent_may_be_a_text():
    given = {"probe_retries": "3", "probe_delay": "0.5"}
    chat = read_host(given, {})["chat"]
    assert (chat["retries"], chat["delay"]) == (3, 0.5)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"probe_retries": "often"}, "probe_retries must be a whole number."),
        ({"probe_delay": "x"}, "probe_delay must be a number."),
        ({"sync_timeout": "abc"}, "sync_timeout must be a whole number."),
        ({"options": {"validate_certs": "ja"}}, "ai_proxy_validate_certs must be true or false."),
    ],
)
def test_a_variable_of_another_type_is_told_before_any_request(wrong, problem):
    assert host_settings(wrong)["problem"] == problem


def test_a_host_of_the_inventory_has_its_own_token_and_region():
    assert options(**LISTED) == {"konnect_token": "fake-token", "konnect_region": "eu"}


@pytest.mark.parametrize("environment", [{}, {"TOKEN_OF_PAYMENTS": ""}])
def test_a_host_whose_token_is_not_set_is_named_with_the_variable(environment):
    with pytest.raises(InvalidInput, match="The environment variable TOKEN_OF_PAYMENTS is not set, in which payments"):
        options(environment, **LISTED)


def test_a_token_given_for_the_run_needs_no_environment_variable():
    assert options({}, **LISTED, options={"konnect_token": "fake-other"})["konnect_token"] == "fake-other"


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"konnect_url": "https://konnect.example.com"}, {"konnect_url": "https://konnect.example.com"}),
        ({"konnect_region": "us"}, {"konnect_region": "us"}),
        ({"konnect_region": None}, {"konnect_region": "eu"}),
    ],
)
def test_a_region_or_url_given_for_the_run_takes_the_place_of_both_of_the_host(given, place):
    found = options(**LISTED, options=given)
    assert {name: found.get(name) for name in found if name != "konnect_token"} == place


def test_false_is_given():
    assert options(options={"validate_certs": False}) == {"validate_certs": False}


@pytest.mark.parametrize(
    ("variables", "proxy_url", "environment"),
    [
        ({}, "http://localhost:8000", {}),
        ({"konnect_proxy_url": "http://gw"}, "http://gw", {"KONNECT_PROXY_URL": "http://gw"}),
        # Those in the environment are another control plane's.
        (LISTED, "", {"KONNECT_PROXY_URL": "", "KONNECT_AI_GATEWAY_URL": ""}),
        (
            {**LISTED, "konnect_proxy_url": "http://gw"},
            "http://gw",
            {"KONNECT_PROXY_URL": "http://gw", "KONNECT_AI_GATEWAY_URL": ""},
        ),
    ],
)
def test_the_proxy_is_that_of_the_host(variables, proxy_url, environment):
    found = read_host(variables, ENVIRONMENT)
    assert (found["proxy_url"], found["environment"]) == (proxy_url, environment)


GATEWAY = {"konnect_ai_gateway": "some-id", "konnect_ai_gateway_name": "gw", "konnect_ai_gateway_url": "http://ai"}


TUTORIAL = {"control_plane": "quickstart", "default_control_plane": "quickstart"}
URLS = {"KONNECT_PROXY_URL": "http://cp", "KONNECT_AI_GATEWAY_URL": "http://gw"}


@pytest.mark.parametrize(
    ("variables", "environment", "parent"),
    [
        (TUTORIAL, {}, ("quickstart", "", "http://cp", "quickstart")),
        (TUTORIAL, {"KONNECT_AI_GATEWAY": "gw"}, ("", "gw", "http://gw", "gw")),
        # With both in the environment, the control plane is meant, as for the modules.
        (
            TUTORIAL,
            {"KONNECT_CONTROL_PLANE": "quickstart", "KONNECT_AI_GATEWAY": "gw"},
            ("quickstart", "", "http://cp", "quickstart"),
        ),
        (
            {**TUTORIAL, "konnect_control_plane": "quickstart"},
            {"KONNECT_AI_GATEWAY": "gw"},
            ("quickstart", "", "http://cp", "quickstart"),
        ),
        ({**TUTORIAL, "control_plane": "orders"}, {"KONNECT_AI_GATEWAY": "gw"}, ("orders", "", "http://cp", "orders")),
        (
            {"control_plane": "some-id", "konnect_control_plane_name": "orders"},
            {"KONNECT_AI_GATEWAY": "gw"},
            ("some-id", "", "", "orders"),
        ),
        (GATEWAY, {"KONNECT_CONTROL_PLANE": "other"}, ("", "some-id", "http://ai", "gw")),
        ({**TUTORIAL, "ai_gateway": "mine"}, {"KONNECT_CONTROL_PLANE": "cp"}, ("", "mine", "http://gw", "mine")),
    ],
)
def test_the_parent_is_what_the_user_names_else_what_the_host_names_else_that_of_the_environment(
    variables, environment, parent
):
    found = read_host(variables, {**URLS, **environment})["parent"]
    assert tuple(found[name] for name in ("control_plane", "ai_gateway", "proxy_url", "name")) == parent


HERE, THERE = {"config_store": "store", "key": "mistral-key"}, {"config_store": "ai-store", "key": "ai-key"}


@pytest.mark.parametrize(
    ("parent", "on_gateways", "names"),
    [
        ({"control_plane": "quickstart", "ai_gateway": ""}, THERE, HERE),
        ({"control_plane": "", "ai_gateway": "gw"}, THERE, THERE),
        ({"control_plane": "", "ai_gateway": "gw"}, {"config_store": None, "key": ""}, HERE),
        ({"control_plane": "", "ai_gateway": "gw"}, {**THERE, "key": None}, {**THERE, "key": "mistral-key"}),
        # Of a host whose variables are wrong, for the summary.
        ({}, THERE, HERE),
    ],
)
def test_the_secret_of_an_ai_gateway_has_its_own_names_where_they_are_set(parent, on_gateways, names):
    assert secret_names(parent, HERE, on_gateways) == names


def test_names_of_a_secret_that_are_no_dict_are_refused():
    with pytest.raises(AnsibleFilterError, match="must be dicts"):
        secret_names({}, "store", THERE)


def test_the_workspace_of_the_host_reaches_the_modules():
    assert read_host({"konnect_workspace": "team"}, ENVIRONMENT)["environment"] == {"KONNECT_WORKSPACE": "team"}
    assert read_host({"konnect_workspace": ""}, ENVIRONMENT)["environment"] == {}


def test_the_filter_returns_what_is_wrong_as_a_sentence():
    found = host_settings({**LISTED, "konnect_token_env": "NOT_SET"})
    assert found["problem"].startswith("The environment variable NOT_SET is not set")
    assert (found["options"], found["proxy_url"], found["environment"]) == ({}, "", {})
