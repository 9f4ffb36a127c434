# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Reads one secret's rotation from its store and its control plane, before a phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from .._audit.reference_map import read_findings
from .._audit.rewrite import Rewrite
from .._entities.control_plane import ControlPlane
from .._entities.kind import Entity, Kind
from .._entities.listing import read_lists
from .._entities.timestamps import milliseconds
from .._entities.usage import prefixes_by_workspace
from .._errors import KonnectError
from .._references.targets import ReferenceTargets
from .._references.validation import Finding
from .._rotation_entry import Claim, StageEntry, next_key
from .._secrets.fingerprint import compare
from .._secrets.plan import Listing, Plan, make_plan
from .._secrets.secret import FingerprintKeys, Wanted
from .._secrets.store import SecretStore
from .identity import Identity, Owner, find_owner
from .probe import Probe
from .situation import OldValue, Phase, Situation
from .trial import Trial, Tried, Uses


class Reference(NamedTuple):
    """Where one reference is, and where it leads.

    :param control_plane: with the workspace of the entity.
    """

    control_plane: ControlPlane
    kind: Kind
    entity: Entity
    finding: Finding


@dataclass(frozen=True)
class Subject:
    """The secret that is rotated, and the new value where the task gives it."""

    store: SecretStore
    key: str
    keys: FingerprintKeys
    wanted: Wanted | None = None
    old: Wanted | None = None

    @property
    def control_plane(self) -> ControlPlane:
        return self.store.control_plane

    @property
    def value(self) -> str | None:
        """The new value, or in its place the version that the user gave it, as the MAC of the rotation covers it."""
        if self.wanted is None:
            return None
        version = self.wanted.value_version
        return self.wanted.value if version is None else f"version {version}"

    @cached_property
    def identities(self) -> Sequence[Identity]:
        """Under the present fingerprint key, and under earlier ones."""
        return [Identity(key, self.store.id, self.key) for key in self.keys.derive(self.store.id)]


