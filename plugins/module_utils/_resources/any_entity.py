# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Core entities that have no module of their own, by the path of their list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._entities.comparison import merge, overlay, without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.kept_secrets import keep_secrets
from .._entities.kind import READ_ONLY, Entity, Kind
from .._entities.kinds import KINDS, WORKSPACE
from .._entities.lookup import Resolved
from .._entities.reconcile import ABSENT, Outcome, Target, ensure, remove
from .._errors import ErrorCode, InvalidInput, KonnectError
from .._hidden_fields import HiddenFields

Options = Mapping[str, Any]
_STEP = re.compile(r"[\w.\-~%*@:]+")
_OWNER = "owner"


def ensure_any(control_plane: ControlPlane, options: Options) -> dict[str, Any]:
    """The result of konnect_entity, whose options these are, with C(state=present)."""
    kind, owner_kind, name = _kind(options)
    _check_given(kind, options["match"], options["fields"] or {})
    owner = control_plane.resolve(owner_kind, name) if owner_kind else None
    return _result(ensure(_target(control_plane, kind, owner, options)), options)


def remove_any(control_plane: ControlPlane, options: Options) -> dict[str, Any]:
    """The result of konnect_entity, whose options these are, with C(state=absent)."""
    kind, owner_kind, name = _kind(options)
    found = control_plane.resolve_if_exists(owner_kind, name) if owner_kind else None
    if owner_kind and found is None:
        return ABSENT.result("entity")
    owner = Resolved(found) if found else None
    return _result(remove(_target(control_plane, kind, owner, options)), options)


def list_any(control_plane: ControlPlane, options: Options) -> list[Entity]:
    """The entities that konnect_entity_info returns."""
    kind, owner_kind, name = _kind(options)
    owner = control_plane.resolve(owner_kind, name) if owner_kind else None
    found = [row for row in control_plane.endpoint(kind, owner).list() if _matches(row, options["match"] or {})]
    return sorted((hidden(options).view(without_nulls(row)) for row in found), key=lambda row: str(row.get("id")))


def hidden(options: Options) -> HiddenFields:
    """The rule for fields of which nothing but the names is known."""
    return HiddenFields(also=set(options["sensitive_fields"] or ()))


def _kind(options: Options) -> tuple[Kind, Kind | None, str]:
    """The kind at a path, and where it is below another entity, that one's kind and name."""
    steps = options["kind"].strip("/").split("/")
    if not all(_STEP.fullmatch(step) and step not in (".", "..") for step in steps):
        raise InvalidInput("kind must look like cloned-plugins or services/example-service/degraphql/routes.")
    label, identity = f"entity in {options['kind']}", (tuple(options["match"] or ()),)
    owner = next((kind for kind in KINDS.values() if kind.segments == ("core-entities", steps[0])), None)
    if owner is None or len(steps) < 3:
        kind = Kind("entity", label, ("core-entities", *steps), "offset", name_field="id", identity=identity)
        own = _known(kind)
        if own:
            kind = replace(kind, shared=own.shared, schema=own.schema, envelope=own.envelope)
        return kind, None, ""
    nested = tuple(steps[2:])
    kind = Kind(
        "entity",
        label,
        ("core-entities", "/".join(nested)),
        "offset",
        name_field="id",
        owner=_OWNER,
        nested=nested,
        parents={_OWNER: owner.name},
        identity=identity,
    )
    return kind, owner, steps[1]


def _known(kind: Kind) -> Kind | None:
    """The kind that has this list and perhaps a module of its own."""
    for own in (*KINDS.values(), WORKSPACE):
        if own.segments == kind.segments or (own.nested and own.nested == kind.nested):
            return own
    return None


def _check_given(kind: Kind, match: Options, fields: Options) -> None:
    """Refuse a secret that responses lack, because a change of it could not be told, and contradictions."""
    own = _known(kind) or kind
    if own.hidden in match or own.hidden in fields:
        raise InvalidInput(
            f"Konnect does not return {own.hidden} of {kind.label} as it is given, so that a change of it could not be "
            f"told. Use community.konnect.konnect_{own.name}, which can."
        )
    for name in sorted(match.keys() & fields.keys()):
        if match[name] != fields[name]:
            raise InvalidInput(f"match and fields have different values of {name}. Leave it out of fields.")


def _target(control_plane: ControlPlane, kind: Kind, owner: Resolved | None, options: Options) -> Target:
    match, rule, given = options["match"], hidden(options), options["fields"] or {}
    if not match:
        raise InvalidInput("match must not be empty. It tells the entity from the others in its list.")
    key = json.dumps({"owner": owner.id if owner else None, "kind": options["kind"], "match": match}, sort_keys=True)

    def compose(current: Entity | None) -> Entity:
        held = without_nulls(current or {})
        if match.get("id") not in (None, held.get("id")):
            raise KonnectError(f"There is no {kind.label} with the id {match['id']}.", code=ErrorCode.NOT_FOUND)
        if given.get("id") not in (None, held.get("id")):
            raise InvalidInput(f"The id in fields is not that of {kind.label}. Leave it out: a new one gets its own.")
        fields = keep_secrets(rule, given, held, "fields").data
        merged = {name: merge(held.get(name), value) if value else value for name, value in fields.items()}
        return overlay(held, {name: value for name, value in {**match, **merged}.items() if name not in READ_ONLY})

    return Target(
        control_plane,
        kind,
        natural_key=key,
        matches=lambda entity: _matches(entity, match),
        compose=compose,
        owner=owner,
        hidden=rule,
        words=f"the {kind.label} with {', '.join(f'{name} {value}' for name, value in sorted(match.items()))}",
    )


def _matches(entity: Entity, match: Mapping[str, Any]) -> bool:
    return all(entity.get(name) == value for name, value in match.items())


def _result(outcome: Outcome, options: Options) -> dict[str, Any]:
    return outcome.result("entity", lambda entity, before: hidden(options).view(without_nulls(entity), before))
