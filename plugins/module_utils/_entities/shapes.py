# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The types of what this collection uses in an entity, so that a response with other ones is told at once.

Source: Konnect's OpenAPI documents of the control planes API and the control planes configuration API. Null counts as
absent everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._client.response_body import a_type
from .._errors import KonnectError
from .kind import Kind
from .kinds import (
    CERTIFICATE,
    CONTROL_PLANE,
    DATA_PLANE_NODE,
    PARTIAL,
    PLUGIN,
    PLUGIN_SCHEMA,
    ROUTE,
    SECRET,
    SERVICE,
    VAULT,
    WORKSPACE,
)
from .timestamps import seconds

# The type in words, and whether a value is of it.
FieldType = tuple[str, Callable[[Any], bool]]


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, (str, int, float)) and not isinstance(value, bool) and seconds(value) >= 0
    except (KonnectError, OverflowError):
        return False


def _list_of(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(isinstance(item, kind) for item in value)


TEXT: FieldType = ("a text", lambda value: isinstance(value, str))
# What a path is built from.
ID: FieldType = ("an id", lambda value: isinstance(value, str) and value not in ("", ".", ".."))
FLAG: FieldType = ("a boolean", lambda value: isinstance(value, bool))
NUMBER: FieldType = ("a number", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool))
TIME: FieldType = ("a time", _is_time)
ISO_TIME: FieldType = ("an ISO 8601 time", lambda value: isinstance(value, str) and _is_time(value))
OBJECT: FieldType = ("an object", lambda value: isinstance(value, dict))
# Konnect's encoder may write an empty table as a list.
TABLE: FieldType = ("an object", lambda value: isinstance(value, dict) or value == [])
TEXTS: FieldType = ("a list of texts", _list_of(str))
OBJECTS: FieldType = ("a list of objects", _list_of(dict))
LINK: FieldType = ("an object with an id", lambda value: isinstance(value, dict) and ID[1](value.get("id")))
LINKS: FieldType = ("a list of objects with ids", lambda value: isinstance(value, list) and all(map(LINK[1], value)))

EVERY: Mapping[str, FieldType] = {"id": ID, "tags": TEXTS, "created_at": TIME, "updated_at": TIME}
FIELDS: Mapping[str, Mapping[str, FieldType]] = {
    CONTROL_PLANE.name: {"config": OBJECT, "labels": OBJECT, "description": TEXT},
    SECRET.name: {"created_at": ISO_TIME, "updated_at": ISO_TIME},
    VAULT.name: {"name": TEXT, "config": TABLE},
    SERVICE.name: {"client_certificate": LINK, "protocol": TEXT, "host": TEXT, "path": TEXT, "port": NUMBER},
    ROUTE.name: {
        **dict.fromkeys(("paths", "hosts", "methods", "protocols", "snis"), TEXTS),
        "headers": TABLE,
        "expression": TEXT,
        "priority": NUMBER,
    },
    PLUGIN.name: {"config": TABLE, "instance_name": TEXT, "enabled": FLAG, "partials": LINKS},
    CERTIFICATE.name: {"snis": TEXTS},
    PARTIAL.name: {"type": TEXT, "config": TABLE},
    DATA_PLANE_NODE.name: {
        "config_sync": OBJECT,
        "compatibility_status": OBJECT,
        "last_ping": TIME,
    },
}
# Without these an entity is of no use. The response to a write need not say what was written.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    CONTROL_PLANE.name: ("id", "name"),
    SECRET.name: ("updated_at", "key"),
    VAULT.name: ("id", "name", "prefix"),
    PLUGIN.name: ("id", "name"),
    DATA_PLANE_NODE.name: (),
    PLUGIN_SCHEMA.name: ("name",),
    WORKSPACE.name: ("id", "name"),
}
SAID_BY_WRITES = ("id", "updated_at")


def entity_problem(kind: Kind, entity: Any, *, written: bool = False) -> str | None:
    """The reason why a value is no entity of this kind; None when it is one.

    :param written: whether it is the response to a write.
    """
    if not isinstance(entity, dict):
        return f"{'no content' if entity is None else a_type(entity)} instead of a {kind.label}"
    for name in REQUIRED.get(kind.name, ("id",)):
        if entity.get(name) is None and (name in SAID_BY_WRITES or not written):
            return f"a {kind.label} without {name}"
    links = dict.fromkeys(kind.parents, LINK)
    types = {**EVERY, kind.name_field: TEXT, **links, **FIELDS.get(kind.name, {})}
    types["id"] = ID  # that of a certificate is its name, too
    for name, (words, is_valid) in types.items():
        value = entity.get(name)
        if value is not None and not is_valid(value):
            return f"a {kind.label} whose {name} is {a_type(value)} instead of {words}"
    return None


def object_problem(data: Any) -> str | None:
    """The reason why a value is no object; None when it is one."""
    return None if isinstance(data, dict) else f"{'no content' if data is None else a_type(data)} instead of an object"


def schema_problem(schema: Any) -> str | None:
    """The reason why a value is no live schema in Kong's form; None when it is one."""
    problem = object_problem(schema)
    if problem:
        return problem
    partials = schema.get("supported_partials") or {}
    if not isinstance(partials, dict) or not all(TEXTS[1](paths) for paths in partials.values()):
        return "a schema with supported_partials that are no lists of texts"
    return _spec_problem(schema, "schema")


def _spec_problem(spec: Any, where: str) -> str | None:
    if not isinstance(spec, dict):
        return f"a schema with {a_type(spec)} as {where}"
    if not isinstance(spec.get("type"), (str, type(None))):
        return f"a schema with {a_type(spec['type'])} as the type of {where}"
    if not _is_deprecation(spec):
        return f"a schema with an unknown form of the deprecation of {where}"
    inner = [(spec[name], f"{name} of {where}") for name in ("elements", "values") if spec.get(name) is not None]
    for name in ("fields", "shorthand_fields"):
        fields = [] if spec.get(name) is None else spec[name]
        if not OBJECTS[1](fields):
            return f"a schema with {a_type(fields)} as the {name} of {where}"
        inner += [(field, f"{where}.{field_name}") for row in fields for field_name, field in row.items()]
    return next(filter(None, (_spec_problem(field, path) for field, path in inner)), None)


def _is_deprecation(spec: Mapping[str, Any]) -> bool:
    deprecation = spec.get("deprecation")
    replaced = (deprecation.get("replaced_with") or []) if isinstance(deprecation, dict) else []
    return (
        isinstance(deprecation, (dict, type(None)))
        and OBJECTS[1](replaced)
        and all(TEXTS[1](row.get("path") or []) for row in replaced)
        and TEXTS[1](spec.get("translate_backwards") or [])
    )
