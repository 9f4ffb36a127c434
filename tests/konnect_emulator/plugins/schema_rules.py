# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's rules for a configuration and its schema: fill in defaults, then validate.

The rules are those of Kong's schema library (kong/db/schema/init.lua and entity.lua in Kong Gateway 3.10): a record is
required, and so expanded, unless it says otherwise; an unset scalar or optional record is an explicit null; a set loses
duplicates; a map is left alone; a reference in a referenceable field is accepted as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from ..errors import Violation, field_violation
from .schema import Field, is_reference, named_fields


def fill(field: Field, value: Any) -> Any:
    """Return a given value with every default filled in."""
    kind = field["type"]
    if kind == "record" and isinstance(value, dict):
        known = {name: _fill_field(inner, value, name) for name, inner in named_fields(field["fields"])}
        return {**known, **{name: value[name] for name in value if name not in known}}
    if kind in ("array", "set") and isinstance(value, list):
        filled = [fill(field["elements"], item) for item in value]
        return _without_duplicates(filled) if kind == "set" else filled
    return value


def _fill_field(field: Field, given: dict[str, Any], name: str) -> Any:
    if name in given:
        return fill(field, given[name])
    if "default" in field:
        return fill(field, copy.deepcopy(field["default"]))
    if field["type"] == "record" and field.get("required"):
        return fill(field, {})
    return None


def _without_duplicates(items: list[Any]) -> list[Any]:
    return [item for index, item in enumerate(items) if item not in items[:index]]


def validate(field: Field, value: Any, path: str) -> list[Violation]:
    """Return what is wrong with a filled value; a rule of a container is checked only if all in it is valid."""
    if value is None:
        return [field_violation(path, "required field missing")] if field.get("required") else []
    if field.get("referenceable") and is_reference(value):
        return []
    wrong_type = _check_type(field["type"], value)
    if wrong_type:
        return [field_violation(path, wrong_type)]
    found = _validate_inner(field, value, path)
    return found or [field_violation(path, message) for message in _check_rules(field, value)]


def _validate_inner(field: Field, value: Any, path: str) -> list[Violation]:
    kind = field["type"]
    found: list[Violation] = []
    if kind == "record":
        known = dict(named_fields(field["fields"]))
        for name, item in value.items():
            inner = f"{path}.{name}"
            found += validate(known[name], item, inner) if name in known else [field_violation(inner, "unknown field")]
    elif kind in ("array", "set"):
        for index, item in enumerate(value):
            found += validate({**field["elements"], "required": True}, item, f"{path}[{index}]")
    elif kind == "map":
        for name, item in value.items():
            found += validate({**field["values"], "required": True}, item, f"{path}.{name}")
    return found


def _check_type(kind: str, value: Any) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    valid, expected = {
        "string": (isinstance(value, str), "a string"),
        "boolean": (isinstance(value, bool), "a boolean"),
        "number": (is_number, "a number"),
        "integer": (is_number and value == int(value), "an integer"),
        "array": (isinstance(value, list), "an array"),
        "set": (isinstance(value, list), "a set"),
        "map": (isinstance(value, dict), "a map"),
        "record": (isinstance(value, dict), "a record"),
        "foreign": (isinstance(value, dict) and isinstance(value.get("id"), str), "a foreign entity"),
    }.get(kind, (True, ""))
    return None if valid else f"expected {expected}"


def _check_rules(field: Field, value: Any) -> Iterator[str]:
    if "one_of" in field and value not in field["one_of"]:
        yield f"expected one of: {', '.join(map(str, field['one_of']))}"
    if "gt" in field and not value > field["gt"]:
        yield f"value must be greater than {field['gt']}"
    if "between" in field:
        low, high = field["between"]
        if not low <= value <= high:
            yield f"value should be between {low} and {high}"
    minimum = field.get("len_min", 1 if field["type"] == "string" else 0)
    if isinstance(value, (str, list)) and len(value) < minimum:
        yield f"length must be at least {minimum}"
    if "len_max" in field and len(value) > field["len_max"]:
        yield f"length must be at most {field['len_max']}"
