# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four ways in which Konnect pages a list (Konnect OpenAPI control-planes v2 and control-planes-config v2).

numbered_page  ``page[size]``, ``page[number]`` -> ``meta.page {number, size, total}``  control planes
cursor_page    ``page[size]``, ``page[after]``  -> ``meta.page {size, next, previous}``  config stores, secrets
items_page     ``page[size]``, ``page[after]``  -> ``page {total_count, next}``          data plane nodes
offset_page    ``size``, ``offset``             -> ``next``, ``offset``, absent at the end  core entities

A page size above the maximum counts as the maximum, except for core entities, which reject it. ``limit`` is the
emulator's ``--page-size``: default and maximum of every list, so that few records make many pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.requests import Request

from ..errors import INVALID_ARGUMENT, CoreEntityError, invalid_parameters
from ..record_table import InvalidCursor, Page, RecordTable

T = TypeVar("T")
Render = Callable[[T], dict[str, Any]]

DEFAULT_SIZE, MAX_SIZE = 10, 100
CORE_DEFAULT_SIZE, CORE_MAX_SIZE = 100, 1000


def _positive_number(request: Request, name: str, default: int) -> int:
    """Return a query parameter; the API description allows it to be empty, which is the default."""
    word = request.query_params.get(name, "")
    if not word:
        return default
    source = {"field": name, "source": "query"}
    try:
        number = int(word)
    except ValueError:
        raise invalid_parameters(
            {**source, "rule": "is_integer", "reason": f"{name} must be an integer number"}
        ) from None
    if number < 1:
        raise invalid_parameters({**source, "rule": "min", "minimum": 1, "reason": f"{name} must not be less than 1"})
    return number


def page_size(request: Request, limit: int | None) -> int:
    """Return the number of records that a page has."""
    return min(_positive_number(request, "page[size]", limit or DEFAULT_SIZE), limit or MAX_SIZE)


def page_after(request: Request, table: RecordTable[T], size: int) -> Page[T]:
    """Return the page after the cursor of a request; raises a 400."""
    try:
        return table.page(request.query_params.get("page[after]", ""), size)
    except InvalidCursor:
        raise invalid_parameters(
            {"field": "page[after]", "rule": "invalid", "reason": "page[after] is invalid", "source": "query"}
        ) from None


def numbered_page(request: Request, records: list[dict[str, Any]], limit: int | None) -> dict[str, Any]:
    """Return the response for a list of control planes."""
    size = page_size(request, limit)
    number = _positive_number(request, "page[number]", 1)
    start = (number - 1) * size
    return {
        "data": records[start : start + size],
        "meta": {"page": {"number": number, "size": size, "total": len(records)}},
    }


def cursor_page(
    request: Request, table: RecordTable[T], path: str, render: Render[T], limit: int | None
) -> dict[str, Any]:
    """Return the response for a list of config stores or secrets.

    ``next`` has neither region nor control plane, as in the API description's example
    ``/config-stores?page[after]=dXVpZC01``: a client that requests it as a URL fails.
    """
    size = page_size(request, limit)
    page = page_after(request, table, size)

    def link(cursor: str | None) -> str | None:
        return None if cursor is None else f"{path}?page[after]={quote(cursor, safe='')}"

    meta = {"size": size, "next": link(page.next), "previous": link(page.previous)}
    return {"data": [render(record) for record in page.records], "meta": {"page": meta}}


def items_page(request: Request, table: RecordTable[T], render: Render[T], limit: int | None) -> dict[str, Any]:
    """Return the response for a list of nodes.

    The description does not say whether ``next`` is a URL; here it is the cursor.
    """
    page = page_after(request, table, page_size(request, limit))
    following = {} if page.next is None else {"next": page.next}
    return {"items": [render(record) for record in page.records], "page": {"total_count": len(table), **following}}


def offset_page(
    request: Request,
    table: RecordTable[T],
    path: str,
    render: Render[T],
    limit: int | None,
    matches: Callable[[T], bool] | None = None,
) -> dict[str, Any]:
    """Return the response for a list of core entities."""
    word = request.query_params.get("size", "")
    size = int(word) if word.isascii() and word.isdigit() else 0
    if word and not 1 <= size <= CORE_MAX_SIZE:
        message = f"invalid page_size '{word}', must be within range [1 - {CORE_MAX_SIZE}]"
        raise CoreEntityError(400, INVALID_ARGUMENT, message)
    size = min(size or CORE_DEFAULT_SIZE, limit or CORE_MAX_SIZE)
    try:
        page = table.page(request.query_params.get("offset", ""), size, matches)
    except InvalidCursor:
        raise CoreEntityError(400, INVALID_ARGUMENT, "invalid page token") from None
    response: dict[str, Any] = {"data": [render(record) for record in page.records]}
    if page.next is not None:
        response["next"] = f"{path}?offset={quote(page.next, safe='')}"
        response["offset"] = page.next
    return response
