# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Look-ups that do not depend on each other, sent side by side where that takes less time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from .client import KonnectClient

T = TypeVar("T")

# As many as konnect_secrets sends where nothing is given.
AT_ONCE = 10
# A first response takes three round trips over a new connection (TCP, TLS 1.3, the request), and one over an open one.
ROUND_TRIPS = 3


def side_by_side(client: KonnectClient, lookups: Sequence[Callable[[], T]]) -> Iterator[T]:
    """The results of look-ups, in their order. The error of one is raised in the place of its result.

    Where they are sent side by side, all begin when the first result is asked for; else each when its own is.

    :param lookups: only read. Those after the first one have no warnings, whose order would be left to chance, and none
        looks up a parent that others need, which would be asked for more than once.
    """
    threads = thread_count(len(lookups), client.throttle.most_at_once)
    if threads < 2:
        for lookup in lookups:
            yield lookup()
        return
    pool = ThreadPoolExecutor(threads)
    futures = [pool.submit(lookup) for lookup in lookups]
    try:
        for future in futures:
            yield future.result()
    finally:
        # Without a wait: who needs no more results may be one of these threads, by the collection of garbage.
        pool.shutdown(wait=False, cancel_futures=True)


def thread_count(lookups: int, connections: int) -> int:
    """How many threads take the least time for look-ups: new connections are made for what the open ones cannot serve
    meanwhile. A task that has none yet needs one anyway, and makes others at the same time.

    :param connections: that are open.
    """
    return min(lookups, AT_ONCE, connections + max(0, lookups - ROUND_TRIPS * connections))
