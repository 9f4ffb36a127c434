# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: ``Content-Type``, not ``content-type``, as gateways write it; some clients compare with case."""

from __future__ import annotations

from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@lru_cache(maxsize=64)
def _title_case(name: bytes) -> bytes:
    return name.title()


class HeaderCase:
    """Writes the names of response headers in title case."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_title_case(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [(_title_case(name), value) for name, value in message["headers"]]}
            await send(message)

        await self._app(scope, receive, send_title_case)
