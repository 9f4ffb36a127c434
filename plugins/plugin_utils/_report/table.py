# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The tables of the page."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from .html import Markup, element


def table(label: str, heads: Sequence[str], rows: Sequence[Markup], numeric: Container[int] = ()) -> Markup:
    """Return a table, or a short text if it has no rows.

    :param label: its name for screen readers.
    :param numeric: the indexes of the columns of numbers.
    """
    if not rows:
        return element("p", "None.", class_="none")
    head = (
        element("th", title, scope="col", class_="number" if index in numeric else None)
        for index, title in enumerate(heads)
    )
    return scrollable(
        label, element("table", element("thead", element("tr", head)), element("tbody", rows), aria_label=label)
    )


def cell(*children: Any, number: bool = False, sort: int | None = None) -> Markup:
    """Return a cell.

    :param number: whether to align it as a number.
    :param sort: the value that the script sorts it by, in place of its text.
    """
    return element("td", *children, class_="number" if number else None, data_sort=sort)


def scrollable(label: str, content: Markup, class_: str = "") -> Markup:
    """Return a box that scrolls content wider than the window; it takes the focus, so that the keyboard can scroll."""
    return element("div", content, class_=f"scroll {class_}".strip(), role="region", aria_label=label, tabindex=0)
