# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a single field in Kong's schemas (kong/db/schema/init.lua, ``Schema.validators``), in Kong's order.

A rule gets a value, which has the type of its field, and what the schema says of the rule; it returns what is wrong
with the value, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..state import is_uuid
from .lua_patterns import lua_search

Rule = Callable[[Any, Any], "str | None"]


def same(one: Any, other: Any) -> bool:
    """Compare as Lua does: a boolean is no number."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def word(value: Any) -> str:
    """Return a value as Lua prints it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.14g}" if isinstance(value, float) else str(value)


def quoted(names: list[Any]) -> str:
    """Return ``'a', 'b'``, or ``('a', 'b'), ('c')`` for lists of names."""
    return ", ".join(f"({quoted(name)})" if isinstance(name, list) else f"'{name}'" for name in names)


def size(value: Any) -> int:
    """Return the length: of a text in bytes, of a container in elements."""
    return len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else len(value)


def contains(options: list[Any], value: Any) -> bool:
    """Find a value among others."""
    return any(same(option, value) for option in options)


def _match_any(value: str, argument: dict[str, Any]) -> str | None:
    found = any(lua_search(pattern, value) for pattern in argument["patterns"])
    return None if found else str(argument["err"])


def _first_error(value: str, patterns: list[dict[str, str]], forbidden: bool) -> str | None:
    wrong = (item["err"] for item in patterns if bool(lua_search(item["pattern"], value)) == forbidden)
    return next(wrong, None)


def _is_regex(value: str, _argument: Any) -> str | None:
    try:
        re.compile(value)
    except re.error:
        return f"not a valid regex: {value}"
    return None


def _exclusive_subsets(value: list[Any], subsets: list[list[Any]]) -> str | None:
    found: list[list[Any]] = []
    for item in value:
        found += [subset for subset in subsets if item in subset and subset not in found]
    return None if len(found) < 2 else f"these sets are mutually exclusive: {quoted(found)}"


def _simple(is_valid: Callable[[Any, Any], bool], message: Callable[[Any, Any], str]) -> Rule:
    return lambda value, argument: None if is_valid(value, argument) else message(value, argument)


def _listed(options: list[Any]) -> str:
    return ", ".join(map(word, options))


RULES: dict[str, Rule] = {
    "eq": _simple(same, lambda value, wanted: f"value must be {word(wanted)}"),
    "ne": _simple(lambda value, other: not same(value, other), lambda value, other: f"value must not be {word(value)}"),
    "not_one_of": _simple(
        lambda value, options: not contains(options, value),
        lambda value, options: f"must not be one of: {_listed(options)}",
    ),
    "one_of": _simple(
        lambda value, options: contains(options, value), lambda value, options: f"expected one of: {_listed(options)}"
    ),
    "gt": _simple(lambda value, limit: value > limit, lambda value, limit: f"value must be greater than {word(limit)}"),
    "timestamp": _simple(lambda value, _: value > 0, lambda value, _: "expected a valid timestamp"),
    "uuid": _simple(
        lambda value, _: is_uuid(value) and value == value.lower(), lambda value, _: "expected a valid UUID"
    ),
    "is_regex": _is_regex,
    "between": _simple(
        lambda value, limits: limits[0] <= value <= limits[1],
        lambda value, limits: f"value should be between {int(limits[0])} and {int(limits[1])}",
    ),
    "len_eq": _simple(lambda value, wanted: size(value) == wanted, lambda value, wanted: f"length must be {wanted}"),
    "len_min": _simple(lambda value, least: size(value) >= least, lambda value, n: f"length must be at least {n}"),
    "len_max": _simple(lambda value, most: size(value) <= most, lambda value, n: f"length must be at most {n}"),
    "starts_with": _simple(str.startswith, lambda value, prefix: f"should start with: {prefix}"),
    "not_match": _simple(
        lambda value, pattern: not lua_search(pattern, value), lambda value, _: f"invalid value: {value}"
    ),
    "match_none": lambda value, patterns: _first_error(value, patterns, True),
    "match": _simple(
        lambda value, pattern: bool(lua_search(pattern, value)), lambda value, _: f"invalid value: {value}"
    ),
    "match_all": lambda value, patterns: _first_error(value, patterns, False),
    "match_any": _match_any,
    "contains": _simple(contains, lambda value, wanted: f"expected to contain: {word(wanted)}"),
    "mutually_exclusive_subsets": _exclusive_subsets,
}


def violated_rules(field: dict[str, Any], value: Any) -> Iterator[str]:
    """Yield what is wrong with a value of the right type; Kong reports the first only."""
    implied = {"len_min": 1} if field["type"] == "string" else {}
    spec = {**implied, **field}
    for name, rule in RULES.items():
        if spec.get(name) is not None:
            message = rule(value, spec[name])
            if message is not None:
                yield str(field.get("err") or message)
