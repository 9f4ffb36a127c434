# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The HTTP session: token, TLS, proxies, no redirects, no cookies; and what its failures mean."""

from __future__ import annotations

import http.client
import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .._errors import (
    ErrorCode,
    InvalidInput,
    Retryable,
    TransportError,
    UnknownOutcome,
    with_unknown_outcome,
)
from .._version import VERSION
from .connection import Connection
from .response_body import UnusableBody, parse_body
from .timed_session import TimedSession

try:
    import requests
    import urllib3

    REQUESTS_IMPORT_ERROR = None
    # While a response arrives, requests lets through what urllib3 and http.client make of it.
    FAILURES = (
        requests.exceptions.RequestException,
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        OSError,
        ValueError,
    )
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

Path = Sequence[str]
API_VERSION = re.compile(r"v[0-9]+")

MAX_PARALLEL = 32
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
# Signs in an error of urllib3 that the request never left this machine.
NOT_SENT = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "Tunnel connection failed")


@dataclass(frozen=True)
class Request:
    """One request below the root of the API; as text, its method and path for a message.

    :param path: the segments below C(/v2), or from the version of the API on where that is another one.
    :param writes: whether it changes anything.
    """

    method: str
    path: Path
    query: Mapping[str, str]
    body: Any
    writes: bool

    @property
    def url_path(self) -> str:
        return url_path(self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.url_path}"


@dataclass(frozen=True)
class Response:
    """One response, read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class HttpSession:
    """Sends the token to the server of the connection, and takes nothing from the user's environment but the proxy
    settings.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session = TimedSession(MAX_PARALLEL)
        self._session.auth = _bearer(connection.token)
        self._session.headers.update({"Accept": "application/json", "User-Agent": f"community.konnect/{VERSION}"})
        self._session.trust_env = not connection.is_loopback

    def send(self, request: Request, timeout: float) -> Response:
        """Send a request once. Raises Retryable, UnknownOutcome or TransportError when no usable response arrives.

        :param timeout: seconds that the connection may take to open, and then the whole response to arrive.
        """
        try:
            response = self._session.request(
                request.method,
                f"{self._connection.url}{request.url_path}",
                params=request.query,
                json=request.body,
                timeout=timeout,
                verify=self._connection.verify,
                allow_redirects=False,
                stream=True,
            )
            with response:
                return Response(response.status_code, response.headers, _read(request, response))
        except FAILURES as error:
            raise transport_failure(request, self._connection, error) from None


def url_path(path: Path) -> str:
    """The path of a URL out of its segments; refuses those that would lead elsewhere."""
    for segment in path:
        if segment in ("", ".", ".."):
            raise InvalidInput(f"{segment!r} cannot be part of a path of Konnect's API.")
    segments = path if API_VERSION.fullmatch(path[0]) else ("v2", *path)
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


def transport_failure(request: Request, connection: Connection, error: Exception) -> Exception:
    """The exception to raise for a request that got no response."""
    name = requests.exceptions
    why = root_cause(error)
    if isinstance(error, name.SSLError):
        return TransportError(
            f"{request}: the TLS connection to {connection.url} failed: {why}. For a CA of your own set ca_path.",
            code=ErrorCode.TLS,
        )
    if isinstance(error, name.ConnectTimeout) or any(sign in repr(error) for sign in NOT_SENT):
        return Retryable(
            TransportError(
                f"{request}: {connection.url} cannot be reached: {why}. Check konnect_url or konnect_region, the "
                "network and the proxy settings."
            )
        )
    if isinstance(error, (name.ConnectionError, name.Timeout, name.ChunkedEncodingError)):
        message = f"{request}: {connection.url} sent no complete response: {why}."
        return UnknownOutcome(message) if request.writes else Retryable(TransportError(message))
    if isinstance(error, (name.InvalidURL, name.InvalidSchema, name.MissingSchema)):
        return TransportError(f"{request}: {type(error).__name__}: {why}")
    return unexpected_response(request, connection, f"what is no HTTP response: {why}")


def unexpected_response(request: Request, connection: Connection, what: str, status: int | None = None) -> Exception:
    """The exception to raise for a response that is complete and not one that Konnect's API describes.

    :param what: was sent, such as C(200 with a body that is not JSON).
    """
    message = f"{request}: {connection.url} sent {what}."
    code = ErrorCode.UNEXPECTED_RESPONSE
    if request.writes:
        return UnknownOutcome(message, code=code, status=status)
    return Retryable(TransportError(message, code=code, status=status))


def content_of(request: Request, response: Response) -> tuple[Any, str | None]:
    """The data of a response, None when there is none, and what is wrong with its body."""
    if response.status == 204 or (request.writes and not response.content):
        return None, None
    try:
        data = parse_body(response.content)
    except UnusableBody as error:
        return None, error.what
    return data, "a body that is only null" if data is None else None


def root_cause(error: BaseException) -> str:
    """The words of the cause, without the wrappers of requests and urllib3 around it."""
    while error.args and isinstance(error.args[0], BaseException):
        error = error.args[0]
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return root_cause(reason)
    words = str(error.args[-1] if error.args and isinstance(error.args[-1], BaseException) else error)
    words = words.rpartition("[SSL: ")[2].rpartition("] ")[2] if "[SSL: " in words else words
    return words.rpartition(": ")[2] or type(error).__name__


def _read(request: Request, response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(65536):
        content += chunk
        if len(content) > MAX_RESPONSE_BYTES:
            message = f"{request}: the response is larger than {MAX_RESPONSE_BYTES} bytes."
            message = with_unknown_outcome(message) if request.writes else message
            raise TransportError(message, code=ErrorCode.TOO_LARGE)
    return bytes(content)


def _bearer(token: str) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    def authorize(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return authorize
