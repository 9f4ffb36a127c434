# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Entities of AI Gateways compared: only what a task gives counts, whatever Konnect fills in or reorders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .ai_kinds import DEFAULTS, SETS
from .comparison import as_set
from .kind import READ_ONLY, Entity

# Fields that say what a record is: of another one, nothing is kept.
_TYPES = ("type", "algorithm", "strategy", "auth_method")
# Mappings that are given as a whole.
WHOLE = frozenset({"labels", "acls", "default_tool_acls", "headers"})
# By what an entry of a list is known.
_NAMES = ("name", "provider", "type")


def merge(current: Any, desired: Any, name: str = "") -> Any:
    """Desired over current: mappings are merged, and entries of a list with those of the same name; a null removes."""
    if isinstance(desired, list) and isinstance(current, list):
        return [merge(_counterpart(current, item, at), item) for at, item in enumerate(desired)]
    if not isinstance(desired, Mapping):
        return desired
    is_another = not isinstance(current, Mapping) or any(
        desired.get(field) not in (None, current.get(field)) for field in _TYPES
    )
    merged = {} if is_another or name in WHOLE else dict(current)
    for field, value in desired.items():
        if value is None:
            merged.pop(field, None)
        else:
            merged[field] = merge(merged.get(field), value, field)
    return merged


def normalize(entity: Entity, *, opaque: str = "") -> Entity:
    """The form in which two entities are equal exactly when they mean the same.

    :param opaque: the field whose content is not of this API, so that none of its defaults are known.
    """
    rest = {name: value for name, value in entity.items() if name not in READ_ONLY and name != opaque}
    found: Entity = _normalized(rest, DEFAULTS) or {}
    inner = _normalized(entity.get(opaque), {}) if opaque else None
    return {**found, opaque: inner} if inner not in (None, {}) else found


def _normalized(value: Any, defaults: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        rows = {str(name): _normalized(item, defaults) for name, item in value.items()}
        for name, item in rows.items():
            if name in SETS and isinstance(item, list):
                rows[name] = as_set(item)
        return {
            name: item for name, item in rows.items() if not _is_nothing(item) and not _is_default(name, item, defaults)
        }
    if isinstance(value, (list, tuple)):
        return [_normalized(item, defaults) for item in value]
    return value


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _is_default(name: str, value: Any, defaults: Mapping[str, Any]) -> bool:
    return name in defaults and type(defaults[name]) is type(value) and defaults[name] == value


def _counterpart(rows: list[Any], item: Any, at: int) -> Any:
    """The held entry that a given one stands for."""
    if not isinstance(item, Mapping):
        return None
    names = {name: item[name] for name in _NAMES if name in item}
    alike = [row for row in rows if isinstance(row, Mapping) and names.items() <= row.items()]
    return alike[0] if names and alike else rows[at] if not names and at < len(rows) else None
