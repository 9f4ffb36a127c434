# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the threads of a task do after one of them was refused with 429."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.session import Response
from ansible_collections.community.konnect.plugins.module_utils._client.throttle import Throttle

THREADS = 8


class Sender:
    """Sends requests by a clock that only pauses move, and keeps the pauses that were made."""

    def __init__(self):
        self.now = 0.0
        self.pauses = []
        self.throttle = Throttle(lambda: self.now)

    def wait(self, seconds):
        if seconds:
            self.pauses.append(seconds)
            self.now += seconds

    def send(self, status=200, headers=None):
        """One request; returns the seconds that it waited before."""
        before = self.now
        with self.throttle.turn(self.wait) as note:
            note(status, headers or {})
        return self.now - before

    def refuse(self, number, headers=None):
        """So many requests at once, and each is refused."""
        with contextlib.ExitStack() as pending:
            for note in [pending.enter_context(self.throttle.turn(self.wait)) for _request in range(number)]:
                note(429, headers or {})


@pytest.fixture
def sender():
    return Sender()


def begin(sender, entered, may_end):
    """One request of a thread, as long as a test wants it to last."""
    with sender.throttle.turn(sender.wait) as note:
        entered.release()
        may_end.wait()
        note(200, {})


@pytest.fixture
def threads():
    """Starts requests that end when the context does; gives a semaphore that counts those that were sent."""
    entered, may_end = threading.Semaphore(0), threading.Event()
    with ThreadPoolExecutor(THREADS) as pool:

        def start(sender, number):
            for _request in range(number):
                pool.submit(begin, sender, entered, may_end)
            return entered

        yield start
        may_end.set()


def sent(entered):
    """How many requests are pending, once no more are sent."""
    count = 0
    while entered.acquire(timeout=0.1):
        count += 1
    return count


def test_without_a_refusal_no_request_waits(sender, threads):
    assert sent(threads(sender, THREADS)) == THREADS
    assert sender.pauses == []


def test_the_most_requests_at_once_are_counted(sender, threads):
    sender.send()
    sender.send()
    assert sender.throttle.most_at_once == 1
    sent(threads(sender, THREADS))
    assert sender.throttle.most_at_once == THREADS


def test_requests_that_are_refused_together_count_as_one_step(sender):
    sender.refuse(THREADS)
    assert 0.25 <= sender.send() <= 0.5


def test_after_each_refusal_in_a_row_the_next_request_waits_longer(sender):
    waited = [sender.send(429) for _request in range(5)][1:]
    assert 0.25 <= waited[0] <= 0.5 <= waited[1] <= 1 <= waited[2] <= 2 <= waited[3] <= 4


def test_of_all_threads_one_tries_again(sender, threads):
    sender.refuse(THREADS)
    assert sent(threads(sender, THREADS)) == 1


def test_each_request_that_is_let_through_allows_one_more_at_once(sender, threads):
    sender.refuse(THREADS, {"Retry-After": "1"})
    sender.send()
    sender.send()
    assert sent(threads(sender, THREADS)) == 3


@pytest.mark.parametrize(
    ("headers", "most"),
    [({}, THREADS // 2), ({"Retry-After": "1"}, THREADS), ({"RateLimit-Reset": "1"}, THREADS)],
    ids=["no time", "Retry-After", "RateLimit-Reset"],
)
def test_a_refusal_that_names_no_time_halves_what_is_sent_at_once_for_the_rest_of_the_task(
    sender, threads, headers, most
):
    sender.refuse(THREADS, headers)
    for _request in range(100):
        sender.send()
    assert sent(threads(sender, THREADS)) == most


def test_each_such_refusal_halves_it_again(sender, threads):
    for number in (THREADS, THREADS // 2):
        sender.refuse(number)
        for _request in range(100):
            sender.send()
    assert sent(threads(sender, THREADS)) == THREADS // 4


def test_a_refusal_of_the_only_request_halves_nothing(sender, threads):
    sender.send(429)
    for _request in range(100):
        sender.send()
    assert sent(threads(sender, THREADS)) == THREADS


def test_a_request_from_before_the_pause_opens_nothing(sender, threads):
    with sender.throttle.turn(sender.wait) as note:
        sender.refuse(1)
        note(200, {})
    assert sent(threads(sender, THREADS)) == 1


def test_the_server_may_ask_for_a_longer_pause(sender):
    sender.refuse(THREADS, {"Retry-After": "7"})
    assert sender.send() == 7


def test_of_several_pauses_that_the_server_asks_for_the_longest_counts(sender):
    with sender.throttle.turn(sender.wait) as note:
        sender.refuse(1, {"Retry-After": "3"})
        note(429, {"Retry-After": "9"})
    assert sender.send() == 9


def test_once_a_request_was_let_through_the_steps_begin_anew(sender):
    for status in (429, 429, 429, 200, 429):
        sender.send(status)
    assert 0.25 <= sender.send() <= 0.5


class BusyServer:
    """Refuses as many requests at once as there are threads, then answers one at a time."""

    def __init__(self):
        self.all_sent = threading.Barrier(THREADS)
        self.lock = threading.Lock()
        self.requests = self.pending = self.most_pending = 0
        self.another = threading.Event()

    def send(self, request, timeout):
        with self.lock:
            self.requests += 1
            number = self.requests
        if number <= THREADS:
            self.all_sent.wait()
            return Response(429, {}, b"{}")
        if number > THREADS + 1:
            self.another.set()
        elif self.another.wait(0.2):
            self.most_pending = 2
        return Response(200, {}, b"{}")


def test_the_threads_of_a_client_try_again_one_at_a_time(connect):
    client = connect()
    client._session = server = BusyServer()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(client.get, [("path",)] * THREADS))
    assert server.requests == 2 * THREADS
    assert server.most_pending < 2
