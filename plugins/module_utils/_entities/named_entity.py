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
from .._hidden_fields import BY_NAME
from .comparison import overlay, without_nulls
from .control_plane import ControlPlane
from .kept_secrets import keep_secrets
from .kinds import KINDS, Entity, Kind
from .listing import with_origin
from .lookup import Resolved, is_id
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
    by_id = is_id(name)
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
        hidden={"headers": BY_NAME},
    )


def remove_named(target: Target, on_in_use: OnInUse) -> Outcome:
    """Remove the entity and, when told to remove what is in use, before it what belongs to it."""
    control_plane, kind = target.control_plane, target.kind

    def remove_dependents(entity: Entity, note: Callable[[str], None]) -> None:
        if on_in_use == "remove":
            _remove_dependents(control_plane, kind, entity, note)

    def find_usage(entity: Entity) -> Usage | None:
        subject = f"{kind.label.capitalize()} {kind.display(entity)}"
        return usage_by(subject, dependents(control_plane, kind, entity))

    return remove(target, on_in_use, find_usage, remove_dependents)


def _remove_dependents(control_plane: ControlPlane, kind: Kind, entity: Entity, note: Callable[[str], None]) -> None:
    for row in dependents(control_plane, kind, entity):
        dependent = KINDS[row["entity"]]
        if control_plane.check_mode:
            # Which Kong removes with it.
            _remove_dependents(control_plane, dependent, {"id": row["id"]}, note)
        control_plane.endpoint(dependent).delete(row["id"], name=row["name"])
        note(f"{row['entity']} {row['name']} ({row['id']}) was removed")


def named_result(target: Target, outcome: Outcome) -> dict[str, Any]:
    """The result of a module."""
    result = outcome.result(target.kind.name, _view)
    known = outcome.after or outcome.before or {}
    if "id" in known:
        row = named_row(target.control_plane, target.kind, known)
        result["created_by_collection"] = row["created_by_collection"]
    return result


def named_row(control_plane: ControlPlane, kind: Kind, entity: Entity) -> Entity:
    """An entity as its info module returns it."""
    return with_origin(control_plane, kind, str(entity.get("name")), _view(entity, {}))


def _view(entity: Entity, before: Entity) -> Entity:
    """An entity as it is shown. Headers may hold a secret that routes match by."""
    masked: Entity = without_nulls(entity)
    if "headers" in masked:
        masked["headers"] = BY_NAME.view(masked["headers"], before.get("headers"))
    return masked


def parent_view(parents: Mapping[str, Resolved]) -> Callable[[Entity], Entity]:
    """For a diff: parents by the name that the task gives them, others by their id."""
    names = {parent.id: KINDS[field].display(parent.entity) for field, parent in parents.items()}

    def view(entity: Entity) -> Entity:
        return {field: names.get(_id(value), _id(value)) if _id(value) else value for field, value in entity.items()}

    return view


def _composer(kind: Kind, options: Entity, new: Entity) -> Compose:
    name = options["name"]

    def compose(current: Entity | None) -> Entity:
        if current is None and is_id(name):
            raise KonnectError(f"There is no {kind.label} with the id {name}.", code=ErrorCode.NOT_FOUND)
        held = without_nulls(current or new)
        given = dict(options) if not is_id(name) else {**options, "name": None}
        if given.get("headers"):
            given["headers"] = keep_secrets(BY_NAME, given["headers"], held.get("headers"), "headers").data
        return overlay(held, given)

    return compose


def _id(value: Any) -> str:
    return str(value["id"]) if isinstance(value, Mapping) and set(value) == {"id"} else ""
