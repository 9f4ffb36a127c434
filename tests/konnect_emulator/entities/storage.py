# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Storage of core entities: look-up by id or key, unique values, foreign keys, cascades."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import Violation, reference_violation
from ..state import ControlPlane, Record, is_uuid, new_id
from .entity_kind import EntityKind
from .fields import Field
from .kinds import STORED_KINDS


def find(control_plane: ControlPlane, kind: EntityKind, reference: str) -> Record | None:
    """Return the entity of this id, or else of this key."""
    if is_uuid(reference):
        return control_plane.entity_table(kind.path).get(reference.lower())
    return find_by_key(control_plane, kind, reference)


def find_by_key(control_plane: ControlPlane, kind: EntityKind, key: str) -> Record | None:
    """Return the entity whose key field (see EntityKind) has this value."""
    if kind.key is None:
        return None
    id_ = control_plane.unique_values.get((kind.path, kind.key), {}).get(key)
    return control_plane.entity_table(kind.path).get(id_) if id_ else None


def _unique_values(kind: EntityKind, entity: Record) -> Iterator[tuple[str, Any]]:
    """Yield the field and value of everything that must be unique; a combination of fields has a name of its own."""
    for name in kind.unique:
        if name in entity:
            yield name, entity[name]
    for names in kind.unique_together:
        yield f"unique-{kind.singular}-per-entity", tuple(_value_or_id(entity, name) for name in names)


def _value_or_id(entity: Record, name: str) -> Any:
    value = entity.get(name)
    return value["id"].lower() if isinstance(value, dict) else value


def conflicts(control_plane: ControlPlane, kind: EntityKind, entity: Record, current_id: str | None) -> list[Violation]:
    """Return the unique values that another entity has; without a ``current_id``, an id in use is one too."""
    found = []
    if current_id is None and control_plane.entity_table(kind.path).get(entity.get("id", "").lower()):
        found.append(reference_violation("id", "id (type: unique) constraint failed"))
    for name, value in _unique_values(kind, entity):
        holder_id = control_plane.unique_values.get((kind.path, name), {}).get(value)
        if holder_id is not None and holder_id != current_id:
            field = name if name in kind.fields else ""
            found.append(reference_violation(field, f"{name} (type: unique) constraint failed"))
    return found


def _foreign_keys(kind: EntityKind, entity: Record) -> Iterator[tuple[str, Field, str]]:
    """Yield each foreign key of an entity: its path, its field, the id that it points to."""
    for name, field in kind.fields.items():
        if field.foreign_field is None or name not in entity:
            continue
        values = {name: entity[name]}
        if field.foreign_field is not field:
            values = {f"{name}[{index}]": item for index, item in enumerate(entity[name])}
        for path, value in values.items():
            yield path, field.foreign_field, value["id"].lower()


def missing_parents(control_plane: ControlPlane, kind: EntityKind, entity: Record) -> list[Violation]:
    """Return the foreign keys that point to nothing."""
    return [
        reference_violation(f"{path}.id", f"{path}.id (type: foreign) constraint failed")
        for path, field, id_ in _foreign_keys(kind, entity)
        if control_plane.entity_table(str(field.foreign)).get(id_) is None
    ]


def write(control_plane: ControlPlane, kind: EntityKind, entity: Record, old: Record | None) -> Record:
    """Store a checked entity; ``created_at`` stays, ``updated_at`` moves with every write."""
    now = control_plane.clock.now_seconds()
    id_ = old["id"] if old else entity.get("id", "").lower() or new_id()
    for name, field in kind.fields.items():
        if field.foreign and name in entity:
            entity[name] = {"id": _value_or_id(entity, name)}
    updated = {"updated_at": now} if "updated_at" in kind.fields else {}
    entity = {**entity, "id": id_, "created_at": old["created_at"] if old else now, **updated}
    if old:
        _release_unique_values(control_plane, kind, old)
    control_plane.entity_table(kind.path).put(id_, entity)
    for name, value in _unique_values(kind, entity):
        control_plane.unique_values.setdefault((kind.path, name), {})[value] = id_
    control_plane.record_change()
    return entity


def _release_unique_values(control_plane: ControlPlane, kind: EntityKind, entity: Record) -> None:
    for name, value in _unique_values(kind, entity):
        control_plane.unique_values[(kind.path, name)].pop(value, None)


def _referrers(control_plane: ControlPlane, kind: EntityKind, id_: str) -> Iterator[tuple[EntityKind, Record, bool]]:
    """Yield the entities that point to this one, and whether they are deleted with it."""
    for other in STORED_KINDS:
        foreign_fields = [field.foreign_field for field in other.fields.values() if field.foreign_field]
        if any(field.foreign == kind.path for field in foreign_fields):
            for entity in list(control_plane.entity_table(other.path)):
                for _path, field, parent_id in _foreign_keys(other, entity):
                    if (field.foreign, parent_id) == (kind.path, id_):
                        yield other, entity, field.cascade


def delete(control_plane: ControlPlane, kind: EntityKind, entity: Record, force: bool) -> None:
    """Delete an entity and what cascades; raises CoreEntityError if others point to it, unless forced."""
    referrers = list(_referrers(control_plane, kind, entity["id"]))
    blocking = sorted({other.singular for other, _referrer, cascade in referrers if not cascade})
    if blocking and not force:
        raise kind.in_use_error(entity, blocking)
    for other, referrer, _cascade in referrers:
        if control_plane.entity_table(other.path).get(referrer["id"]) is not None:
            delete(control_plane, other, referrer, force)
    _release_unique_values(control_plane, kind, entity)
    control_plane.entity_table(kind.path).remove(entity["id"])
    control_plane.record_change()
