# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Core entities as a task manages them: their identity, their desired body, their removal, and their results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._errors import ErrorCode, InvalidInput, KonnectError
from .comparison import merge, normalize_entity, overlay, without_nulls
from .control_plane import ControlPlane
from .entity_view import diff_view, text_rule, view_entity
from .identity import Identity, by_fields, by_name, has_secret_identity, is_same, natural_key
from .kept_secrets import keep_secrets
from .kind import Entity, Kind
from .kinds import KINDS
from .listing import with_origin
from .lookup import Resolved
from .option_lists import check_lists
from .reconcile import Compose, Outcome, Target, remove
from .usage import OnInUse, Usage, dependents, usage_by, users


def entity_target(
    control_plane: ControlPlane,
    kind: Kind,
    options: Entity,
    parents: Mapping[str, Resolved] | None = None,
    new: Entity | None = None,
) -> Target:
    """The entity that the options identify, as they say it should be.

    :param options: the fields that were given, and perhaps C(id); None was not given.
    :param parents: what the options refer to, by field, so that a diff can name it.
    :param new: what a new entity has besides.
    """
    parents, fields = parents or {}, dict(options)
    given_id = fields.pop("id", None)
    check_lists(fields, kind.sets)
    identity = by_name(kind, fields) if kind.is_named else by_fields(kind, fields, given_id, parents)
    target = Target(
        control_plane,
        kind,
        natural_key=identity.key,
        matches=identity.matches,
        compose=_composer(kind, fields, identity, new or {}),
        query={} if identity.entity_id or not kind.name_filter else {"filter[name][eq]": identity.key},
        view=diff_view(kind, parents),
        owner=parents.get(kind.owner) if kind.owner else None,
        words=identity.words,
        normalizer=_normalizer(control_plane, kind, fields),
        hidden={name: text_rule(spec) for name, spec in kind.texts.items()},
        can_validate=not any(parent.predicted for parent in parents.values()),
    )
    new_id = target.deterministic_id
    return replace(
        target,
        matches=lambda entity: identity.matches(entity) or (identity.is_secret and entity["id"] == new_id),
        before_write=_check_before_write(target, identity.names),
    )


def remove_entity(target: Target, on_in_use: OnInUse) -> Outcome:
    """Remove the entity and, when told to remove what is in use, before it what belongs to it."""
    control_plane, kind = target.control_plane, target.kind

    def remove_dependents(entity: Entity, note: Callable[[str], None]) -> None:
        if on_in_use == "remove":
            _remove_dependents(control_plane, kind, entity, note)

    def find_usage(entity: Entity) -> Usage | None:
        return usage_by(kind.subject(entity), users(control_plane, kind, entity))

    return remove(target, on_in_use, find_usage, remove_dependents)


def _remove_dependents(control_plane: ControlPlane, kind: Kind, entity: Entity, note: Callable[[str], None]) -> None:
    for row in dependents(control_plane, kind, entity):
        dependent = KINDS[row["entity"]]
        if control_plane.check_mode:
            # Which Kong removes with it.
            _remove_dependents(control_plane, dependent, {"id": row["id"]}, note)
        owner = Resolved({"id": row[dependent.owner]}) if dependent.owner else None
        view = control_plane.in_workspace(row["workspace"]) if "workspace" in row else control_plane
        view.endpoint(dependent, owner).delete(row["id"], name=row["name"])
        note(f"{row['entity']} {row['name']} ({row['id']}) was removed")


def entity_result(target: Target, outcome: Outcome) -> dict[str, Any]:
    """The result of a module."""
    kind = target.kind
    result = outcome.result(kind.result_name, lambda entity, before: view_entity(kind, entity, before))
    known = outcome.after or outcome.before or {}
    if _has_origin(kind, known):
        result["created_by_collection"] = entity_row(target.control_plane, kind, known)["created_by_collection"]
    return result


def _has_origin(kind: Kind, entity: Entity) -> bool:
    """True if the id tells whether this collection created the entity: its key is known, and Konnect took the id."""
    return "id" in entity and kind.takes_id and not has_secret_identity(kind)


