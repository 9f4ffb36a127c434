# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where core entities live: natural keys, uniqueness, foreign keys, cascades."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from .entity_fields import Field
from .entity_kinds import KINDS, EntityKind
from .errors import Violation, on_reference
from .plugin_schemas import SCOPES
from .state import ControlPlane, Record, is_uuid, new_id

PLUGIN_TUPLE = ("name", *SCOPES)


def find(plane: ControlPlane, kind: EntityKind, ref: str) -> Record | None:
    """By id, else by the kind's key."""
    if is_uuid(ref):
        return plane.table(kind.path).get(ref.lower())
    return find_by_key(plane, kind, ref)


def find_by_key(plane: ControlPlane, kind: EntityKind, ref: str) -> Record | None:
    if kind.key is None:
        return None
    id_ = plane.unique.get((kind.path, kind.key), {}).get(ref)
    return plane.table(kind.path).get(id_) if id_ else None


def _entries(kind: EntityKind, entity: Record) -> Iterator[tuple[str, Any]]:
    """The values of an entity that no other of its kind may have, by field; a plugin's scope has no field."""
    for name in kind.unique:
        if name in entity:
            yield name, entity[name]
    if kind.path == "plugins":
        yield "", tuple(_target(entity, name) for name in PLUGIN_TUPLE)


def _target(entity: Record, name: str) -> Any:
    value = entity.get(name)
    return value["id"].lower() if isinstance(value, dict) else value


def conflicts(plane: ControlPlane, kind: EntityKind, entity: Record, own_id: str | None) -> list[Violation]:
    """Unique values that another entity holds; without an ``own_id`` a held id is one too."""
    found = []
    if own_id is None and plane.table(kind.path).get(entity.get("id", "").lower()):
        found.append(on_reference("id", "id (type: unique) constraint failed"))
    for name, value in _entries(kind, entity):
        holder = plane.unique.get((kind.path, name), {}).get(value)
        if holder is not None and holder != own_id:
            label = name or "unique-plugin-per-entity"
            found.append(on_reference(name, f"{label} (type: unique) constraint failed"))
    return found


def _parents(kind: EntityKind, entity: Record) -> Iterator[tuple[str, Field, str]]:
    """What an entity points to: the place of the pointer, the field that says to which kind, the id."""
    for name, field in kind.fields.items():
        if field.pointer is None or name not in entity:
            continue
        places = {name: entity[name]}
        if field.pointer is not field:
            places = {f"{name}[{number}]": item for number, item in enumerate(entity[name])}
        for place, item in places.items():
            yield place, field.pointer, item["id"].lower()


def missing_parents(plane: ControlPlane, kind: EntityKind, entity: Record) -> list[Violation]:
    return [
        on_reference(f"{place}.id", f"{place}.id (type: foreign) constraint failed")
        for place, field, id_ in _parents(kind, entity)
        if plane.table(str(field.foreign)).get(id_) is None
    ]


def write(plane: ControlPlane, kind: EntityKind, entity: Record, old: Record | None) -> Record:
    """Put a checked entity in; ``created_at`` stays, ``updated_at`` moves with every write."""
    now = int(time.time())
    id_ = old["id"] if old else entity.get("id", "").lower() or new_id()
    for name, field in kind.fields.items():
        if field.foreign and name in entity:
            entity[name] = {"id": _target(entity, name)}
    entity = {**entity, "id": id_, "created_at": old["created_at"] if old else now, "updated_at": now}
    if old:
        _forget(plane, kind, old)
    plane.table(kind.path).put(id_, entity)
    for name, value in _entries(kind, entity):
        plane.unique.setdefault((kind.path, name), {})[value] = id_
    plane.changed()
    return entity


def _forget(plane: ControlPlane, kind: EntityKind, entity: Record) -> None:
    for name, value in _entries(kind, entity):
        plane.unique[(kind.path, name)].pop(value, None)


def _dependants(plane: ControlPlane, kind: EntityKind, id_: str) -> Iterator[tuple[EntityKind, Record, bool]]:
    """Entities that point to this one, and whether they go with it."""
    for other in KINDS.values():
        pointers = [field.pointer for field in other.fields.values() if field.pointer]
        if any(pointer.foreign == kind.path for pointer in pointers):
            for entity in list(plane.table(other.path)):
                for _place, field, parent_id in _parents(other, entity):
                    if (field.foreign, parent_id) == (kind.path, id_):
                        yield other, entity, field.cascade


def delete(plane: ControlPlane, kind: EntityKind, entity: Record, force: bool) -> None:
    """Remove an entity and what cascades; refuse when others would be left pointing at nothing, unless forced."""
    dependants = list(_dependants(plane, kind, entity["id"]))
    held_by = sorted({other.path for other, _dependant, cascade in dependants if not cascade})
    if held_by and not force:
        raise kind.in_use(kind.singular, entity, held_by)
    for other, dependant, _cascade in dependants:
        if plane.table(other.path).get(dependant["id"]) is not None:
            delete(plane, other, dependant, force)
    _forget(plane, kind, entity)
    plane.table(kind.path).remove(entity["id"])
    plane.changed()
