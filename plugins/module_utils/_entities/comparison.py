# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Desired against current state: null and empty mean absent, sets have no order, unmanaged fields are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .._secret_text import normalize_text
from .kind import READ_ONLY, Entity, Kind


def without_nulls(value: Any) -> Any:
    """Plain dicts and lists of the same data, without nulls in mappings."""
    if isinstance(value, Mapping):
        return {str(name): without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, (list, tuple, set)):
        return [without_nulls(item) for item in value]
    return value


def as_set(values: Iterable[Any]) -> list[Any]:
    """The members once each, in a fixed order."""
    members = {json.dumps(value, sort_keys=True): value for value in values}
    return [members[name] for name in sorted(members)]


def normalize_entity(kind: Kind, entity: Entity) -> Entity:
    """The form in which two entities of a kind are equal exactly when they mean the same."""
    result = {}
    for name, value in without_nulls(entity).items():
        if name in READ_ONLY or value in ("", [], {}):
            continue
        value = _normalize_texts(value)
        if name in kind.sets and isinstance(value, list):
            value = as_set(value)
        elif name in kind.sets and isinstance(value, dict):
            value = {key: as_set(item) if isinstance(item, list) else item for key, item in value.items()}
        result[name] = value
    return result


def _normalize_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _normalize_texts(item) for name, item in value.items()}
    return normalize_text(value) if isinstance(value, str) else value


def merge(current: Any, desired: Any) -> Any:
    """Desired over current: mappings are merged, everything else replaces; a null in desired removes."""
    if not isinstance(desired, Mapping):
        return desired
    merged = dict(current) if isinstance(current, Mapping) else {}
    for name, value in desired.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def overlay(current: Entity | None, options: Entity) -> Entity:
    """The body of a PUT (or POST): the current entity with the options that were given, top level only.

    An option of None was not given and keeps the server's value; an empty one clears it.
    """
    body = {name: value for name, value in (current or {}).items() if name not in READ_ONLY}
    body.update({name: value for name, value in options.items() if value is not None})
    return {name: value for name, value in without_nulls(body).items() if value not in ("", [], {})}


def without_defaults(entity: Entity, defaults: Mapping[str, Any]) -> Entity:
    """An entity without what the server would have filled in, in mappings too."""
    result = {}
    for name, value in entity.items():
        default = defaults.get(name)
        if default == value:
            continue
        result[name] = (
            without_defaults(value, default) if isinstance(value, dict) and isinstance(default, dict) else value
        )
    return result
