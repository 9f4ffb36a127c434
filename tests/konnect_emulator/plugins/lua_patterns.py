# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lua's patterns, which Kong's schemas use, as regular expressions of Python."""

from __future__ import annotations

import re
from functools import cache

CLASSES = {
    "a": "a-zA-Z",
    "d": "0-9",
    "l": "a-z",
    "p": re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    "s": r"\s",
    "u": "A-Z",
    "w": "a-zA-Z0-9",
    "x": "a-fA-F0-9",
}


QUANTIFIERS = {"*": "*", "+": "+", "?": "?", "-": "*?"}
ITEM = re.compile(r"\[\^?(?:%.|[^\]])*\]|%.|.", re.DOTALL)


def _class(character: str) -> str:
    return CLASSES.get(character) or re.escape(character)


def _item(item: str) -> str:
    """Translate a set, a class or a character."""
    if item.startswith("[") and len(item) > 1:
        inner = re.sub(r"%(.)", lambda match: _class(match[1]), item[1:-1], flags=re.DOTALL)
        return f"[{inner}]"
    if item.startswith("%") and len(item) > 1:
        return f"[{_class(item[1])}]"
    return "." if item == "." else re.escape(item)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    anchored = pattern.startswith("^")
    translated, position = "^" if anchored else "", int(anchored)
    while position < len(pattern):
        if pattern[position:] == "$":
            translated += r"\Z"
            break
        match = ITEM.match(pattern, position)
        assert match is not None
        quantifier = QUANTIFIERS.get(pattern[match.end() : match.end() + 1], "")
        translated += _item(match[0]) + quantifier
        position = match.end() + bool(quantifier)
    return re.compile(translated, re.DOTALL)


def lua_search(pattern: str, text: str) -> re.Match[str] | None:
    """Find a pattern in a text, byte by byte; captures, balanced pairs and frontiers are not known."""
    raw = text.encode("utf-8", "surrogatepass").decode("latin-1")
    return _compiled(pattern).search(raw)
