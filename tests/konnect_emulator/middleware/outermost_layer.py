# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: what only the layer next to the server can do.

Every response gets its ``Date`` here, by the emulator's clock, however deep the layer that sent it; and the connection,
which only the server's own ``send`` knows, is passed on to the layers within.
"""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..clock import Clock

TRANSPORT = "konnect_emulator.transport"


class OutermostLayer:
    """Must be given to the server as its application."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_date(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = (b"Date", self._clock.http_date().encode())
                message = {**message, "headers": [date, *message.get("headers", [])]}
            await send(message)

        # ASGI has no message that breaks a connection, but uvicorn's send is a method of what has its transport.
        cycle: Any = getattr(send, "__self__", None)
        await self._app({**scope, TRANSPORT: getattr(cycle, "transport", None)}, receive, send_with_date)
