# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Nulls in a configuration. One in a field that has a default is a value; elsewhere it says that there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .schema import Spec, elements_of, field_at


def merge_config(current: Any, desired: Any) -> Any:
    """Desired over current: mappings are merged, everything else replaces, nulls too."""
    if not isinstance(desired, Mapping):
        return desired
    held = current if isinstance(current, Mapping) else {}
    return {**held, **{name: merge_config(held.get(name), item) for name, item in desired.items()}}


def meaningful_nulls(spec: Spec, value: Any) -> Any:
    """A configuration with only those nulls that say something: in fields that have a default, which they replace."""
    if isinstance(value, Mapping):
        fields = {name: field_at(spec, str(name)) for name in value}
        return {
            name: meaningful_nulls(fields[name], item)
            for name, item in value.items()
            if item is not None or fields[name].get("default") is not None
        }
    if isinstance(value, list):
        return [meaningful_nulls(elements_of(spec), item) for item in value]
    return value
