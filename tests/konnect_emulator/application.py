# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Starlette application as each of the three servers runs one: no redirects, and errors in JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

ExceptionHandler = Callable[[Request, Exception], Awaitable[Response]]


async def _http_error(request: Request, error: Exception) -> Response:
    """Render an unknown path (404) or method (405) as ``{"detail": ...}``."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def application(
    routes: Sequence[BaseRoute], exception_handlers: dict[Any, ExceptionHandler] | None = None
) -> Starlette:
    """Return the application of these routes; ``exception_handlers`` may replace the form of a 404 and 405."""
    app = Starlette(routes=routes, exception_handlers={HTTPException: _http_error, **(exception_handlers or {})})
    # Konnect takes a path with and without a trailing slash; a redirect would hide which one a client sent.
    app.router.redirect_slashes = False
    return app
