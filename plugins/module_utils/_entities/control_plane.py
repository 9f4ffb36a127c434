# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The parents of entities, which alone know the paths: an organization, and a control plane or an AI Gateway in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from .._client.client import Check, KonnectClient
from .._client.session import Path
from .._errors import ApiError, ErrorCode, InvalidInput, KonnectError
from .._predictions import is_stand_in, stand_in_id
from .._task import Task
from . import lookup
from .endpoint import Endpoint
from .kind import READ_ONLY, Entity, Kind
from .kinds import CONTROL_PLANE, KINDS, WORKSPACE
from .known_parents import KnownParents
from .product import CONTROL_PLANES, Product
from .shapes import object_problem, schema_problem
from .timestamps import seconds

DEFAULT_WORKSPACE = "default"
# By which Konnect says that a control plane has no other workspace.
NO_WORKSPACES = (404, 501)
# The namespace of the ids that this collection gives to what it creates. Changing it would orphan them all.
ID_NAMESPACE = uuid.UUID("6f7d8e52-3f0c-5c0b-9d5e-0a4d1c6b8f27")


def _endpoint(client: KonnectClient, task: Task, kind: Kind, path: tuple[str, ...]) -> Endpoint:
    return Endpoint(client, kind, path, task.predictions, known_ids=task.known_ids)


@dataclass(frozen=True)
class Organization:
    """The top level that a token gives access to, with the client and the task that use it."""

    client: KonnectClient
    task: Task

    @property
    def control_planes(self) -> Endpoint:
        return self.parents(CONTROL_PLANE)

    def parents(self, kind: Kind) -> Endpoint:
        """The list of the parents of one kind."""
        return _endpoint(self.client, self.task, kind, kind.segments)


