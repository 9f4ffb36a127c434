# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The HTTP client: time limits, retries, recovery of writes, and lists read to their end."""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from .._errors import ApiError, ErrorCode, KonnectError, Retryable, TransportError, UnknownOutcome
from .connection import Connection
from .error_responses import api_error
from .pagination import Page, Paging, page_problem, read_pages
from .rate_limit import back_off, retry_after
from .server_clock import ServerClock
from .session import HttpSession, Path, Request, Response, content_of, unexpected_response
from .throttle import TOO_MANY_REQUESTS, Throttle

T = TypeVar("T")
# What is wrong with the data of a response, such as C(a list, not an object); None when nothing is.
Check = Callable[[Any], "str | None"]

NEW_PARENT_SECONDS = 60
NEW_PARENT_RETRIES = 3
SERVER_FAILURES = (500, 502, 503, 504)


class KonnectClient:
    """Sends requests to one Konnect server for the length of one task.

    :param read_only: refuse to send anything that writes (check mode).
    :param sleep, clock: for tests.

    Up to MAX_PARALLEL threads may use it at once; they share connections, pauses and deadline, and an error that stops
    everything stops them all. ``requests_sent`` counts what went out, with retries. ``has_missed`` says whether a
    response was that something is not there. ``before_first_write`` is called once, just before the first request that
    writes is sent; it may send requests that only read.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        read_only: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self.requests_sent = 0
        self.has_missed = False
        self.before_first_write: Callable[[], None] | None = None
        self.read_only = read_only
        self._sleep = sleep
        self._clock = clock
        self.started = clock()
        self._end = self.started + connection.deadline
        self.throttle = Throttle(clock)
        self._server_clock = ServerClock()
        self._newest_parent = -math.inf
        self._stopped_by: KonnectError | None = None
        self._lock = threading.Lock()
        self._first_write = threading.Lock()
        self._session = HttpSession(connection)

    def note_parent(self, created: float) -> None:
        """Take note of a parent that requests go below, with the time of its creation in seconds since 1970.

        Konnect may need a moment until what was just created is known everywhere: below a parent that is younger than
        NEW_PARENT_SECONDS by the server's clock, 403, 404 and missing references are retried a few times.
        """
        self._newest_parent = max(self._newest_parent, created)

    @property
    def _has_new_parent(self) -> bool:
        return self._server_clock.is_known and self.server_time - self._newest_parent < NEW_PARENT_SECONDS

    @property
    def server_time(self) -> float:
        """Seconds since 1970 by the server's clock, as its last response gave it; else by this machine's."""
        return self._server_clock.time

    @property
    def written_at(self) -> float | None:
        """When the last write was made, in seconds since 1970 by the server's clock; None when nothing was written."""
        return self._server_clock.written_at

    def now(self) -> float:
        """Seconds on a clock that only runs forward, to measure with; the client was made at C(started)."""
        return self._clock()

    def sleep(self, seconds: float) -> None:
        self._sleep(seconds)

    def extend_deadline(self, seconds: float) -> None:
        """Requests may go on for at least this many seconds from now, whatever request_deadline says."""
        self._end = max(self._end, self._clock() + seconds)

    # Operations

    def get(self, path: Path, query: Mapping[str, str] | None = None, *, check: Check | None = None) -> Any:
        return self.request("GET", path, query=query, check=check)

    def find(self, path: Path, *, check: Check | None = None) -> Any | None:
        """GET, with None for 404."""
        try:
            return self.request("GET", path, expected=(404,), check=check)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def validate(self, path: Path, body: Any) -> None:
        """POST to an endpoint that only checks the body; allowed in check mode and retried like a GET."""
        self.request("POST", path, body=body, writes=False)

    def delete(self, path: Path, query: Mapping[str, str] | None = None) -> None:
        """DELETE until the entity is gone; that it was gone already is fine."""

        def send() -> bool:
            try:
                self.request("DELETE", path, query=query, expected=(404,))
            except ApiError as error:
                if error.status != 404:
                    raise
            return True

        self.write_with_recovery(send, lambda: True if self.find(path) is None else None)

    def list(
        self,
        path: Path,
        paging: Paging,
        query: Mapping[str, str] | None = None,
        *,
        check: Check = lambda item: None,
    ) -> Iterator[dict[str, Any]]:
        """Every item of a list, to its end, each once, whatever the size of the server's pages.

        :param check: of each item.
        """
        for items, _is_last in self.pages(path, paging, query, check=check):
            yield from items

    def pages(
        self,
        path: Path,
        paging: Paging,
        query: Mapping[str, str] | None = None,
        *,
        check: Check = lambda item: None,
    ) -> Iterator[Page]:
        """Each page of a list; see C(read_pages)."""
        problem = partial(page_problem, paging=paging, check_item=check)
        return read_pages(partial(self.get, path, check=problem), paging, query or {})

    def write_with_recovery(self, write: Callable[[], T], read_back: Callable[[], T | None]) -> T:
        """Carry out a write that survives a lost response.

        After each UnknownOutcome, ``read_back`` tells what the server holds: a result (the write was carried out),
        None (it was not, so write again), or it raises.
        """
        for attempt in itertools.count(1):
            try:
                return write()
            except UnknownOutcome as error:
                self._pause(attempt, error, error.retry_after)
                found = read_back()
                if found is not None:
                    return found
        raise AssertionError("unreachable")

    # One request

    def request(
        self,
        method: str,
        path: Path,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        writes: bool | None = None,
        expected: Sequence[int] = (),
        check: Check | None = None,
    ) -> Any:
        """Send a request and return the parsed JSON of its response (None when it has no content).

        :param writes: whether it changes anything; follows from the method when left out.
        :param expected: error statuses that are a result, to be raised at once also below a new parent.
        :param check: of the data, which is None when there is no content. What it finds fault with counts as lost.

        Retries what never reached the server or was refused with 429, and reads that failed on the way. Raises
        ApiError, TransportError, or UnknownOutcome for a write.
        """
        request = Request(method, path, dict(query or {}), body, method != "GET" if writes is None else writes)
        if request.writes and self.read_only:
            message = f"{request} was not sent: nothing is written in check mode."
            raise KonnectError(message, code=ErrorCode.CHECK_MODE)
        if request.writes:
            self._call_before_first_write()
        for attempt in itertools.count(1):
            try:
                return self._send(request, check)
            except ApiError as error:
                too_early = self._has_new_parent and (error.status == 403 or error.is_missing)
                if not too_early or error.status in expected or attempt > NEW_PARENT_RETRIES:
                    raise
                self._pause(attempt, error)
            except Retryable as failure:
                if not failure.rate_limited:
                    self._pause(attempt, failure.error, failure.retry_after)
                elif self.throttle.closed_for >= self._end - self._clock():
                    raise failure.error from None
        raise AssertionError("unreachable")

    def _send(self, request: Request, check: Check | None) -> Any:
        try:
            with self.throttle.turn(lambda pause: self._wait(request, pause)) as note:
                remaining = self._wait(request)
                if self._stopped_by:
                    raise self._stopped_by
                response = self._send_once(request, min(self.connection.timeout, remaining))
                note(response.status, response.headers)
                return self._parse_response(request, response, check)
        except KonnectError as error:
            # Neither a refused token nor a broken certificate gets better by asking again, in whatever thread.
            if error.code in (ErrorCode.UNAUTHORIZED, ErrorCode.TLS):
                self._stopped_by = error
            raise

    def _wait(self, request: Request, pause: float = 0.0) -> float:
        """Seconds until the deadline after a pause. Raises when there are none."""
        remaining = self._end - self._clock() - pause
        if remaining <= 0:
            reason = "not sent, because the request_deadline of this task has passed."
            raise TransportError(f"{request}: {reason}", code=ErrorCode.DEADLINE)
        if pause:
            self._sleep(pause)
        return remaining

    def _call_before_first_write(self) -> None:
        with self._first_write:  # which other writes wait for
            callback, self.before_first_write = self.before_first_write, None
            if callback:
                callback()

    def _send_once(self, request: Request, timeout: float) -> Response:
        with self._lock:
            self.requests_sent += 1
        try:
            return self._session.send(request, timeout)
        except KonnectError as error:
            if request.writes and error.code in (ErrorCode.UNKNOWN_OUTCOME, ErrorCode.TOO_LARGE):
                self._server_clock.note_lost_write()
            raise

    def _parse_response(self, request: Request, response: Response, check: Check | None) -> Any:
        status = response.status
        # Of a write that failed with 500 or more nobody knows whether it was carried out.
        wrote = request.writes and not 300 <= status < 500
        self._server_clock.note_response(wrote=wrote, headers=response.headers)
        if status < 300:
            data, problem = content_of(request, response)
            problem = problem or (check(data) if check else None)
            if problem or status < 200:
                what = f"{status} with {problem}" if problem else str(status)
                raise unexpected_response(request, self.connection, what, status)
            return data
        if 300 <= status < 400:
            raise TransportError(
                f"{request}: the server sent {status}, a redirect, which is never followed with a token. Set "
                "konnect_url to the final address.",
                code=ErrorCode.REDIRECT,
                status=status,
            )
        error = api_error(str(request), status, content_of(request, response)[0])
        if status in SERVER_FAILURES and request.writes:
            raise UnknownOutcome(error.message, status=status, retry_after=retry_after(response.headers))
        if status in (TOO_MANY_REQUESTS, *SERVER_FAILURES):
            raise Retryable(error, retry_after(response.headers), rate_limited=status == TOO_MANY_REQUESTS)
        if error.is_missing:
            self.has_missed = True
        raise error

    def _pause(self, attempt: int, error: KonnectError, requested: float | None = None) -> None:
        """Wait before the next attempt, or raise the error when there must be none.

        :param requested: seconds that the server asks for, which may be more than a step of the back-off, never less.
        """
        pause = max(back_off(attempt), requested or 0.0)
        if attempt > self.connection.retries or self._clock() + pause >= self._end:
            raise error
        self._sleep(pause)
