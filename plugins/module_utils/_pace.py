# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""When to send the next request: back-off, what the server asks for, and the rate limit it tells of."""

from __future__ import annotations

import email.utils
import random
import time
from collections.abc import Callable, Mapping

MAX_PAUSE = 60.0


def back_off(attempt: int) -> float:
    """Seconds before the next attempt: half a second, doubled each time, capped and jittered."""
    return float(min(MAX_PAUSE, 0.5 * 2 ** min(attempt - 1, 7)) * random.uniform(0.5, 1.0))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from a number of seconds or an HTTP date, capped; None when the answer does not say."""
    value = headers.get("Retry-After", "").strip()
    if value.isdigit():
        return min(MAX_PAUSE, float(value))
    moment = http_date(value)
    return None if moment is None else min(MAX_PAUSE, max(0.0, moment - time.time()))


def http_date(value: str | None) -> float | None:
    """Seconds since 1970 of an HTTP date; None for anything else."""
    try:
        return email.utils.parsedate_to_datetime(value or "").timestamp()
    except (TypeError, ValueError):
        return None


class RateBudget:
    """Stays below the rate limit: once an answer says that nothing remains, waits for the reset.

    Konnect's answers carry ``ratelimit-remaining`` (requests) and ``ratelimit-reset`` (seconds).
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._closed_until = clock()

    def note(self, headers: Mapping[str, str]) -> None:
        remaining, reset = headers.get("RateLimit-Remaining", ""), headers.get("RateLimit-Reset", "")
        if remaining.isdigit() and reset.isdigit() and int(remaining) == 0:
            self._closed_until = max(self._closed_until, self._clock() + min(MAX_PAUSE, float(reset)))

    def pause(self) -> float:
        """Seconds until the next request may be sent."""
        return max(0.0, self._closed_until - self._clock())
