# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Bring an entity to its desired state: find, compare, then create, update, delete, or only predict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import ApiError, ErrorCode, KonnectError, with_done
from .._hidden_fields import EVERYTHING, HiddenFields
from .._predictions import SEAL, stand_in_id
from .._vault_reference import texts
from .comparison import normalize_entity, without_defaults, without_nulls
from .control_plane import ControlPlane
from .endpoint import Endpoint
from .kind import READ_ONLY, Entity, Kind
from .lookup import Resolved
from .usage import OnInUse, Usage, check_usage

ATTEMPTS = 3

Compose = Callable[["Entity | None"], Entity]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a change that was made, or in check mode would be made.

    :param before, after: what the server held and holds; None when there was or is nothing. In check mode, after is
        the body that would be sent.
    :param diff: ``{"before": {}, "after": {}}`` as users see it.
    :param kept: why an entity was not removed; None when it was, or was not to be.
    """

    changed: bool
    before: Entity | None
    after: Entity | None
    diff: dict[str, Entity] = field(default_factory=lambda: {"before": {}, "after": {}})
    kept: Usage | None = None

    def result(
        self, name: str, mask: Callable[[Entity, Entity], Entity] = lambda entity, before: entity
    ) -> dict[str, Any]:
        """The result of a module, with the entity under this name.

        :param mask: hides secrets in an entity; its second argument is an earlier state, to mark what changed.
        """
        before, after = self.diff["before"], self.diff["after"]
        return {
            "changed": self.changed,
            name: mask(self.after or self.before or {}, {}),
            "diff": {"before": mask(before, {}), "after": mask(after, before)},
            **({"kept": self.kept.kept()} if self.kept else {}),
        }


ABSENT = Outcome(False, None, None)


@dataclass(frozen=True)
class Target:
    """One entity by its identity, whether it exists or not, and what it should be.

    :param natural_key: the identity as text; makes the id of a new entity.
    :param matches: whether an entity is the one.
    :param compose: the whole body that should be, out of what there is (None: nothing). Applied to an entity that is
        as it should be, it returns an equal one. Not needed to remove it.
    :param query: a filter of the server that keeps the list short.
    :param entity_id: its id, when that is known to be the entity; the list is then not needed.
    :param normalizer: brings an entity into the form in which equal means in sync.
    :param view: the form in which users see it in a diff; gets the normalized form.
    :param owner: the parent below which the entity is written.
    :param words: what messages call it, where its natural key says nothing to people.
    :param before_write: refuses a body, given with the current entity, before it is written or predicted.
    :param rewrite: write it even where nothing differs.
    :param can_validate: whether the server can validate a body in check mode; it cannot when that depends on
        something that is only predicted.
    :param hidden: what is secret in which field, or in all that do not identify it, so that no prediction holds it.
    """

    control_plane: ControlPlane
    kind: Kind
    natural_key: str
    matches: Callable[[Entity], bool]
    compose: Compose = lambda current: dict(current or {})
    query: Mapping[str, str] = field(default_factory=dict)
    normalizer: Callable[[Entity], Entity] | None = None
    view: Callable[[Entity], Entity] | None = None
    entity_id: str | None = None
    can_validate: bool = True
    hidden: Mapping[str, HiddenFields] | HiddenFields = EVERYTHING
    owner: Resolved | None = None
    words: str = ""
    before_write: Callable[[Entity, Entity | None], None] = lambda body, current: None
    rewrite: bool = False

    @property
    def endpoint(self) -> Endpoint:
        return self.control_plane.endpoint(self.kind, self.owner)

    @property
    def deterministic_id(self) -> str:
        return self.control_plane.deterministic_id(self.kind, self.natural_key)

    @property
    def predicted_id(self) -> str:
        """The id that check mode gives to a new entity; a stand-in where only Konnect makes ids."""
        if self.endpoint.takes_id:
            return self.deterministic_id
        return self.natural_key if self.kind.id_field == "name" else stand_in_id(self.endpoint.path, self.natural_key)

    @property
    def label(self) -> str:
        return self.words or f"{self.kind.label} {self.natural_key}"

    def find(self, listed: Iterable[Entity] | None = None) -> Entity | None:
        """The entity in Konnect.

        :param listed: the entities that its list was just found to have.
        """
        if self.entity_id:
            return self.endpoint.find(self.entity_id)
        entities = self.endpoint.list(self.query) if listed is None else listed
        found = [item for item in entities if self.matches(item)]
        if len(found) > 1:
            ids = ", ".join(sorted(item[self.kind.id_field] for item in found))
            raise KonnectError(f"More than one {self.kind.label} is meant: {ids}.", code=ErrorCode.AMBIGUOUS)
        return self.endpoint.remember(found[0]) if found else None

    def normalize(self, entity: Entity) -> Entity:
        return self.normalizer(entity) if self.normalizer else normalize_entity(self.kind, entity)

    def is_desired(self, entity: Entity) -> bool:
        """True if an entity needs no change."""
        return self.normalize(self.compose(entity)) == self.normalize(entity)

    def is_as(self, body: Entity, current: Entity) -> bool:
        """True if a body is what there is, or what earlier tasks in check mode would have made of it."""
        if self.endpoint.predictions.file is None:
            return self.normalize(body) == self.normalize(current)
        # A prediction has neither secrets nor what the server fills in.
        return self._without_defaults(self.sealed(body)) == self._without_defaults(self.sealed(current))

    def sealed(self, entity: Entity) -> Entity:
        """The entity as a prediction holds it."""
        rules, seal = self.hidden, self.endpoint.predictions.seal
        if isinstance(rules, HiddenFields):
            identity = {"id", "name", "instance_name", self.kind.name_field, *self.kind.parents}
            others = {name: entity[name] for name in entity.keys() - identity.union(*self.kind.identity)}
            return {**entity, **rules.sealed(others, seal)}
        return {**entity, **{name: rule.sealed(entity[name], seal) for name, rule in rules.items() if name in entity}}

    def diff(self, before: Entity | None, after: Entity | None) -> dict[str, Entity]:
        return {"before": self._diff_view(before), "after": self._diff_view(after)}

    def _diff_view(self, entity: Entity | None) -> Entity:
        if entity is None:
            return {}
        normalized = self._without_defaults(entity)
        return self.view(normalized) if self.view else normalized

    def _without_defaults(self, entity: Entity) -> Entity:
        normalized = self.normalize(entity)
        return without_defaults(normalized, self.kind.defaults)


def ensure(target: Target, listed: Iterable[Entity] | None = None) -> Outcome:
    """Create the entity, or update what differs; in check mode ask the server whether it would accept that.

    :param listed: as in C(find) of the target.
    """
    current = target.find(listed)
    for _attempt in range(ATTEMPTS):
        body = target.compose(current)
        if current is not None and not target.rewrite and target.is_as(body, current):
            return Outcome(False, current, current, target.diff(current, current))
        target.endpoint.check(body)
        target.before_write(body, current)
        if target.control_plane.check_mode:
            return _predict(target, current, body)
        if current is None:
            created = _create(target, body)
            if created is not None:
                return Outcome(True, None, created, target.diff(None, body))
            current = target.find()
            continue
        fresh = target.endpoint.find(current[target.kind.id_field])
        if fresh is None or without_nulls(fresh) != without_nulls(current):
            current = fresh
            continue
        return Outcome(True, current, _update(target, fresh, body), target.diff(current, body))
    raise _concurrent_change(target)


def _predict(target: Target, current: Entity | None, body: Entity) -> Outcome:
    if target.can_validate and not _has_seal(body):
        target.control_plane.validate(target.kind, body)
    id_field = target.kind.id_field
    after = {**body, id_field: current[id_field] if current else target.predicted_id}
    times = {name: value for name, value in (current or {}).items() if name in READ_ONLY}
    target.endpoint.predict({**times, **target.sealed(after)})
    # Both sides of a diff need the same form.
    diff = target.diff(current, target.sealed(body) if _has_seal(current) else body)
    return Outcome(True, current, after, diff)


def _has_seal(entity: Entity | None) -> bool:
    return any(SEAL.search(text) for _path, text in texts(entity))


def remove(
    target: Target,
    on_in_use: OnInUse = "remove",
    find_usage: Callable[[Entity], Usage | None] = lambda entity: None,
    before_removal: Callable[[Entity, Callable[[str], None]], None] = lambda entity, note: None,
    listed: Iterable[Entity] | None = None,
) -> Outcome:
    """Remove the entity if it exists.

    :param find_usage: what uses the entity that was found.
    :param before_removal: removes what has to go before the entity, and notes what is gone, in a sentence each.
    """
    current = target.find(listed)
    if current is None:
        return ABSENT
    usage = check_usage(on_in_use, lambda: find_usage(current))
    if usage:
        return Outcome(False, current, current, target.diff(current, current), usage)
    done: list[str] = []
    try:
        before_removal(current, done.append)
        target.endpoint.delete(current[target.kind.id_field], name=current.get(target.kind.name_field))
    except KonnectError as error:
        raise with_done(done, error, {"changed": True}) from error
    return Outcome(True, current, None, target.diff(current, None))


def _create(target: Target, body: Entity) -> Entity | None:
    """The created entity; None when another client's exists, to be compared."""
    found: list[Entity] = []

    def read_back() -> Entity | None:
        now = target.find()
        found.extend([now] if now else [])
        return now

    try:
        new_id = {"id": target.deterministic_id} if target.endpoint.takes_id else {}
        created = target.endpoint.create({**body, **new_id}, read_back)
    except ApiError as error:
        if not error.is_unique_violation:
            raise
        if target.find() is not None:
            return None
        if not any(item["field"] == "id" for item in error.fields):
            raise
        created = target.endpoint.create(body, read_back)
    if found and not target.is_desired(created):
        return None
    _check_response(target, created)
    return created


