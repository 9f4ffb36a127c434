# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retries, deadline, rate limit, check mode and recovery of writes."""

from __future__ import annotations

import socket
import time

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._errors import (
    ApiError,
    KonnectError,
    TransportError,
    UnknownOutcome,
)

PATH = ("control-planes", "1", "core-entities", "vaults")
URL = "/v2/control-planes/1/core-entities/vaults"
LOST = ["reset", (500, {}), (502, b"<html>"), (503, {}), (504, {}), (200, b"{broken")]


def unavailable(seconds):
    """A response of a server that is unavailable for a while."""
    return 503, {}, {"Retry-After": str(seconds)}


# Retries


@pytest.mark.parametrize("failure", LOST)
def test_a_read_is_repeated(server, connect, pauses, failure):
    server.script = [failure, (200, {"id": "1"})]
    assert connect().get(PATH) == {"id": "1"}
    assert len(pauses) == 1


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_a_read_is_repeated_as_often_as_set(server, connect, pauses, retries):
    server.script = [(503, {})] * 5
    with pytest.raises(ApiError) as caught:
        connect(retries=retries).get(PATH)
    assert caught.value.status == 503
    assert (len(server.requests), len(pauses)) == (1 + retries, retries)


def test_pauses_between_attempts_grow(server, connect, pauses):
    server.script = [(503, {})] * 4
    with pytest.raises(ApiError):
        connect(retries=3).get(PATH)
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1 <= pauses[2] <= 2


def test_a_read_waits_as_long_as_the_server_asks(server, connect, pauses):
    server.script = [unavailable(7), (200, {})]
    connect().get(PATH)
    assert pauses == [7]


