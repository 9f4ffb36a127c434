# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Make an entity what it should be: find, compare, then create, update, delete, or only predict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import canonical, plain
from ansible_collections.community.konnect.plugins.module_utils._entities import READ_ONLY, Entity, Kind
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, KonnectError

ATTEMPTS = 3


@dataclass(frozen=True)
class Outcome:
    """What a sync did, or would do.

    :param before, after: what the server held and holds; None when there was or is nothing. In check mode, after is
        the body that would be sent.
    :param shown: the before and the after of the diff, for people.
    """

    changed: bool
    before: Entity | None
    after: Entity | None
    shown: dict[str, Entity] = field(default_factory=lambda: {"before": {}, "after": {}})


@dataclass(frozen=True)
class Target:
    """One entity by its identity, whether it exists or not.

    :param natural_key: the identity as text; makes the id of a new entity.
    :param matches: whether an entity is the one.
    :param query: a filter of the server that keeps the list short.
    :param entity_id: its id, when that is known to be the entity; the list is then not needed.
    :param normal: the form in which equal means in sync.
    :param show: the form in which people see it in a diff; gets the normal form.
    :param can_validate: whether the server can judge a body in check mode; it cannot when that depends on what is
        only predicted.
    """

    client: KonnectClient
    control_plane_id: str
    kind: Kind
    natural_key: str
    matches: Callable[[Entity], bool]
    query: Mapping[str, str] = field(default_factory=dict)
    normal: Callable[[Entity], Entity] | None = None
    show: Callable[[Entity], Entity] | None = None
    entity_id: str | None = None
    can_validate: bool = True

    @property
    def own_id(self) -> str:
        return self.kind.own_id(self.control_plane_id, self.natural_key)

    def find(self) -> Entity | None:
        path = self.kind.path(self.control_plane_id)
        if self.entity_id:
            return self.client.find((*path, self.entity_id))
        found = [item for item in self.client.list(path, self.kind.paging, self.query) if self.matches(item)]
        if len(found) > 1:
            ids = ", ".join(sorted(item["id"] for item in found))
            raise KonnectError(f"More than one {self.kind.label} is meant: {ids}.", code="ambiguous")
        return found[0] if found else None

    def normalised(self, entity: Entity) -> Entity:
        return self.normal(entity) if self.normal else canonical(self.kind, entity)

    def shown(self, before: Entity | None, after: Entity | None) -> dict[str, Entity]:
        return {"before": self._for_people(before), "after": self._for_people(after)}

    def _for_people(self, entity: Entity | None) -> Entity:
        if entity is None:
            return {}
        normal = self.normalised(entity)
        normal = {name: value for name, value in normal.items() if self.kind.defaults.get(name) != value}
        return self.show(normal) if self.show else normal


def sync(
    target: Target,
    compose: Callable[[Entity | None], Entity],
    *,
    check_mode: bool,
) -> Outcome:
    """Make the target what ``compose`` says.

    :param compose: the whole body that should be, out of what there is (None: nothing). Applied to an entity that is
        as it should be, it returns an equal one.
    """
    client, kind = target.client, target.kind
    current = target.find()
    for _attempt in range(ATTEMPTS):
        body = compose(current)
        if current is not None and target.normalised(body) == target.normalised(current):
            return Outcome(False, current, current, target.shown(current, current))
        if check_mode:
            _validate(target, body)
            return Outcome(True, current, body, target.shown(current, body))
        if current is None:
            created = _create(target, body, compose)
            if created is not None:
                return Outcome(True, None, created, target.shown(None, body))
            current = target.find()
            continue
        fresh = client.find(kind.path(target.control_plane_id, current["id"]))
        if fresh is None or plain(fresh) != plain(current):
            current = fresh
            continue
        updated = _update(target, fresh, body, compose)
        return Outcome(True, current, updated, target.shown(current, body))
    raise _concurrent_change(target)


def remove(target: Target, *, check_mode: bool, guard: Callable[[Entity], None] | None) -> Outcome:
    """Make sure that the target is not there.

    :param guard: raises when the entity that was found must stay; None removes it in any case.
    """
    current = target.find()
    if current is None:
        return Outcome(False, None, None)
    if guard:
        guard(current)
    if not check_mode:
        target.client.delete(target.kind.path(target.control_plane_id, current["id"]))
    return Outcome(True, current, None, target.shown(current, None))


def _create(target: Target, body: Entity, compose: Callable[[Entity | None], Entity]) -> Entity | None:
    """The created entity; None when somebody else's is there, to be compared."""
    client, kind = target.client, target.kind
    path = kind.path(target.control_plane_id)
    found: list[Entity] = []

    def look() -> Entity | None:
        now = target.find()
        found.extend([now] if now else [])
        return now

    try:
        created = client.persist(lambda: client.request("POST", path, body={**body, "id": target.own_id}), look)
    except ApiError as error:
        if not error.is_unique_violation:
            raise
        if target.find() is not None:
            return None
        if not any(item["field"] == "id" for item in error.fields):
            raise
        created = client.persist(lambda: client.request("POST", path, body=body), look)
    if found and not _in_sync(target, created, compose):
        return None
    _must_carry(target, created, compose)
    return created


def _update(target: Target, fresh: Entity, body: Entity, compose: Callable[[Entity | None], Entity]) -> Entity:
    client = target.client
    path = target.kind.path(target.control_plane_id, fresh["id"])

    def look() -> Entity | None:
        now = client.find(path)
        if now is not None and plain(now) == plain(fresh):
            return None
        if now is not None and _in_sync(target, now, compose):
            return now
        raise _concurrent_change(target)

    updated = client.persist(lambda: client.request("PUT", path, body=body), look)
    _must_carry(target, updated, compose)
    return updated


def _in_sync(target: Target, entity: Entity, compose: Callable[[Entity | None], Entity]) -> bool:
    return target.normalised(compose(entity)) == target.normalised(entity)


def _must_carry(target: Target, answer: Any, compose: Callable[[Entity | None], Entity]) -> None:
    if isinstance(answer, dict) and _in_sync(target, answer, compose):
        return
    given = target.normalised(answer) if isinstance(answer, dict) else {}
    wanted = target.normalised(compose(answer if isinstance(answer, dict) else None))
    names = sorted(name for name in wanted.keys() | given.keys() if wanted.get(name) != given.get(name))
    raise KonnectError(
        f"Konnect took {target.kind.label} {target.natural_key} but answered with other values than asked for, in "
        f"{', '.join(names) or 'all of it'}. See what it holds now, and write the task as Konnect stores it.",
        code="not_applied",
    )


def _validate(target: Target, body: Entity) -> None:
    """Ask the server whether it would take the body. A server without that endpoint is believed to take it."""
    if target.kind.schema is None or not target.can_validate:
        return
    path = ("control-planes", target.control_plane_id, "core-entities", "schemas", target.kind.schema, "validate")
    try:
        target.client.validate(path, {name: value for name, value in body.items() if name not in READ_ONLY})
    except ApiError as error:
        if error.status not in (404, 405, 501):
            raise


def _concurrent_change(target: Target) -> KonnectError:
    return KonnectError(
        f"Somebody else keeps changing {target.kind.label} {target.natural_key} at the same time. "
        "Find out who, then run the task again.",
        code="concurrent_change",
    )
