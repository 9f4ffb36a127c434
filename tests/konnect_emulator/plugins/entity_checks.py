# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's checks over several fields of a record (kong/db/schema/init.lua, ``Schema.entity_checkers``).

A check is data, ``{"at_least_one_of": ["config.allow", "config.deny"]}``, and names fields by their path in the record.
The functions of this module get the filled record and return messages; a message of one field has its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .field_rules import quoted
from .schema import Check, Field, is_reference, named_fields
from .shorthands import ABSENT, value_at

# (field or "", message): without a field it is about the record as a whole.
Message = tuple[str, str]
Matches = Callable[[Field, Any], "str | None"]
REQUIRED = "required field missing"
MISSING_FOR_CHECK = "field required for entity check"


def field_at(fields: list[dict[str, Field]], path: str) -> Field | None:
    """Return the schema of a field by its path."""
    field: Field = {"fields": fields}
    for name in path.split("."):
        found = dict(named_fields(field.get("fields", []))).get(name)
        if found is None:
            return None
        field = found
    return field


def _get(record: Any, path: str) -> Any:
    return value_at(record, path.split("."))


def _is_set(value: Any) -> bool:
    return value is not ABSENT and value is not None and value not in ("", [], {})


def _count(record: Any, paths: list[str]) -> int:
    return sum(_is_set(_get(record, path)) for path in paths)


def _at_least_one(record: Any, paths: list[str]) -> str | None:
    return None if _count(record, paths) else f"at least one of these fields must be non-empty: {quoted(paths)}"


def _only_one(record: Any, paths: list[str]) -> str | None:
    if _count(record, paths) == 1:
        return None
    return f"exactly one of these fields must be non-empty: {quoted(paths)}"


def _mutually_required(record: Any, paths: list[str]) -> str | None:
    if _count(record, paths) in (0, len(paths)):
        return None
    return f"all or none of these fields must be set: {quoted(paths)}"


def _mutually_exclusive(record: Any, paths: list[str]) -> str | None:
    return None if _count(record, paths) < 2 else f"only one or none of these fields must be set: {quoted(paths)}"


def _distinct(record: Any, paths: list[str]) -> str | None:
    values = [value for path in paths if _is_set(value := _get(record, path))]
    if all(value not in values[:index] for index, value in enumerate(values)):
        return None
    return f"values of these fields must be distinct: {quoted(paths)}"


SIMPLE: dict[str, Callable[[Any, list[str]], str | None]] = {
    "at_least_one_of": _at_least_one,
    "only_one_of": _only_one,
    "mutually_required": _mutually_required,
    "mutually_exclusive": _mutually_exclusive,
    "distinct": _distinct,
}


def _conditional(
    fields: list[dict[str, Field]], record: Any, argument: dict[str, Any], matches: Matches
) -> Iterator[Message]:
    """If one field matches, another must match too."""
    if_field, then_field = argument["if_field"], argument["then_field"]
    then_value = _get(record, then_field)
    then_value = None if then_value is ABSENT else then_value
    if _get(record, if_field) is ABSENT:
        yield if_field, MISSING_FOR_CHECK
        return
    if matches({**(field_at(fields, if_field) or {}), **argument["if_match"]}, _get(record, if_field)):
        return
    if argument["then_match"].get("required") and then_value is None:
        wrong: str | None = REQUIRED
    else:
        wrong = matches({**(field_at(fields, then_field) or {}), **argument["then_match"]}, then_value)
    if wrong:
        yield then_field, wrong
        custom = argument.get("then_err") if wrong != REQUIRED else None
        yield "", custom or f"failed conditional validation given value of field '{if_field}'"


def _conditional_at_least_one(
    fields: list[dict[str, Field]], record: Any, argument: dict[str, Any], matches: Matches
) -> Iterator[Message]:
    """If a field matches, one of some others must be set; else perhaps one of yet others."""
    if_field = argument["if_field"]
    value = _get(record, if_field)
    if value is ABSENT:
        return
    for prefix, names in (("if", "then"), ("else", "else_then")):
        condition = argument.get(f"{prefix}_match")
        if condition is None or matches({**(field_at(fields, if_field) or {}), **(condition or {})}, value):
            continue
        paths = argument[f"{names}_at_least_one_of"]
        if not _count(record, paths):
            custom = argument.get(f"{names}_err")
            listed = quoted(paths)
            message = custom.replace("%s", listed) if custom else None
            yield "", message or f"at least one of these fields must be non-empty: {listed}"
        return


CONDITIONAL = {"conditional": _conditional, "conditional_at_least_one_of": _conditional_at_least_one}


def _sources(name: str, argument: Any) -> list[str]:
    """Return the fields that a check looks at."""
    if name in SIMPLE:
        return list(argument)
    found: list[str] = []
    for key in ("if_field", "then_field", "then_at_least_one_of", "else_then_at_least_one_of", "field_sources"):
        given = argument.get(key, [])
        found += [given] if isinstance(given, str) else given
    return found


def _refers_to_secret(fields: list[dict[str, Field]], record: Any, path: str) -> bool:
    field = field_at(fields, path) or {}
    return bool(field.get("type") == "string" and field.get("referenceable") and is_reference(_get(record, path)))


def run_checks(
    checks: list[Check], fields: list[dict[str, Field]], record: dict[str, Any], matches: Matches
) -> Iterator[Message]:
    """Run the checks of a record; those that look at a reference to a secret, or at nothing, do not run.

    ``matches`` validates a value by a field, and returns what is wrong. Checks that are code in Kong have no entry
    here (see lua_checks).
    """
    for check in checks:
        for name, argument in check.items():
            sources = _sources(name, argument)
            if any(_refers_to_secret(fields, record, path) for path in sources):
                continue
            nothing_there = all(_get(record, path) is ABSENT for path in sources)
            if name in CONDITIONAL:
                if not nothing_there:
                    yield from CONDITIONAL[name](fields, record, argument, matches)
            elif name == "only_one_of" and any(_get(record, path) is ABSENT for path in sources):
                if not nothing_there:
                    yield from ((path, MISSING_FOR_CHECK) for path in sources if _get(record, path) is ABSENT)
            elif name in SIMPLE:
                message = SIMPLE[name](record, argument)
                if message:
                    yield "", message
