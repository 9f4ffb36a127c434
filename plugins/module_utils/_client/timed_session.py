# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""A session of requests whose time-out bounds the whole response, which requests itself bounds only between two bytes.

It keeps no cookies, reads no password from ~/.netrc and never follows a redirect.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import io
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any

try:
    from requests import Response, Session
    from requests.adapters import HTTPAdapter
    from requests.exceptions import SSLError
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:  # The runner says so.
    HTTPAdapter = Session = object  # type: ignore[assignment, misc]

_READING = threading.Lock()


class TimedReader(io.RawIOBase):
    """Reads from a socket, until its time-out has passed since this reader was made."""

    def __init__(self, connection: Any, raw: io.RawIOBase) -> None:
        self._connection = connection
        self._raw = raw
        timeout = connection.gettimeout()
        self._end = None if timeout is None else time.monotonic() + timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._end is not None:
            remaining = self._end - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("timed out")
            self._connection.settimeout(remaining)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class TimedResponse(http.client.HTTPResponse):
    """A response that must be there, to its last byte, before the time-out of the socket has passed.

    Interim responses (1xx) that come before it are skipped: http.client skips only 100, and would take what follows
    for the response to the next request.
    """

    def __init__(self, sock: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(TimedReader(sock, self.fp.detach()))

    def begin(self) -> None:
        super().begin()
        while 100 <= self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
            self.headers = None  # type: ignore[assignment]
            super().begin()


class TimedAdapter(HTTPAdapter):
    """Makes connections, direct ones and through proxies, whose responses are timed."""

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Read the CA certificates once for all connections of a pool, since that takes 25 to 40 ms of processor time.
        urllib3 would do so for each of them.
        """
        with _READING:
            if "ssl_context" in conn.conn_kw:
                return
            super().cert_verify(conn, url, verify, cert)
            # That of a pool is not the one by which urllib3 connects to a proxy.
            if conn.scheme == "https" and verify and conn.proxy is None:
                conn.conn_kw["ssl_context"] = _context(conn.ca_certs, conn.ca_cert_dir)
                conn.ca_certs = conn.ca_cert_dir = None

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _timed(self.poolmanager.pool_classes_by_scheme)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if is_new:
            manager.pool_classes_by_scheme = _timed(manager.pool_classes_by_scheme)
        return manager


class TimedSession(Session):
    """A session whose ``timeout`` is that of the connection, and then that of the whole response.

    :param connections: how many are kept.
    """

    def __init__(self, connections: int = 1) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, TimedAdapter(pool_maxsize=connections))
        self.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        # Without a callable here, requests would look into ~/.netrc.
        self.auth = lambda request: request

    def get_redirect_target(self, resp: Response) -> None:
        """None, so that requests does not read the body of a redirect, of any size, only to learn where it leads."""


def _context(file: str | None, directory: str | None) -> ssl.SSLContext:
    context = create_urllib3_context()
    try:
        context.load_verify_locations(file, directory)
    except OSError as error:
        raise SSLError(error) from error
    return context


def _timed(pool_classes: Mapping[str, Any]) -> dict[str, Any]:
    """Classes of connection pools like these, whose responses are timed."""
    timed = {}
    for scheme, pool in pool_classes.items():
        connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": TimedResponse})
        timed[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": connection})
    return timed
