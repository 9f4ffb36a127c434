# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Reads and writes the entries of one secret's rotation in its config store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from .._entities.endpoint import Endpoint
from .._entities.kind import Entity
from .._entities.kinds import CONFIG_STORE, SECRET
from .._entities.timestamps import milliseconds
from .._errors import ApiError
from .._rotation_entry import Claim, Stage, StageEntry
from .._secrets.fingerprint import current_records
from .._secrets.secret import metadata
from .reading import Subject

SENTENCE = "The state of a rotation kept by community.konnect. It holds no secret."


@dataclass(frozen=True)
class Entries:
    """The entries of the config store, as steps of a rotation write them."""

    subject: Subject

    def read(self) -> list[StageEntry | Claim]:
        """The entries of the rotation as they are now."""
        return [found for found, _entry in self.subject.store.read().rotations.get(self.subject.key, [])]

    def find(self, key: str) -> Entity | None:
        return self._secrets.find(key)

    def put(self, key: str, value: str = SENTENCE) -> Entity:
        """Create or update an entry; repeated after a lost response."""
        return self.subject.store.write(key, value)

    def create(self, key: str, value: str = SENTENCE) -> tuple[Literal["created", "exists", "unknown"], Entity | None]:
        """Create an entry, with its metadata when it was created.

        C(unknown): it is there, but the response was lost, so who created it is not known.
        """
        if self.subject.control_plane.check_mode:
            return ("exists", None) if self.find(key) else ("created", self.put(key))
        lost = False

        def read_back() -> Entity | None:
            nonlocal lost
            lost = True
            return self.find(key)

        try:
            created = self._secrets.create({"key": key, "value": value}, read_back)
        except ApiError as error:
            if not error.is_unique_violation:
                raise
            return "exists", None
        return ("unknown", None) if lost else ("created", metadata({"key": key, **created}))

    def take_over(self, old: Entity, announced: StageEntry, known: Collection[StageEntry | Claim]) -> bool:
        """Win the claim of a rotation that was interrupted; False when another run did, and then nothing of this run
        is left.

        Each run writes first what it rotates to. So when the response to the creation is lost, the entry is that of
        this run unless a rival shows.

        :param old: the metadata of the claim.
        :param announced: the first stage of the rotation of this run, not written yet.
        :param known: the entries that were there before.
        """
        entry = Claim(self.subject.key, milliseconds(old["updated_at"])).entry
        self.put(announced.entry)
        state, _created = self.create(entry)
        won = state == "created" or (state == "unknown" and not self._has_rival({announced, *known}))
        claim = self.find(str(old["key"]))
        if won and claim is not None and claim["updated_at"] == old["updated_at"]:
            return True
        # Another run took it over, and may have finished doing so.
        self.delete([entry, announced.entry] if won else [announced.entry])
        return False

    def _has_rival(self, known: Collection[StageEntry | Claim]) -> bool:
        return any(
            isinstance(found, StageEntry) and found.stage is Stage.CLAIMED and found not in known
            for found in self.read()
        )

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._secrets.delete(key)

    def release(self, claim: Entity | None) -> None:
        """Remove the claim, and then the state. In the other order, a claim could be left that nobody owns.

        Before that, what a run left that was interrupted between a new fingerprint and the removal of the old one.

        :param claim: the claim of this rotation, None when there was none. One that another run made since stays, with
            all that belongs to it.
        """
        listing, key = self.subject.store.read(), self.subject.key
        records, secret = listing.records.get(key, []), listing.secrets.get(key)
        current = current_records(milliseconds(secret["updated_at"]), records) if secret else []
        if len(current) == 1:
            self.delete(record.entry for record in records if record not in current)
        rows = listing.rotations.get(key, [])
        claims = [entry for found, entry in rows if found == Claim(key)]
        if claims and (claim is None or claims[0]["updated_at"] != claim["updated_at"]):
            return
        self.delete(found.entry for found in sorted((found for found, _entry in rows), key=_order))

    @property
    def _secrets(self) -> Endpoint:
        return self.subject.control_plane.endpoint(CONFIG_STORE).below(self.subject.store.id, SECRET)


def _order(found: StageEntry | Claim) -> int:
    """The order in which entries are removed: later stages mean nothing without the first one."""
    return 0 if isinstance(found, Claim) else 1 if found.stage is Stage.CLAIMED else 2


def is_takeover(found: StageEntry | Claim) -> bool:
    """True for the claim of a run that takes over."""
    return isinstance(found, Claim) and found.time is not None
