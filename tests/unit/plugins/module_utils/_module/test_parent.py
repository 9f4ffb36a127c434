# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import Organization
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._module.parent import given_parent, parent_of
from ansible_collections.community.konnect.plugins.module_utils._module.runner import with_environment
from ansible_collections.community.konnect.plugins.module_utils._task import Task

BOTH = {"control_plane": None, "ai_gateway": None}
ENVIRONMENT = {"KONNECT_CONTROL_PLANE": "cp", "KONNECT_AI_GATEWAY": "gw"}


@pytest.mark.parametrize(
    ("params", "environment", "found"),
    [
        ({**BOTH, "ai_gateway": "gw"}, {"KONNECT_CONTROL_PLANE": "cp"}, (None, "gw")),
        ({**BOTH, "control_plane": "cp"}, {"KONNECT_AI_GATEWAY": "gw"}, ("cp", None)),
        ({**BOTH, "control_plane": "", "ai_gateway": "gw"}, {}, (None, "gw")),
        (BOTH, {"KONNECT_AI_GATEWAY": "gw"}, (None, "gw")),
        (BOTH, ENVIRONMENT, ("cp", None)),
        (BOTH, {"KONNECT_CONTROL_PLANE": "", "KONNECT_AI_GATEWAY": "gw"}, (None, "gw")),
        (BOTH, {}, (None, None)),
    ],
)
def test_an_option_comes_before_the_environment(params, environment, found):
    assert tuple(given_parent(params, environment).values()) == found


def test_two_options_are_refused():
    with pytest.raises(InvalidInput, match="both given"):
        given_parent({"control_plane": "cp", "ai_gateway": "gw"}, {})


def test_a_module_that_takes_one_reads_only_its_variable():
    assert given_parent({"ai_gateway": None}, ENVIRONMENT) == {"ai_gateway": "gw"}


@pytest.mark.parametrize(
    ("parent", "given", "expected"),
    [
        ({"control_plane": "cp"}, None, "http://cp"),
        ({"ai_gateway": "gw"}, "", "http://gw"),
        ({"ai_gateway": "gw"}, "http://own", "http://own"),
        ({}, None, "http://cp"),
    ],
)
def test_the_data_planes_are_those_of_the_parent(parent, given, expected):
    environment = {"KONNECT_PROXY_URL": "http://cp", "KONNECT_AI_GATEWAY_URL": "http://gw"}
    assert with_environment({**BOTH, **parent, "proxy_url": given}, environment)["proxy_url"] == expected


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (BOTH, "no_control_plane", "Neither a control plane nor an AI Gateway"),
        ({"control_plane": None}, "no_control_plane", "No control plane is given"),
        ({"ai_gateway": None}, "no_ai_gateway", "No AI Gateway is given"),
    ],
)
def test_where_none_is_given_one_error_says_what_to_set(connect, options, code, said):
    with pytest.raises(InvalidInput, match=said) as caught:
        parent_of(Organization(connect(), Task()), options).id  # noqa: B018
    assert caught.value.code == code


def test_a_module_without_a_parent_gets_the_organization(connect):
    organization = Organization(connect(), Task())
    assert parent_of(organization, {}) is organization


def test_the_workspace_of_the_environment_is_one_of_a_control_plane():
    found = given_parent({**BOTH, "ai_gateway": "gw", "workspace": None}, {"KONNECT_WORKSPACE": "team"})
    assert (found["ai_gateway"], found["workspace"]) == ("gw", None)
    assert "workspace" not in given_parent({**BOTH, "control_plane": "cp", "workspace": None}, {})


def test_a_workspace_of_an_ai_gateway_is_refused(connect):
    with pytest.raises(InvalidInput, match="no workspaces"):
        parent_of(Organization(connect(), Task()), {"control_plane": None, "ai_gateway": "gw", "workspace": "team"})
