# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: one JSON line a request, for tests that assert what a client sent.

``{time, method, path, query, status, fields}``: names of top-level body fields, never a value or a header.
"""

from __future__ import annotations

import json
from typing import TextIO
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .bodies import FIELDS
from .state import iso, now_ms


class RequestLog:
    """Appends to ``stream`` and flushes every line."""

    def __init__(self, app: ASGIApp, stream: TextIO) -> None:
        self._app = app
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = now_ms()
        written = False

        def write(status: int | None) -> None:
            nonlocal written
            written = True
            line = {
                "time": iso(started),
                "method": scope["method"],
                "path": scope["path"],
                "query": dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
                "status": status,
                "fields": scope.get(FIELDS, []),
            }
            self._stream.write(json.dumps(line) + "\n")
            self._stream.flush()

        async def noting(message: Message) -> None:
            # Before the answer goes out: who has the answer finds the line.
            if message["type"] == "http.response.start":
                write(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            if not written:
                write(None)
