# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Reads and writes the entries of one secret's rotation in its config store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .._entities.endpoint import Endpoint
from .._entities.kinds import CONFIG_STORE, SECRET, Entity
from .._entities.timestamps import milliseconds
from .._errors import ApiError
from .._rotation_entry import Claim, StageEntry
from .._secrets.fingerprint import current_records
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

    def create(self, key: str, value: str = SENTENCE) -> Literal["created", "exists", "unknown"]:
        """Create an entry. C(unknown): it is there, but the response was lost, so who created it is not known."""
        lost = False

        def read_back() -> Entity | None:
            nonlocal lost
            lost = True
            return self.find(key)

        try:
            self._secrets.create({"key": key, "value": value}, read_back)
        except ApiError as error:
            if not error.is_unique_violation:
                raise
            return "exists"
        return "unknown" if lost else "created"

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._secrets.delete(key)

    def release(self) -> None:
        """Remove the claim, and then the state. In the other order, a claim could be left that nobody owns.

        Before that, what a run left that was cut short between a new fingerprint and the removal of the old one.
        """
        listing, key = self.subject.store.read(), self.subject.key
        records, secret = listing.records.get(key, []), listing.secrets.get(key)
        current = current_records(milliseconds(secret["updated_at"]), records) if secret else []
        if len(current) == 1:
            self.delete(record.entry for record in records if record not in current)
        entries = [found for found, _entry in listing.rotations.get(key, [])]
        self.delete(found.entry for found in sorted(entries, key=lambda found: not isinstance(found, Claim)))

    @property
    def _secrets(self) -> Endpoint:
        return self.subject.control_plane.endpoint(CONFIG_STORE).below(self.subject.store.id, SECRET)


def is_takeover(found: StageEntry | Claim) -> bool:
    """True for the claim of a run that takes over."""
    return isinstance(found, Claim) and found.time is not None
