# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""HTML and SVG elements that escape their text, so that no caller has to."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from .model import printable

_VOID = ("input", "meta")


class Markup(str):
    """Text that is HTML already."""


def element(tag: str, /, *children: Any, **attributes: Any) -> Markup:
    """Return one element.

    :param children: text, which is escaped; Markup, which is not; None, which is left out; or an iterable of these.
    :param attributes: named with ``_`` for a dash, and with one at the end if Python reserves the word. True makes an
        attribute without a value; None and False leave it out.
    """
    start = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}>"
    return Markup(start if tag in _VOID else f"{start}{fragment(*children)}</{tag}>")


def fragment(*children: Any) -> Markup:
    """Return the children of an element without the element."""
    return Markup("".join(_child(child) for child in children))


def isolated(name: Any) -> Markup:
    """Return a name that cannot change the writing direction of the text around it."""
    return element("bdi", name)


def _child(child: Any) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, Iterable) and not isinstance(child, str):
        return fragment(*child)
    return html.escape(printable(str(child)))


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(printable(str(value)))}"'