class Reading:
    """All that is read before a phase decides. Each part is read when it is first asked for, and once.

    :param probes, proxy_url: as the task gives them.
    :param listing: of the store, where it was read already.
    """

    def __init__(
        self,
        subject: Subject,
        trial: Trial,
        probes: Sequence[Probe] = (),
        proxy_url: str = "",
        listing: Listing | None = None,
    ) -> None:
        self._subject = subject
        self._given = (probes, proxy_url)
        self._entities: dict[str, dict[str, Sequence[Entity]]] = {}
        self.trial = trial
        if listing is not None:
            self.listing = listing

    def renewed(self) -> Reading:
        """A reading of what is there now."""
        return Reading(self._subject, self.trial, *self._given)

    @property
    def control_plane(self) -> ControlPlane:
        return self._subject.control_plane

    @cached_property
    def _targets(self) -> list[tuple[ControlPlane, ReferenceTargets]]:
        return [(view, ReferenceTargets(view)) for view in self.control_plane.everywhere()]

    @cached_property
    def prefixes(self) -> dict[str, set[str]]:
        """Those by which references lead to the config store, by the workspace that they are in."""
        vaults = {view.workspace: list(targets.vaults.values()) for view, targets in self._targets}
        return prefixes_by_workspace(vaults, self._subject.store.id)

    @property
    def to_next(self) -> Rewrite:
        """Points references in the workspace of the task at KEY-next."""
        key = self._subject.key
        return Rewrite(self.prefixes[self.control_plane.workspace], key, next_key(key), None)

    @cached_property
    def listing(self) -> Listing:
        return self._subject.store.read()

    @cached_property
    def references(self) -> list[Reference]:
        """Every reference of any workspace that the gateway resolves to KEY or to KEY-next, without those of trials."""
        return [
            Reference(view, kind, entity, finding)
            for view, targets in self._targets
            if self.prefixes[view.workspace]
            for kind, entity, finding in read_findings(
                view, targets, self._lists(view, view.product.referring_besides_vaults)
            )
            if finding.state in ("ok", "dangling")
            and finding.parsed
            and finding.parsed.resource in self._keys
            and finding.parsed.prefix in self.prefixes[view.workspace]
            and not self.trial.is_temporary(entity)
        ]

    def references_to(self, key: str) -> list[Reference]:
        return [row for row in self.references if row.finding.parsed and row.finding.parsed.resource == key]

    def entities(self, kind: Kind) -> list[Entity]:
        """Every entity of a kind in the workspace of the task."""
        return [*self._lists(self.control_plane, [kind])[kind.name]]

    def _lists(self, view: ControlPlane, kinds: Sequence[Kind]) -> Mapping[str, Sequence[Entity]]:
        """Every entity of each kind, by its name."""
        read = self._entities.setdefault(view.workspace, {})
        read.update(read_lists(view, [kind for kind in kinds if kind.name not in read]))
        return read

    @cached_property
    def temporary(self) -> list[Entity]:
        """The entities that trials of this secret left."""
        return self.trial.temporary()

    @cached_property
    def probes(self) -> list[Probe]:
        """The probes of what is live."""
        return self.trial.probes(*self._given, self._using(*self._keys), self.entities)

    def tried(self, key: str) -> list[Tried]:
        """The live entities that the probes reach and that use a key; none where no probe reaches one.

        Raises InvalidInput when it cannot be told what a probe reaches.
        """
        return self.trial.tried(self.probes, self._using(key), self.entities)

    def _using(self, *keys: str) -> Uses:
        """The fields of entities that a trial would copy."""
        found: dict[str, set[str]] = {}
        for row in (row for key in keys for row in self.references_to(key)):
            if row.kind in self.trial.kinds:
                found.setdefault(row.entity["id"], set()).add(row.finding.field)
        return found

    @property
    def _keys(self) -> tuple[str, str]:
        return self._subject.key, next_key(self._subject.key)

    @cached_property
    def entries(self) -> list[tuple[StageEntry | Claim, Entity]]:
        """The entries of the rotation, with their metadata."""
        return self.listing.rotations.get(self._subject.key, [])

    def plan_for(self, wanted: Wanted) -> Plan:
        """The plan to make KEY hold a value, as if no rotation were pending."""
        listing = replace(self.listing, rotations={})
        return make_plan(wanted, self._subject.keys, listing, self._subject.store.id)

    def situation(self, phase: Phase) -> Situation:
        """The situation that the plan of a phase is made from. Where nothing is pending and nothing begins, the store
        says it all.
        """
        subject, listing = self._subject, self.listing
        claims = self._claims()
        stages = [found for found, _entry in self.entries if isinstance(found, StageEntry)]
        following = listing.secrets.get(next_key(subject.key))
        moved = [entry for _found, entry in self.entries] + ([following] if claims and following else [])
        now = subject.control_plane.client.server_time
        newest = max((milliseconds(entry["updated_at"]) for entry in moved), default=0) / 1000
        in_sync = self.holds(subject.wanted)
        matters = bool(self.entries) or (phase == "prepare" and not in_sync)
        looks_for_trial = matters or phase in ("prepare", "rollback")
        return Situation(
            secret=listing.secrets.get(subject.key),
            next=following,
            claim=claims[-1] if claims else None,
            # Whose take-over it is cannot be told.
            owner=find_owner(subject.identities, stages, subject.value) if len(claims) == 1 else None,
            leftovers=bool(self.entries),
            in_sync=in_sync,
            referring=len(self.references_to(subject.key)) if matters else 0,
            referring_next=len(self.references_to(next_key(subject.key))) if matters else 0,
            has_trial=looks_for_trial and bool(self.temporary),
            idle=max(0.0, now - newest),
        )

    def _claims(self) -> list[Entity]:
        """The claim, and each take-over of it or of such a take-over. One of an earlier claim is only a leftover."""
        claims = [entry for found, entry in self.entries if found == Claim(self._subject.key)]
        takeovers = {found.time: entry for found, entry in self.entries if isinstance(found, Claim) and found.time}
        while claims and (following := takeovers.pop(milliseconds(claims[-1]["updated_at"]), None)):
            claims.append(following)
        return claims

    def old_value(self, owner: Owner | None) -> OldValue:
        """Compare the old value that the task gives with the fingerprints."""
        subject = self._subject
        if subject.old is None:
            return "none"
        if self.holds(subject.old):
            return "confirmed"
        record_at, previous = subject.keys.record_makers(subject.store.id, subject.old)
        records = self.listing.records.get(subject.key, [])
        if owner and any(make(owner.claimed.time) in records for make in (record_at, *previous)):
            return "held"
        return "other"

    def is_another_value(self, owner: Owner) -> bool:
        """True if a fingerprint tells that KEY held another value than the new one when the rotation was claimed."""
        subject, wanted = self._subject, self._subject.wanted
        if wanted is None:
            return False
        record_at, previous = subject.keys.record_makers(subject.store.id, wanted)
        time, records = owner.claimed.time, self.listing.records.get(subject.key, [])
        return compare(time, records, record_at(time), [at(time) for at in previous]).reason == "value_changed"

    def holds(self, wanted: Wanted | None) -> bool:
        """True if the fingerprint tells that KEY holds this value."""
        if wanted is None or wanted.key not in self.listing.secrets:
            return False
        try:
            plan = self.plan_for(replace(wanted, expected_updated_at=None))
        except KonnectError:
            return False
        return plan.reason is None or plan.value_matches
