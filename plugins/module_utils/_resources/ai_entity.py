# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Entities of AI Gateways: bring one to its state, remove it, list them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._entities import ai_comparison
from .._entities.ai_gateways import OWN
from .._entities.ai_kinds import AI_MODEL, AI_MODEL_PROVIDER, KINDS, missing_fields
from .._entities.ai_secrets import without_entry
from .._entities.comparison import without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.entity_view import text_rule
from .._entities.kept_secrets import keep_secrets
from .._entities.kind import READ_ONLY, Entity, Kind
from .._entities.listing import read_entities, with_origin
from .._entities.lookup import is_id, not_found
from .._entities.reconcile import Compose, Outcome, Target, ensure, remove
from .._entities.usage import Referrer, Usage, referrer, usage_by
from .._errors import InvalidInput
from .._hidden_fields import HiddenFields
from .._plugins.schema import reference_sites
from .._references.targets import ReferenceTargets
from .._references.validation import check_findings, follow
from .ai_types import check_entity, label_texts
from .write_only import with_write_only

Options = Mapping[str, Any]


@dataclass(frozen=True)
class AiFields:
    """The knowledge of a module about its kind.

    :param names: the options that are fields of the entity.
    :param fixed: those that never change.
    :param read_only: fields that Konnect makes, besides the usual ones.
    :param opaque: the field whose content is not of this API.
    :param is_marked: whether Konnect keeps who made it.
    :param sensitive: fields to hide besides.
    :param may_hold_secrets: whether Konnect may hold secrets that nothing tells of.
    :param check_others: refuses a body because of other entities.
    """

    kind: Kind
    names: tuple[str, ...]
    fixed: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    opaque: str = ""
    is_marked: bool = True
    sensitive: tuple[str, ...] = ()
    may_hold_secrets: bool = False
    check_others: Callable[[ControlPlane, Entity], None] | None = None

    @property
    def rules(self) -> dict[str, HiddenFields]:
        return {name: replace(text_rule(spec), also=self.sensitive) for name, spec in self.kind.texts.items()}


def ensure_ai(parent: ControlPlane, fields: AiFields, options: Options) -> Outcome:
    """Make an entity what the options say."""
    check_texts(parent, fields, options)
    return ensure(ai_target(parent, fields, options))


def remove_ai(parent: ControlPlane, fields: AiFields, options: Options) -> Outcome:
    """Remove an entity, if nothing that uses it is to keep it."""
    kind = fields.kind

    def find_usage(entity: Entity) -> Usage | None:
        return usage_by(kind.subject(entity), users(parent, kind, entity))

    return remove(ai_target(parent, fields, options), options.get("on_in_use", "remove"), find_usage)


def ai_target(parent: ControlPlane, fields: AiFields, options: Options) -> Target:
    """The entity that the options name, as they say it should be."""
    kind = fields.kind
    name = str(options[kind.name_field])
    target = Target(
        parent,
        kind,
        natural_key=name,
        matches=lambda entity: entity.get(kind.name_field) == name or (is_id(name) and entity["id"] == name.lower()),
        compose=_composer(fields, options),
        normalizer=lambda entity: ai_comparison.normalize(_own(fields, entity), opaque=fields.opaque),
        view=without_entry,
        hidden=fields.rules,
        before_write=_check(parent, fields),
    )
    secret = {field: rule for field, rule in fields.rules.items() if field in fields.names}
    if not secret or "update_secret" not in options:
        return target
    return with_write_only(target, secret, options, may_hold_secrets=lambda current: fields.may_hold_secrets)


def check_texts(parent: ControlPlane, fields: AiFields, options: Options) -> None:
    """Refuse references that cannot be resolved, and keep secrets out of every text that is shown."""
    for name, rule in fields.rules.items():
        parent.task.views[name] = rule.view
        parent.task.hide(rule.literals(options.get(name)))
    sites = [
        site for name, spec in fields.kind.texts.items() for site in reference_sites(spec, options.get(name), name)
    ]
    if sites and "check_references" in options:
        check_findings(parent.task, follow(ReferenceTargets(parent), sites), options["check_references"])


def ai_result(parent: ControlPlane, fields: AiFields, outcome: Outcome, name: str = "") -> dict[str, Any]:
    """The result of a module."""
    result = outcome.result(name or fields.kind.name, lambda entity, before: _masked(fields, entity, before))
    known = outcome.after or outcome.before
    if known and fields.is_marked:
        result["created_by_collection"] = with_origin(parent, fields.kind, (), known)["created_by_collection"]
    return result


def list_ai(parent: ControlPlane, fields: AiFields, options: Options) -> list[Entity]:
    """The entities that an info module returns: all of the kind, or the one that its options name."""
    rows = read_entities(parent, fields.kind, name=options.get(fields.kind.name_field))
    masked = [_masked(fields, row, {}) for row in rows]
    if not fields.is_marked:
        return masked
    return [with_origin(parent, fields.kind, (), row) for row in masked]


