# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Injected faults and the rate limit: what a network and a busy server do to requests.

A fault is ``WHICH=WHAT``. WHICH is the number of a request, counted from 1 since the faults were set, or
``METHOD:REGEX`` for every request whose path (below /v2) the regular expression finds. WHAT is one of KINDS, or
``delay-MS``. The faults are the outermost layer, so that they can drop the connection itself.
"""

from __future__ import annotations

import asyncio
import email.utils
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTROL_PATH = "/_emulator/faults"
KINDS = (
    "reset-before",  # the connection breaks and the server has not acted
    "reset-after",  # the server has acted and the connection breaks
    "truncated",  # the server has acted and half of the answer arrives
    "wrong-type",  # the server has acted and something else than JSON arrives
    "401",
    "429",
    "429-retry-after",
    "429-date",
    "500",
    "502",
    "503",
)


def describe_faults() -> str:
    """The faults as lines for ``--help``."""
    return (
        "faults: WHICH is the number of a request to the API, counted from 1, or METHOD:REGEX on its path below /v2;\n"
        f"  WHAT is {', '.join(KINDS)} or delay-MS. PUT {CONTROL_PATH} with a JSON list sets others while it runs."
    )


HTML = b"<html><body><h1>Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class Fault:
    """One parsed ``WHICH=WHAT``: a number, or a method and a pattern."""

    what: str
    number: int | None = None
    method: str = ""
    path: re.Pattern[str] | None = None

    @classmethod
    def parse(cls, text: str) -> Fault:
        which, equals, what = text.rpartition("=")
        if not equals or not (what in KINDS or re.fullmatch(r"delay-\d+", what)):
            raise ValueError(f"{text!r} is no fault: WHICH=WHAT, where WHAT is {', '.join(KINDS)} or delay-MS")
        if which.isdigit():
            return cls(what, number=int(which))
        method, colon, pattern = which.partition(":")
        if not colon or method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            raise ValueError(f"{text!r} is no fault: WHICH is a number or METHOD:REGEX")
        return cls(what, method=method, path=re.compile(pattern))

    def hits(self, number: int, method: str, path: str) -> bool:
        if self.path is None:
            return number == self.number
        return method == self.method and self.path.search(path.removeprefix("/v2")) is not None


class Faults:
    """The layer. ``PUT /_emulator/faults`` with a JSON list of faults sets new ones and counts from 1 again;
    ``GET`` answers ``{"requests": N}``.
    """

    def __init__(self, app: ASGIApp, faults: list[Fault]) -> None:
        self._app = app
        self._faults = faults
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == CONTROL_PATH:
            await self._control(scope, receive, send)
        else:
            self._count += 1
            hit = next((f for f in self._faults if f.hits(self._count, scope["method"], scope["path"])), None)
            await (_inject(hit.what, self._app, scope, receive, send) if hit else self._app(scope, receive, send))

    async def _control(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "PUT":
            self._faults = [Fault.parse(text) for text in json.loads(await _body(receive))]
            self._count = 0
        await _answer(send, 200, json.dumps({"requests": self._count}).encode())


class RateLimit:
    """At most so many requests in each second; the answers tell what remains, as Konnect's do."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit
        self._second = 0
        self._used = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if int(time.monotonic()) != self._second:
            self._second, self._used = int(time.monotonic()), 0
        self._used += 1
        remaining = max(0, self._limit - self._used)
        headers = {"ratelimit-limit": str(self._limit), "ratelimit-remaining": str(remaining), "ratelimit-reset": "1"}
        if self._used > self._limit:
            await _answer(send, 429, _TOO_MANY, {**headers, "retry-after": "1"})
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in headers.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        await self._app(scope, receive, tell)


_TOO_MANY = b'{"message":"API rate limit exceeded"}'


async def _inject(what: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    if what.startswith("delay-"):
        await asyncio.sleep(int(what.removeprefix("delay-")) / 1000)
        await app(scope, receive, send)
    elif what == "reset-before":
        await _body(receive)
        _drop(send)
    elif what in ("reset-after", "truncated", "wrong-type"):
        messages: list[Message] = []
        await app(scope, receive, _keep(messages))
        if what == "reset-after":
            _drop(send)
        elif what == "wrong-type":
            await _answer(send, messages[0]["status"], HTML, {"content-type": "text/html"})
        else:
            await _truncate(messages, send)
    elif what == "429-date":
        in_a_second = email.utils.formatdate(time.time() + 1, usegmt=True)
        await _answer(send, 429, _TOO_MANY, {"retry-after": in_a_second})
    elif what.startswith("429"):
        await _answer(send, 429, _TOO_MANY, {"retry-after": "1"} if what == "429-retry-after" else {})
    elif what == "401":
        await _answer(send, 401, b'{"message":"Unauthorized","status":401}')
    else:
        await _answer(send, int(what), HTML, {"content-type": "text/html"})


def _keep(messages: list[Message]) -> Callable[[Message], Awaitable[None]]:
    async def keep(message: Message) -> None:
        messages.append(message)

    return keep


async def _truncate(messages: list[Message], send: Send) -> None:
    content = b"".join(message.get("body", b"") for message in messages)
    await send(messages[0])
    await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
    await asyncio.sleep(0.01)  # lets the half go out before the connection is dropped
    _drop(send)


def _drop(send: Send) -> None:
    """Break the connection, which ASGI has no message for; uvicorn's own send knows its transport."""
    cycle: Any = getattr(send, "__self__")  # noqa: B009
    cycle.transport.abort()


async def _body(receive: Receive) -> bytes:
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            return content


async def _answer(send: Send, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
    fields = {"content-type": "application/json", "content-length": str(len(content)), **(headers or {})}
    encoded = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})
