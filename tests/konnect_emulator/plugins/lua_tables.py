# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table that a Lua file returns, if it is written as a literal; nothing is run."""

from __future__ import annotations

import re
from typing import Any

# After a word there may be calls and fields: ``require("kong.db.schema.typedefs").protocols_http``.
_TOKEN = re.compile(
    r"""\s*(?:--[^\n]*\s*)*(?:
      "(?P<double>(?:[^"\\\n]|\\.)*)" | '(?P<single>(?:[^'\\\n]|\\.)*)'
    | (?P<number>-?\d+(?:\.\d+)?) | (?P<word>[A-Za-z_][\w.]*)(?:\s*\([^()]*\)|\.\w+)* | (?P<sign>[{}\[\]=,;])
    )""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "nil": None}


class NoLiteral(ValueError):
    """The file returns something else, such as the result of a function."""


class _Reader:
    """Reads one value after the other from a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def _next(self) -> re.Match[str]:
        found = _TOKEN.match(self._text, self._position)
        if found is None:
            raise NoLiteral(self._text[self._position : self._position + 40])
        self._position = found.end()
        return found

    def _take(self, sign: str) -> bool:
        found = _TOKEN.match(self._text, self._position)
        if found is None or found["sign"] != sign:
            return False
        self._position = found.end()
        return True

    def value(self) -> Any:
        """Return a value; a word that means nothing here, such as one of typedefs, or a call, as a text."""
        found = self._next()
        if found["sign"] == "{":
            return self._table()
        if found["number"]:
            return float(found["number"]) if "." in found["number"] else int(found["number"])
        if found["word"]:
            return _WORDS.get(found["word"], found["word"])
        if found["sign"]:
            raise NoLiteral(found["sign"])
        return re.sub(r"\\(.)", r"\1", found["double"] if found["double"] is not None else found["single"])

    def _table(self) -> Any:
        """Return the rest of a table: a list if nothing in it has a name."""
        listed: list[Any] = []
        named: dict[str, Any] = {}
        while not self._take("}"):
            bracketed = self._take("[")
            item = self.value()
            if bracketed and not self._take("]"):
                raise NoLiteral("]")
            if self._take("="):
                named[item] = self.value()
            else:
                listed.append(item)
            if not self._take(","):
                self._take(";")
        return named or listed


def returned_table(source: str) -> dict[str, Any]:
    """Return the table after the last ``return``; raises NoLiteral."""
    _before, found, text = source.rpartition("return")
    table = _Reader(text).value() if found else None
    if not isinstance(table, dict):
        raise NoLiteral("no table with names")
    return table
