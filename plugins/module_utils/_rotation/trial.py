# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The trial of a new value as the rest of a rotation knows it, whatever it is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from .._data_plane.wait import SyncResult
from .._entities.control_plane import ControlPlane
from .._entities.kind import Entity, Kind
from .._errors import InvalidInput
from .probe import Marker, Probe
from .prober import Verification

# Everything temporary has it as its tag, or its name begins with it.
TAG = "konnect-rotation"

Rewrite = Callable[[Entity], Entity]
ListEntities = Callable[[Kind], Sequence[Entity]]
# The paths of the fields that refer to the secret, by the id of the entity that they are in.
Uses = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Tried:
    """A probe, and what it reaches.

    :param live: the entity that serves the request, as its trial knows it.
    :param using: ids of the entities that take part in serving it and refer to the secret.
    """

    probe: Probe
    live: Any
    using: frozenset[str]


class Trial(Protocol):
    """Something temporary that serves requests as something live does, with the value on trial; only probes reach it.

    ``kinds`` are those of the entities that it copies where they refer to the secret, and ``reached`` says the same in
    words. ``proves_live`` says that data planes do not report the arrival of a value, so that only probes of what is
    live prove it.
    """

    kinds: ClassVar[tuple[Kind, ...]]
    reached: ClassVar[str]
    proves_live: ClassVar[bool]

    @property
    def mark(self) -> Marker:
        """The header that tells a response of the trial from others."""

    def is_temporary(self, entity: Entity) -> bool:
        """True for what a trial made, of whatever rotation."""

    def temporary(self) -> list[Entity]:
        """The entities that this and earlier runs made for the trial of this secret, as they are now."""

    def remove(self) -> None:
        """Remove all of these."""

    def probes(
        self, given: Sequence[Probe], proxy_url: str, using: Collection[str], entities: ListEntities
    ) -> list[Probe]:
        """The probes of what is live: those that the task gives, or where it gives none, chats at the URL of a proxy.

        :param using: ids of entities that refer to the secret.
        """

    def tried(self, probes: Sequence[Probe], using: Uses, entities: ListEntities) -> list[Tried]:
        """The live entity that each probe reaches; none where no probe can reach one that uses the secret. Of what
        responds to requests in turn, it has only what uses the secret.

        Raises InvalidInput when it cannot be told.
        """

    def problem(self, tried: Sequence[Tried]) -> str | None:
        """Why there can be no trial beside what the probes reach; None where there can."""

    def create(self, tried: Sequence[Tried], rewrite: Rewrite | None) -> None:
        """Create the trial.

        :param rewrite: an entity with its references pointed at the value on trial. Without it, the trial leads to what
            is live.
        """

    def probe(self, tried: Tried) -> Probe:
        """The probe that reaches the trial."""

    def is_own(self, control_plane: ControlPlane, kind: Kind, entity: Entity) -> bool:
        """True if this collection is known to have created an entity.

        :param control_plane: with the workspace of the entity.
        """

    def doubt(self, sync: SyncResult, probes: Sequence[Verification]) -> str:
        """Why nodes that run the configuration may not use the value that it refers to; empty when they do."""


def temporary_prefix(control_plane: ControlPlane, store_id: str, key: str) -> str:
    """Return that with which the names of all begin that trials of a secret make."""
    digest = hashlib.sha256(f"{control_plane.id}/{store_id}/{key}".encode()).hexdigest()
    return f"{TAG}-{digest[:16]}-"


def matched(route: Entity, path: str) -> int:
    """How many characters of a path a route's own path matches; -1 when none does. A pattern counts as 0."""
    paths = route.get("paths") or ["/"]
    lengths = [0 if own.startswith("~") else len(own) for own in paths if own.startswith("~") or path.startswith(own)]
    return max(lengths, default=-1)


def reached_by(probe: Probe, routes: Sequence[tuple[Entity, Entity]], candidates: Collection[str], what: str) -> Entity:
    """The entity that a probe reaches. Raises InvalidInput when that cannot be told.

    :param routes: each entity with the route that leads to it.
    :param candidates: ids of those that use the secret.
    :param what: the kind of entity, for messages.
    """
    entities = [entity for entity, _route in routes]
    if probe.route:
        found = [entity for entity in entities if probe.route in (entity.get("name"), entity["id"])]
    else:
        path = urlsplit(probe.url).path or "/"
        using = [(entity, route) for entity, route in routes if entity["id"] in candidates]
        lengths = [matched(route, path) for _entity, route in using]
        longest = max((length for length in lengths if length >= 0), default=None)
        matching = [entity for (entity, _route), length in zip(using, lengths, strict=True) if length == longest]
        found = matching or ([entity for entity, _route in using] if len(using) == 1 else [])
    if len(found) == 1:
        return found[0]
    names = ", ".join(sorted(str(entity.get("name") or entity["id"]) for entity in (found or entities)))
    raise InvalidInput(
        f"Which {what} the probe of {probe.safe_url} reaches is not clear. Name it in the route of the probe. "
        f"{'Possible are' if found else 'There are'}: {names or 'none'}."
    )
