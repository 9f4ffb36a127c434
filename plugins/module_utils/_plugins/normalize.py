# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Configurations in forms that can be compared: defaults filled in, types of the schema, sets sorted.

Source of the rules: Kong's schema library (kong/db/schema/init.lua in Kong Gateway 3.10).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import BOOLEANS, BOOLEANS_TRUE

from .._entities.comparison import as_set, without_nulls
from .schema import Spec, as_table, fields_of, rebuild

INTEGER = re.compile(r"[+-]?[0-9]+")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_MISSING: Any = object()


def normalize_config(spec: Spec, config: Any) -> dict[str, Any]:
    """A configuration with every default filled in, sets sorted, numbers and booleans as their types, nulls left out.

    Fill rules, as the server's: a field that is absent gets its default, but for those whose value the server makes; an
    absent record is filled when it is required; a record that is given is filled inside; an explicit null stays
    nothing. What the schema does not know, such as a deprecated field that the server still answers, is left out.
    """
    filled = fill(spec, {} if config is None else config)
    return without_nulls(filled) if isinstance(filled, Mapping) else {}


def without_defaults(spec: Spec, config: Mapping[str, Any]) -> dict[str, Any]:
    """A normalized configuration without what the server would have filled in: what a user would have written."""
    fields = fields_of(spec)
    kept = {}
    for name, value in config.items():
        field = fields.get(name, {})
        if field.get("type") == "record" and isinstance(value, Mapping):
            value = without_defaults(field, value)
            if not value:
                continue
        elif value == without_nulls(fill(field, _MISSING)):
            continue
        kept[name] = value
    return kept


def with_made_values(spec: Spec, config: Any, held: Any) -> Any:
    """A configuration with the values that the server made and that are not in it, as the server holds them.

    A PUT without them would have the server make new ones.
    """
    if spec.get("type") != "record" or not isinstance(config, Mapping) or not isinstance(held, Mapping):
        return config
    result = dict(config)
    for name, field in fields_of(spec).items():
        if is_made_by_server(field):
            if name not in config and held.get(name) is not None:
                result[name] = held[name]
        elif name in config or field.get("required"):
            given = config.get(name, field.get("default") or {})
            inner = with_made_values(field, given, held.get(name))
            if inner != given:
                result[name] = inner
    return result


def is_made_by_server(field: Spec) -> bool:
    """True for a field that the server gives a value of its own: C(auto), or a secret with a default.

    Such a default is random and made when the server loads the schema, so that each replica has another one.
    """
    return bool(field.get("auto") or (field.get("encrypted") and field.get("default") is not None))


def as_typed(spec: Spec, config: Any) -> Any:
    """A configuration whose scalars have the types of their fields."""
    return rebuild(spec, config, None, lambda field, value, earlier: _typed(field.get("type"), value))


def fill(spec: Spec, value: Any) -> Any:
    """A value with every default filled in, nulls included."""
    kind = spec.get("type")
    if value is _MISSING:
        if is_made_by_server(spec):
            return None
        if spec.get("default") is not None:
            return fill(spec, spec["default"])
        return fill(spec, {}) if kind == "record" and spec.get("required") else None
    value = as_table(spec, value)
    if kind == "record" and isinstance(value, Mapping):
        fields = fields_of(spec)
        filled = {name: fill(field, value.get(name, _MISSING)) for name, field in fields.items()}
        return _without_empty_records(fields, filled)
    if kind == "map" and isinstance(value, Mapping):
        return {name: fill(spec.get("values") or {}, item) for name, item in value.items()}
    if kind in ("array", "set") and isinstance(value, list):
        items = [fill(spec.get("elements") or {}, item) for item in value]
        return as_set(without_nulls(items)) if kind == "set" else items
    return _typed(kind, value)


def _without_empty_records(fields: Mapping[str, Spec], filled: dict[str, Any]) -> dict[str, Any]:
    def empty_record(name: str, value: Any) -> bool:
        return fields[name].get("type") == "record" and isinstance(value, Mapping) and not without_nulls(value)

    return {name: value for name, value in filled.items() if not empty_record(name, value)}


def _typed(kind: Any, value: Any) -> Any:
    """A scalar as the type of its field, as for an option; older templates turn numbers into strings."""
    if isinstance(value, str):
        text = value.strip().lower()
        if kind == "boolean" and text in BOOLEANS:
            return text in BOOLEANS_TRUE
        if kind in ("integer", "number") and INTEGER.fullmatch(text):
            return int(text)
        if kind == "number" and NUMBER.fullmatch(text):
            return float(text)
    elif kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    elif kind == "boolean" and not isinstance(value, bool) and isinstance(value, int) and value in (0, 1):
        return value == 1
    elif kind in ("integer", "number") and isinstance(value, float) and value.is_integer():
        return int(value)
    return value
