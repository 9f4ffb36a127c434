# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The decision about one secret: from what the task wants and what its store lists, to a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .._entities.kinds import Entity
from .._entities.timestamps import milliseconds
from .._entities.usage import Usage
from .._errors import ErrorCode, KonnectError
from .._fingerprint_record import Record
from . import fingerprint
from .secret import FingerprintKeys, RecordAt, Wanted


@dataclass(frozen=True)
class Listing:
    """The content of a store: every secret's metadata by key, and every record by the key of its secret."""

    secrets: dict[str, Entity] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)


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
        return self.reason is not None and not (self.value_matches and self.record_at is None)

    def predicted(self) -> SecretOutcome:
        """The outcome in check mode."""
        return self.outcome(self.before or {"key": self.wanted.key})

    def outcome(self, secret: Entity) -> SecretOutcome:
        """The outcome once the plan is carried out, with the metadata that the secret then has."""
        value_written = self.writes and not self.value_matches
        return SecretOutcome(self.writes, self.reason, self.before, secret, value_written)


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
    if written is None and wanted.record == "only":
        raise KonnectError(f"There is no secret {wanted.key} whose value could be recorded.", code=ErrorCode.NOT_FOUND)
    if written is None:
        return Plan(wanted, before, "created", records, record_at)
    verdict = fingerprint.compare(written, records, record_at(written), [record(written) for record in previous])
    unproved = verdict.reason == "unproved"
    if verdict.in_sync or (unproved and wanted.record == "with_value"):
        return Plan(wanted, before, None)
    if wanted.record == "only":
        if not unproved:
            raise KonnectError(
                f"Secret {wanted.key} does not hold this value as a task with record=later left it: another client "
                "modified it. Nothing was written.",
                code=ErrorCode.CONCURRENT_CHANGE,
            )
        return Plan(wanted, before, "recorded", records, record_at, value_matches=True)
    if unproved and verdict.value_matches:
        return Plan(wanted, before, "unproved", records, value_matches=True)
    return Plan(wanted, before, verdict.reason, records, record_at, verdict.value_matches)
