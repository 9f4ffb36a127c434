# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the client makes of a response, and writes whose response is lost."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client import session
from ansible_collections.community.konnect.plugins.module_utils._errors import (
    ApiError,
    KonnectError,
    TransportError,
    UnknownOutcome,
)

PATH = ("control-planes", "1", "core-entities", "vaults")
URL = "/v2/control-planes/1/core-entities/vaults"
DATE = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}


# Responses


@pytest.mark.parametrize("data", [{"id": "1"}, [], {}, False])
def test_the_data_of_a_response_is_returned(server, connect, data):
    server.script = [(200, data)]
    assert connect().get(PATH) == data


def test_a_query_and_a_body_are_sent(server, connect):
    server.script = [(200, {})]
    connect().request("PUT", PATH, query={"force": "true"}, body={"name": "x"})
    assert server.sent() == [f"PUT {URL}?force=true"]
    assert server.requests[0][3] == {"name": "x"}


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_write_may_have_a_response_without_content(server, connect, status):
    server.script = [(status, b"")]
    assert connect().request("PUT", PATH, body={}) is None


def test_a_read_may_have_no_content(server, connect):
    server.script = [(204, b"")]
    assert connect().get(PATH) is None


UNUSABLE = [
    (b"", "a body that is not JSON"),
    (b"<html>", "a body that is not JSON"),
    (b"null", "a body that is only null"),
    (b'"\xff"', "a body that is not UTF-8"),
    (b'"\\ud800"', "a text with half of a character in it"),
    (b"[" * 200_000 + b"]" * 200_000, "a body that is nested more than 100 deep"),
    (b'{"a":' * 102 + b"1" + b"}" * 102, "a body that is nested more than 100 deep"),
    (b"[NaN]", "a number that is not finite"),
    (b"[-Infinity]", "a number that is not finite"),
    (b"[1e999]", "a number that is not finite"),
    (b"9" * 5000, "a number of 5000 digits"),
    (b"[" + b"1," * 1_000_000 + b"1]", "a body of more than 1000000 values"),
]


@pytest.mark.parametrize(("content", "what"), UNUSABLE, ids=[row[0][:12] for row in UNUSABLE])
def test_a_read_whose_response_cannot_be_used_is_repeated_before_it_is_an_error(server, connect, content, what):
    server.script = [(200, content)] * 2
    with pytest.raises(TransportError) as caught:
        connect(retries=1).get(PATH)
    assert caught.value.code == "unexpected_response"
    assert caught.value.message == f"GET {URL}: {server.url} sent 200 with {what}."
    assert server.script == []


def test_a_write_whose_response_cannot_be_used_has_an_unknown_outcome(server, connect):
    server.script = [(200, b"<html>")]
    with pytest.raises(UnknownOutcome) as caught:
        connect().request("PUT", PATH, body={})
    assert caught.value.code == "unexpected_response"
    assert f"PUT {URL}: {server.url} sent 200 with a body that is not JSON. Whether" in caught.value.message


@pytest.mark.parametrize("content", [b'"\\ud83d\\ude00"', b'\xef\xbb\xbf"\xf0\x9f\x98\x80"'])
def test_characters_outside_the_basic_plane_arrive(server, connect, content):
    server.script = [(200, content)]
    assert connect().get(PATH) == "\U0001f600"


@pytest.mark.parametrize("status", [101, 199])
def test_a_status_below_200_is_unexpected(server, connect, status):
    server.script = [(status, b"", {"Connection": "close"})] * 5
    with pytest.raises(TransportError) as caught:
        connect(retries=0).get(PATH)
    assert caught.value.code in ("unexpected_response", "unreachable")


@pytest.mark.parametrize("status", [400, 503])
def test_control_characters_of_an_error_are_visible(server, connect, status):
    reason = {"field": "na\u202eme", "reason": "\x9b31mwrong"}
    body = {"title": "\x1b[2JInvalid\x00", "invalid_parameters": [reason], "instance": "\x1b]0;trace"}
    server.script = [(status, body)]
    with pytest.raises(ApiError) as caught:
        connect(retries=0).get(PATH)
    failed = caught.value.to_fail_json()
    assert failed["msg"].isprintable()
    assert "\\u001b[2JInvalid\\u0000 (na\\u202eme: \\u009b31mwrong)." in failed["msg"]
    assert failed["failure"]["fields"] == [{"field": "na\\u202eme", "reason": "\\u009b31mwrong"}]
    assert failed["failure"]["trace"] == "\\u001b]0;trace"


def test_an_error_that_no_retry_helps_against_is_raised_at_once(server, connect):
    server.script = [(501, {"message": "Not Implemented"})]
    with pytest.raises(ApiError) as caught:
        connect().request("PUT", PATH, body={})
    assert (caught.value.status, caught.value.code) == (501, "server_error")
    assert caught.value.message == f"PUT {URL}: Konnect sent 501 Not Implemented."