def entity_row(control_plane: ControlPlane, kind: Kind, entity: Entity) -> Entity:
    """An entity as its info module returns it."""
    masked = view_entity(kind, entity, {})
    if not _has_origin(kind, entity):
        return masked
    keys = [natural_key(kind, entity, names) for names in kind.identity or ((kind.name_field,),)]
    return with_origin(control_plane, kind, keys, masked)


def _normalizer(control_plane: ControlPlane, kind: Kind, fields: Entity) -> Callable[[Entity], Entity]:
    """The normal form of an entity, in which a secret that Konnect hides is taken for the given one."""
    seal = control_plane.task.predictions.seal
    given = {name: (None, fields[name], seal(fields[name])) for name in kind.may_be_hidden if fields.get(name)}

    def normalize(entity: Entity) -> Entity:
        same = {name: "the given one" for name, values in given.items() if entity.get(name) in values}
        return normalize_entity(kind, {**entity, **same})

    return normalize


def _check_before_write(target: Target, known_by: Sequence[str]) -> Callable[[Entity, Entity | None], None]:
    """Refuse a new entity that lacks something; values that another entity has, of which a control plane has each once;
    and a change without a secret that Konnect hides, because it would make another one.

    :param known_by: the fields of which no other entity has the values, since they tell which one is meant.
    """
    kind = target.kind

    def check(body: Entity, current: Entity | None) -> None:
        lacking = [" or ".join(names) for names in kind.needs if not any(body.get(name) for name in names)]
        if current is None and lacking:
            raise InvalidInput(f"There is no such {kind.label} yet. To create it, give {', '.join(lacking)}.")
        missing = [name for name in kind.may_be_hidden if current is not None and not body.get(name)]
        if missing:
            raise InvalidInput(f"Give {missing[0]}, too. Konnect does not show it and would make another one.")
        changed = [
            names
            for names in kind.unique
            if names != known_by and body.get(names[0]) and _values(body, names) != _values(current or {}, names)
        ]
        for entity in target.control_plane.list(kind) if changed else ():
            taken = [names for names in changed if all(is_same(entity.get(name), body.get(name)) for name in names)]
            if taken and entity["id"] != (current or {}).get("id"):
                raise _conflict(kind, entity, taken[0])

    return check


def _conflict(kind: Kind, entity: Entity, names: Sequence[str]) -> KonnectError:
    owner = f" of {kind.owner} {(entity.get(kind.owner) or {}).get('id')}" if kind.owner else ""
    is_one = len(names) == 1 and names[0] not in kind.sets
    return KonnectError(
        f"The {' and '.join(names)} of the task {'is that' if is_one else 'are those'} of {kind.label} "
        f"{kind.display(entity)} ({entity['id']}){owner} already. Nothing was written. Change that one first.",
        code=ErrorCode.CONFLICT,
        candidates=[entity["id"]],
    )


def _values(entity: Entity, names: Sequence[str]) -> list[Any]:
    return [entity.get(name) or None for name in names]


def _composer(kind: Kind, fields: Entity, identity: Identity, new: Entity) -> Compose:
    def compose(current: Entity | None) -> Entity:
        if current is None and identity.entity_id:
            raise KonnectError(f"There is no {kind.label} with the id {identity.entity_id}.", code=ErrorCode.NOT_FOUND)
        held = without_nulls(current or new)
        given = {**fields, **identity.not_sent}
        if current is not None:
            given.update(dict.fromkeys(kind.only_new))
        for name, spec in kind.texts.items():
            if given.get(name):
                given[name] = keep_secrets(text_rule(spec), given[name], held.get(name), name).data
        for name in kind.records:
            if given.get(name):
                given[name] = merge(held.get(name), given[name])
        chosen = [name for name in kind.alternatives if given.get(name)]
        if chosen:
            held = {name: value for name, value in held.items() if name in chosen or name not in kind.alternatives}
        return overlay(held, given)

    return compose
