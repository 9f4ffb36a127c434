# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import (
    ApiError,
    ErrorCode,
    InvalidInput,
    KonnectError,
    PartialFailure,
    Retryable,
    TransportError,
    UnknownOutcome,
)


def test_a_failure_has_the_same_keys_for_every_error():
    failed = KonnectError("It failed.", code=ErrorCode.NOT_FOUND).to_fail_json()
    assert failed == {
        "msg": "It failed.",
        "failure": {"status": None, "code": "not_found", "fields": [], "trace": None},
    }


def test_facts_go_into_the_failure():
    failed = KonnectError("It failed.", code=ErrorCode.IN_USE, secrets=["a"]).to_fail_json()
    assert failed["failure"]["secrets"] == ["a"]


def test_a_code_compares_with_its_text():
    assert KonnectError("It failed.", code=ErrorCode.IN_USE).code == "in_use"


def test_an_error_prints_its_message():
    assert str(KonnectError("It failed.", code=ErrorCode.IN_USE)) == "It failed."


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("It failed."), "invalid_input"),
        (InvalidInput("It failed.", code=ErrorCode.NO_TOKEN), "no_token"),
        (TransportError("It failed."), "unreachable"),
        (TransportError("It failed.", code=ErrorCode.TLS), "tls"),
        (UnknownOutcome("It failed."), "unknown_outcome"),
    ],
)
def test_each_error_has_a_code(error, code):
    assert error.to_fail_json()["failure"]["code"] == code


@pytest.mark.parametrize("error", [InvalidInput, TransportError])
def test_facts_of_a_special_error_go_into_the_failure(error):
    assert error("It failed.", candidates=["a"]).to_fail_json()["failure"]["candidates"] == ["a"]


def test_a_partial_failure_returns_what_was_done_beside_the_failure():
    error = PartialFailure("Two failed.", code=ErrorCode.SOME_FAILED, result={"changed": True}, failed=["a", "b"])
    assert error.to_fail_json() == {
        "changed": True,
        "msg": "Two failed.",
        "failure": {"status": None, "code": "some_failed", "fields": [], "trace": None, "failed": ["a", "b"]},
    }


def test_an_unknown_outcome_says_what_to_do_and_keeps_the_status():
    error = UnknownOutcome("PUT /v2/x: Konnect sent 503.", status=503)
    assert error.message == (
        "PUT /v2/x: Konnect sent 503. Whether the write was carried out is not known. Run the task again: it checks "
        "and finishes."
    )
    assert error.to_fail_json()["failure"]["status"] == 503


def test_an_unknown_outcome_without_a_response_has_no_status():
    assert UnknownOutcome("The connection ended.").to_fail_json()["failure"]["status"] is None


def test_an_error_of_the_api_carries_status_fields_and_trace():
    fields = [{"field": "name", "reason": "too long"}]
    error = ApiError("Refused.", status=400, code=ErrorCode.INVALID, fields=fields, trace="kong:trace:1")
    assert error.status == 400
    assert error.fields == fields
    assert error.to_fail_json()["failure"] == {
        "status": 400,
        "code": "invalid",
        "fields": fields,
        "trace": "kong:trace:1",
    }


def test_an_error_of_the_api_without_fields_or_trace():
    error = ApiError("Refused.", status=500, code=ErrorCode.SERVER_ERROR)
    assert error.fields == []
    assert error.to_fail_json()["failure"]["trace"] is None


@pytest.mark.parametrize(("code", "expected"), [(ErrorCode.CONFLICT, True), (ErrorCode.INVALID, False)])
def test_only_a_conflict_is_a_unique_violation(code, expected):
    assert ApiError("Refused.", status=409, code=code).is_unique_violation is expected


def test_a_retryable_failure_says_nothing_of_a_pause_or_a_rate_limit_by_itself():
    error = TransportError("It failed.")
    failure = Retryable(error)
    assert failure.error is error
    assert str(failure) == "It failed."
    assert (failure.retry_after, failure.rate_limited) == (None, False)


def test_a_retryable_failure_carries_the_pause_that_the_server_asked_for():
    failure = Retryable(TransportError("It failed."), 7.0, rate_limited=True)
    assert (failure.retry_after, failure.rate_limited) == (7.0, True)
