# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Desired against current: null and empty are absent, sets have no order, unmanaged fields survive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._entities import READ_ONLY, Entity, Kind


def plain(value: Any) -> Any:
    """The same data without nulls in mappings, whatever mapping or sequence types it came in."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    return value


def as_set(values: Iterable[Any]) -> list[Any]:
    """The members once each, in an order of their own."""
    members = {json.dumps(value, sort_keys=True): value for value in values}
    return [members[name] for name in sorted(members)]


def canonical(kind: Kind, entity: Entity) -> Entity:
    """The form in which two entities of a kind are equal exactly when they mean the same."""
    result = {}
    for name, value in plain(entity).items():
        if name in READ_ONLY or value in ("", [], {}):
            continue
        if name in kind.sets and isinstance(value, list):
            value = as_set(value)
        elif name in kind.sets and isinstance(value, dict):
            value = {key: as_set(item) if isinstance(item, list) else item for key, item in value.items()}
        result[name] = value
    return result


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
    return {name: value for name, value in plain(body).items() if value not in ("", [], {})}
