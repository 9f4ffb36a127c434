# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: at most so many requests at once. Konnect's 429 for that does not say when to come back."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from .asgi_messages import send_response
from .rate_limit import TOO_MANY_REQUESTS


class ConnectionLimit:
    """Responds with 429 to what would be more than ``limit`` requests at once."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit
        self._pending = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._pending >= self._limit:
            await send_response(send, 429, TOO_MANY_REQUESTS, {})
            return
        self._pending += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._pending -= 1
