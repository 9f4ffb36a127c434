# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The list of one kind of entity below one parent, and the entities in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from .._client.client import KonnectClient, T
from .._client.pagination import Page, Paging, list_field
from .._errors import ApiError
from .._known_ids import KnownIds
from .._predictions import Predictions, is_stand_in
from .form import Form
from .kind import Entity, Kind, is_id
from .shapes import REQUIRED, entity_problem


@dataclass(frozen=True)
class Endpoint:
    """Requests to one list of Konnect, such as the routes of a control plane.

    :param path: of the list, as its parent gave it.
    :param predictions: of earlier tasks in check mode, which count as done.
    :param flat_path: of the list that has the same entities and those of other owners.
    :param is_real: False below an owner that only check mode knows.
    :param known_ids: of earlier tasks of the run.
    :param form_of: the form that the product gives to a kind.
    """

    client: KonnectClient
    kind: Kind
    path: tuple[str, ...]
    predictions: Predictions = Predictions()
    flat_path: tuple[str, ...] = ()
    is_real: bool = True
    known_ids: KnownIds = KnownIds()
    form_of: Callable[[Kind], Form] = lambda kind: Form()

    @property
    def form(self) -> Form:
        return self.form_of(self.kind)

    @property
    def paging(self) -> Paging:
        return self.form.paging or self.kind.paging

    @property
    def takes_id(self) -> bool:
        """True if a new entity may be given its id."""
        return self.kind.takes_id and self.form.takes_id

    def check(self, body: Entity) -> None:
        """Refuse a body that the product would not take."""
        self.form.check(body)

    def below(self, entity_id: str, kind: Kind) -> Endpoint:
        """The list of another kind below an entity of this one, such as the secrets of a config store."""
        path = (*self.path, entity_id, *(kind.nested or kind.segments))
        return replace(self, kind=kind, path=path, flat_path=(), is_real=True)

    def list(self, query: Mapping[str, str] | None = None) -> Iterator[Entity]:
        for entities, _is_last in self.pages(query):
            yield from entities

    def pages(self, query: Mapping[str, str] | None = None) -> Iterator[Page]:
        """Each page of the list, asked for when it is needed. What check mode adds is on the last one."""
        changed = self.predictions.changed(self.path)
        exists = self.is_real and not any(map(is_stand_in, self.path))
        nothing: Iterator[Page] = iter([([], True)])
        asked = query if self.form.has_filters else None
        pages = self.client.pages(self.path, self.paging, asked, check=self._problem) if exists else nothing
        for entities, is_last in pages:
            found = map(self.form.received, entities)
            would_be = [changed.pop(entity.get(self.id_field), entity) for entity in found]
            added = changed.values() if is_last else ()
            yield [entity for entity in (*would_be, *added) if entity is not None], is_last

    @property
    def id_field(self) -> str:
        """The field by which requests name an entity of the list."""
        return self.kind.id_field

    def get(self, entity_id: str) -> Entity:
        return dict(self._unwrapped(self.client.get((*self.path, entity_id), check=self._problem)))

    def find(self, entity_id: str) -> Entity | None:
        """The entity of that id; None when there is none."""
        exists = self.is_real and not any(map(is_stand_in, (*self.path, entity_id)))
        found = self._unwrapped(self.client.find((*self.path, entity_id), check=self._problem)) if exists else None
        return self.predictions.one(self.path, entity_id, found)

    def recall(self, name_or_id: str) -> Entity | None:
        """The entity of that name or id where an earlier task of the run knows it, with no more than its id, its name
        and its time of creation.
        """
        found = self.known_ids.find(self.path, name_or_id) if self.kind.remembered else None
        return None if found is None or found["id"] in self.predictions.changed(self.path) else found

    def remember(self, entity: Entity, asked: str | None = None) -> Entity:
        """Let later tasks of the run know the id of an entity, which is returned.

        :param asked: the name or the id by which they ask for it; when it is not given, its own name.
        """
        if self.kind.remembered and entity["id"] not in self.predictions.changed(self.path):
            known = {name: entity.get(name) for name in ("id", self.kind.name_field, "created_at")}
            for name in [asked] if asked else self.kind.names(entity):
                # The id of another one may look like this name.
                if asked or not is_id(name):
                    self.known_ids.add(self.path, name, known)
        return entity

    def forget(self, entity_id: str) -> None:
        """Let later tasks of the run ask for an entity, and for what is below it, again."""
        if self.kind.remembered:
            self.known_ids.forget(self.path, entity_id)

    def is_predicted(self, entity: Entity) -> bool:
        """True if only check mode made the entity."""
        found = self.predictions.one(self.path, entity[self.id_field], None)
        return found is not None and "created_at" not in entity

    def was_removed(self, name_or_id: str) -> bool:
        """True if earlier tasks in check mode would have removed the entity of that name or id."""
        return self.predictions.removed(self.path, name_or_id)

    def predict(self, entity: Entity) -> None:
        """Let later tasks of a play in check mode know what the entity would be.

        :param entity: with its id, and with seals in the place of secrets.
        """
        name = entity.get(self.kind.name_field)
        self._add_fact(entity[self.id_field], name, entity)

    def create(self, body: Entity, read_back: Callable[[], Entity | None]) -> Entity:
        """POST; after a lost response ``read_back`` tells what was created, if anything."""
        return self.remember(self._write("POST", self.path, body, read_back))

    def replace(self, entity_id: str, body: Entity, read_back: Callable[[], Entity | None]) -> Any:
        """PUT; after a lost response ``read_back`` returns what the entity is now, or None to write again."""
        self.forget(entity_id)
        return self.remember(self._write("PUT", (*self.path, entity_id), body, read_back))

    def put(self, entity_id: str, body: Entity, *, exists: bool) -> Any:
        """Write an entity whether it is there or not, again after a lost response, which does no harm.

        :param exists: whether it was there a moment ago.
        """
        if self.form.upserts:
            return self.replace(entity_id, body, lambda: None)
        for is_last in (False, False, True):
            try:
                if exists:
                    return self.replace(entity_id, body, lambda: None)
                return self.create({self.id_field: entity_id, **body}, lambda: None)
            except ApiError as error:
                if is_last or not (error.status == 404 if exists else error.is_unique_violation):
                    raise
            exists = not exists
        raise AssertionError("unreachable")

    def patch(self, entity_id: str, body: Entity) -> Entity:
        """PATCH, repeated after a lost response, which does no harm."""
        self.forget(entity_id)
        return self.remember(self._write("PATCH", (*self.path, entity_id), body, lambda: None))

    def delete(self, entity_id: str, query: Mapping[str, str] | None = None, *, name: str | None = None) -> None:
        """DELETE until the entity is gone; that it was gone already is fine. In check mode, later tasks of the play get
        to know that it would be gone.

        :param name: by which they might ask for it.
        """
        if self.client.read_only:
            self._add_fact(entity_id, name, None)
            return
        self.forget(entity_id)
        self.client.delete((*self.path, entity_id), query)

    def _add_fact(self, entity_id: str, name: str | None, entity: Entity | None) -> None:
        for path in filter(None, (self.path, self.flat_path)):
            self.predictions.add(self.kind.name, path, entity_id, name, entity)

    def _write(self, method: str, path: tuple[str, ...], body: Entity, read_back: Callable[[], T | None]) -> Any:
        # Without these fields an entity is of no use, but the response need not repeat what was written.
        sent = body if method == "POST" else {self.id_field: path[-1], **body}
        needed = {name: sent[name] for name in REQUIRED.get(self.kind.name, ()) if sent.get(name) is not None}
        new = self.form.new if method == "POST" else {}
        wire = self.form.sent({**body, **{name: {**row, **(body.get(name) or {})} for name, row in new.items()}})

        def write() -> Any:
            check = partial(self._problem, written=True)
            response = self._unwrapped(self.client.request(method, path, body=wire, check=check))
            return {**response, **{name: value for name, value in needed.items() if response.get(name) is None}}

        return self.client.write_with_recovery(write, read_back)

    def _unwrapped(self, response: Any) -> Any:
        """The entity in a response. Where a list has ``items``, a single one is an ``item``."""
        if not isinstance(response, dict):
            return response
        envelope = "item" if list_field(self.paging) == "items" else self.kind.envelope
        found = response.get(envelope, response)
        return self.form.received(found) if isinstance(found, dict) else found

    def _problem(self, entity: Any, *, written: bool = False) -> str | None:
        found = self._unwrapped(entity)
        return entity_problem(self.kind, found, written=written)
