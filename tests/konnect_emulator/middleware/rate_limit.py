# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: at most so many requests in each second, and headers that say how many are left, as Konnect's do."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..clock import Clock
from .asgi_messages import send_response

TOO_MANY_REQUESTS = b'{"message":"API rate limit exceeded"}'


class RateLimit:
    """Responds with 429 to more than ``limit`` requests in one second."""

    def __init__(self, app: ASGIApp, limit: int, clock: Clock) -> None:
        self._app = app
        self._limit = limit
        self._clock = clock
        self._second = 0
        self._used = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        second = self._clock.now_seconds()
        if second != self._second:
            self._second, self._used = second, 0
        self._used += 1
        remaining = max(0, self._limit - self._used)
        headers = {"ratelimit-limit": str(self._limit), "ratelimit-remaining": str(remaining), "ratelimit-reset": "1"}
        if self._used > self._limit:
            await send_response(send, 429, TOO_MANY_REQUESTS, {**headers, "retry-after": "1"})
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in headers.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
