# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors and pages in the form of this API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ..api.pagination import page_after, page_size
from ..errors import ApiError, ProblemError
from ..record_table import RecordTable

SERVICE = "konnect"
TYPE = "https://kongapi.info/konnect/"


class Problem(ProblemError):
    """A problem that names its type."""

    def __init__(self, status: int, detail: str, invalid: Iterable[Mapping[str, Any]] = ()) -> None:
        title = HTTPStatus(status).phrase
        super().__init__(status, title, detail, invalid, service=SERVICE)
        self.body["type"] = TYPE + title.lower().replace(" ", "-")


class NoSuchPath(ApiError):
    """The 404 of a path that the API does not have: plain text (kong-operator issue 4814)."""

    def response(self) -> Response:
        """Render the text."""
        return PlainTextResponse("404 page not found", 404)


def bad_request(*invalid: Mapping[str, Any]) -> Problem:
    """Return the 400 of a body (kong-operator issue 5328)."""
    reasons = "; ".join(f"{item['field']}: {item['reason']}" for item in invalid)
    return Problem(400, f"Bad Request: {reasons}", [{"dependents": None, **item} for item in invalid])


def not_unique() -> Problem:
    """Return the 409 of a name that is taken (kongctl issue 2093)."""
    return Problem(409, "name (type: unique) constraint failed")


def missing() -> Problem:
    """Return the 404 of an entity."""
    return Problem(404, "Not Found")


def cursor_page(
    request: Request, table: RecordTable[Any], render: Callable[[Any], Any], limit: int | None, form: str
) -> dict[str, Any]:
    """Return a page of a list below a gateway.

    :param form: of ``next``: the bare cursor, as live Konnect sends it (kongctl issue 2093), or a URL, as described.
    """
    size = page_size(request, limit)
    page = page_after(request, table, size)

    def link(cursor: str | None) -> str | None:
        return f"{request.url.path}?page[after]={quote(cursor)}" if cursor and form == "url" else cursor

    meta = {"size": size, "next": link(page.next), "previous": link(page.previous)}
    return {"data": [render(record) for record in page.records], "meta": {"page": meta}}
