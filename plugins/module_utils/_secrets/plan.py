# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The decision about one secret: from what the task wants and what its store lists, to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._entities.kind import Entity
from .._entities.timestamps import milliseconds
from .._entities.usage import Usage
from .._errors import ErrorCode, KonnectError
from .._fingerprint_record import Record
from .._rotation_entry import Claim, StageEntry, claimable, next_key
from . import fingerprint
from .secret import FingerprintKeys, RecordAt, Wanted


@dataclass(frozen=True)
class Listing:
    """The content of a store: every secret's metadata by key, and by the key of its secret every record and what is
    left of its rotation, with the metadata of each of these entries.
    """

    secrets: dict[str, Entity] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)
    rotations: dict[str, list[tuple[StageEntry | Claim, Entity]]] = field(default_factory=dict)

    def is_claimed(self, key: str) -> bool:
        """True if a rotation of this secret is pending, or a rotation tries its new value under this key."""
        return any(
            isinstance(found, Claim) for each in claimable(key) for found, _entry in self.rotations.get(each, ())
        )

    def removal(self, key: str) -> list[str]:
        """The entries of a secret and of what this collection keeps beside it, in the order in which they are removed.

        What is left of its rotation goes first, because a claim without its secret looks like a secret of the user.
        """
        rotation = [found.entry for found, _entry in self.rotations.get(key, ())]
        pending = [next_key(key)] if next_key(key) in self.secrets and self.is_claimed(key) else []
        secret = [key] if key in self.secrets else []
        return [*pending, *rotation, *secret, *(record.entry for record in self.records.get(key, ()))]


@dataclass(frozen=True)
class SecretOutcome:
    """The outcome of a change to one secret that was made, or in check mode would be made.

    :param secret: its metadata, None when it is not there.
    :param value_written: whether the value was written, and not only its record.
    :param kept: why it was not removed; None when it was, or was not to be.
    """

    changed: bool
    reason: str | None
    before: Entity | None
    secret: Entity | None
    value_written: bool = False
    kept: Usage | None = None

    def result(self) -> dict[str, Any]:
        """The result of konnect_secret, as documented there."""
        diff = {
            side: {"key": secret["key"], "value": "(not shown)"} if secret else {}
            for side, secret in (("before", self.before), ("after", self.secret))
        }
        if self.changed and self.before and self.secret:
            done = "written" if self.value_written else "recorded"
            diff["after"]["value"] = f"(not shown, {done}: {self.reason})"
        return {
            "changed": self.changed,
            "reason": self.reason,
            "value_written": self.value_written,
            "secret": self.secret or {},
            "diff": diff,
            **({"kept": self.kept.kept()} if self.kept else {}),
        }


@dataclass(frozen=True)
class Plan:
    """The decision about one secret.

    :param before: its metadata in the listing, None when it is not there.
    :param reason: why it is not as it should be; None when it is.
    :param records: its records in the listing.
    :param record_at: makes the record of the value; None when none is written.
    :param value_matches: the value stays, and at most its record is written.
    """

    wanted: Wanted
    before: Entity | None
    reason: str | None
    records: list[Record] = field(default_factory=list)
    record_at: RecordAt | None = None
    value_matches: bool = False

    @property
    def writes(self) -> bool:
        """True if anything is to be written."""
        return self.reason is not None

    @property
    def replaces_value(self) -> bool:
        """True if another value may be lost."""
        return self.writes and self.before is not None and not self.value_matches

    def outcome(self, secret: Entity) -> SecretOutcome:
        """The outcome once the plan is carried out, with the metadata that the secret then has."""
        value_written = self.writes and not self.value_matches
        return SecretOutcome(self.writes, self.reason, self.before, secret, value_written)


def check_claims(plans: Iterable[Plan], listing: Listing) -> None:
    """Raise KonnectError with the code rotation_pending when a value would be replaced that a rotation is at."""
    keys = [plan.wanted.key for plan in plans if plan.replaces_value and listing.is_claimed(plan.wanted.key)]
    if keys:
        raise rotation_pending(keys)


def rotation_pending(keys: Sequence[str]) -> KonnectError:
    """The error for secrets that a rotation is at."""
    return KonnectError(
        f"A rotation of {' and '.join(keys)} is pending, so nothing was written. Finish it or roll it back first; "
        "konnect_secret_rotation_info shows it.",
        code=ErrorCode.ROTATION_PENDING,
    )


def make_plan(wanted: Wanted, keys: FingerprintKeys, listing: Listing, store_id: str) -> Plan:
    """Decide what is to be done.

    Raises KonnectError with the code concurrent_change when the secret was not last written at the time that the task
    expects.
    """
    before = listing.secrets.get(wanted.key)
    written = milliseconds(before["updated_at"]) if before else None
    if wanted.expected_updated_at and wanted.expected_time() != written:
        found = f"was last written at {before['updated_at']}" if before else "is gone"
        raise KonnectError(
            f"Secret {wanted.key} {found}, not at {wanted.expected_updated_at}: another client modified "
            "it. Nothing was written.",
            code=ErrorCode.CONCURRENT_CHANGE,
        )
    if wanted.update_secret == "on_create":
        return Plan(wanted, before, None if before else "created")
    if wanted.update_secret == "always":
        return Plan(wanted, before, "always" if before else "created")
    records = listing.records.get(wanted.key, [])
    record_at, previous = keys.record_makers(store_id, wanted)
    if written is None:
        return Plan(wanted, before, "created", records, record_at)
    verdict = fingerprint.compare(written, records, record_at(written), [record(written) for record in previous])
    if verdict.in_sync:
        return Plan(wanted, before, None)
    return Plan(wanted, before, verdict.reason, records, record_at, verdict.value_matches)
