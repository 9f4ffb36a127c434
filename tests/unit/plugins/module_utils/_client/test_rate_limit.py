# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email.utils
import time

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.rate_limit import (
    RateLimiter,
    back_off,
    retry_after,
)


def test_back_off_grows_and_is_capped():
    assert 0.25 <= back_off(1) <= 0.5
    assert 1 <= back_off(3) <= 2
    assert 30 <= back_off(50) <= 60


def test_retry_after_in_seconds_and_as_a_date():
    assert retry_after({"Retry-After": "7"}) == 7
    assert retry_after({"Retry-After": "3600"}) == 60
    assert 5 < retry_after({"Retry-After": email.utils.formatdate(time.time() + 9, usegmt=True)}) <= 9
    assert retry_after({"Retry-After": email.utils.formatdate(time.time() - 9, usegmt=True)}) == 0
    assert retry_after({"Retry-After": "soon"}) is None
    assert retry_after({}) is None


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def send(budget, clock, headers):
    """One request that is answered at once; how long it had to wait."""
    pause = budget.reserve()
    clock.now += pause
    budget.note(headers)
    budget.release()
    return pause


def answer(limit, remaining, reset):
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(remaining), "RateLimit-Reset": str(reset)}


def test_the_budget_waits_for_the_reset_when_nothing_remains(clock):
    budget = RateLimiter(clock)
    assert send(budget, clock, answer(100, 1, 30)) == 0
    assert send(budget, clock, answer(100, 0, 30)) == 0
    assert send(budget, clock, answer(100, 99, 60)) == 30
    assert send(budget, clock, answer(100, 98, 60)) == 0


def test_requests_under_way_count_as_used(clock):
    budget = RateLimiter(clock)
    send(budget, clock, answer(6000, 3, 40))
    assert [budget.reserve() for _request in range(5)] == [0, 0, 0, 40, 40]
    # The answers to the first three come in the order in which they like.
    for remaining in (1, 2, 0):
        budget.note(answer(6000, remaining, 40))
        budget.release()
    clock.now += 20
    assert budget.reserve() == 20


def test_a_short_window_is_used_evenly_and_nearly_whole(clock):
    budget = RateLimiter(clock)
    start = clock.now
    sent = {}
    used = 0
    for _request in range(2000):
        clock.now += budget.reserve()
        second = int(clock.now)
        used = sent[second] = sent.get(second, 0) + 1
        budget.note(answer(100, max(0, 100 - used), 1))
        budget.release()
    assert max(sent.values()) <= 100
    assert 2000 / (clock.now - start) >= 95


def test_the_shorter_rest_of_a_long_window_is_no_short_window(clock):
    budget = RateLimiter(clock)
    send(budget, clock, answer(6000, 10, 1))
    assert 0 < send(budget, clock, answer(6000, 9, 1)) < 0.001
    send(budget, clock, answer(6000, 5999, 60))
    clock.now += 1
    assert [budget.reserve() for _request in range(3)] == [0, 0, 0]


def test_answers_without_a_rate_limit_hold_nothing_up(clock):
    budget = RateLimiter(clock)
    assert [send(budget, clock, headers) for headers in ({}, {"RateLimit-Limit": "many"}, {})] == [0, 0, 0]
