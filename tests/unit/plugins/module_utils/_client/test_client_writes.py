# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a client notes of its writes, and what it does before the first of them."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError

PATH = ("control-planes",)
EARLY, LATE = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}, {"Date": "Mon, 23 Nov 2026 10:00:30 GMT"}
EARLY_SECONDS, LATE_SECONDS = 1_795_428_000, 1_795_428_030


def write(client):
    return client.request("POST", PATH, body={})


# The time of the last write


def test_reading_is_no_write(server, connect):
    server.script = [(200, {}, EARLY), (200, {}, EARLY)]
    client = connect()
    client.get(PATH)
    client.validate(PATH, {})
    assert client.written_at is None


def test_the_last_write_has_the_time_of_its_response(server, connect):
    server.script = [(201, {}, EARLY), (201, {}, LATE), (200, {}, {"Date": "Mon, 23 Nov 2026 11:00:00 GMT"})]
    client = connect()
    write(client)
    assert client.written_at == EARLY_SECONDS
    write(client)
    client.get(PATH)
    assert client.written_at == LATE_SECONDS


def test_where_responses_have_no_time_it_is_that_of_this_machine(server, connect):
    server.script = [(201, {})]
    client = connect()
    before = time.time()
    write(client)
    assert before <= client.written_at <= time.time()


def test_responses_out_of_order_leave_the_later_time(server, connect):
    server.script = [(201, {}, LATE), (201, {}, EARLY)]
    client = connect()
    write(client)
    write(client)
    assert client.written_at == LATE_SECONDS


@pytest.mark.parametrize("status", [302, 400, 404, 409])
def test_a_refused_write_is_none(server, connect, status):
    server.script = [(status, {}, EARLY)]
    client = connect()
    with pytest.raises(KonnectError):
        write(client)
    assert client.written_at is None


def test_to_delete_what_is_gone_is_no_write(server, connect):
    client = connect()
    client.delete((*PATH, "gone"))
    assert client.written_at is None


def test_a_write_that_failed_in_the_server_may_be_one(server, connect):
    server.script = [(502, {}, EARLY)]
    client = connect()
    with pytest.raises(KonnectError):
        write(client)
    assert client.written_at == EARLY_SECONDS


def test_a_write_whose_response_was_lost_has_the_time_of_the_next_response(server, connect):
    server.script = [(200, {}, EARLY), "reset", (200, {}, LATE)]
    client = connect()
    client.get(PATH)
    with pytest.raises(KonnectError):
        write(client)
    assert client.written_at == EARLY_SECONDS
    client.get(PATH)
    assert client.written_at == LATE_SECONDS


def test_a_lost_read_is_no_write(server, connect):
    server.script = ["reset", (200, {}, EARLY)]
    client = connect()
    client.get(PATH)
    assert client.written_at is None


# Before the first write


def test_the_first_write_is_announced_once_before_it_is_sent(server, connect):
    server.script = [(200, {})] * 3
    client = connect()
    sent = []
    client.before_first_write = lambda: sent.append(len(server.requests))
    client.get(PATH)
    write(client)
    write(client)
    assert sent == [1]


def test_what_is_called_may_read(server, connect):
    server.script = [(200, {})] * 2
    client = connect()
    client.before_first_write = lambda: client.get(("before",))
    write(client)
    assert server.sent() == ["GET /v2/before", "POST /v2/control-planes"]


def test_a_write_that_is_not_sent_is_not_announced(server, connect):
    client = connect(read_only=True)
    client.before_first_write = lambda: client.get(("before",))
    with pytest.raises(KonnectError) as caught:
        write(client)
    assert caught.value.code == ErrorCode.CHECK_MODE
    assert server.requests == []


def test_writes_of_other_threads_wait_for_what_is_called(server, connect):
    server.script = [(200, {})] * 3
    client = connect()
    second = threading.Thread(target=lambda: write(client))

    def read():
        second.start()
        second.join(0.2)
        client.get(("before",))

    client.before_first_write = read
    write(client)
    second.join()
    assert server.sent() == ["GET /v2/before", *["POST /v2/control-planes"] * 2]
