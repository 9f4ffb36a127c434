# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.error_responses import api_error


def unique(field):
    reason = f"{field} (type: unique) constraint failed"
    return {"code": 3, "message": "data constraint error", "details": [{"field": field, "messages": [reason]}]}


def test_problem_json():
    body = {
        "status": 400,
        "title": "Invalid Request",
        "instance": "kong:trace:1",
        "detail": "Invalid Parameters",
        "invalid_parameters": [{"field": "name", "rule": "min_length", "minimum": 1, "reason": "name must be longer"}],
    }
    error = api_error("POST /v2/x", 400, body)
    assert (
        error.message == "POST /v2/x: Konnect sent 400 Invalid Request: Invalid Parameters (name: name must be longer)."
    )
    assert error.to_fail_json()["failure"] == {
        "status": 400,
        "code": "invalid",
        "fields": [{"field": "name", "reason": "name must be longer"}],
        "trace": "kong:trace:1",
    }


@pytest.mark.parametrize(("status", "body"), [(400, unique("name")), (409, {"title": "Conflict"})])
def test_a_unique_violation_is_a_conflict_in_both_forms(status, body):
    assert api_error("POST /v2/x", status, body).is_unique_violation


@pytest.mark.parametrize("body", [None, [], "text", {"details": "x", "invalid_parameters": {"field": 1}}])
def test_a_response_of_no_known_form_still_makes_an_error(body):
    error = api_error("GET /v2/x", 400, body)
    assert error.message.startswith("GET /v2/x: Konnect sent 400")
    assert error.fields == []


@pytest.mark.parametrize(
    ("status", "code", "remedy"), [(401, "unauthorized", "KONNECT_TOKEN"), (403, "forbidden", "role")]
)
def test_remedies(status, code, remedy):
    error = api_error("GET /v2/x", status, {"message": "Unauthorized"})
    assert error.code == code
    assert remedy in error.message
