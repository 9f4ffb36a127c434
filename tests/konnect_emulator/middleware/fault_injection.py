# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware that injects faults; a broken connection needs the outermost layer around it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..clock import Clock
from ..faults import Fault
from .asgi_messages import read_body, send_response
from .outermost_layer import TRANSPORT
from .rate_limit import TOO_MANY_REQUESTS

HTML_ERROR = b"<html><body><h1>Bad Gateway</h1></body></html>"


class FaultInjection:
    """Counts requests, and injects into each the first fault that applies to it."""

    def __init__(self, app: ASGIApp, faults: Iterable[Fault], clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self.replace_faults(faults)

    def replace_faults(self, faults: Iterable[Fault]) -> None:
        """Inject these faults instead of the former ones, and count requests from 1 again."""
        self._faults = tuple(faults)
        self.request_count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.request_count += 1
        request = (self.request_count, scope["method"], scope["path"])
        fault = next((fault for fault in self._faults if fault.applies_to(*request)), None)
        await (self._inject(fault.what, scope, receive, send) if fault else self._app(scope, receive, send))

    async def _inject(self, what: str, scope: Scope, receive: Receive, send: Send) -> None:
        if what.startswith("delay-"):
            await self._clock.sleep_ms(int(what.removeprefix("delay-")))
            await self._app(scope, receive, send)
        elif what == "reset-before":
            await read_body(receive)
            scope[TRANSPORT].abort()
        elif what in ("reset-after", "truncated", "wrong-type"):
            messages: list[Message] = []
            await self._app(scope, receive, _append_to(messages))
            if what == "reset-after":
                scope[TRANSPORT].abort()
            elif what == "wrong-type":
                await send_response(send, messages[0]["status"], HTML_ERROR, {"content-type": "text/html"})
            else:
                await _send_half(messages, send)
                scope[TRANSPORT].abort()
        elif what == "429-date":
            await send_response(send, 429, TOO_MANY_REQUESTS, {"retry-after": self._clock.http_date(1)})
        elif what.startswith("429"):
            await send_response(send, 429, TOO_MANY_REQUESTS, {"retry-after": "1"} if what == "429-retry-after" else {})
        elif what == "401":
            await send_response(send, 401, b'{"message":"Unauthorized","status":401}')
        else:
            await send_response(send, int(what), HTML_ERROR, {"content-type": "text/html"})


def _append_to(messages: list[Message]) -> Callable[[Message], Awaitable[None]]:
    async def append(message: Message) -> None:
        messages.append(message)

    return append


async def _send_half(messages: list[Message], send: Send) -> None:
    content = b"".join(message.get("body", b"") for message in messages)
    await send(messages[0])
    await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
    await asyncio.sleep(0.01)  # the half has to leave before the connection breaks