@pytest.mark.parametrize("status", [300, 302, 399])
def test_a_redirect_is_not_followed(server, connect, status):
    server.script = [(status, {}, {"Location": f"{server.url}/elsewhere"}), (200, {})]
    with pytest.raises(TransportError) as caught:
        connect().get(PATH)
    assert caught.value.code == "redirect"
    assert caught.value.to_fail_json()["failure"]["status"] == status
    assert "Set konnect_url to the final address." in caught.value.message
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_of_the_server_in_a_write_keeps_its_status(server, connect, status):
    server.script = [(status, {"message": "out of order"})]
    with pytest.raises(UnknownOutcome) as caught:
        connect().request("PUT", PATH, body={})
    assert "out of order" in caught.value.message
    assert caught.value.to_fail_json()["failure"]["status"] == status


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_response_that_is_too_large_is_an_error(server, connect, monkeypatch, method):
    monkeypatch.setattr(session, "MAX_RESPONSE_BYTES", 1000)
    server.script = [(200, b'"' + b"x" * 999 + b'"')]
    with pytest.raises(TransportError) as caught:
        connect().request(method, PATH)
    assert caught.value.code == "too_large"
    assert caught.value.message.startswith(f"{method} {URL}: the response is larger than 1000 bytes.")
    assert ("Whether the write was carried out is not known." in caught.value.message) is (method == "PUT")


def test_a_response_of_the_largest_size_is_fine(server, connect, monkeypatch):
    monkeypatch.setattr(session, "MAX_RESPONSE_BYTES", 1000)
    server.script = [(200, b'"' + b"x" * 998 + b'"')]
    assert connect().get(PATH) == "x" * 998


def test_the_largest_size_is_64_mebibytes():
    assert session.MAX_RESPONSE_BYTES == 67_108_864


def test_the_time_is_that_of_the_last_response_with_one(server, connect, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 7.0)
    server.script = [(200, {}, DATE), (200, {})]
    client = connect()
    assert client.server_time == 7.0
    client.get(PATH)
    client.get(PATH)
    assert client.server_time == 1_795_428_000


# Find and delete


def test_what_exists_is_found(server, connect):
    server.script = [(200, {"id": "1"})]
    assert connect().find(PATH) == {"id": "1"}


def test_what_does_not_exist_is_none(connect):
    assert connect().find(PATH) is None


@pytest.mark.parametrize("operation", ["find", "delete"])
def test_another_error_than_a_missing_entity_is_raised(server, connect, operation):
    server.script = [(403, {})]
    with pytest.raises(ApiError) as caught:
        getattr(connect(), operation)(PATH)
    assert caught.value.status == 403


def test_delete_sends_its_query(server, connect):
    server.script = [(204, b"")]
    assert connect().delete(PATH, {"force": "false"}) is None
    assert server.sent() == [f"DELETE {URL}?force=false"]


def test_delete_of_what_is_gone_is_fine(server, connect, pauses):
    server.script = [(200, {}, DATE), (404, {})]
    client = connect()
    client.get(PATH)
    client.note_parent(created=1_795_428_000)
    client.delete(PATH)
    assert pauses == []


def test_delete_after_a_lost_response_ends_when_the_entity_is_gone(server, connect):
    server.script = ["reset", (200, {"id": "1"}), "reset", (404, {})]
    connect().delete(PATH)
    assert server.sent() == [f"DELETE {URL}", f"GET {URL}"] * 2


# Recovery of a write


@pytest.fixture
def lost():
    """Make a write that returns "written" after its response was lost this many times."""

    def lost(times):
        outcomes = [UnknownOutcome("The response was lost.") for _attempt in range(times)]

        def write():
            if outcomes:
                raise outcomes.pop()
            return "written"

        return write

    return lost


def test_a_write_with_a_response_needs_no_recovery(connect, lost, pauses):
    read = []
    assert connect().write_with_recovery(lost(0), lambda: read.append("read")) == "written"
    assert (read, pauses) == ([], [])


def test_a_write_that_was_carried_out_is_not_repeated(connect, lost, pauses):
    assert connect().write_with_recovery(lost(1), lambda: "found") == "found"
    assert len(pauses) == 1


@pytest.mark.parametrize("found", [[], {}, "", 0, False])
def test_an_empty_result_is_a_result(connect, lost, found):
    assert connect().write_with_recovery(lost(9), lambda: found) == found


def test_a_write_that_was_not_carried_out_is_repeated(connect, lost, pauses):
    assert connect().write_with_recovery(lost(2), lambda: None) == "written"
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1


@pytest.mark.parametrize("retries", [0, 2])
def test_a_write_is_repeated_as_often_as_set(connect, lost, pauses, retries):
    assert connect(retries=retries).write_with_recovery(lost(retries), lambda: None) == "written"
    with pytest.raises(UnknownOutcome):
        connect(retries=retries).write_with_recovery(lost(retries + 1), lambda: None)
    assert len(pauses) == 2 * retries


def test_an_error_of_the_recovery_is_raised(connect, lost):
    def read_back():
        raise KonnectError("Another client modified it.", code="concurrent_change")

    with pytest.raises(KonnectError, match="Another client"):
        connect().write_with_recovery(lost(1), read_back)
