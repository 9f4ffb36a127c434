# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: one line of JSON per request, for tests that assert what a client sent.

``{time, method, path, query, status, fields}``; ``fields`` are the names of the body's top-level fields. No value of a
body and no header is ever written.
"""

from __future__ import annotations

import json
from typing import TextIO
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..clock import Clock
from ..request_bodies import BODY_FIELDS
from ..state import iso_timestamp


class RequestLog:
    """Appends to ``stream`` and flushes every line."""

    def __init__(self, app: ASGIApp, stream: TextIO, clock: Clock) -> None:
        self._app = app
        self._stream = stream
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_ms = self._clock.now_ms()
        written = False

        async def send_after_log(message: Message) -> None:
            nonlocal written
            # A client that has the response must find the line.
            if message["type"] == "http.response.start":
                written = True
                self._write(scope, started_ms, message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_after_log)
        finally:
            if not written:
                self._write(scope, started_ms, None)

    def _write(self, scope: Scope, started_ms: int, status: int | None) -> None:
        line = {
            "time": iso_timestamp(started_ms),
            "method": scope["method"],
            "path": scope["path"],
            "query": dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            "status": status,
            "fields": scope.get(BODY_FIELDS, []),
        }
        self._stream.write(json.dumps(line) + "\n")
        self._stream.flush()
