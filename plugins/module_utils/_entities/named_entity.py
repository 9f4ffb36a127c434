# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Core entities whose identity is their name, such as services and routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .._errors import ErrorCode, InvalidInput, KonnectError
from .._masking import mask_by_name
from .comparison import overlay, without_nulls
from .control_plane import ControlPlane
from .kinds import KINDS, Entity, Kind
from .listing import with_origin
from .lookup import Resolved, is_uuid
from .option_lists import check_lists
from .reconcile import Compose, Outcome, Target, remove
from .usage import OnInUse, Usage, dependents, usage_by

# Letters and digits of every script. Source: what Konnect was seen to answer, ^[\p{N}\p{L}.\-_~]*$.
NAME = re.compile(r"[\w.\-~]{1,128}")


def named_target(
    control_plane: ControlPlane,
    kind: Kind,
    options: Entity,
    parents: Mapping[str, Resolved] | None = None,
    new: Entity | None = None,
) -> Target:
    """The entity of that name or id, as the options say it should be.

    :param options: C(name) and the fields that were given; None was not given.
    :param parents: what the options refer to, by field, so that a diff can name it.
    :param new: what a new entity has besides.
    """
    name = options["name"]
    by_id = is_uuid(name)
    check_lists(options, kind.sets)
    if not NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} cannot be the name of a {kind.label}: 1 to 128 letters, digits, dots, dashes, underscores and "
            "tildes."
        )
    return Target(
        control_plane,
        kind,
        natural_key=name,
        matches=lambda entity: name == entity.get("name") or (by_id and name.lower() == entity["id"]),
        compose=_composer(kind, options, new or {}),
        query={} if by_id else {"filter[name][eq]": name},
        view=parent_view(parents or {}),
    )


def remove_named(target: Target, on_in_use: OnInUse) -> Outcome:
    """Remove the entity and, when told to remove what is in use, before it what belongs to it."""
    control_plane, kind = target.control_plane, target.kind

    def remove_dependents(entity: Entity, note: Callable[[str], None]) -> None:
        for row in dependents(control_plane, kind, entity) if on_in_use == "remove" else ():
            control_plane.endpoint(KINDS[row["entity"]]).delete(row["id"])
            note(f"{row['entity']} {row['name']} ({row['id']}) was removed")

    def find_usage(entity: Entity) -> Usage | None:
        subject = f"{kind.label.capitalize()} {kind.display(entity)}"
        return usage_by(subject, dependents(control_plane, kind, entity))

    return remove(target, on_in_use, find_usage, remove_dependents)


def named_result(target: Target, outcome: Outcome) -> dict[str, Any]:
    """The result of a module. Headers may hold a secret that routes match by."""
    result = outcome.result(target.kind.name, lambda entity, before: mask_by_name(without_nulls(entity), before))
    known = outcome.after or outcome.before or {}
    if "id" in known:
        row = named_row(target.control_plane, target.kind, known)
        result["created_by_collection"] = row["created_by_collection"]
    return result


def named_row(control_plane: ControlPlane, kind: Kind, entity: Entity) -> Entity:
    """An entity as its info module returns it."""
    return with_origin(control_plane, kind, str(entity.get("name")), mask_by_name(entity))


def parent_view(parents: Mapping[str, Resolved]) -> Callable[[Entity], Entity]:
    """For a diff: parents by the name that the task gives them, others by their id."""
    names = {parent.id: KINDS[field].display(parent.entity) for field, parent in parents.items()}

    def view(entity: Entity) -> Entity:
        return {field: names.get(_id(value), _id(value)) if _id(value) else value for field, value in entity.items()}

    return view


def _composer(kind: Kind, options: Entity, new: Entity) -> Compose:
    name = options["name"]

    def compose(current: Entity | None) -> Entity:
        if not is_uuid(name):
            return overlay(without_nulls(current or new), options)
        if current is None:
            raise KonnectError(f"There is no {kind.label} with the id {name}.", code=ErrorCode.NOT_FOUND)
        return overlay(without_nulls(current), {**options, "name": None})

    return compose


def _id(value: Any) -> str:
    return str(value["id"]) if isinstance(value, Mapping) and set(value) == {"id"} else ""
