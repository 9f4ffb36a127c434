# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A notation for Kong's own (Lua) schemas, and what Kong does with them: fill in defaults, then validate.

A schema is what ``GET .../core-entities/schemas/plugins/{name}`` answers, as plain data::

    {"fields": [{"protocols": {...}}, {"consumer": {...}}, {"config": {"type": "record", "fields": [...]}}]}

each field a one-key object. ``record({"header_name": string(referenceable=True)})`` writes one down. The rules are
those of Kong's schema library (kong/db/schema/init.lua and entity.lua in Kong Gateway 3.10): a record is required, and
so expanded, unless it says otherwise; an unset scalar or optional record is an explicit null; a set loses duplicates;
a map is left alone; a reference in a referenceable field is taken as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from typing import Any

from .errors import Violation, on_entity, on_field

Field = dict[str, Any]
Check = Callable[[dict[str, Any]], list[Violation]]

HTTP_PROTOCOLS = ("grpc", "grpcs", "http", "https")
WS_PROTOCOLS = ("grpc", "grpcs", "http", "https", "ws", "wss")
ALL_PROTOCOLS = ("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss")
SCOPES = {"consumer": "consumers", "consumer_group": "consumer_groups", "route": "routes", "service": "services"}


# --- the notation


def _typed(type_: str, **attributes: Any) -> Field:
    return {"type": type_, **attributes}


string = partial(_typed, "string")
integer = partial(_typed, "integer")
number = partial(_typed, "number")
boolean = partial(_typed, "boolean")
ref = partial(string, referenceable=True)
secret = partial(string, referenceable=True, encrypted=True)


def flag(default: bool) -> Field:
    return boolean(required=True, default=default)


def choice(*values: Any, **attributes: Any) -> Field:
    return {"type": "string", "one_of": list(values), **attributes}


def array(elements: Field | None = None, **attributes: Any) -> Field:
    return {"type": "array", "elements": elements or string(), **attributes}


def set_of(elements: Field | None = None, **attributes: Any) -> Field:
    return {"type": "set", "elements": elements or string(), **attributes}


def map_of(values: Field | None = None, **attributes: Any) -> Field:
    return {"type": "map", "keys": string(), "values": values or string(), **attributes}


def record(fields: dict[str, Field], *, required: bool = True, **attributes: Any) -> Field:
    listed = [{name: field} for name, field in fields.items()]
    return {"type": "record", "required": required, "fields": listed, **attributes}


@dataclass(frozen=True)
class PluginSchema:
    """``fields`` as the API shows it; ``checks`` see the filled config and report its fields as ``config.…``.

    ``supported_partials`` is Kong's ``{type of partial: [path in the plugin, ...]}``; a path that ends in ``[]`` is
    that of a list to which the partial is added.
    """

    name: str
    fields: list[dict[str, Field]]
    checks: tuple[Check, ...] = ()
    supported_partials: dict[str, list[str]] = dataclass_field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        partials = {"supported_partials": self.supported_partials} if self.supported_partials else {}
        return {"fields": self.fields, **partials}

    def field(self, name: str) -> Field:
        return next(field for entry in self.fields for key, field in entry.items() if key == name)

    @property
    def config(self) -> Field:
        return self.field("config")


def plugin(
    name: str,
    config: dict[str, Field],
    *checks: Check,
    scopes: tuple[str, ...] = tuple(SCOPES),
    protocols: tuple[str, ...] = HTTP_PROTOCOLS,
    allowed: tuple[str, ...] = (),
    supported_partials: dict[str, list[str]] | None = None,
) -> PluginSchema:
    """``protocols`` is the default, ``allowed`` the choice when it is wider."""
    fields = [{"protocols": set_of(choice(*(allowed or protocols)), required=True, default=list(protocols))}]
    for scope, kind in SCOPES.items():
        closed = {} if scope in scopes else {"eq": None}
        fields.append({scope: {"type": "foreign", "reference": kind, **closed}})
    fields.append({"config": record(config)})
    return PluginSchema(name, fields, checks, supported_partials or {})


def each(fields: list[dict[str, Field]]) -> Iterator[tuple[str, Field]]:
    for entry in fields:
        yield from entry.items()


# --- filling


def fill(field: Field, value: Any) -> Any:
    """A given value with every default in it."""
    kind = field["type"]
    if kind == "record" and isinstance(value, dict):
        known = {name: _fill_in(sub, value, name) for name, sub in each(field["fields"])}
        return {**known, **{name: value[name] for name in value if name not in known}}
    if kind in ("array", "set") and isinstance(value, list):
        filled = [fill(field["elements"], item) for item in value]
        return _distinct(filled) if kind == "set" else filled
    return value


def _fill_in(field: Field, given: dict[str, Any], name: str) -> Any:
    if name in given:
        return fill(field, given[name])
    if "default" in field:
        return fill(field, copy.deepcopy(field["default"]))
    if field["type"] == "record" and field.get("required"):
        return fill(field, {})
    return None


