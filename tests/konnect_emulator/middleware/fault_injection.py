# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware that injects faults; it must see the server's own ``send``, so that it can break the connection."""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..faults import Fault
from .asgi_messages import read_body, send_response
from .rate_limit import TOO_MANY_REQUESTS

HTML_ERROR = b"<html><body><h1>Bad Gateway</h1></body></html>"


class FaultInjection:
    """Counts requests, and injects into each the first fault that applies to it."""

    def __init__(self, app: ASGIApp, faults: Iterable[Fault]) -> None:
        self._app = app
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
        await (_inject(fault.what, self._app, scope, receive, send) if fault else self._app(scope, receive, send))


async def _inject(what: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    if what.startswith("delay-"):
        await asyncio.sleep(int(what.removeprefix("delay-")) / 1000)
        await app(scope, receive, send)
    elif what == "reset-before":
        await read_body(receive)
        _break_connection(send)
    elif what in ("reset-after", "truncated", "wrong-type"):
        messages: list[Message] = []
        await app(scope, receive, _append_to(messages))
        if what == "reset-after":
            _break_connection(send)
        elif what == "wrong-type":
            await send_response(send, messages[0]["status"], HTML_ERROR, {"content-type": "text/html"})
        else:
            await _send_half(messages, send)
    elif what == "429-date":
        in_a_second = email.utils.formatdate(time.time() + 1, usegmt=True)
        await send_response(send, 429, TOO_MANY_REQUESTS, {"retry-after": in_a_second})
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
    _break_connection(send)


def _break_connection(send: Send) -> None:
    """Break the connection: ASGI has no message for it, but uvicorn's own ``send`` knows its transport."""
    cycle: Any = getattr(send, "__self__")  # noqa: B009
    cycle.transport.abort()
