# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of Kong's API description for the bodies of requests: checks, defaults, and what responses leave out.

``schemas.json`` is made by tools/ai_gateway_schemas.py.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
# An item of ``invalid_parameters``.
Invalid = dict[str, Any]

FILE = Path(__file__).with_name("schemas.json")
TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


@functools.cache
def _schemas() -> dict[str, Schema]:
    found: dict[str, Schema] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def schema_of(name: str) -> Schema:
    """Return the schema of this name."""
    return _schemas()[name]


def _plain(schema: Schema) -> Schema:
    """Return a schema without ``$ref`` and ``allOf``, which always has one member."""
    while "$ref" in schema or "allOf" in schema:
        inner = _schemas()[schema["$ref"]] if "$ref" in schema else schema["allOf"][0]
        outer = {name: value for name, value in schema.items() if name not in ("$ref", "allOf")}
        schema = {**inner, **outer}
    return schema


def _branch(schema: Schema, value: Any) -> Schema | None:
    """Return that of the schemas in ``oneOf`` by which a value is judged; None if there is none."""
    branches = [_plain(branch) for branch in schema["oneOf"]]
    field = schema.get("discriminator")
    if field:
        given = value.get(field) if isinstance(value, dict) else None
        return next((each for each in branches if _plain(each["properties"][field]).get("const") == given), None)
    return next((each for each in branches if not [*check(each, value)]), None)


def _choices(schema: Schema) -> list[Any]:
    field = schema["discriminator"]
    return [_plain(_plain(branch)["properties"][field])["const"] for branch in schema["oneOf"]]


def check(schema: Schema, value: Any, field: str = "") -> Iterator[Invalid]:
    """Yield what is wrong with a value."""
    schema = _plain(schema)
    if value is None and schema.get("nullable"):
        return
    if "oneOf" in schema:
        branch = _branch(schema, value)
        if branch is not None:
            yield from check(branch, value, field)
        elif "discriminator" in schema:
            name = f"{field}.{schema['discriminator']}".lstrip(".")
            yield _invalid(name, f"value must be one of {', '.join(map(str, _choices(schema)))}", "invalid")
        else:
            yield _invalid(field, "value does not match any of the allowed forms")
        return
    kind = schema.get("type")
    if kind and not TYPES[kind](value):
        yield _invalid(field, f"value must be {'an' if kind[0] in 'aeiou' else 'a'} {kind}", f"is_{kind}")
        return
    yield from _check_value(schema, value, field)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from check(schema.get("items", {}), item, f"{field}.{number}")
    elif isinstance(value, dict):
        yield from _check_object(schema, value, field)


def _check_value(schema: Schema, value: Any, field: str) -> Iterator[Invalid]:
    if "const" in schema and value != schema["const"]:
        yield _invalid(field, f"value must be {schema['const']}", "invalid")
    if "enum" in schema and value not in schema["enum"]:
        yield _invalid(field, f"value must be one of {', '.join(map(str, schema['enum']))}", "invalid")
    if isinstance(value, str):
        yield from _check_text(schema, value, field)
    elif isinstance(value, list):
        low, high = schema.get("minItems", 0), schema.get("maxItems", len(value))
        if not low <= len(value) <= high:
            yield _invalid(field, f"number of items must be {low} to {high}")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        if not low <= value <= high or (schema.get("exclusiveMinimum") and value == low):
            yield _invalid(field, f"number must be {low} to {high}")


def _check_text(schema: Schema, value: str, field: str) -> Iterator[Invalid]:
    low, high = schema.get("minLength", 0), schema.get("maxLength", len(value))
    if not low <= len(value) <= high:
        yield _invalid(field, f"length must be {low} to {high}")
    patterns = [schema["pattern"]] if "pattern" in schema else [one["pattern"] for one in schema.get("anyOf", ())]
    if patterns and not any(re.search(pattern, value) for pattern in patterns):
        yield _invalid(field, f'string doesn\'t match the regular expression "{patterns[0]}"', "matches_regex")


def _check_object(schema: Schema, value: dict[str, Any], field: str) -> Iterator[Invalid]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield _invalid(f"{field}.{name}".lstrip("."), f'property "{name}" is missing', "required")
    if len(value) > schema.get("maxProperties", len(value)):
        yield _invalid(field, f"number of properties must be at most {schema['maxProperties']}")
    for name, item in value.items():
        path = f"{field}.{name}".lstrip(".")
        if name not in known and more is False:
            yield _invalid(path, f'property "{name}" is unsupported', "unknown_property")
        elif name in known or isinstance(more, dict):
            yield from check(known.get(name, more), item, path)


def _invalid(field: str, reason: str, rule: str | None = None) -> Invalid:
    return {"field": field, "rule": rule, "reason": reason, "source": "body"}


def filled(schema: Schema, value: Any) -> Any:
    """Return a value with the defaults of what it leaves out."""
    schema = _plain(schema)
    if "oneOf" in schema:
        branch = _branch(schema, value)
        return value if branch is None else filled(branch, value)
    if isinstance(value, list):
        return [filled(schema.get("items", {}), item) for item in value]
    if not isinstance(value, dict):
        return value
    fields = {name: _plain(field) for name, field in schema.get("properties", {}).items()}
    defaults = {name: field["default"] for name, field in fields.items() if "default" in field and name not in value}
    given = {name: filled(fields.get(name, {}), item) for name, item in value.items()}
    return {**defaults, **given}


def shown(schema: Schema, value: Any, hide: Callable[[Any], Any]) -> Any:
    """Return a value as responses show it: ``hide`` makes of what is write-only what they show, or raises KeyError."""
    schema = _plain(schema)
    if "oneOf" in schema:
        branch = _branch(schema, value)
        return value if branch is None else shown(branch, value, hide)
    if isinstance(value, list):
        return [shown(schema.get("items", {}), item, hide) for item in value]
    if not isinstance(value, dict):
        return value
    fields, result = schema.get("properties", {}), {}
    for name, item in value.items():
        field = _plain(fields.get(name, {}))
        try:
            result[name] = hide(item) if field.get("writeOnly") else shown(field, item, hide)
        except KeyError:
            continue
    return result


def kept(schema: Schema, value: Any, former: Any) -> Any:
    """Return a value with what is write-only in it taken from the former one where it leaves it out."""
    schema = _plain(schema)
    if "oneOf" in schema:
        branch = _branch(schema, value)
        return value if branch is None else kept(branch, value, former)
    if isinstance(value, list) and isinstance(former, list):
        pairs = [*zip(value, former, strict=False)]
        return [kept(schema.get("items", {}), item, old) for item, old in pairs] + value[len(pairs) :]
    if not isinstance(value, dict) or not isinstance(former, dict):
        return value
    fields = {name: _plain(field) for name, field in schema.get("properties", {}).items()}
    secrets = {name: former[name] for name, field in fields.items() if field.get("writeOnly") and name in former}
    given = {name: kept(fields.get(name, {}), item, former.get(name)) for name, item in value.items()}
    return {**secrets, **given}
