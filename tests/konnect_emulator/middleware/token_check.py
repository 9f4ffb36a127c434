# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: 401 before anything else; the gateway in front of core entities has errors of another form."""

from __future__ import annotations

import hmac

from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import ApiError, GatewayError, ProblemError


class TokenCheck:
    """Requires the bearer token; ``form`` is the value of the switch ``unauthorized``."""

    def __init__(self, app: ASGIApp, token: str, form: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            sent = dict(scope["headers"]).get(b"authorization")
            if sent is None or not hmac.compare_digest(sent, self._expected):
                await self._unauthorized(scope["path"], sent is None).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _unauthorized(self, path: str, missing: bool) -> ApiError:
        by_gateway = "/core-entities" in path if self._form == "mixed" else self._form == "e3"
        if by_gateway:
            return GatewayError(401, "No API key found in request" if missing else "Unauthorized")
        if path.count("/") > 3:
            return ProblemError(401, "Unauthorized", "Unauthorized")
        return ProblemError(401, "Unauthenticated", "A valid token is required", service="konnect")
