# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The four styles in which Konnect pages its lists, and how to read a page of each.

number  ``page[number]``; ``{data, meta: {page: {number, size, total}}}``   control planes
cursor  ``page[after]``;  ``{data, meta: {page: {next}}}``                  config stores, secrets
offset  ``offset``;       ``{data, offset}``                                core entities
items   ``page[after]``;  ``{items, page: {total_count, next}}``            data plane nodes, plugin schemas

Source: Konnect OpenAPI control-planes v2 and control-planes-config v2.
"""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Paging = Literal["number", "cursor", "offset", "items"]

# Konnect publishes the limit of the core entities (1000) and none for the others; 100 is taken everywhere.
PAGE_SIZES: dict[Paging, int] = {"number": 100, "cursor": 100, "offset": 1000, "items": 100}


def page_items(page: Any, paging: Paging) -> list[dict[str, Any]] | None:
    """The items of a page; None when the response is no page of this kind."""
    items = page.get("items" if paging == "items" else "data", "missing") if isinstance(page, dict) else "missing"
    if items is None:
        return []
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else None


def next_cursor(page: dict[str, Any], paging: Paging, number: int, count: int) -> str | None:
    """The cursor of the page after this one, the ``number``-th with ``count`` items; None at the end."""
    if paging == "offset":
        return page.get("offset") or None
    meta = (page if paging == "items" else page.get("meta") or {}).get("page") or {}
    if paging == "number":
        size = meta.get("size") or count
        return str(number) if count and number * size < (meta.get("total") or 0) else None
    return _cursor_of(meta.get("next") or "")


def _cursor_of(next_page: str) -> str | None:
    """The cursor that is either the whole text or in the query of a URL; nothing else of a URL is ever used."""
    after = parse_qs(urlsplit(next_page).query).get("page[after]")
    if after:
        return after[0]
    return None if "?" in next_page or "://" in next_page else next_page or None
