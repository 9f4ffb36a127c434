# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configurations made from a plugin's schema: the smallest that is valid, and one in which every field is given."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from konnect_emulator.plugins.entity_checks import REQUIRED
from konnect_emulator.plugins.schema import Field, PluginSchema, named_fields
from konnect_emulator.plugins.schema_rules import expand, fill, validate, violations

TEXTS = (
    "text",
    "a.example.com",
    "https://a.example.com/path",
    "/path",
    "10.0.0.1",
    "1",
    "x-a:b",
    "GET",
    "application/json",
    "return function() return true end",
    "00000000-0000-4000-8000-000000000001",
    "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----",
    "x" * 32,
)
NUMBERS = (1, 2, 100, 1000, 10000, 0, 0.5, -1)
MANY = 3

Config = dict[str, Any]


def smallest(schema: PluginSchema) -> Config:
    """Return the valid configuration with the fewest fields: those that are required, and what other rules ask for."""
    config = _with_required(schema.config, {})
    for count in range(MANY):
        for names in itertools.combinations(_settable(schema.config), count):
            tried = _with_required(schema.config, {**config, **{name: value_of(field) for name, field in names}})
            if not wrong(schema, tried):
                return tried
    raise ValueError(f"no valid configuration of {schema.name} found: {wrong(schema, config)}")


def full(schema: PluginSchema) -> Config:
    """Return a valid configuration with a value for every field, but for those that exclude each other."""
    everything = {name: value_of(field) for name, field in _settable(schema.config)}
    if not wrong(schema, everything):
        return everything
    config = smallest(schema)
    for name, value in everything.items():
        tried = {**config, name: value}
        config = config if wrong(schema, tried) else tried
    return config


def wrong(schema: PluginSchema, config: Config) -> list[Any]:
    """Return what Kong would refuse in a configuration."""
    expanded, found = expand(schema.config, config, "config")
    return found or violations(schema.config, schema.entity_checks, fill(schema.config, expanded))


def value_of(field: Field) -> Any:
    """Return a value that a field takes, with all fields of a record; None if none is known."""
    for value in _candidates(field):
        if not validate({**field, "required": False}, fill(field, value), "field"):
            return value
    return None


def _settable(record: Field) -> Iterator[tuple[str, Field]]:
    """Iterate over the fields that a task can set without another entity."""
    for name, field in named_fields(record["fields"]):
        if field["type"] != "foreign" and "eq" not in field:
            yield name, field


def _candidates(field: Field) -> Iterator[Any]:
    kind = field["type"]
    if "one_of" in field:
        yield from field["one_of"]
    elif kind == "string":
        yield from TEXTS
    elif kind in ("number", "integer"):
        yield from NUMBERS
        yield from (bound for bound in field.get("between", ()))
    elif kind == "boolean":
        yield not field.get("default", False)
        yield field.get("default", False)
    elif kind in ("array", "set"):
        item = value_of(field["elements"])
        yield from ([item] * count for count in (max(1, field.get("len_min", 1)),) if item is not None)
        yield []
    elif kind == "map":
        yield {"x-a": value_of(field["values"])}
        yield {}
    elif kind == "record":
        yield {name: value for name, inner in _settable(field) if (value := value_of(inner)) is not None}
        yield _with_required(field, {})
    elif kind == "json":
        yield {"a": 1}


def _with_required(record: Field, config: Config) -> Config:
    """Add a value to a configuration wherever a required one is missing."""
    for _attempt in range(MANY):
        for violation in validate(record, fill(record, config), "config"):
            if violation.message == REQUIRED:
                path = re.sub(r"\[\d+\]", "", violation.field).split(".")[1:]
                config = _add(record, config, path)
    return config


def _add(record: Field, config: Config, path: list[str]) -> Config:
    first, *rest = path
    field = dict(named_fields(record["fields"]))[first]
    if rest and field["type"] == "record":
        return {**config, first: _add(field, config.get(first) or {}, rest)}
    return {**config, first: value_of(field)}
