# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Whose rotation is pending, and how far it is: the MACs of the stage entries.

The MAC of the stage C(claimed) covers the new value. That of every later stage covers the stage and the MAC of
C(claimed), so that a phase that is not given the value can check and write it too.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from .._rotation_entry import Stage, StageEntry
from .._secrets.fingerprint import FingerprintKey


@dataclass(frozen=True)
class Identity:
    """Makes the stage entries of one secret's rotation under one fingerprint key."""

    key: FingerprintKey
    store_id: str
    secret: str

    def claimed(self, time: int, value: str) -> StageEntry:
        """The entry of a rotation to this value.

        :param time: when the secret was last written, in milliseconds since 1970.
        """
        return self._entry(Stage.CLAIMED, time, self.key.covered(self.store_id, self.secret, value))

    def later(self, claimed: StageEntry, stage: Stage, time: int) -> StageEntry:
        """The entry of a later stage of that rotation."""
        return self._entry(stage, time, claimed.mac)

    def made(self, entry: StageEntry, claimed: StageEntry) -> bool:
        """True if an entry is a later stage of that rotation."""
        return _equal(entry, self.later(claimed, entry.stage, entry.time))

    def _entry(self, stage: Stage, time: int, subject: str) -> StageEntry:
        mac = self.key.mac("rotation 1", self.store_id, self.secret, stage.value, str(time), subject)
        return StageEntry(self.secret, stage, self.key.id, time, mac)


@dataclass(frozen=True)
class Owner:
    """The rotation that the stage entries belong to, as far as it is known to be that of the task.

    :param identity: under whose key its entries are.
    :param stages: the later stages that were reached, each with its time.
    """

    identity: Identity
    claimed: StageEntry
    stages: frozenset[tuple[Stage, int]] = frozenset()

    def entry(self, stage: Stage, time: int) -> StageEntry:
        """The entry of a later stage."""
        return self.identity.later(self.claimed, stage, time)


def find_owner(identities: Sequence[Identity], entries: Sequence[StageEntry], value: str | None) -> Owner | None:
    """The one rotation that the entries are of, if it is that of the task; None for another one, or when that is not
    known.

    :param identities: under the present fingerprint key and under earlier ones.
    :param value: the new value; None to take the rotation to any value.
    """
    claims = [entry for entry in entries if entry.stage is Stage.CLAIMED]
    owners = []
    for claimed in claims:
        # The same key may be given twice.
        identity = next((it for it in identities if it.key.id == claimed.key_id), None)
        if identity and (value is None or _equal(claimed, identity.claimed(claimed.time, value))):
            stages = frozenset((it.stage, it.time) for it in entries if identity.made(it, claimed))
            owners.append(Owner(identity, claimed, stages))
    # Of a rotation that was interrupted while it removed its entries, only the first stage may be left.
    further = [owner for owner in owners if owner.stages]
    if len(further) == 1:
        return further[0]
    return owners[0] if len(owners) == len(claims) == 1 else None


def _equal(one: StageEntry, other: StageEntry) -> bool:
    return one.key_id == other.key_id and hmac.compare_digest(one.mac, other.mac)
