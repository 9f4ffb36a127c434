# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Starlette application that each of the three servers runs, and JSON responses."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

ExceptionHandler = Callable[[Request, Exception], Awaitable[Response]]


def json_response(content: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """Return a response in ASCII JSON, which can also hold a lone surrogate that a client sent."""
    return Response(json.dumps(content, separators=(",", ":")), status, media_type=media_type)


async def _http_error(request: Request, error: Exception) -> Response:
    """Render an unknown path (404) or method (405) as ``{"detail": ...}``."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def json_application(
    routes: Sequence[BaseRoute], exception_handlers: dict[Any, ExceptionHandler] | None = None
) -> Starlette:
    """Return the application of these routes; ``exception_handlers`` may replace the form of a 404 and 405."""
    app = Starlette(routes=routes, exception_handlers={HTTPException: _http_error, **(exception_handlers or {})})
    # Konnect takes a path with and without a trailing slash; a redirect would hide which one a client sent.
    app.router.redirect_slashes = False
    return app
