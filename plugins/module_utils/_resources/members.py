# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The members of consumer groups, from either side: the consumers of a group, the groups of a consumer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .._entities.control_plane import ControlPlane
from .._entities.kind import Entity, Kind
from .._entities.kinds import CONSUMER, CONSUMER_GROUP
from .._entities.lookup import Resolved, is_id, name_or_id
from .._entities.reconcile import Outcome, Target
from .._entities.timestamps import seconds
from .._errors import KonnectError, with_done


@dataclass(frozen=True)
class _Side:
    """The list of an entity.

    :param option: of the module, and the end of the path.
    :param word: the field of a request that adds one.
    """

    other: Kind
    option: str
    word: str


_SIDES = {
    CONSUMER_GROUP.name: _Side(CONSUMER, "consumers", "consumer"),
    CONSUMER.name: _Side(CONSUMER_GROUP, "consumer_groups", "group"),
}


def resolve(control_plane: ControlPlane, kind: Kind, options: Mapping[str, Any]) -> list[Resolved] | None:
    """The members that a task asks for; None when it leaves them as they are."""
    side = _SIDES.get(kind.name)
    given = options.get(side.option) if side else None
    if side is None or given is None:
        return None
    names = [name_or_id(side.option, name) for name in given]
    rows = [*control_plane.list(side.other)] if len(names) > 1 else []
    found = [_resolve_among(rows, control_plane, side.other, name) for name in names]
    return list({member.id: member for member in found}.values())


def _resolve_among(rows: list[Entity], control_plane: ControlPlane, kind: Kind, name: str) -> Resolved:
    """The entity of that name or id in a list of all; looked up alone where the list does not have exactly one."""
    found = [row for row in rows if name in kind.names(row) or (is_id(name) and row["id"] == name.lower())]
    if len(found) != 1:
        return control_plane.resolve(kind, name)
    control_plane.client.note_parent(seconds(found[0].get("created_at")))
    return Resolved(found[0], control_plane.endpoint(kind).is_predicted(found[0]))


def ensure_members(target: Target, outcome: Outcome, wanted: list[Resolved], result: dict[str, Any]) -> dict[str, Any]:
    """Add and take off members until these are all, and add both lists to the result of the entity itself."""
    side, holder = _SIDES[target.kind.name], outcome.after or {}
    is_new = outcome.before is None or target.endpoint.is_predicted(outcome.before)
    exists = not (is_new and target.control_plane.check_mode)
    held = _read(target.control_plane, target.kind, holder) if exists else {}
    names = {**held, **{member.id: side.other.display(member.entity) for member in wanted}}
    new, gone = [member.id for member in wanted if member.id not in held], set(held) - {row.id for row in wanted}
    if not target.control_plane.check_mode:
        _write(target, holder, new, sorted(gone), names)
    lists = {"before": sorted(held.values()), "after": sorted(names[member.id] for member in wanted)}
    diff = result["diff"]
    if new or gone:
        diff = {side_: {**diff[side_], side.option: lists[side_]} for side_ in diff}
    entity = {**result[target.kind.result_name], side.option: lists["after"]}
    return {**result, "changed": result["changed"] or bool(new or gone), target.kind.result_name: entity, "diff": diff}


def with_members(control_plane: ControlPlane, kind: Kind, entity: Entity) -> Entity:
    """An entity with its members, when its kind has any."""
    if kind.name not in _SIDES:
        return entity
    return {**entity, _SIDES[kind.name].option: sorted(_read(control_plane, kind, entity).values())}


def _read(control_plane: ControlPlane, kind: Kind, holder: Entity) -> dict[str, str]:
    """The members by id, with their names."""
    side = _SIDES[kind.name]
    path = control_plane.path_of(kind, holder["id"], side.option)
    return {row["id"]: side.other.display(row) for row in control_plane.client.list(path, side.other.paging)}


def _find(control_plane: ControlPlane, kind: Kind, holder: Entity, member: str) -> str | None:
    return _read(control_plane, kind, holder).get(member)


def _write(target: Target, holder: Entity, new: list[str], gone: list[str], names: Mapping[str, str]) -> None:
    control_plane, kind = target.control_plane, target.kind
    client, side, done = control_plane.client, _SIDES[kind.name], list[str]()
    path = control_plane.path_of(kind, holder["id"], side.option)
    try:
        for member in new:
            body = {side.word: member}
            client.write_with_recovery(
                partial(client.request, "POST", path, body=body), partial(_find, control_plane, kind, holder, member)
            )
            done.append(f"{side.other.label} {names[member]} was added")
        for member in gone:
            client.delete((*path, member))
            done.append(f"{side.other.label} {names[member]} was taken off")
    except KonnectError as error:
        raise with_done(done, error, {"changed": True}) from error