def _distinct(items: list[Any]) -> list[Any]:
    return [item for place, item in enumerate(items) if item not in items[:place]]


# --- validating


def is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("{vault://") and value.endswith("}")


def validate(field: Field, value: Any, path: str) -> list[Violation]:
    """What is wrong with a filled value, deepest fields first named by ``path``."""
    if value is None:
        return [on_field(path, "required field missing")] if field.get("required") else []
    kind = field["type"]
    if field.get("referenceable") and is_reference(value):
        return []
    wrong = _type_error(kind, value)
    if wrong:
        return [on_field(path, wrong)]
    found: list[Violation] = []
    if kind == "record":
        known = dict(each(field["fields"]))
        for name, item in value.items():
            where = f"{path}.{name}"
            found += validate(known[name], item, where) if name in known else [on_field(where, "unknown field")]
    elif kind in ("array", "set"):
        for place, item in enumerate(value):
            found += validate({**field["elements"], "required": True}, item, f"{path}[{place}]")
    elif kind == "map":
        for name, item in value.items():
            found += validate({**field["values"], "required": True}, item, f"{path}.{name}")
    return found or [on_field(path, message) for message in _rules(field, value)]


def _type_error(kind: str, value: Any) -> str | None:
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    good, expected = {
        "string": (isinstance(value, str), "a string"),
        "boolean": (isinstance(value, bool), "a boolean"),
        "number": (numeric, "a number"),
        "integer": (numeric and value == int(value), "an integer"),
        "array": (isinstance(value, list), "an array"),
        "set": (isinstance(value, list), "a set"),
        "map": (isinstance(value, dict), "a map"),
        "record": (isinstance(value, dict), "a record"),
        "foreign": (isinstance(value, dict) and isinstance(value.get("id"), str), "a foreign entity"),
    }.get(kind, (True, ""))
    return None if good else f"expected {expected}"


def _rules(field: Field, value: Any) -> Iterator[str]:
    if "one_of" in field and value not in field["one_of"]:
        yield f"expected one of: {', '.join(map(str, field['one_of']))}"
    if "gt" in field and not value > field["gt"]:
        yield f"value must be greater than {field['gt']}"
    if "between" in field:
        low, high = field["between"]
        if not low <= value <= high:
            yield f"value should be between {low} and {high}"
    least = field.get("len_min", 1 if field["type"] == "string" else 0)
    if isinstance(value, (str, list)) and len(value) < least:
        yield f"length must be at least {least}"
    if "len_max" in field and len(value) > field["len_max"]:
        yield f"length must be at most {field['len_max']}"


# --- entity checks: rules over several fields of a config


def _at(config: Any, path: str) -> Any:
    for name in path.split("."):
        config = config.get(name) if isinstance(config, dict) else None
    return config


def _quoted(paths: tuple[str, ...]) -> str:
    return ", ".join(f"'{path}'" for path in paths)


def _is_set(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def all_or_none(*paths: str) -> Check:
    """Kong's ``mutually_required``; like Kong's it does not run when one of the values is a reference."""

    def check(config: dict[str, Any]) -> list[Violation]:
        values = [_at(config, path) for path in paths]
        given = [value for value in values if _is_set(value)]
        if any(is_reference(value) for value in values) or len(given) in (0, len(paths)):
            return []
        return [on_entity(f"all or none of these fields must be set: {_quoted(paths)}")]

    return check


def at_least_one(*paths: str) -> Check:
    def check(config: dict[str, Any]) -> list[Violation]:
        if any(_is_set(_at(config, path)) for path in paths):
            return []
        shown = _quoted(tuple(f"config.{path}" for path in paths))
        return [on_entity(f"at least one of these fields must be non-empty: {shown}")]

    return check


def exactly_one(*paths: str) -> Check:
    """Kong's ``only_one_of``, which stays silent as long as none is given."""

    def check(config: dict[str, Any]) -> list[Violation]:
        if sum(_is_set(_at(config, path)) for path in paths) < 2:
            return []
        shown = _quoted(tuple(f"config.{path}" for path in paths))
        return [on_entity(f"exactly one of these fields must be non-empty: {shown}")]

    return check


def must_set(path: str, when: str, *values: Any, message: str) -> Check:
    """``message`` (``%s`` is the quoted path) when ``when`` is one of ``values`` and ``path`` is unset."""

    def check(config: dict[str, Any]) -> list[Violation]:
        if _at(config, when) not in values or _is_set(_at(config, path)):
            return []
        return [on_entity(message % f"'{path}'")]

    return check


def needs(path: str, when: str, value: Any) -> Check:
    """Kong's ``conditional`` with ``required``: two violations, one on the field and one on the entity."""

    def check(config: dict[str, Any]) -> list[Violation]:
        if _at(config, when) != value or _at(config, path) is not None:
            return []
        because = f"failed conditional validation given value of field 'config.{when}'"
        return [on_field(f"config.{path}", "required field missing"), on_entity(because)]

    return check
