# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A notation for Kong's own (Lua) schemas of plugins and partials.

A schema is plain data, as ``GET .../core-entities/schemas/plugins/{name}`` returns it::

    {"fields": [{"protocols": {...}}, {"consumer": {...}}, {"config": {"type": "record", "fields": [...]}}]}

where each field is an object with one key. ``record({"header_name": string(referenceable=True)})`` writes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from typing import Any

from .lua_checks import with_lua_checks

Field = dict[str, Any]
Check = dict[str, Any]

HTTP_PROTOCOLS = ("grpc", "grpcs", "http", "https")
WS_PROTOCOLS = ("grpc", "grpcs", "http", "https", "ws", "wss")
ALL_PROTOCOLS = ("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss")
SCOPES = {"consumer": "consumers", "consumer_group": "consumer_groups", "route": "routes", "service": "services"}
ROUTES_AND_SERVICES = ("route", "service")


def _field(type_: str, **attributes: Any) -> Field:
    return {"type": type_, **attributes}


string = partial(_field, "string")
integer = partial(_field, "integer")
number = partial(_field, "number")
boolean = partial(_field, "boolean")
referenceable = partial(string, referenceable=True)
secret = partial(string, referenceable=True, encrypted=True)


def flag(default: bool) -> Field:
    """Return a required boolean."""
    return boolean(required=True, default=default)


def one_of(*values: Any, **attributes: Any) -> Field:
    """Return a string with a fixed set of values."""
    return {"type": "string", "one_of": list(values), **attributes}


def array(elements: Field | None = None, **attributes: Any) -> Field:
    """Return an array, of strings unless given."""
    return {"type": "array", "elements": elements or string(), **attributes}


def set_of(elements: Field | None = None, **attributes: Any) -> Field:
    """Return a set, of strings unless given."""
    return {"type": "set", "elements": elements or string(), **attributes}


def map_of(values: Field | None = None, **attributes: Any) -> Field:
    """Return a map from strings to values, which are strings unless given."""
    return {"type": "map", "keys": string(), "values": values or string(), **attributes}


def record(fields: dict[str, Field], *, required: bool = True, **attributes: Any) -> Field:
    """Return a record of named fields."""
    listed = [{name: field} for name, field in fields.items()]
    return {"type": "record", "required": required, "fields": listed, **attributes}


def named_fields(fields: list[dict[str, Field]]) -> Iterator[tuple[str, Field]]:
    """Iterate over the names and fields of a record."""
    for entry in fields:
        yield from entry.items()


def is_reference(value: Any) -> bool:
    """Return True for a text that Kong takes for a reference to a secret."""
    return isinstance(value, str) and value.startswith("{vault://") and value.endswith("}")


def without_marks(value: Any) -> Any:
    """Return a schema without what only this emulator knows: names that begin with an underscore."""
    if isinstance(value, dict):
        return {name: without_marks(item) for name, item in value.items() if not name.startswith("_")}
    return [without_marks(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class PluginSchema:
    """The schema of a plugin.

    ``fields`` and ``entity_checks`` are as the API shows them, but for names that begin with an underscore.
    ``supported_partials`` is Kong's ``{type of partial: [path in the plugin, ...]}``; a path that ends in ``[]`` is
    that of a list to which the partial is added.
    """

    name: str
    fields: list[dict[str, Field]]
    entity_checks: list[Check] = dataclass_field(default_factory=list)
    supported_partials: dict[str, list[str]] = dataclass_field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the schema as the API shows it."""
        optional = {"entity_checks": self.entity_checks, "supported_partials": self.supported_partials}
        return {"fields": without_marks(self.fields), **{name: value for name, value in optional.items() if value}}

    def field(self, name: str) -> Field:
        """Return a top-level field."""
        return next(field for field_name, field in named_fields(self.fields) if field_name == name)

    @property
    def config(self) -> Field:
        """The record of the plugin's own configuration."""
        return self.field("config")


def plugin(
    name: str,
    config: dict[str, Field],
    *checks: Check,
    scopes: tuple[str, ...] = tuple(SCOPES),
    protocols: tuple[str, ...] = HTTP_PROTOCOLS,
    allowed_protocols: tuple[str, ...] = (),
    supported_partials: dict[str, list[str]] | None = None,
    **attributes: Any,
) -> PluginSchema:
    """Return the schema of a plugin; ``protocols`` is the default, and the choice unless that is wider.

    ``checks`` are those of the whole plugin, ``attributes`` those of its config.
    """
    choice = one_of(*(allowed_protocols or protocols))
    fields = [{"protocols": set_of(choice, required=True, default=list(protocols))}]
    for scope, kind in SCOPES.items():
        must_be_null = {} if scope in scopes else {"eq": None}
        fields.append({scope: {"type": "foreign", "reference": kind, **must_be_null}})
    fields.append({"config": with_lua_checks(name, record(config, **attributes))})
    return PluginSchema(name, fields, list(checks), supported_partials or {})
