# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Views of an entity: without secrets in results, with the names of its parents in diffs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._hidden_fields import HiddenFields
from .comparison import without_nulls
from .kind import Entity, Kind, Spec
from .kinds import KINDS
from .lookup import Resolved

# A tag with the id of the key, and the MAC.
FINGERPRINT_TAG = "fingerprint.{}.{}"
_FINGERPRINT = re.compile(r"fingerprint\.[0-9a-f]{8}\.[0-9a-f]{32}")


def without_fingerprints(tags: Iterable[str]) -> list[str]:
    """Tags without those in which this collection keeps fingerprints of hidden values."""
    return [tag for tag in tags if not _FINGERPRINT.fullmatch(tag)]


def text_rule(spec: Spec) -> HiddenFields:
    """The rule for one of the fields of a kind that may hold secrets."""
    return HiddenFields(spec, _child, everything=bool(spec.get("encrypted")))


def view_entity(kind: Kind, entity: Entity, before: Entity) -> Entity:
    """An entity for a result or a diff.

    :param before: an earlier state of it, to mark which secrets differ.
    """
    masked: Entity = without_nulls(entity)
    if kind.hidden and masked.get("tags"):
        masked["tags"] = without_fingerprints(masked["tags"])
        masked = {name: value for name, value in masked.items() if value != []}
    for name, spec in kind.texts.items():
        if name in masked:
            masked[name] = text_rule(spec).view(masked[name], before.get(name))
    return masked


def diff_view(kind: Kind, parents: Mapping[str, Resolved]) -> Callable[[Entity], Entity]:
    """For a diff: parents by the name that the task gives them, others by their id."""
    names = {parent.id: KINDS[kind.parents[field]].display(parent.entity) for field, parent in parents.items()}

    def view(entity: Entity) -> Entity:
        return {field: names.get(_id(value), _id(value)) if _id(value) else value for field, value in entity.items()}

    return view


def _child(spec: Spec, name: str | None) -> Spec:
    fields = (field[name] for field in spec.get("fields") or () if name in field)
    return next(fields, None) or spec.get("elements" if name is None else "values") or {}


def _id(value: Any) -> str:
    return str(value["id"]) if isinstance(value, Mapping) and set(value) == {"id"} else ""
