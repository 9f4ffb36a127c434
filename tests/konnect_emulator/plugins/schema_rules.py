# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's rules for a configuration and its schema: replace shorthands, fill in defaults, validate, show.

The rules are those of Kong's schema library (kong/db/schema/init.lua and entity.lua in Kong Gateway 3.10): an unset
scalar or optional record is an explicit null, a required record is expanded; a set loses duplicates; a reference in a
referenceable field is accepted as it is. Lua has one kind of table: ``{}`` is taken for a list, and ``[]`` for a map.
"""

from __future__ import annotations

import copy
import secrets
import string
from typing import Any

from ..errors import Violation, entity_violation, field_violation
from ..state import new_id
from .entity_checks import REQUIRED, run_checks
from .field_rules import contains, violated_rules
from .lua_checks import LUA_CHECKS
from .schema import Check, Field, is_reference, named_fields
from .shorthands import mismatch, replace

LISTS, TABLES = ("array", "set"), ("map", "record")
RANDOM_CHARACTERS = string.ascii_letters + string.digits
RANDOM_LENGTH = 32


# --- shorthands


def expand(field: Field, value: Any, path: str) -> tuple[Any, list[Violation]]:
    """Return a given value with today's names instead of old ones, and what is wrong with those."""
    kind = field["type"]
    found: list[Violation] = []
    if kind == "record" and isinstance(value, dict):
        value = dict(value)
        for name, shorthand in (pair for entry in field.get("shorthand_fields", ()) for pair in entry.items()):
            if name in value:
                wrong = validate(shorthand, value[name], f"{path}.{name}")
                message = None if wrong else mismatch(value, name, shorthand)
                found += wrong or ([field_violation(f"{path}.{name}", message)] if message else [])
                if not wrong and not message:
                    replace(value, name, shorthand)
        for name, inner in named_fields(field["fields"]):
            if name in value:
                value[name], wrong = expand(inner, value[name], f"{path}.{name}")
                found += wrong
    elif kind in LISTS and isinstance(value, list):
        pairs = [expand(field["elements"], item, f"{path}[{index}]") for index, item in enumerate(value)]
        return [item for item, _wrong in pairs], [violation for _item, wrong in pairs for violation in wrong]
    return value, found


# --- defaults


def random_text() -> str:
    """Return a text as Kong makes it for fields that are ``auto``."""
    return "".join(secrets.choice(RANDOM_CHARACTERS) for _index in range(RANDOM_LENGTH))


def fill(field: Field, value: Any) -> Any:
    """Return a given value with every default filled in."""
    kind = field["type"]
    if kind in LISTS and value == {} and isinstance(value, dict):
        return []
    if kind in TABLES and value == [] and isinstance(value, list):
        value = {}
    if kind == "record" and isinstance(value, dict):
        known = {name: _fill_field(inner, value, name) for name, inner in named_fields(field["fields"])}
        return {**known, **{name: value[name] for name in value if name not in known}}
    if kind == "map" and isinstance(value, dict):
        return {name: fill(field["values"], item) for name, item in value.items()}
    if kind in LISTS and isinstance(value, list):
        filled = [fill(field["elements"], item) for item in value]
        return without_duplicates(filled) if kind == "set" else filled
    return value


def _fill_field(field: Field, given: dict[str, Any], name: str) -> Any:
    if name in given:
        return fill(field, given[name])
    if field.get("auto"):
        return new_id() if field.get("uuid") else random_text()
    if field["type"] == "record" and field.get("required"):
        return fill(field, copy.deepcopy(field.get("default", {})))
    return copy.deepcopy(field.get("default"))


def without_duplicates(items: list[Any]) -> list[Any]:
    """Return the items without repeated scalars; two tables are never the same in Lua."""
    kept: list[Any] = []
    for item in items:
        if isinstance(item, (dict, list)) or not contains(kept, item):
            kept.append(item)
    return kept


# --- validation


