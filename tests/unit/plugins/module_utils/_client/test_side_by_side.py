# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.side_by_side import side_by_side, thread_count

SECONDS = 10


def found(name, *before):
    """A look-up that ends after these events, and the event of its own end."""
    ended = threading.Event()

    def look_up():
        assert all(event.wait(SECONDS) for event in before)
        ended.set()
        return name

    return look_up, ended


def failing(name, *before):
    look_up, ended = found(name, *before)

    def fail():
        raise LookupError(look_up())

    return fail, ended


@pytest.fixture
def with_connections(connect):
    """Make a client that has so many connections."""

    def make(count):
        client = connect()
        client.throttle.most_at_once = count
        return client

    return make


def test_without_a_connection_all_are_sent_at_once(connect):
    barrier = threading.Barrier(3)
    assert len(list(side_by_side(connect(), [lambda: barrier.wait(SECONDS)] * 3))) == 3


def test_results_come_in_the_order_of_the_look_ups(connect):
    second, second_ended = found("second")
    first, _ended = found("first", second_ended)
    assert list(side_by_side(connect(), [first, second])) == ["first", "second"]


def test_who_needs_no_more_results_may_drop_the_rest_in_any_thread(connect):
    """Python may collect the rest as garbage in a thread that still looks up."""
    is_dropped, problems = threading.Event(), []
    first, _ended = found("first")

    def drop_the_rest():
        try:
            results.close()
        except RuntimeError as error:
            problems.append(error)
        is_dropped.set()

    may_drop = threading.Event()
    results = side_by_side(connect(), [first, lambda: may_drop.wait(SECONDS) and drop_the_rest()])
    assert next(results) == "first"
    may_drop.set()
    assert is_dropped.wait(SECONDS)
    assert problems == []


def test_of_two_errors_that_of_the_first_look_up_counts(connect):
    second, second_ended = failing("second")
    first, _ended = failing("first", second_ended)
    with pytest.raises(LookupError, match="first"):
        list(side_by_side(connect(), [first, second]))


def test_an_error_comes_in_the_place_of_the_result(connect):
    second, second_ended = failing("second")
    first, _ended = found("first", second_ended)
    results = side_by_side(connect(), [first, second])
    assert next(results) == "first"
    with pytest.raises(LookupError, match="second"):
        next(results)


def test_over_one_connection_each_of_a_few_is_sent_when_its_result_is_asked_for(with_connections):
    asked = []
    results = side_by_side(with_connections(1), [lambda: asked.append("first"), lambda: asked.append("second")])
    assert asked == []
    next(results)
    assert asked == ["first"]


def test_over_one_connection_nothing_is_sent_after_an_error(with_connections):
    first, _ended = failing("first")
    second, second_ended = found("second")
    with pytest.raises(LookupError):
        list(side_by_side(with_connections(1), [first, second]))
    assert not second_ended.is_set()


@pytest.mark.parametrize(
    ("lookups", "connections", "threads"),
    [
        (0, 0, 0),
        (2, 0, 2),
        (20, 0, 10),
        (1, 1, 1),
        (3, 1, 1),
        (4, 1, 2),
        (7, 1, 5),
        (18, 1, 10),
        (2, 2, 2),
        (6, 2, 2),
        (3, 10, 3),
    ],
)
def test_a_new_connection_is_made_for_what_the_open_ones_cannot_serve_meanwhile(lookups, connections, threads):
    assert thread_count(lookups, connections) == threads