class ControlPlane:
    """A control plane, or the instance of another product, as the parent of what a task manages.

    It is looked up when it is first needed, and once. One that does not exist is an error then, with the code not_found
    and the names that exist.

    :param name_or_id: as the task gives it; None when it gives none, which is an error when it is needed.
    :param entity: what Konnect returned for it, when it was looked up already.
    :param product: what its kind of parent knows about its own.
    :param workspace: name or id of the one in which the task manages entities; None, and C(default), for the default
        one.
    """

    def __init__(
        self,
        organization: Organization,
        name_or_id: str | None,
        entity: Entity | None = None,
        product: Product = CONTROL_PLANES,
        *,
        workspace: str | None = None,
    ) -> None:
        self.client = organization.client
        self.task = organization.task
        self.product = product
        self._organization = organization
        self._name_or_id = name_or_id
        self._workspace = workspace
        self._known = KnownParents()
        if entity is not None:
            self.entity = entity

    @property
    def check_mode(self) -> bool:
        return self.task.check_mode

    @cached_property
    def entity(self) -> Entity:
        """The parent as Konnect returns it, or what an earlier task of the run knows of it: id and name."""
        return self._look_up(self._known.find_one)

    def read(self) -> Entity:
        """The parent as Konnect returns it now."""
        self.entity = self._look_up(lookup.find_one)
        return self.entity

    def _look_up(self, find_one: Callable[[Endpoint, str], Entity | None]) -> Entity:
        if not self._name_or_id:
            message, code = self.product.none_given
            raise InvalidInput(message, code=code)
        endpoint = self._organization.parents(self.product.kind)
        try:
            entity = find_one(endpoint, self._name_or_id)
            if entity is None:
                raise lookup.not_found(endpoint, self._name_or_id, "Konnect")
        except ApiError as error:
            raise self.product.explain(error) from error
        self.client.note_parent(seconds(entity.get("created_at")))
        return entity

    @property
    def id(self) -> str:
        return str(self.entity["id"])

    @property
    def label(self) -> str:
        """For messages, such as C(Control plane quickstart)."""
        return self.product.kind.subject(self.entity)

    # Workspaces

    @cached_property
    def workspace(self) -> str:
        """The name of the workspace, once it is known to exist."""
        if self._workspace is None or self._workspace.lower() == DEFAULT_WORKSPACE:
            return DEFAULT_WORKSPACE
        try:
            found = self._known.find_one(self._workspaces, self._workspace)
        except ApiError as error:
            if error.status not in NO_WORKSPACES:
                raise
            found = None
        if found is None:
            names = self._workspace_names()
            raise KonnectError(
                f"{self.label} has no workspace {self._workspace}. It has: {', '.join(names)}.",
                code=ErrorCode.NOT_FOUND,
                candidates=names,
            )
        return str(found["name"])

    def everywhere(self) -> list[ControlPlane]:
        """The control plane once for each of its workspaces, the default one first."""
        if self.is_predicted or not self.product.has(WORKSPACE):
            return [self]
        return [self.in_workspace(name) for name in self._workspace_names()]

    @property
    def _workspaces(self) -> Endpoint:
        return self._endpoint_at(WORKSPACE, self.path(*WORKSPACE.segments))

    def _workspace_names(self) -> list[str]:
        """The names of all workspaces, that of the default one first."""
        missed, names = self.client.has_missed, set()
        try:
            names = {str(entity["name"]) for entity in self._workspaces.list()}
        except ApiError as error:
            if error.status not in NO_WORKSPACES:
                raise
            # This one says nothing about a parent. Where the control plane is gone, another 404 shows it.
            self.client.has_missed = missed
        return [DEFAULT_WORKSPACE, *sorted(names - {DEFAULT_WORKSPACE})]

    def in_workspace(self, name: str) -> ControlPlane:
        """The control plane with another of its workspaces, which is known to exist."""
        view = ControlPlane(self._organization, self._name_or_id, self.entity, self.product)
        view.workspace = name
        return view

    # Paths

    def path(self, *segments: str) -> tuple[str, ...]:
        """The path of something below the parent."""
        return (*self.product.kind.segments, self.id, *segments)

    def path_of(self, kind: Kind, *segments: str) -> tuple[str, ...]:
        """The path of the list of a kind, or of something below it. That of the default workspace has no segment."""
        if self.workspace == DEFAULT_WORKSPACE or kind.shared:
            return self.path(*(self.product.form_of(kind).segments or kind.segments), *segments)
        first, *rest = kind.segments
        place = (first, self.workspace) if first == "core-entities" else (self.workspace, first)
        return self.path(*place, *rest, *segments)

    def _endpoint_at(self, kind: Kind, path: tuple[str, ...]) -> Endpoint:
        return replace(_endpoint(self.client, self.task, kind, path), form_of=self.product.form_of)

    def endpoint(self, kind: Kind, owner: lookup.Resolved | None = None) -> Endpoint:
        """The list of a kind.

        :param owner: below which the list is meant and written; the flat list when it is not given.
        """
        flat = self._endpoint_at(kind, self.path_of(kind))
        if owner is None or kind.owner is None:
            return flat
        below = self.endpoint(KINDS[kind.parents[kind.owner]]).below(owner.id, kind)
        return replace(below, flat_path=flat.path, is_real=not owner.predicted)

    @property
    def is_predicted(self) -> bool:
        """True if only check mode made the parent, so that Konnect knows nothing below it."""
        return is_stand_in(self.id)

    def deterministic_id(self, kind: Kind, natural_key: str) -> str:
        """The id that this collection gives to a new entity, to repeat a create safely; else a stand-in."""
        if self.is_predicted or not self.product.gives_ids:
            return stand_in_id(self.path_of(kind), natural_key)
        in_default = self.workspace == DEFAULT_WORKSPACE or kind.shared
        place = self.id if in_default else f"{self.id}/workspaces/{self.workspace}"
        return str(uuid.uuid5(ID_NAMESPACE, f"{place}/{kind.name}/{natural_key}"))

    # Reading

    def get(self, *segments: str, check: Check = object_problem) -> Any | None:
        """GET an object below the parent; None for 404."""
        return None if self.is_predicted else self.client.find(self.path(*segments), check=check)

    def list(self, kind: Kind, query: Mapping[str, str] | None = None) -> Iterator[Entity]:
        """Every entity of a kind."""
        return self.endpoint(kind).list(query)

    def list_if_supported(self, kind: Kind) -> Sequence[Entity]:
        """Every entity of a kind; none in a parent that has no such kind."""
        if not self.product.has(kind):
            return []
        try:
            return [*self.list(kind)]
        except ApiError as error:
            if error.status == 404:
                return []
            raise

    def schema(self, *segments: str) -> Mapping[str, Any] | None:
        """A live schema, such as that of ``plugins``, ``ai-proxy``; None when Konnect has none."""
        if not self.product.has_schemas:
            return None
        return self.get("core-entities", "schemas", *segments, check=schema_problem)

    def validate(self, kind: Kind, body: Entity) -> None:
        """Ask Konnect whether it would accept a body. A server without that endpoint is assumed to accept it."""
        if kind.schema is None or self.is_predicted or not self.product.has_schemas:
            return
        path: Path = self.path("core-entities", "schemas", kind.schema, "validate")
        try:
            self.client.validate(path, {name: value for name, value in body.items() if name not in READ_ONLY})
        except ApiError as error:
            if error.status not in (404, 405, 501):
                raise

    # Names

    def resolve(self, kind: Kind, name_or_id: str) -> lookup.Resolved:
        """The entity of that name or id. One that is missing is an error; in check mode a warning and a prediction,
        unless an earlier task would have removed it.
        """
        found = self.resolve_if_exists(kind, name_or_id)
        if found:
            return lookup.Resolved(found, self.endpoint(kind).is_predicted(found))
        endpoint = self.endpoint(kind)
        if not self.check_mode or lookup.is_id(name_or_id) or endpoint.was_removed(name_or_id):
            raise lookup.not_found(endpoint, name_or_id, self.label)
        self.task.warn(
            f"{self.label} has no {kind.label} {name_or_id} yet; check mode assumes that an earlier task creates it."
        )
        new_id = (
            stand_in_id(self.path_of(kind), name_or_id)
            if not endpoint.takes_id
            else self.deterministic_id(kind, name_or_id)
        )
        entity = {"id": new_id, kind.name_field: name_or_id}
        return lookup.Resolved(entity, predicted=True)

    def resolve_if_exists(self, kind: Kind, name_or_id: str) -> Entity | None:
        """The entity of that name or id, or None: what belongs to it is absent too."""
        if not name_or_id:
            raise InvalidInput(f"The name of a {kind.label} must not be empty.")
        entity = self._known.find_one(self.endpoint(kind), name_or_id)
        if entity:
            self.client.note_parent(seconds(entity.get("created_at")))
        return entity

    def renewed(self, *, failed: bool) -> ControlPlane | None:
        """A control plane with which to begin the task anew, where Konnect missed something and a parent of which only
        an earlier task knew is another one now. None when there is no such parent, or something was written.

        :param failed: whether the task failed. What it wrote without a failure shows that its parents are there.
        """
        written = self.client.written_at is not None
        if not self.client.has_missed or (written and not failed):
            return None
        if not self._known.forget_outdated() or written:
            return None
        return ControlPlane(self._organization, self._name_or_id, workspace=self._workspace)
