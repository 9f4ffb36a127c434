# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four ways Konnect cuts a list (Konnect OpenAPI control-planes v2 and control-planes-config v2, parameters).

numbers  ``page[size]``, ``page[number]`` -> ``meta.page {number, size, total}``       control planes
cursors  ``page[size]``, ``page[after]``  -> ``meta.page {size, next, previous}``      config stores, secrets
items    ``page[size]``, ``page[after]``  -> ``page {total_count, next}``              data plane nodes
offsets  ``size``, ``offset``             -> ``next``, ``offset``, absent at the end   core entities

Who asks for more than the maximum gets the maximum, except of core entities, which refuse it.
``limit`` is the emulator's ``--page-size``: default and maximum of every list, so that few records make many pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.requests import Request

from .errors import INVALID_ARGUMENT, CoreFailure, invalid_parameters
from .shelf import BadCursor, Page, Shelf

T = TypeVar("T")

DEFAULT_SIZE, MAX_SIZE = 10, 100
CORE_DEFAULT_SIZE, CORE_MAX_SIZE = 100, 1000


def _whole_number(request: Request, name: str, default: int) -> int:
    """A query parameter from 1 up; the API description allows it to be empty."""
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


def _page_size(request: Request, limit: int | None) -> int:
    return min(_whole_number(request, "page[size]", limit or DEFAULT_SIZE), limit or MAX_SIZE)


def _page_after(request: Request, shelf: Shelf[T], size: int) -> Page[T]:
    try:
        return shelf.page(request.query_params.get("page[after]", ""), size)
    except BadCursor:
        raise invalid_parameters(
            {"field": "page[after]", "rule": "invalid", "reason": "page[after] is invalid", "source": "query"}
        ) from None


def numbered(request: Request, rows: list[dict[str, Any]], limit: int | None) -> dict[str, Any]:
    """The answer for a list of control planes."""
    size = _page_size(request, limit)
    number = _whole_number(request, "page[number]", 1)
    start = (number - 1) * size
    return {
        "data": rows[start : start + size],
        "meta": {"page": {"number": number, "size": size, "total": len(rows)}},
    }


def cursored(
    request: Request, shelf: Shelf[T], path: str, show: Callable[[T], dict[str, Any]], limit: int | None
) -> dict[str, Any]:
    """The answer for a list of stores or secrets.

    ``next`` has neither region nor control plane in it, as in the API description's example
    ``/config-stores?page[after]=dXVpZC01``: a client that follows it as it stands gets lost.
    """
    size = _page_size(request, limit)
    page = _page_after(request, shelf, size)

    def link(cursor: str | None) -> str | None:
        return None if cursor is None else f"{path}?page[after]={quote(cursor, safe='')}"

    meta = {"size": size, "next": link(page.next), "previous": link(page.previous)}
    return {"data": [show(row) for row in page.rows], "meta": {"page": meta}}


def itemized(
    request: Request, shelf: Shelf[T], show: Callable[[T], dict[str, Any]], limit: int | None
) -> dict[str, Any]:
    """The answer for a list of nodes. Whether ``next`` is a URL the description leaves open; here it is the cursor."""
    page = _page_after(request, shelf, _page_size(request, limit))
    following = {} if page.next is None else {"next": page.next}
    return {"items": [show(row) for row in page.rows], "page": {"total_count": len(shelf), **following}}


def offset(
    request: Request,
    shelf: Shelf[T],
    path: str,
    show: Callable[[T], dict[str, Any]],
    limit: int | None,
    keep: Callable[[T], bool] | None = None,
) -> dict[str, Any]:
    """The answer for a list of core entities."""
    word = request.query_params.get("size", "")
    size = int(word) if word.isascii() and word.isdigit() else 0
    if word and not 1 <= size <= CORE_MAX_SIZE:
        within = f"must be within range [1 - {CORE_MAX_SIZE}]"
        raise CoreFailure(400, INVALID_ARGUMENT, f"invalid page_size '{word}', {within}")
    size = min(size or CORE_DEFAULT_SIZE, limit or CORE_MAX_SIZE)
    try:
        page = shelf.page(request.query_params.get("offset", ""), size, keep)
    except BadCursor:
        raise CoreFailure(400, INVALID_ARGUMENT, "invalid page token") from None
    answer: dict[str, Any] = {"data": [show(row) for row in page.rows]}
    if page.next is not None:
        answer["next"] = f"{path}?offset={quote(page.next, safe='')}"
        answer["offset"] = page.next
    return answer