def validate(field: Field, value: Any, path: str) -> list[Violation]:
    """Return what is wrong with a filled value; a rule of a container is checked only if all in it is valid."""
    if value is None:
        return [field_violation(path, REQUIRED)] if field.get("required") else []
    if "eq" in field and field["eq"] is None:
        return [field_violation(path, str(field.get("err") or "value must be null"))]
    if field.get("referenceable") and is_reference(value):
        return []
    wrong_type = _check_type(field["type"], value)
    if wrong_type:
        return [field_violation(path, wrong_type)]
    found = _validate_inner(field, value, path)
    if not found:
        found = [field_violation(path, message) for message in violated_rules(field, value)][:1]
    return found or _lua_check(field, value, path)


def _lua_check(field: Field, value: Any, path: str) -> list[Violation]:
    name = field.get("_check")
    message = LUA_CHECKS[name](value) if name else None
    return [field_violation(path, message)] if message else []


def _validate_inner(field: Field, value: Any, path: str) -> list[Violation]:
    kind = field["type"]
    if kind == "record":
        return _validate_record(field, value, path)
    found: list[Violation] = []
    if kind in LISTS:
        for index, item in enumerate(value):
            found += validate({**field["elements"], "required": True}, item, f"{path}[{index}]")
    elif kind == "map":
        for name, item in value.items():
            found += validate({**field.get("keys", {"type": "string"}), "required": True}, name, f"{path}.{name}")
            found += validate({**field["values"], "required": True}, item, f"{path}.{name}")
    return found


def _validate_record(field: Field, value: dict[str, Any], path: str) -> list[Violation]:
    value = fill(field, value)
    known = dict(named_fields(field["fields"]))
    found: list[Violation] = []
    for name, item in value.items():
        inner = f"{path}.{name}"
        found += validate(known[name], item, inner) if name in known else [field_violation(inner, "unknown field")]
    return found + check_together(field.get("entity_checks", []), field["fields"], value, f"{path}.", found)


def check_together(
    checks: list[Check],
    fields: list[dict[str, Field]],
    record: dict[str, Any],
    prefix: str,
    found: list[Violation],
) -> list[Violation]:
    """Return what is wrong with several fields of a record, but for fields that were ``found`` to be wrong anyway."""

    def matches(field: Field, value: Any) -> str | None:
        return next((violation.message for violation in validate(field, value, "")), None)

    known = {violation.field for violation in found}
    messages = run_checks(checks, fields, record, matches)
    return [
        field_violation(f"{prefix}{name}", message) if name else entity_violation(message)
        for name, message in messages
        if not name or f"{prefix}{name}" not in known
    ]


def _check_type(kind: str, value: Any) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    valid, expected = {
        "string": (isinstance(value, str), "a string"),
        "boolean": (isinstance(value, bool), "a boolean"),
        "number": (is_number, "a number"),
        "integer": (is_number and value == int(value), "an integer"),
        "array": (isinstance(value, list) or value == {}, "an array"),
        "set": (isinstance(value, list) or value == {}, "a set"),
        "map": (isinstance(value, dict) or value == [], "a map"),
        "record": (isinstance(value, dict) or value == [], "a record"),
        "foreign": (isinstance(value, dict) and isinstance(value.get("id"), str), "a foreign entity"),
    }.get(kind, (True, ""))
    return None if valid else f"expected {expected}"


# --- what responses show


def encode(field: Field, value: Any) -> Any:
    """Return a stored value as Konnect encodes it: an empty map or record as ``[]``."""
    kind = field["type"]
    if kind in TABLES and value == {}:
        return []
    if kind == "record" and isinstance(value, dict):
        known = dict(named_fields(field["fields"]))
        return {name: encode(known[name], item) if name in known else item for name, item in value.items()}
    if kind == "map" and isinstance(value, dict):
        return {name: encode(field["values"], item) for name, item in value.items()}
    if kind in LISTS and isinstance(value, list):
        return [encode(field["elements"], item) for item in value]
    return value


def violations(field: Field, checks: list[Check], config: Any) -> list[Violation]:
    """Return everything that is wrong with a filled config, by its schema and the checks of the whole plugin."""
    found = validate(field, config, "config")
    return found + check_together(checks, [{"config": field}], {"config": config}, "", found)
