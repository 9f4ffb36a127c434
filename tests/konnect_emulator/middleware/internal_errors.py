# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: reports an internal error of the emulator on stderr, by type and line, without a value.

The client got its 500 from the application already.
"""

from __future__ import annotations

import sys
import traceback

from starlette.types import ASGIApp, Receive, Scope, Send


class InternalErrors:
    """Catches every exception, so that the server prints no traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            message = f"internal error: {type(error).__name__} in {frame.name}, line {frame.lineno}"
            print(message, file=sys.stderr, flush=True)
