# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: every response waits."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from ..clock import Clock


class Latency:
    """Delays each request by a fixed time."""

    def __init__(self, app: ASGIApp, milliseconds: int, clock: Clock) -> None:
        self._app = app
        self._milliseconds = milliseconds
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._clock.sleep_ms(self._milliseconds)
        await self._app(scope, receive, send)
