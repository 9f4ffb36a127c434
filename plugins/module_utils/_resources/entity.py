# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Entities that their row in the table of kinds says everything about: bring one to its state, remove it, list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._entities.control_plane import ControlPlane
from .._entities.entity_view import text_rule
from .._entities.kind import Entity, Kind
from .._entities.kinds import KINDS
from .._entities.listing import parent_filter, read_entities
from .._entities.lookup import Resolved
from .._entities.managed_entity import entity_result, entity_row, entity_target, remove_entity
from .._entities.reconcile import ABSENT, Target, ensure
from .._plugins.schema import leaves, reference_sites
from .._references.literals import check_literals
from .._references.targets import ReferenceTargets
from .._references.validation import check_findings, follow
from . import members
from .hidden_value import with_hidden_value
from .server_names import predict_names

Options = Mapping[str, Any]


def ensure_entity(control_plane: ControlPlane, kind: Kind, options: Options, fields: Iterable[str]) -> dict[str, Any]:
    """The result of a module with C(state=present).

    :param options: of the module.
    :param fields: the options that are fields of the entity, those that identify it included.
    """
    check_texts(control_plane, kind, options)
    parents = {
        field: control_plane.resolve(KINDS[parent], options[field])
        for field, parent in kind.parents.items()
        if options.get(field)
    }
    wanted = members.resolve(control_plane, kind, options)
    target = _target(control_plane, kind, options, fields, parents)
    if kind.hidden:
        target = with_hidden_value(target, kind.hidden, options)
    outcome = ensure(target)
    predict_names(control_plane, kind, outcome)
    result = entity_result(target, outcome)
    return members.ensure_members(target, outcome, wanted, result) if wanted is not None else result


def remove_entity_of(
    control_plane: ControlPlane, kind: Kind, options: Options, fields: Iterable[str]
) -> dict[str, Any]:
    """The result of a module with C(state=absent). What belongs to an owner that is absent is absent too."""
    identity = {name for names in kind.identity for name in names}
    parents = {}
    for field, parent in kind.parents.items():
        if field in identity and options.get(field):
            found = control_plane.resolve_if_exists(KINDS[parent], options[field])
            if found is None:
                return ABSENT.result(kind.result_name)
            parents[field] = Resolved(found)
    target = _target(control_plane, kind, options, fields, parents)
    outcome = remove_entity(target, options.get("on_in_use", "remove"))
    predict_names(control_plane, kind, outcome)
    return entity_result(target, outcome)


def list_entities(control_plane: ControlPlane, kind: Kind, options: Options) -> list[Entity]:
    """The entities that an info module returns: all of the kind, or those that its options name."""
    of_parents = [
        parent_filter(control_plane, parent, options[field], field) for field, parent in info_parents(kind).items()
    ]
    found = read_entities(
        control_plane,
        kind,
        name=options.get(info_option(kind)),
        tags=options.get("tags"),
        keep=lambda entity: all(is_of(entity) for is_of in of_parents),
    )
    rows = [entity_row(control_plane, kind, entity) for entity in found]
    if len(rows) == 1 and options.get(info_option(kind)):
        return [members.with_members(control_plane, kind, rows[0])]
    return rows


def info_option(kind: Kind) -> str:
    """The option of an info module that names one entity."""
    is_name = kind.is_named or kind.identity[0] == (kind.name_field,)
    return kind.name_field if is_name and kind.name_field not in kind.sets else "id"


def info_parents(kind: Kind) -> dict[str, Kind]:
    """The options of an info module that name what its entities belong to, each with the kind of that."""
    return {
        field: KINDS[parent]
        for field, parent in kind.parents.items()
        if field == kind.owner or (kind.name, field) in KINDS[parent].dependents
    }


def check_texts(control_plane: ControlPlane, kind: Kind, options: Options) -> None:
    """Refuse references that cannot be resolved, and keep secrets out of every text that is shown. Where secrets may be
    references, C(literal_secrets) decides about those that are none.
    """
    for name, spec in kind.texts.items():
        control_plane.task.hide(text_rule(spec).literals(options.get(name)))
    if kind.takes_secret_references:
        given = (leaf for name, spec in kind.texts.items() for leaf in leaves(spec, options.get(name), name))
        check_literals(control_plane.task, given, options["literal_secrets"])
    if "check_references" not in options:
        return
    sites = [site for name, spec in kind.texts.items() for site in reference_sites(spec, options.get(name), name)]
    if sites:
        found = follow(ReferenceTargets(control_plane), sites)
        check_findings(control_plane.task, found, options["check_references"])


def _target(
    control_plane: ControlPlane,
    kind: Kind,
    options: Options,
    fields: Iterable[str],
    parents: Mapping[str, Resolved],
) -> Target:
    given = {name: options[name] for name in fields}
    for field in kind.parents:
        if field in given:
            parent = parents.get(field)
            given[field] = {"id": parent.id} if parent else given[field] if given[field] == {} else None
    return entity_target(control_plane, kind, {**given, "id": options.get("id")}, parents)
