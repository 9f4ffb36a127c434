# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""What is to be done to one secret: from what the task wants and what a listing of its store shows, to a plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.community.konnect.plugins.module_utils import _fingerprint as fingerprint
from ansible_collections.community.konnect.plugins.module_utils._entities import Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint import Record
from ansible_collections.community.konnect.plugins.module_utils._secrets import FingerprintKeys, Mint, Wanted
from ansible_collections.community.konnect.plugins.module_utils._times import milliseconds


@dataclass(frozen=True)
class Listing:
    """What a store holds: every secret's metadata by key, and every record by the key of its secret."""

    secrets: dict[str, Entity] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)


@dataclass(frozen=True)
class SecretOutcome:
    """What was done, or would be done, to one secret; ``secret`` is its metadata, None when it is not there."""

    changed: bool
    reason: str | None
    before: Entity | None
    secret: Entity | None


@dataclass(frozen=True)
class Plan:
    """What is to be done to one secret.

    :param before: its metadata in the listing, None when it is not there.
    :param reason: why something is written; None when nothing is.
    :param records: its records in the listing.
    :param mint: makes the record that vouches for the value; None when no record is kept.
    :param value_is_right: the value stays, and only its record is written.
    """

    wanted: Wanted
    before: Entity | None
    reason: str | None
    records: list[Record] = field(default_factory=list)
    mint: Mint | None = None
    value_is_right: bool = False

    def predicted(self) -> SecretOutcome:
        """What carrying it out would come to."""
        return SecretOutcome(self.reason is not None, self.reason, self.before, self.before or {"key": self.wanted.key})


def make_plan(wanted: Wanted, keys: FingerprintKeys, listing: Listing, store_id: str) -> Plan:
    """Decide what is to be done.

    Raises KonnectError with the code concurrent_change when the secret was not last written at the time that the task
    expects.
    """
    before = listing.secrets.get(wanted.key)
    if wanted.update_secret == "on_create":
        return Plan(wanted, before, None if before else "created")
    if wanted.update_secret == "always":
        return Plan(wanted, before, "always" if before else "created")
    records = listing.records.get(wanted.key, [])
    written = milliseconds(before["updated_at"]) if before else None
    if wanted.expected_updated_at and wanted.expected_time() != written:
        found = f"was last written at {before['updated_at']}" if before else "is gone"
        raise KonnectError(
            f"Secret {wanted.key} {found}, not at {wanted.expected_updated_at}: somebody else was there. "
            "Nothing was written.",
            code="concurrent_change",
        )
    mint, previous = keys.minting(store_id, wanted)
    if written is None:
        return Plan(wanted, before, "created", records, mint)
    verdict = fingerprint.judge(written, records, mint(written), [record(written) for record in previous])
    if verdict.in_sync:
        return Plan(wanted, before, None)
    if wanted.record == "only":
        return Plan(wanted, before, "recorded", records, mint, value_is_right=True)
    return Plan(wanted, before, verdict.reason, records, mint, verdict.vouched)
