# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Services and routes: core entities whose identity is their name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import overlay, plain
from ansible_collections.community.konnect.plugins.module_utils._entities import KINDS, Entity, Kind
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._lookup import UUID, Parent
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Outcome, Target, remove
from ansible_collections.community.konnect.plugins.module_utils._redact import mask_by_name
from ansible_collections.community.konnect.plugins.module_utils._referrers import pointing_at, refuse

# Source: the pattern of names in Konnect's core entity schemas.
NAME = re.compile(r"[0-9a-zA-Z.\-_~]{1,128}")


def named_target(
    client: KonnectClient, control_plane_id: str, kind: Kind, name: str, parents: Mapping[str, Parent] | None = None
) -> Target:
    """The entity of that name, or of that id."""
    by_id = UUID.fullmatch(name) is not None
    if not NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} cannot be the name of a {kind.label}: 1 to 128 letters, digits, dots, dashes, underscores and "
            "tildes."
        )
    return Target(
        client,
        control_plane_id,
        kind,
        natural_key=name,
        matches=lambda entity: name == entity.get("name") or (by_id and name.lower() == entity["id"]),
        query={} if by_id else {"filter[name][eq]": name},
        show=show_parents(parents or {}),
    )


def named_composer(kind: Kind, options: Entity, new: Entity | None = None) -> Callable[[Entity | None], Entity]:
    """What the entity should be: the options over what is there, or over ``new`` when nothing is."""
    name = options["name"]

    def compose(current: Entity | None) -> Entity:
        if not UUID.fullmatch(name) or (current or {}).get("name") == name:
            return overlay(plain(current or new or {}), options)
        if current is None:
            raise KonnectError(f"There is no {kind.label} with the id {name}.", code="not_found")
        return overlay(plain(current), {**options, "name": None})

    return compose


def show_parents(parents: Mapping[str, Parent]) -> Callable[[Entity], Entity]:
    """For a diff: parents by the name that the task knows them by, others by their id."""
    names = {parent.id: str(parent.entity.get("name") or parent.id) for parent in parents.values()}

    def show(entity: Entity) -> Entity:
        return {field: names.get(_id(value), _id(value)) if _id(value) else value for field, value in entity.items()}

    return show


def remove_named(target: Target, *, force: bool, check_mode: bool) -> Outcome:
    """Remove the entity unless others belong to it; when forced, remove these before it."""

    def guard(entity: Entity) -> None:
        found = pointing_at(target.client, target.control_plane_id, target.kind, entity)
        if not force:
            refuse(f"{target.kind.label} {target.kind.display(entity)}", found)
        for row in found if not check_mode else ():
            target.client.delete(KINDS[row["entity"]].path(target.control_plane_id, row["id"]))

    return remove(target, check_mode=check_mode, guard=guard)


def named_result(target: Target, outcome: Outcome) -> dict[str, Any]:
    """The result of a module. Headers may hold a secret that requests are told apart by."""
    known = outcome.after or outcome.before or {}
    before, after = outcome.shown["before"], outcome.shown["after"]
    result = {
        "changed": outcome.changed,
        target.kind.name: mask_by_name(plain(known)),
        "diff": {"before": mask_by_name(before), "after": mask_by_name(after, before)},
    }
    if "id" in known:
        own_id = target.kind.own_id(target.control_plane_id, str(known.get("name")))
        result["created_by_collection"] = known["id"] == own_id
    return result


def _id(value: Any) -> str:
    return str(value["id"]) if isinstance(value, Mapping) and set(value) == {"id"} else ""