def users(parent: ControlPlane, kind: Kind, entity: Entity) -> list[Referrer]:
    """Find what names a provider or a policy: models by their targets, and every list of policies."""
    names = {entity.get("id"), entity.get("name")}
    found = []
    if kind is AI_MODEL_PROVIDER:
        for model in parent.list(AI_MODEL):
            for at, target in enumerate(model.get("targets") or ()):
                if target.get("provider") in names:
                    found.append(referrer(AI_MODEL, model, f"targets.{at}.provider"))
    elif kind.name == "ai_policy":
        for other in KINDS.values():
            if other.name not in ("ai_policy", "ai_model_provider", "ai_data_plane_certificate"):
                rows = [row for row in parent.list(other) if names & {*(row.get("policies") or ())}]
                found += [referrer(other, row, "policies") for row in rows]
    return found


def _composer(fields: AiFields, options: Options) -> Compose:
    kind = fields.kind

    def compose(current: Entity | None) -> Entity:
        if options.get("id") not in (None, (current or {}).get("id")):
            name = options[kind.name_field]
            raise InvalidInput(f"The id in body is not that of {kind.label} {name}. Leave it out: Konnect makes ids.")
        held = _own(fields, without_nulls(current or {}))
        given = {name: options[name] for name in fields.names if options.get(name) is not None}
        if "labels" in given:
            given["labels"] = label_texts(given["labels"])
        if isinstance(given.get("cert"), str) and given["cert"].strip() == str(held.get("cert")).strip():
            given["cert"] = held["cert"]  # which a line end does not change
        for name in fields.rules.keys() & given.keys():
            given[name] = keep_secrets(fields.rules[name], given[name], held.get(name), name).data
        if current is not None:
            given.pop(kind.name_field, None)  # which may be its id
        # Field by field: another type, which some kinds may take, leaves the other fields as they are.
        merged = {name: ai_comparison.merge(held.get(name), value, name) for name, value in given.items()}
        body = {**held, **merged}
        if current is None:
            body = _new(fields, body, options)
        sent = {name: value for name, value in body.items() if value not in (None, "", [], {})}
        # Konnect wants this one, though nothing may be in it.
        return {fields.opaque: {}, **sent} if fields.opaque else sent

    return compose


def _new(fields: AiFields, body: Entity, options: Options) -> Entity:
    kind = fields.kind
    if is_id(str(options[kind.name_field])):
        raise InvalidInput(f"There is no {kind.label} with the id {options[kind.name_field]}.")
    # People know it by its name where the task gives them no other.
    titled = {"display_name": body["name"], **body} if "display_name" in missing_fields(kind, {}) else body
    missing = missing_fields(kind, titled)
    if missing:
        raise InvalidInput(
            f"There is no {kind.label} {options[kind.name_field]} yet. To create it, give {', '.join(missing)}."
        )
    return {**titled, **(OWN if fields.is_marked else {})}


def _check(parent: ControlPlane, fields: AiFields) -> Callable[[Entity, Entity | None], None]:
    kind = fields.kind

    def check(body: Entity, current: Entity | None) -> None:
        for name in fields.fixed if current else ():
            if body.get(name) != (current or {}).get(name):
                raise InvalidInput(
                    f"The {name} of {kind.label} {kind.display(current or {})} cannot be changed. "
                    f"Remove it first, or take another {kind.name_field}."
                )
        emptied = [name for name in missing_fields(kind, body) if (current or {}).get(name)]
        if emptied:
            raise InvalidInput(f"{kind.subject(current or {})} needs {', '.join(emptied)}, which must not be empty.")
        check_entity(kind, body)
        if fields.check_others:
            fields.check_others(parent, body)

    return check


def check_providers(parent: ControlPlane, model: Entity) -> None:
    """Refuse a target whose provider does not exist."""
    endpoint = parent.endpoint(AI_MODEL_PROVIDER)
    known = {name for row in endpoint.list() for name in (row["id"], row["name"])}
    for target in model.get("targets") or ():
        if target.get("provider") not in known:
            raise not_found(endpoint, str(target.get("provider")), parent.label)


def _own(fields: AiFields, entity: Entity) -> Entity:
    """An entity without what Konnect makes."""
    return {name: value for name, value in entity.items() if name not in READ_ONLY and name not in fields.read_only}


def _masked(fields: AiFields, entity: Entity, before: Entity) -> Entity:
    masked = without_entry(without_nulls(entity))
    for name, rule in fields.rules.items():
        if name in masked:
            masked[name] = rule.view(masked[name], before.get(name))
    return masked
