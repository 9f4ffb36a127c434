# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.filter.audit_scope import audit_scope
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._roles.audit import read_scope

ENVIRONMENT = {"KONNECT_CONTROL_PLANE": "quickstart", "KONNECT_AI_GATEWAY": "ai-quickstart"}
LISTED = {"control_plane": [{"id": "1", "name": "orders"}], "ai_gateway": [{"id": "2", "name": "chats"}]}


def parents(variables, environment=None, listed=None):
    found = read_scope(variables, {} if environment is None else environment, listed or {})["parents"]
    return [(row["control_plane"], row["ai_gateway"], row["label"]) for row in found]


@pytest.mark.parametrize(
    ("variables", "environment", "expected"),
    [
        ({"audit_control_planes": "orders, payments"}, {}, [("orders", "", "orders"), ("payments", "", "payments")]),
        ({"audit_ai_gateways": ["chats"]}, ENVIRONMENT, [("", "chats", "chats")]),
        (
            {"audit_control_planes": ["orders"], "audit_ai_gateways": ["chats"]},
            {},
            [("orders", "", "orders"), ("", "chats", "chats")],
        ),
        # Of the host, with its name for people.
        (
            {"konnect_control_plane": "1", "konnect_control_plane_name": "orders"},
            ENVIRONMENT,
            [("1", "", "orders")],
        ),
        ({"konnect_ai_gateway": "2", "konnect_ai_gateway_name": "chats"}, ENVIRONMENT, [("", "2", "chats")]),
        (
            {"audit_control_planes": ["other"], "konnect_control_plane": "1", "konnect_control_plane_name": "orders"},
            {},
            [("other", "", "other")],
        ),
        ({"audit_control_planes": "", "audit_ai_gateways": None}, ENVIRONMENT, [("quickstart", "", "quickstart")]),
        ({"audit_control_planes": []}, {"KONNECT_AI_GATEWAY": "chats"}, [("", "chats", "chats")]),
    ],
)
def test_the_variables_win_over_the_host_and_the_environment(variables, environment, expected):
    assert parents(variables, environment) == expected


def test_all_are_those_that_konnect_lists():
    variables = {"audit_control_planes": "all", "audit_ai_gateways": "all"}
    assert parents(variables, listed=LISTED) == [("1", "", "orders"), ("", "2", "chats")]
    before = read_scope(variables, {}, {})
    assert (before["all"], before["names"]) == (["control_plane", "ai_gateway"], "all")


def test_none_listed_is_an_error():
    with pytest.raises(InvalidInput, match="Konnect lists nothing for audit_ai_gateways"):
        read_scope({"audit_ai_gateways": "all"}, {}, {"ai_gateway": []})


def test_none_given_and_a_wrong_form_are_told(monkeypatch):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    assert audit_scope({})["problem"].startswith("Set audit_control_planes")
    assert "audit_ai_gateways must be a list" in audit_scope({"audit_ai_gateways": 5})["problem"]
