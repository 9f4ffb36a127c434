# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""When each request of a task may be sent, by whatever thread, and how many at once."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator, Mapping

from .rate_limit import RateLimiter, back_off, retry_after

TOO_MANY_REQUESTS = 429
# Headers by which a limit of requests says when it takes the next one.
TIMES = ("Retry-After", "RateLimit-Reset")
# Sleeps so many seconds, or raises where the request may not be sent any more.
Wait = Callable[[float], object]
# Of the status and the headers of the response to a request.
Note = Callable[[int, Mapping[str, str]], None]


class Throttle:
    """Keeps all threads below the rate limit that responses state, and back once one of them was refused with 429.

    However many threads wait, one request is sent after each step of the back-off until one is let through. From then
    on each that is let through allows one more at once. A refusal that names no time comes from a limit of connections
    instead of requests: it halves for good how many are sent at once.

    ``most_at_once`` says how many were, and thus how many connections are open.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limiter = RateLimiter(clock)
        self._changed = threading.Condition()
        self._pending = self.most_at_once = 0
        self._allowed = self._most = math.inf
        self._refusals = 0
        # Responses to requests from before the last pause say nothing about what came after it.
        self._pauses = 0
        self._opens = clock()

    @property
    def closed_for(self) -> float:
        """Seconds until the next request may be sent after a refusal."""
        return max(0.0, self._opens - self._clock())

    @contextlib.contextmanager
    def turn(self, wait: Wait) -> Iterator[Note]:
        """Wait for the turn of one request, which is sent within this context. Gives what takes note of the response.

        :param wait: called with each pause that is to be made before.
        """
        slot = self._limiter.reserve()
        try:
            wait(slot)
            pauses = self._enter(wait)
            try:
                yield lambda status, headers: self._note(pauses, status, headers)
            finally:
                self._leave()
        finally:
            self._limiter.release()

    def _enter(self, wait: Wait) -> int:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self.closed_for or self._pending < self._allowed)
                pause = self.closed_for
                if not pause:
                    self._pending += 1
                    self.most_at_once = max(self.most_at_once, self._pending)
                    return self._pauses
            wait(pause)

    def _leave(self) -> None:
        with self._changed:
            self._pending -= 1
            self._changed.notify_all()

    def _note(self, pauses: int, status: int, headers: Mapping[str, str]) -> None:
        self._limiter.note(headers)
        with self._changed:
            is_latest = pauses == self._pauses
            if status == TOO_MANY_REQUESTS:
                if is_latest and self._pending > 1 and not any(headers.get(name) for name in TIMES):
                    self._most = self._pending // 2
                self._close(retry_after(headers) or 0.0, is_latest)
            elif is_latest:
                self._refusals = 0
                self._allowed = min(self._allowed + 1, self._most)

    def _close(self, requested: float, is_latest: bool) -> None:
        """Pause. The server may ask for more than a step of the back-off, never for less."""
        if is_latest:
            self._refusals += 1
            self._pauses += 1
            self._allowed = 1
            requested = max(requested, back_off(self._refusals))
        self._opens = max(self._opens, self._clock() + requested)
