# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""When to send the next request: back-off, what the server asks for, and the rate limit that its responses state."""

from __future__ import annotations

import email.utils
import functools
import random
import re
import threading
import time
from collections.abc import Callable, Mapping

MAX_PAUSE = 60.0
# Seconds; how long the window of a rate limit may be for requests to be spread over it evenly.
SHORT_WINDOW = 2.0
# The part of the limit that is used; the rest is for requests that arrive earlier or later than they were sent.
SHARE = 0.98


def back_off(attempt: int) -> float:
    """Seconds before the next attempt: half a second, doubled each time, capped and jittered."""
    return float(min(MAX_PAUSE, 0.5 * 2 ** min(attempt - 1, 7)) * random.uniform(0.5, 1.0))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from a number of seconds or an HTTP date, capped; None when the response does not say.

    A date is judged by the clock of the server, as the same response gives it; where it does not, by this machine's.
    """
    value = headers.get("Retry-After", "").strip()
    seconds: float | None = _whole_number(value)
    if seconds is None:
        moment, now = http_date(value), http_date(headers.get("Date"))
        if moment is None:
            return None
        seconds = moment - (time.time() if now is None else now)
    return min(MAX_PAUSE, max(0.0, seconds))


def _whole_number(text: str) -> int | None:
    """The number in a header; None for anything else, and for more digits than a sensible one has."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


@functools.lru_cache(maxsize=8)
def http_date(value: str | None) -> float | None:
    """Seconds since 1970 of an HTTP date; None for anything else."""
    try:
        return email.utils.parsedate_to_datetime(value or "").timestamp()
    except (TypeError, ValueError, IndexError, OverflowError, OSError):
        return None


class RateLimiter:
    """Stays below the rate limit that the responses state, for all threads that share it.

    Konnect's responses carry ``ratelimit-limit`` and ``ratelimit-remaining`` (requests) and ``ratelimit-reset`` (whole
    seconds until the window of the limit ends). In a short window whole seconds say too little to aim at its end, so
    requests are spread evenly, a little below the limit. In a longer one, such as Konnect's of a minute, they go out
    as they come until the remaining ones are used up by finished and pending requests; then they wait for
    the reset.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pending = 0
        self._interval = 0.0
        self._next_slot = clock()
        self._longest_reset = 0.0
        self._left: int | None = None
        self._window_end = self._closed_until = clock()

    def reserve(self) -> float:
        """Reserve one request; returns the seconds to wait before it may be sent. ``release`` must follow."""
        with self._lock:
            now = self._clock()
            opens = self._closed_until
            if self._left is not None and now < self._window_end:
                self._left -= 1
                if self._left < 0:
                    opens = max(opens, self._window_end)
            slot = max(now, opens, self._next_slot)
            self._next_slot = slot + self._interval
            self._pending += 1
            return slot - now

    def release(self) -> None:
        """The request of a reservation has ended, with a response or without."""
        with self._lock:
            self._pending -= 1

    def note(self, headers: Mapping[str, str]) -> None:
        """Learn from the response to a request that was reserved and is not released yet."""
        limit, remaining, reset = (
            _whole_number(headers.get(f"RateLimit-{name}", "")) for name in ("Limit", "Remaining", "Reset")
        )
        if remaining is None or reset is None:
            return
        with self._lock:
            now = self._clock()
            seconds = min(MAX_PAUSE, float(reset))
            self._longest_reset = max(self._longest_reset, seconds)
            if self._longest_reset <= SHORT_WINDOW and limit and seconds > 0:
                # Used up all the same, it may reset in a moment: a request that gets a 429 waits, not all of them.
                begins = not self._interval
                self._interval = self._longest_reset / (SHARE * limit)
                if begins:
                    self._next_slot = max(self._next_slot, now + self._interval)
                return
            if remaining == 0:
                self._closed_until = max(self._closed_until, now + seconds)
            self._interval = 0.0
            left = remaining - (self._pending - 1)
            if now >= self._window_end or now + seconds > self._window_end + 1 or self._left is None:
                self._left, self._window_end = left, now + seconds
            else:
                self._left = min(self._left, left)