def _update(target: Target, fresh: Entity, body: Entity) -> Entity:
    def read_back() -> Entity | None:
        now = target.endpoint.find(fresh[target.kind.id_field])
        if now is not None and without_nulls(now) == without_nulls(fresh):
            return None
        if now is not None and target.is_desired(now):
            return now
        raise _concurrent_change(target)

    updated = target.endpoint.replace(fresh[target.kind.id_field], body, read_back)
    _check_response(target, updated)
    return dict(updated)


def _check_response(target: Target, response: Entity) -> None:
    """Raise KonnectError with the code not_applied unless the response carries what was asked for."""
    if target.is_desired(response):
        return
    actual, desired = target.normalize(response), target.normalize(target.compose(response))
    names = sorted(name for name in desired.keys() | actual.keys() if desired.get(name) != actual.get(name))
    raise KonnectError(
        f"Konnect accepted {target.label} but returned other values than asked for, in {', '.join(names)}. See what it "
        "holds now, and write the task as Konnect stores it.",
        code=ErrorCode.NOT_APPLIED,
    )


def _concurrent_change(target: Target) -> KonnectError:
    return KonnectError(
        f"Another client keeps modifying {target.label} at the same time. Find out which, then run the task again.",
        code=ErrorCode.CONCURRENT_CHANGE,
    )