@pytest.mark.parametrize("asked", ["0", "Mon, 23 Nov 2026 09:00:00 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_what_may_be_repeated_at_once_waits_a_back_off_step_all_the_same(server, connect, pauses, status, asked):
    server.script = [(status, {}, {"Retry-After": asked, "Date": "Mon, 23 Nov 2026 10:00:00 GMT"})] * 4 + [(200, {})]
    connect().get(PATH)
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1 <= pauses[2] <= 2 <= pauses[3] <= 4


def test_a_date_to_wait_for_is_judged_by_the_clock_of_the_server(server, connect, pauses):
    headers = {"Retry-After": "Mon, 23 Nov 2026 10:00:09 GMT", "Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
    server.script = [(429, {}, headers), (200, {})]
    connect().get(PATH)
    assert pauses == [9]


def test_after_an_unknown_outcome_the_client_waits_as_long_as_the_server_asks(server, connect, pauses):
    server.script = [unavailable(7)]
    client = connect()
    client.write_with_recovery(lambda: client.request("PUT", PATH, body={}), lambda: "found")
    assert pauses == [7]


@pytest.mark.parametrize("failure", LOST)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_whose_response_is_lost_is_not_repeated(server, connect, failure, method):
    server.script = [failure]
    with pytest.raises(UnknownOutcome):
        connect().request(method, PATH, body={})
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_what_the_rate_limit_refused_is_repeated(server, connect, pauses, method):
    server.script = [(429, {}, {"Retry-After": "7"}), (429, {}, {"Retry-After": "600"}), (200, {"id": "1"})]
    assert connect(retries=0).request(method, PATH) == {"id": "1"}
    assert pauses == [7, 60]


def test_the_rate_limit_ends_with_the_deadline(server, connect):
    server.script = [(429, {"message": "API rate limit exceeded"}, {"Retry-After": "50"})] * 10
    with pytest.raises(ApiError) as caught:
        connect(deadline=120).get(PATH)
    assert caught.value.code == "rate_limited"
    assert len(server.requests) == 3


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_is_repeated_before_it_is_an_error(server, connect, pauses, method):
    client = connect(retries=2)
    server.close()
    with pytest.raises(TransportError) as caught:
        client.request(method, PATH)
    assert caught.value.code == "unreachable"
    assert "refused" in caught.value.message
    assert len(pauses) == 2


def test_a_host_without_an_address_was_sent_nothing(connect):
    client = connect(retries=0)
    object.__setattr__(client.connection, "url", "http://nowhere.invalid")
    with pytest.raises(TransportError) as caught:
        client.request("POST", PATH, body={})
    assert caught.value.code == "unreachable"
    assert "cannot be reached" in caught.value.message


def test_requests_are_counted_with_their_retries(server, connect):
    server.script = [(503, {}), (200, {})]
    client = connect()
    assert client.requests_sent == 0
    client.get(PATH)
    assert client.requests_sent == 2


# What stops every request of the task


def test_after_a_token_was_refused_nothing_more_is_sent(server, connect):
    server.script = [(401, {"message": "Unauthorized", "status": 401}), (200, {})]
    client = connect()
    for _attempt in range(2):
        with pytest.raises(ApiError) as caught:
            client.get(PATH)
        assert caught.value.code == "unauthorized"
        assert "KONNECT_TOKEN" in caught.value.message
    assert len(server.requests) == 1


def test_after_a_failure_of_tls_nothing_more_is_sent(server, connect):
    client = connect()
    object.__setattr__(client.connection, "url", server.url.replace("http:", "https:"))
    for _attempt in range(2):
        with pytest.raises(TransportError) as caught:
            client.get(PATH)
        assert caught.value.code == "tls"
    assert client.requests_sent == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_after_another_error_requests_go_on(server, connect, status):
    server.script = [(status, {}), (200, {"id": "1"})]
    client = connect()
    with pytest.raises(ApiError):
        client.get(PATH)
    assert client.get(PATH) == {"id": "1"}


# Deadline and timeout


def test_nothing_is_sent_after_the_deadline(server, connect):
    client = connect(deadline=10)
    client.sleep(10)
    with pytest.raises(TransportError) as caught:
        client.get(PATH)
    assert caught.value.code == "deadline"
    assert "request_deadline" in caught.value.message
    assert server.requests == []


@pytest.mark.parametrize(("requested", "pauses_made"), [(9, [9]), (10, []), (11, [])])
def test_a_pause_that_would_reach_the_deadline_is_not_made(server, connect, pauses, requested, pauses_made):
    server.script = [unavailable(requested), (404, {})]
    with pytest.raises(ApiError):
        connect(deadline=10).get(PATH)
    assert pauses == pauses_made


def test_the_deadline_can_be_moved_but_not_nearer(server, connect):
    server.script = [(200, {}), (200, {})]
    client = connect(deadline=10)
    client.extend_deadline(5)
    client.sleep(9)
    client.get(PATH)
    client.extend_deadline(5)
    client.sleep(4)
    client.get(PATH)
    client.sleep(1)
    with pytest.raises(TransportError) as caught:
        client.get(PATH)
    assert caught.value.code == "deadline"


@pytest.mark.parametrize("limits", [{"timeout": 0.05, "deadline": 300}, {"timeout": 5, "deadline": 0.05}])
def test_a_silent_server_is_left_at_the_timeout_or_the_deadline(connect, limits):
    client = connect(retries=0, **limits)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        object.__setattr__(client.connection, "url", f"http://127.0.0.1:{silent.getsockname()[1]}")
        begun = time.monotonic()
        with pytest.raises(TransportError) as caught:
            client.get(PATH)
    assert "timed out" in caught.value.message.lower()
    assert time.monotonic() - begun < 4


def test_time_is_measured_from_the_start(connect):
    client = connect()
    client.sleep(3)
    assert client.now() - client.started == 3


# Rate limit


def test_the_rate_limit_is_not_run_into(server, connect, pauses):
    server.script = [(200, {}, {"RateLimit-Remaining": "0", "RateLimit-Reset": "12"}), (200, {})]
    client = connect()
    client.get(PATH)
    client.get(PATH)
    assert pauses == [12]


def test_a_rate_limit_that_resets_after_the_deadline_is_not_waited_for(server, connect, pauses):
    server.script = [(200, {}, {"RateLimit-Remaining": "0", "RateLimit-Reset": "12"})]
    client = connect(deadline=12)
    client.get(PATH)
    with pytest.raises(TransportError) as caught:
        client.get(PATH)
    assert caught.value.code == "deadline"
    assert pauses == []


@pytest.mark.parametrize("status", [200, 404])
def test_a_request_that_has_ended_is_no_longer_pending(server, connect, pauses, status):
    server.script = [(status, {}, {"RateLimit-Remaining": str(left), "RateLimit-Reset": "30"}) for left in (3, 2, 1, 0)]
    client = connect()
    for _request in range(4):
        client.find(PATH)
    assert pauses == []


# Check mode


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_in_check_mode(server, connect, method):
    with pytest.raises(KonnectError) as caught:
        connect(read_only=True).request(method, PATH, body={})
    assert caught.value.code == "check_mode"
    assert caught.value.message == f"{method} {URL} was not sent: nothing is written in check mode."
    assert server.requests == []


def test_a_client_writes_unless_it_is_made_to_read_only(server):
    server.script = [(200, {"id": "1"})]
    assert KonnectClient(Connection(server.url, "kpat_test")).request("PUT", PATH, body={}) == {"id": "1"}


def test_check_mode_reads(server, connect):
    server.script = [(200, {"id": "1"})]
    assert connect(read_only=True).get(PATH) == {"id": "1"}


def test_validation_is_asked_for_in_check_mode_and_repeated(server, connect):
    server.script = [(503, {}), (200, {})]
    assert connect(read_only=True).validate(PATH, {"name": "x"}) is None
    assert server.sent() == [f"POST {URL}"] * 2
    assert [request[3] for request in server.requests] == [{"name": "x"}] * 2
