# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation of core entities, with the messages of Kong's open source control plane (koko), which uses JSON schema."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from re import fullmatch
from typing import Any

from ..errors import Violation, entity_violation, field_violation, validation_error
from ..plugins.schema_rules import without_duplicates
from ..state import Record, is_uuid
from .fields import TAGS, Field
from .kinds import READ_ONLY_FIELDS, EntityKind
from .rules import RuleContext

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
TYPE_NAMES = ((bool, "boolean"), (str, "string"), (int, "number"), (float, "number"), (list, "array"), (dict, "object"))


def complete_entity(kind: EntityKind, body: dict[str, Any], context: RuleContext) -> Record:
    """Return the entity with its defaults, after every check that needs no other entity; raises CoreEntityError."""
    entity = {name: value for name, value in body.items() if value is not None and name not in READ_ONLY_FIELDS}
    found = kind.prepare(entity, context)
    for name, field in kind.fields.items():
        if field.default is not None:
            entity.setdefault(name, copy.deepcopy(field.default))
    for name, field in kind.fields.items():
        if field.is_set and isinstance(entity.get(name), list):
            entity[name] = without_duplicates(entity[name])
    found = found or validate_entity(kind.fields, entity, context.switches.max_tags) or kind.check(entity, context)
    if found:
        raise validation_error(found)
    return entity


def validate_entity(fields: dict[str, Field], entity: Record, max_tags: int) -> list[Violation]:
    """Return what is wrong with the fields of an entity that has its defaults and no nulls."""
    found = []
    missing = [name for name, field in fields.items() if field.required and name not in entity]
    if missing:
        found.append(entity_violation("missing properties: " + ", ".join(f"'{name}'" for name in missing)))
    unknown = [name for name in entity if name not in fields]
    if unknown:
        names = ", ".join(f"{name!r}" for name in unknown)
        found.append(entity_violation(f"additionalProperties {names} not allowed"))
    for name, field in fields.items():
        if name in entity:
            limited = replace(field, maximum=max_tags) if field is TAGS else field
            found += [field_violation(path, message) for path, message in _check_value(limited, entity[name], name)]
    return found


def _type_name(value: Any) -> str:
    return next((name for type_, name in TYPE_NAMES if isinstance(value, type_)), "null")


def _has_type(value: Any, type_: str) -> bool:
    return isinstance(value, TYPES[type_]) and (type_ == "boolean" or not isinstance(value, bool))


def _check_value(field: Field, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and message of everything that is wrong with a value."""
    if not _has_type(value, field.type):
        yield path, f"expected {field.type}, but got {_type_name(value)}"
    elif field.foreign:
        if not is_uuid(value.get("id")):
            yield f"{path}.id", "must be a valid UUID"
    elif isinstance(value, (int, float)):
        yield from ((path, message) for message in _check_number(field, value))
    elif isinstance(value, str):
        yield from ((path, message) for message in _check_text(field, value))
    elif isinstance(value, list):
        yield from _check_array(field, value, path)
    else:
        yield from _check_object(field, value, path)


def _check_object(field: Field, value: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    message = field.check(value) if field.check else None
    if message:
        yield path, message
    for name, item in value.items():
        message = field.key_check(name) if field.key_check else None
        if message:
            yield f"{path}.{name}", message
        if field.elements:
            yield from _check_value(field.elements, item, f"{path}.{name}")


def _expected_choices(choices: tuple[Any, ...]) -> str:
    listed = ", ".join(f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in choices)
    return f"value must be one of {listed}"


def _check_number(field: Field, value: float) -> Iterator[str]:
    if field.choices and value not in field.choices:
        yield _expected_choices(field.choices)
    if field.minimum is not None and value < field.minimum:
        yield f"must be >= {field.minimum} but found {value}"
    if field.maximum is not None and value > field.maximum:
        yield f"must be <= {field.maximum} but found {value}"


def _check_text(field: Field, value: str) -> Iterator[str]:
    if field.choices and value not in field.choices:
        yield _expected_choices(field.choices)
    if field.minimum is not None and len(value) < field.minimum:
        yield f"length must be >= {field.minimum}, but got {len(value)}"
    if field.maximum is not None and len(value) > field.maximum:
        yield f"length must be <= {field.maximum}, but got {len(value)}"
    if field.pattern and not fullmatch(field.pattern, value):
        yield f"must match pattern '{field.pattern}'"
    elif field.check:
        message = field.check(value)
        if message:
            yield message


def _check_array(field: Field, value: list[Any], path: str) -> Iterator[tuple[str, str]]:
    if field.minimum is not None and len(value) < field.minimum:
        yield path, f"minimum {field.minimum} items required, but found {len(value)} items"
    if field.maximum is not None and len(value) > field.maximum:
        yield path, f"maximum {field.maximum} items required, but found {len(value)} items"
    if field.elements:
        for index, item in enumerate(value):
            yield from _check_value(field.elements, item, f"{path}[{index}]")
