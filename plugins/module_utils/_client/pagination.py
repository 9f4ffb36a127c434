# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The styles in which Konnect pages its lists, and how to read a page of each.

number  ``page[number]``; ``{data, meta: {page: {number, size, total}}}``   control planes
cursor  ``page[after]``;  ``{data, meta: {page: {next}}}``                  config stores, secrets
offset  ``offset``;       ``{data, offset}``                                core entities
items   ``page[after]``;  ``{items, page: {total_count, next}}``            data plane nodes, plugin schemas
whole   no query;       ``{items, page: {total_count}}``                    data plane client certificates

Source: Konnect OpenAPI control-planes v2 and control-planes-config v2.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from .response_body import a_type

Paging = Literal["number", "cursor", "offset", "items", "whole"]
# The items of a page, and whether it is the last one.
Page = tuple[list[dict[str, Any]], bool]

# Konnect publishes the limit of the core entities (1000) and none for the others; 100 is taken everywhere.
PAGE_SIZES: dict[Paging, int] = {"number": 100, "cursor": 100, "offset": 1000, "items": 100}


def read_pages(get: Callable[[dict[str, str]], Any], paging: Paging, query: Mapping[str, str]) -> Iterator[Page]:
    """Each page of a list, with each item once. It is asked for when it is needed.

    Only the cursor is taken out of a response, never a URL to follow.

    :param get: the page of a query.
    """
    asked = {**query, **first_query(paging)}
    seen_items: set[str] = set()
    seen_cursors: set[str] = set()
    for number in itertools.count(1):
        if paging == "number":
            asked["page[number]"] = str(number)
        page = get(asked)
        items, new = page_items(page, paging), []
        for item in items:
            identity = str(item.get("id") or item.get("key") or json.dumps(item, sort_keys=True))
            if identity not in seen_items:
                seen_items.add(identity)
                new.append(item)
        cursor = next_cursor(page, paging, number, len(items))
        if not cursor or cursor in seen_cursors or (paging == "number" and not new):
            yield new, True
            return
        yield new, False
        seen_cursors.add(cursor)
        if paging != "number":
            asked["offset" if paging == "offset" else "page[after]"] = cursor


def first_query(paging: Paging) -> dict[str, str]:
    """The query of the first page."""
    if paging == "whole":
        return {}
    return {"size" if paging == "offset" else "page[size]": str(PAGE_SIZES[paging])}


def page_items(page: dict[str, Any], paging: Paging) -> list[dict[str, Any]]:
    """The items of a page. A server may send null for none."""
    return page[list_field(paging)] or []


def page_problem(page: Any, paging: Paging, check_item: Callable[[Any], str | None]) -> str | None:
    """The reason why a response is no page of this style; None when it is one."""
    name = list_field(paging)
    if not isinstance(page, dict):
        return f"{a_type(page)} instead of a page of a list"
    if name not in page or not isinstance(page[name], (list, type(None))):
        return f"no list in {name}"
    for item in page[name] or []:
        problem = check_item(item) if isinstance(item, dict) else f"{a_type(item)} as an item of a list"
        if problem:
            return problem
    return _cursor_problem(page, paging)


def _cursor_problem(page: dict[str, Any], paging: Paging) -> str | None:
    if paging == "offset":
        return None if isinstance(page.get("offset"), (str, type(None))) else f"{a_type(page['offset'])} as the offset"
    try:
        meta = _meta(page, paging)
        numbers = [meta.get(name) for name in ("size", "total")]
        if all(each is None or (isinstance(each, int) and each >= 0) for each in numbers):
            _cursor_of(meta.get("next") or "")
            return None
    except (AttributeError, TypeError, ValueError):
        pass
    return "a page of a list that does not say which page is the next"


def next_cursor(page: dict[str, Any], paging: Paging, number: int, count: int) -> str | None:
    """The cursor of the page after this one, the ``number``-th with ``count`` items; None at the end."""
    if paging == "offset":
        return page.get("offset") or None
    meta = _meta(page, paging)
    if paging == "number":
        if meta.get("total") is None:
            return str(number) if count >= PAGE_SIZES[paging] else None
        size = meta.get("size") or count
        return str(number) if count and number * size < meta["total"] else None
    return _cursor_of(meta.get("next") or "")


def list_field(paging: Paging) -> str:
    """The field of a page that holds its items."""
    return "items" if paging in ("items", "whole") else "data"


def _meta(page: dict[str, Any], paging: Paging) -> dict[str, Any]:
    return (page if list_field(paging) == "items" else page.get("meta") or {}).get("page") or {}


def _cursor_of(next_page: str) -> str | None:
    """The cursor that is either the whole text or in the query of a URL; nothing else of a URL is ever used."""
    after = parse_qs(urlsplit(next_page).query).get("page[after]")
    if after:
        return after[0]
    return None if "?" in next_page or "://" in next_page else next_page or None
