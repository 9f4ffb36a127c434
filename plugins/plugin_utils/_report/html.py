# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""HTML and SVG elements that escape what they are given, so that nobody has to remember to."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from ansible_collections.community.konnect.plugins.plugin_utils._report.model import visible

_VOID = ("input", "meta")


class Markup(str):
    """Text that is HTML already."""


def element(tag: str, /, *children: Any, **attributes: Any) -> Markup:
    """One element.

    :param children: text, which is escaped; Markup, which is not; None, which is nothing; or an iterable of these.
    :param attributes: with ``_`` for a dash, and one at the end where Python keeps the word; True stands for an
        attribute without a value, None and False for none.
    """
    start = f"<{tag}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(start if tag in _VOID else f"{start}{fragment(*children)}</{tag}>")


def fragment(*children: Any) -> Markup:
    """What an element would hold."""
    return Markup("".join(_child(child) for child in children))


def name_of(text: Any) -> Markup:
    """A name that somebody gave, kept from turning the writing direction of what stands around it."""
    return element("bdi", text)


def _child(child: Any) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, Iterable) and not isinstance(child, str):
        return fragment(*child)
    return html.escape(visible(str(child)))


def _attribute(key: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(visible(str(value)))}"'
