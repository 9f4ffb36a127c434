# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The only file that knows HTTP: one session, bearer token, time limits, repeats and paging."""

from __future__ import annotations

import http.cookiejar
import itertools
import json
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from ansible_collections.community.konnect.plugins.module_utils._answers import api_error
from ansible_collections.community.konnect.plugins.module_utils._connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._errors import (
    ApiError,
    InvalidInput,
    KonnectError,
    LostAnswer,
    RateLimited,
    Repeatable,
    TransportError,
    innermost,
    unknown_outcome,
)
from ansible_collections.community.konnect.plugins.module_utils._pace import (
    RateBudget,
    back_off,
    http_date,
    retry_after,
)
from ansible_collections.community.konnect.plugins.module_utils._paging import (
    PAGE_SIZES,
    Paging,
    next_cursor,
    page_items,
)
from ansible_collections.community.konnect.plugins.module_utils._version import VERSION

try:
    import requests

    REQUESTS_IMPORT_ERROR = None
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

Path = Sequence[str]
T = TypeVar("T")

NEW_PARENT_SECONDS = 60
NEW_PARENT_RETRIES = 3
MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_PARALLEL = 16


class KonnectClient:
    """Speaks to one Konnect server for the length of one task.

    :param safe_only: refuse to send anything that writes (check mode).
    :param sleep, clock: for tests.

    Up to MAX_PARALLEL threads may use it at once; they share connections, rate limit and deadline, and an error that
    stops everything stops them all. ``warnings`` collects what the user should be told, ``secrets`` what must never
    be shown; ``requests_sent`` counts what went out, repeats included; ``report`` is told how long work goes on.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        safe_only: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self.warnings: list[str] = []
        self.secrets: set[str] = set()
        self.requests_sent = 0
        self.report: Callable[[str], None] = lambda line: None
        self._safe_only = safe_only
        self._sleep = sleep
        self._clock = clock
        self.started = clock()
        self._end = self.started + connection.deadline
        self._budget = RateBudget(clock)
        self._server_time: float | None = None
        self._has_new_parent = False
        self._stopped_by: KonnectError | None = None
        self._lock = threading.Lock()
        self._session = _session(connection)

    def note_parent(self, created: float) -> None:
        """Told of each parent that a request goes below, with the time of its creation in seconds since 1970.

        Konnect may need a moment until what was just created is known everywhere: below a parent that is younger than
        NEW_PARENT_SECONDS by the server's clock, 403, 404 and missing references are not believed at once.
        """
        if self._server_time is not None and self._server_time - created < NEW_PARENT_SECONDS:
            self._has_new_parent = True

    # Time

    @property
    def server_time(self) -> float:
        """Seconds since 1970 by the server's clock as its last answer told it; by this machine's when none did."""
        return time.time() if self._server_time is None else self._server_time

    def now(self) -> float:
        """Seconds on a clock that only runs forward, to measure with; the client was made at C(started)."""
        return self._clock()

    def sleep(self, seconds: float) -> None:
        self._sleep(seconds)

    def extend_deadline(self, seconds: float) -> None:
        """Requests may go on for at least this many seconds from now, whatever request_deadline says."""
        self._end = max(self._end, self._clock() + seconds)

    # What an endpoint offers

    def get(self, path: Path, query: Mapping[str, str] | None = None) -> Any:
        return self.request("GET", path, query=query)

    def find(self, path: Path) -> Any | None:
        """GET, with None for 404."""
        try:
            return self.request("GET", path, expected=(404,))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def validate(self, path: Path, body: Any) -> None:
        """POST to an endpoint that only looks; allowed in check mode and repeated like a GET."""
        self.request("POST", path, body=body, writes=False)

    def delete(self, path: Path, query: Mapping[str, str] | None = None) -> None:
        """DELETE until the thing is gone; that it was gone already is fine."""

        def send() -> bool:
            try:
                self.request("DELETE", path, query=query, expected=(404,))
            except ApiError as error:
                if error.status != 404:
                    raise
            return True

        self.persist(send, lambda: True if self.find(path) is None else None)

    def list(self, path: Path, paging: Paging, query: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """Every item of a list, to its end, each once, whatever the size of the server's pages.

        Only the cursor is taken out of an answer, never a URL to follow.
        """
        asked = {**(query or {}), ("size" if paging == "offset" else "page[size]"): str(PAGE_SIZES[paging])}
        seen_items: set[str] = set()
        seen_cursors: set[str] = set()
        for number in itertools.count(1):
            if paging == "number":
                asked["page[number]"] = str(number)
            page = self.get(path, asked)
            items = page_items(page, paging)
            if items is None:
                raise TransportError(
                    f"GET {_shown(path)}: the answer is not a list of Konnect.", code="unexpected_answer"
                )
            for item in items:
                identity = str(item.get("id") or item.get("key") or json.dumps(item, sort_keys=True))
                if identity not in seen_items:
                    seen_items.add(identity)
                    yield item
            cursor = next_cursor(page, paging, number, len(items))
            if not cursor or cursor in seen_cursors:
                return
            seen_cursors.add(cursor)
            if paging != "number":
                asked["offset" if paging == "offset" else "page[after]"] = cursor

    def persist(self, write: Callable[[], T], look: Callable[[], T | None]) -> T:
        """Carry out a write that survives a lost answer.

        After each LostAnswer, ``look`` says what the server holds: a result (the write was carried out), None
        (it was not, so write again), or it raises.
        """
        for attempt in itertools.count(1):
            try:
                return write()
            except LostAnswer as error:
                self._pause(attempt, error)
                found = look()
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
    ) -> Any:
        """Send a request and return the parsed JSON of its answer (None when it has no content).

        :param writes: whether it changes anything; follows from the method when left out.
        :param expected: error statuses that are an answer, to be raised at once also below a new parent.

        Repeats what never reached the server and what the rate limit refused, and for reads everything that failed
        on the way. Raises ApiError, TransportError, or LostAnswer for a write whose outcome is unknown.
        """
        if writes is None:
            writes = method != "GET"
        if writes and self._safe_only:
            raise KonnectError(
                f"{method} {_shown(path)} was refused: nothing is written in check mode.", code="check_mode"
            )
        for attempt in itertools.count(1):
            try:
                return self._send(method, path, query, body, writes)
            except LostAnswer:
                raise
            except ApiError as error:
                doubtful = error.status in (403, 404) or error.code == "missing_reference"
                if not self._has_new_parent or not doubtful or error.status in expected or attempt > NEW_PARENT_RETRIES:
                    raise
                self._pause(attempt, error)
            except (Repeatable, RateLimited) as failure:
                self._pause(attempt, failure.error, failure.asked, unlimited=isinstance(failure, RateLimited))
        raise AssertionError("unreachable")

    def _send(self, method: str, path: Path, query: Mapping[str, str] | None, body: Any, writes: bool) -> Any:
        what = f"{method} {_shown(path)}"
        pause = self._budget.reserve()
        try:
            remaining = self._end - self._clock() - pause
            if remaining <= 0:
                raise TransportError(
                    f"{what}: not sent, the request_deadline of this task has passed.", code="deadline"
                )
            if pause:
                self._sleep(pause)
            if self._stopped_by:
                raise self._stopped_by
            return self._exchange(what, method, path, query, body, writes, min(self.connection.timeout, remaining))
        except KonnectError as error:
            # Neither a refused token nor a broken certificate gets better by asking again, from whatever thread.
            if error.code in ("unauthorized", "tls"):
                self._stopped_by = error
            raise
        finally:
            self._budget.release()

    def _exchange(
        self,
        what: str,
        method: str,
        path: Path,
        query: Mapping[str, str] | None,
        body: Any,
        writes: bool,
        timeout: float,
    ) -> Any:
        with self._lock:
            self.requests_sent += 1
        try:
            response = self._session.request(
                method,
                f"{self.connection.url}{_shown(path)}",
                params=dict(query or {}),
                json=body,
                timeout=timeout,
                verify=self.connection.verify,
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = self._read(response, what, writes)
        except requests.exceptions.RequestException as error:
            raise self._transport_failure(what, error, writes) from None
        return self._judge(what, method, path, response, content, writes)

    def _read(self, response: requests.Response, what: str, writes: bool) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(65536):
            content += chunk
            if len(content) > MAX_ANSWER_BYTES:
                message = f"{what}: the answer is larger than {MAX_ANSWER_BYTES} bytes."
                raise TransportError(unknown_outcome(message) if writes else message, code="too_large")
            if self._clock() > self._end:
                raise requests.exceptions.ReadTimeout("the answer trickles in too slowly")
        return bytes(content)

    def _judge(
        self, what: str, method: str, path: Path, response: requests.Response, content: bytes, writes: bool
    ) -> Any:
        status = response.status_code
        data = _parsed(content)
        self._budget.note(response.headers)
        self._server_time = http_date(response.headers.get("Date")) or self._server_time
        if 200 <= status < 300:
            if status == 204 or (not content and writes):
                return None
            if data is not None:
                return data
            raise self._broken(what, f"answered {status} with something that is not JSON", writes)
        if 300 <= status < 400:
            raise TransportError(
                f"{what}: the server answered {status}, a redirect, which is never followed with a token. "
                "Set konnect_url to the final address.",
                code="redirect",
                status=status,
            )
        error = api_error(method, _shown(path), status, data)
        if status == 429:
            raise RateLimited(error, retry_after(response.headers))
        if status in (500, 502, 503, 504):
            if writes:
                raise LostAnswer(unknown_outcome(error.message), status=status)
            raise Repeatable(error, retry_after(response.headers))
        raise error

    def _transport_failure(self, what: str, error: requests.exceptions.RequestException, writes: bool) -> Exception:
        name = requests.exceptions
        why = innermost(error)
        if isinstance(error, name.SSLError):
            return TransportError(
                f"{what}: the TLS connection to {self.connection.url} failed: {why}. For a CA of your own set ca_path.",
                code="tls",
            )
        unsent = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "Tunnel connection failed")
        if isinstance(error, name.ConnectTimeout) or any(sign in repr(error) for sign in unsent):
            return Repeatable(
                TransportError(
                    f"{what}: {self.connection.url} cannot be reached: {why}. Check konnect_url or konnect_region, "
                    "the network and the proxy settings."
                )
            )
        if isinstance(
            error, (name.ConnectionError, name.Timeout, name.ChunkedEncodingError, name.ContentDecodingError)
        ):
            return self._broken(what, f"gave no whole answer: {why}", writes)
        return TransportError(f"{what}: {type(error).__name__}: {why}")

    def _broken(self, what: str, why: str, writes: bool) -> Exception:
        message = f"{what}: {self.connection.url} {why}."
        return LostAnswer(unknown_outcome(message)) if writes else Repeatable(TransportError(message))

    def _pause(self, attempt: int, error: KonnectError, asked: float | None = None, *, unlimited: bool = False) -> None:
        """Wait before the next attempt, or raise the error when there must be none."""
        if attempt > self.connection.retries and not unlimited:
            raise error
        pause = back_off(attempt) if asked is None else asked
        if self._clock() + pause >= self._end:
            raise error
        self._sleep(pause)


def _session(connection: Connection) -> requests.Session:
    session = requests.Session()
    session.mount(f"{connection.url}/", requests.adapters.HTTPAdapter(pool_maxsize=MAX_PARALLEL))
    # An auth callable, because without one requests would let a ~/.netrc entry replace the header.
    session.auth = _bearer(connection.token)
    session.headers.update({"Accept": "application/json", "User-Agent": f"community.konnect/{VERSION}"})
    session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    session.trust_env = not connection.is_loopback
    return session


def _bearer(token: str) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    def authorize(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return authorize


def _shown(path: Path) -> str:
    """The path of a URL out of its segments; refuses those that would lead elsewhere."""
    for segment in path:
        if segment in ("", ".", ".."):
            raise InvalidInput(f"{segment!r} cannot be part of a path of Konnect's API.")
    return "/v2/" + "/".join(quote(segment, safe="") for segment in path)


def _parsed(content: bytes) -> Any | None:
    try:
        return json.loads(content)
    except ValueError:
        return None
