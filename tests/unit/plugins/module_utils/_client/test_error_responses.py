# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.error_responses import api_error


def unique(field):
    reason = f"{field} (type: unique) constraint failed"
    return {"code": 3, "message": "data constraint error", "details": [{"field": field, "messages": [reason]}]}


def test_a_problem_with_invalid_parameters():
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


def test_a_status_with_details():
    body = {
        "code": 3,
        "message": "validation error",
        "trace_id": "2",
        "details": [{"field": "config.auth", "messages": ["required", "too short"]}, {"messages": ["wrong"]}],
    }
    error = api_error("PUT /v2/x", 400, body)
    assert error.message == ("PUT /v2/x: Konnect sent 400 validation error (config.auth: required; too short; wrong).")
    assert error.fields == [{"field": "config.auth", "reason": "required; too short"}, {"field": "", "reason": "wrong"}]
    assert error.to_fail_json()["failure"]["trace"] == "2"


def test_both_forms_at_once_are_both_read():
    body = {"invalid_parameters": [{"field": "a", "reason": "b"}], "details": [{"field": "c", "messages": ["d"]}]}
    assert api_error("PUT /v2/x", 400, body).fields == [{"field": "a", "reason": "b"}, {"field": "c", "reason": "d"}]


def test_incomplete_details_have_empty_texts():
    body = {"invalid_parameters": [{"rule": "x"}], "details": [{"messages": "text"}, {"field": None}, "text"]}
    assert api_error("PUT /v2/x", 400, body).fields == [{"field": "", "reason": ""}] * 3


def test_texts_that_are_the_same_are_said_once():
    error = api_error("GET /v2/x", 404, {"title": "Not Found", "detail": "Not Found", "message": "Gone"})
    assert error.message == "GET /v2/x: Konnect sent 404 Not Found: Gone."


def test_a_sentence_keeps_its_full_stop_and_has_no_line_ends():
    error = api_error("GET /v2/x", 404, {"message": " No such\n  route. "})
    assert error.message == "GET /v2/x: Konnect sent 404 No such route."


def test_a_reason_without_a_heading():
    error = api_error("GET /v2/x", 400, {"invalid_parameters": [{"field": "name", "reason": "wrong"}]})
    assert error.message == "GET /v2/x: Konnect sent 400 (name: wrong)."


@pytest.mark.parametrize(("status", "body"), [(400, unique("name")), (409, {"title": "Conflict"})])
def test_a_unique_violation_is_a_conflict_in_both_forms(status, body):
    assert api_error("POST /v2/x", status, body).is_unique_violation


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (
            400,
            {"details": [{"field": "a", "messages": ["wrong"]}, {"messages": ["x (type: foreign) y"]}]},
            "missing_reference",
        ),
        (400, {"details": [{"field": "a", "messages": ["wrong"]}, {"messages": ["x (type: unique) y"]}]}, "conflict"),
        (500, {"details": [{"messages": ["x (type: unique) y"]}]}, "server_error"),
        (500, {"details": [{"messages": ["x (type: foreign) y"]}]}, "server_error"),
        (400, {}, "invalid"),
        (401, {}, "unauthorized"),
        (403, {}, "forbidden"),
        (404, {}, "not_found"),
        (409, {}, "conflict"),
        (415, {}, "invalid"),
        (418, {}, "refused"),
        (429, {}, "rate_limited"),
        (499, {}, "refused"),
        (500, {}, "server_error"),
        (501, {}, "server_error"),
    ],
)
def test_each_status_has_a_code(status, body, code):
    error = api_error("GET /v2/x", status, body)
    assert (error.status, error.code) == (status, code)


@pytest.mark.parametrize("body", [None, [], "text", {"details": "x", "invalid_parameters": {"field": 1}}])
def test_a_response_of_no_known_form_still_makes_an_error(body):
    error = api_error("GET /v2/x", 400, body)
    assert error.message == "GET /v2/x: Konnect sent 400."
    assert (error.fields, error.facts["trace"]) == ([], None)


@pytest.mark.parametrize(("status", "remedy"), [(401, "KONNECT_TOKEN"), (403, "role"), (429, "request_deadline")])
def test_where_the_user_can_help_the_message_says_how(status, remedy):
    message = api_error("GET /v2/x", status, {"message": "Refused"}).message
    assert message.startswith(f"GET /v2/x: Konnect sent {status} Refused. ")
    assert remedy in message
