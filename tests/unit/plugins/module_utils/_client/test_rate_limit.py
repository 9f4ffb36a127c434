# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email.utils

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.rate_limit import (
    RateLimiter,
    back_off,
    http_date,
    retry_after,
)


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (9, 60), (1000, 60)]
)
def test_back_off_doubles_up_to_a_minute_and_is_jittered(attempt, longest):
    pauses = [back_off(attempt) for _sample in range(200)]
    assert longest / 2 <= min(pauses) < 0.6 * longest
    assert 0.9 * longest < max(pauses) <= longest


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("60", 60),
        ("61", 60),
        ("3600", 60),
        ("soon", None),
        ("-1", None),
        ("²", None),
        ("", None),
        ("9" * 15, 60),
        pytest.param("9" * 5000, None, id="5000 digits"),
    ],
)
def test_retry_after_in_seconds(value, expected):
    assert retry_after({"Retry-After": value}) == expected


def test_a_response_may_not_say_when_to_retry():
    assert retry_after({}) is None


DATES = [(9, 9), (0, 0), (-9, 0), (60, 60), (3600, 60)]


def at(seconds):
    return email.utils.formatdate(1_795_428_000 + seconds, usegmt=True)


@pytest.mark.parametrize(("ahead", "expected"), DATES)
def test_retry_after_as_a_date_is_judged_by_the_clock_of_the_server(ahead, expected):
    assert retry_after({"Retry-After": at(ahead), "Date": at(0)}) == expected


@pytest.mark.parametrize(("ahead", "expected"), DATES)
def test_retry_after_as_a_date_of_a_server_without_a_clock(monkeypatch, ahead, expected):
    monkeypatch.setattr("time.time", lambda: 1_795_428_000.0)
    assert retry_after({"Retry-After": at(ahead)}) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Mon, 23 Nov 2026 10:00:00 GMT", 1_795_428_000), ("soon", None), ("", None), (None, None)]
)
def test_an_http_date(text, expected):
    assert http_date(text) == expected


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def send(limiter, clock, headers):
    """One request with an immediate response; returns the seconds that it had to wait."""
    pause = limiter.reserve()
    clock.now += pause
    limiter.note(headers)
    limiter.release()
    return pause


def stated(limit, remaining, reset):
    """The headers of a response that states its rate limit."""
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(remaining), "RateLimit-Reset": str(reset)}


def test_requests_wait_for_the_reset_when_nothing_remains(clock):
    limiter = RateLimiter(clock)
    assert send(limiter, clock, stated(100, 1, 30)) == 0
    assert send(limiter, clock, stated(100, 0, 30)) == 0
    assert send(limiter, clock, stated(100, 99, 60)) == 30
    assert send(limiter, clock, stated(100, 98, 60)) == 0


def test_pending_requests_count_as_used(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(6000, 3, 40))
    assert [limiter.reserve() for _request in range(5)] == [0, 0, 0, 40, 40]
    # Responses may arrive in another order than their requests were sent.
    for remaining in (1, 2, 0):
        limiter.note(stated(6000, remaining, 40))
        limiter.release()
    clock.now += 20
    assert limiter.reserve() == 20


def test_a_short_window_is_used_evenly_and_nearly_whole(clock):
    limiter = RateLimiter(clock)
    start = clock.now
    sent = {}
    used = 0
    for _request in range(2000):
        clock.now += limiter.reserve()
        second = int(clock.now)
        used = sent[second] = sent.get(second, 0) + 1
        limiter.note(stated(100, max(0, 100 - used), 1))
        limiter.release()
    assert max(sent.values()) <= 100
    assert 2000 / (clock.now - start) >= 95


def test_the_last_seconds_of_a_long_window_are_no_short_window(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(6000, 10, 1))
    assert 0 < send(limiter, clock, stated(6000, 9, 1)) < 0.001
    send(limiter, clock, stated(6000, 5999, 60))
    clock.now += 1
    assert [limiter.reserve() for _request in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"RateLimit-Limit": "many"},
        {"RateLimit-Remaining": "0"},
        {"RateLimit-Reset": "9"},
        {"RateLimit-Remaining": "none", "RateLimit-Reset": "9"},
        stated("many", 9, 1),
        stated("²", 9, 1),
        stated(100, "²", 9),
        stated(100, 0, "²"),
        stated("", 9, 1),
        stated(0, 9, 1),
        stated("9" * 5000, 9, 1),
        stated(100, "9" * 5000, 9),
        stated(100, 0, "9" * 5000),
    ],
)
def test_responses_without_a_usable_rate_limit_delay_nothing(clock, headers):
    limiter = RateLimiter(clock)
    assert [send(limiter, clock, headers) for _request in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("limit", "reset", "pause"), [(100, 1, 1 / 98), (100, 2, 2 / 98), (1, 1, 1 / 0.98), (100, 3, 0)]
)
def test_only_in_a_short_window_requests_are_spread_from_the_first_response_on(clock, limit, reset, pause):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(limit, 50, reset))
    assert [send(limiter, clock, stated(limit, 50, reset)) for _request in range(2)] == pytest.approx([pause, pause])


def test_requests_are_spread_as_soon_as_a_response_states_the_limit(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated("", 50, 1))
    send(limiter, clock, stated(100, 50, 1))
    assert limiter.reserve() == pytest.approx(1 / 98)


def test_a_short_window_that_has_ended_delays_nothing(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(100, 50, 1))
    send(limiter, clock, stated(100, 50, 0))
    clock.now += 1
    assert [limiter.reserve(), limiter.reserve()] == [0, 0]


def test_no_reset_is_waited_for_longer_than_a_minute(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(6000, 0, 3600))
    assert limiter.reserve() == 60


def test_requests_that_have_ended_are_no_longer_pending(clock):
    limiter = RateLimiter(clock)
    for remaining in (3, 2, 1):
        send(limiter, clock, stated(6000, remaining, 40))
    assert [limiter.reserve(), limiter.reserve()] == [0, 40]


def test_the_first_response_counts_requests_that_are_pending(clock):
    limiter = RateLimiter(clock)
    assert [limiter.reserve() for _request in range(3)] == [0, 0, 0]
    limiter.note(stated(6000, 3, 40))
    limiter.release()
    assert [limiter.reserve(), limiter.reserve()] == [0, 40]


def test_a_window_whose_end_moves_by_up_to_a_second_is_the_same(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(6000, 3, 40))
    clock.now += 1
    send(limiter, clock, stated(6000, 9, 40))
    assert [limiter.reserve() for _request in range(3)] == [0, 0, 39]


def test_a_window_that_ends_more_than_a_second_later_is_a_new_one(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(6000, 1, 40))
    clock.now += 1.5
    send(limiter, clock, stated(6000, 2, 40))
    assert [limiter.reserve() for _request in range(3)] == [0, 0, 40]


def test_a_window_that_begins_when_the_last_one_ends_is_a_new_one(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(6000, 1, 3))
    clock.now += 3
    send(limiter, clock, stated(6000, 1, 1))
    assert [limiter.reserve(), limiter.reserve()] == [0, 1]


def test_when_nothing_remains_the_latest_reset_counts(clock):
    limiter = RateLimiter(clock)
    send(limiter, clock, stated(6000, 5, 40))
    clock.now += 0.5
    send(limiter, clock, stated(6000, 0, 40))
    assert limiter.reserve() == 40
