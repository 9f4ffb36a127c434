# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The secrets of one config store: write-only values that are written when they changed, and only then."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain
from typing import Literal

from .._entities.control_plane import ControlPlane
from .._entities.endpoint import Endpoint
from .._entities.kind import Entity
from .._entities.kinds import CONFIG_STORE, SECRET
from .._entities.lookup import Resolved
from .._entities.timestamps import iso_milliseconds, milliseconds
from .._entities.usage import OnInUse, Usage, check_usage, secrets_usage
from .._errors import ApiError, ErrorCode, KonnectError, with_done
from .._fingerprint_record import Record, parse_record
from .._rotation_entry import Claim, StageEntry, claimable, is_own_entry, parse_rotation_entry
from . import fingerprint
from .plan import Listing, Plan, SecretOutcome, check_claims, make_plan, rotation_pending
from .secret import KEY_PATTERN, FingerprintKeys, Wanted, age, metadata

# What to do with the new value of a secret that something refers to.
OnNewValue = Literal["write", "warn", "keep", "fail"]
MAX_KEYS = 20


class SecretStore:
    """The secrets of one config store, and the records beside them.

    In check mode, what is written and deleted is only a prediction for later tasks of the play.
    """

    def __init__(self, control_plane: ControlPlane, store: Resolved) -> None:
        self.control_plane = control_plane
        self.id = store.id

    @property
    def _secrets(self) -> Endpoint:
        return self.control_plane.endpoint(CONFIG_STORE).below(self.id, SECRET)

    def read(self) -> Listing:
        """All that the store holds, in one listing."""
        return as_listing(self._secrets.list())

    def describe(self, listing: Listing) -> dict[str, Entity]:
        """Every secret's metadata by key, with its C(age) in seconds by the server's clock, and C(fingerprinted):
        whether there is a record of the value that it has now.
        """
        now = self.control_plane.client.server_time
        described: dict[str, Entity] = {}
        for key, secret in listing.secrets.items():
            written = milliseconds(secret.get("updated_at", ""))
            records = fingerprint.current_records(written, listing.records.get(key, []))
            described[key] = {
                **secret,
                "age": age(secret, now),
                "fingerprinted": len(records) == 1,
            }
        return described

    def plan(self, wanted: list[Wanted], keys: FingerprintKeys, listing: Listing) -> list[Plan]:
        """Decide about each secret, with a warning when fingerprints are under another key."""
        plans = [make_plan(each, keys, listing, self.id) for each in wanted]
        if any(keys.is_short(each) for each in wanted):
            self.control_plane.task.warn(
                "The access token serves as fingerprint key, and a value is so short that whoever knows the token "
                "might guess it from its fingerprint. Set fingerprint_key or KONNECT_FINGERPRINT_KEY."
            )
        others = [plan.wanted.key for plan in plans if plan.reason == "fingerprint_key_changed"]
        if others:
            self.control_plane.task.warn(
                f"{as_subject(others)} recorded under another fingerprint key"
                + (" (the access token served as one)" if keys.from_token else "")
                + ". To rotate a fingerprint key without rewriting secrets, list the old one in "
                "previous_fingerprint_keys."
            )
        return plans

    def ensure(self, wanted: Wanted, keys: FingerprintKeys, on_new_value: OnNewValue = "write") -> SecretOutcome:
        """Make the store hold the value, as ``update_secret`` says.

        :param on_new_value: what to do when the secret has another value and something refers to it.
        """
        if wanted.update_secret == "on_change":
            listing = self._read_for(wanted, keys, with_claims=on_new_value != "write")
        else:
            listing = self._read_some(wanted)
        (plan,) = self.plan([wanted], keys, listing)
        if on_new_value != "write" and listing.is_claimed(wanted.key):
            # Also when the value is in sync: what depends on the secret should not be changed now.
            pending = Usage(f"Secret {wanted.key}", "is about to be rotated", ErrorCode.ROTATION_PENDING)
            if on_new_value == "keep":
                return SecretOutcome(False, plan.reason, plan.before, plan.before, kept=pending)
            raise rotation_pending([wanted.key])
        usage = self.usage([wanted.key]) if plan.replaces_value and on_new_value != "write" else None
        if usage and on_new_value == "keep":
            return SecretOutcome(False, plan.reason, plan.before, plan.before, kept=usage)
        check_claims([plan], listing)
        if usage:
            self._react_to_use(usage, on_new_value)
        return self.carry_out(plan)

    def carry_out(self, plan: Plan) -> SecretOutcome:
        """Do what is planned: write the value, then the record, then delete the records that existed before.

        Raises PartialFailure, with the outcome, when the value was written and then something failed.
        """
        wanted = plan.wanted
        if not plan.writes:
            return plan.outcome(plan.before or {})
        if wanted.update_secret == "on_create":
            return self._create(wanted)
        after = plan.before
        if after is None or not plan.value_matches:
            after = self.write(wanted.key, wanted.value, plan.before)
        outcome = plan.outcome(after)
        try:
            self._record(plan, after)
        except KonnectError as error:
            done = [f"the value of secret {wanted.key} was written"] if outcome.value_written else []
            raise with_done(done, error, outcome.result()) from error
        return outcome

    def remove(self, key: str, on_in_use: OnInUse) -> SecretOutcome:
        """Remove a secret, if nothing that uses it is to keep it, and what this collection keeps beside it."""
        listing = self.read()
        before = listing.secrets.get(key)
        usage = check_usage(on_in_use, lambda: self.usage([key])) if before else None
        if usage:
            return SecretOutcome(False, None, before, before, kept=usage)
        if before and self.is_lost(key):
            self.control_plane.task.warn(lost_keys([key]))
            return SecretOutcome(False, None, before, before)
        entries = listing.removal(key)
        outcome = SecretOutcome(bool(entries), "removed" if entries else None, before, None)
        self._delete(entries, outcome)
        return outcome

    def remove_unchanged(self, key: str, listing: Listing) -> SecretOutcome:
        """Remove what a listing showed under a key, secret and records, unless the secret was written since then.

        It is read again just before.
        """
        before = listing.secrets.get(key)
        found = self._secrets.find(key)
        if found and (before is None or metadata(found).get("updated_at") != before.get("updated_at")):
            return SecretOutcome(False, "changed_outside", before, before)
        outcome = SecretOutcome(True, "removed", before, None)
        self._delete([entry for entry in listing.removal(key) if found or entry != key], outcome)
        return outcome

    def is_lost(self, key: str) -> bool:
        """True for the key of a listed secret that Konnect does not find by its key, such as C(a/b) or C(..)."""
        return not KEY_PATTERN.fullmatch(key) and (key in ("", ".", "..") or self._secrets.find(key) is None)

    def _delete(self, entries: Iterable[str], outcome: SecretOutcome) -> None:
        done: list[str] = []
        try:
            for entry in entries:
                self._secrets.delete(entry)
                done.append(f"{entry} was removed")
        except KonnectError as error:
            raise with_done(done, error, outcome.result()) from error

    def usage(self, keys: list[str]) -> Usage | None:
        """Find the references to these secrets."""
        return secrets_usage(self.control_plane, self.id, keys)

    def _react_to_use(self, usage: Usage, on_new_value: OnNewValue) -> None:
        what = f"{usage.subject} {usage.reason}, and its new value was not tested"
        if on_new_value == "fail":
            raise KonnectError(
                f"{what}, so it was not written. Use konnect_secret_rotation, or set on_new_value to write.",
                code=usage.code,
                **usage.facts,
            )
        self.control_plane.task.warn(f"{what} before it was written. To test it first, use konnect_secret_rotation.")

    def _read_for(self, wanted: Wanted, keys: FingerprintKeys, *, with_claims: bool) -> Listing:
        """The entries that matter to a secret that has a fingerprint: all, unless the store has several pages and the
        secret is in sync.

        :param with_claims: whether it matters, too, that a rotation of it is pending.
        """
        pages = self._secrets.pages()
        entries, is_last = next(pages)
        if is_last:
            return as_listing(entries)
        found = self._secrets.find(wanted.key)
        if found and not (with_claims and self._claims(wanted.key)):
            record = keys.record_makers(self.id, wanted)[0](milliseconds(found["updated_at"]))
            if self._secrets.find(record.entry):
                return Listing({wanted.key: metadata(found)}, {wanted.key: [record]})
        return as_listing(chain(entries, *(page for page, _is_last in pages)))

    def _read_some(self, wanted: Wanted) -> Listing:
        """The entries that matter to write a secret that has no fingerprint."""
        found = self._secrets.find(wanted.key)
        claims = self._claims(wanted.key) if found and wanted.update_secret == "always" else {}
        return Listing({wanted.key: metadata(found)} if found else {}, rotations=claims)

    def _claims(self, key: str) -> dict[str, list[tuple[StageEntry | Claim, Entity]]]:
        """The claims of rotations that may write a secret, by the key of the secret that they rotate."""
        entries = {rotated: self._secrets.find(Claim(rotated).entry) for rotated in claimable(key)}
        return {rotated: [(Claim(rotated), metadata(entry))] for rotated, entry in entries.items() if entry}

    def _create(self, wanted: Wanted) -> SecretOutcome:
        if self.control_plane.check_mode:
            return SecretOutcome(True, "created", None, self._predict(wanted.key), value_written=True)
        try:
            created = self._secrets.create(
                {"key": wanted.key, "value": wanted.value}, lambda: self._secrets.find(wanted.key)
            )
        except ApiError as error:
            if not error.is_unique_violation:
                raise
            existing = metadata(self._secrets.get(wanted.key))
            return SecretOutcome(False, None, existing, existing)
        return SecretOutcome(True, "created", None, metadata(created), value_written=True)

    def write(self, key: str, value: str, before: Entity | None = None) -> Entity:
        """Write an entry. After a lost response it is written again: a record needs a time that was received.

        :param before: its metadata, None when it is not there.
        """
        if self.control_plane.check_mode:
            return self._predict(key, before)
        response = self._secrets.put(key, {"value": value}, exists=before is not None)
        return metadata({"key": key, **response})

    def _predict(self, key: str, before: Entity | None = None) -> Entity:
        now = iso_milliseconds(time.time())
        entry = {"created_at": now, **(before or {}), "key": key, "updated_at": now}
        self._secrets.predict(entry)
        return entry

    def _record(self, plan: Plan, after: Entity) -> None:
        if plan.record_at is None:
            return
        record = plan.record_at(milliseconds(after.get("updated_at", "")))
        self.write(record.entry, fingerprint.RECORD_VALUE)
        self._delete_stale_records(stale for stale in plan.records if stale != record)

    def _delete_stale_records(self, records: Iterable[Record]) -> None:
        for record in records:
            self._secrets.delete(record.entry)


def as_listing(entries: Iterable[Entity]) -> Listing:
    """All entries of a store, by what they are."""
    listing = Listing()
    by_key = {entry["key"]: metadata(entry) for entry in entries}
    for key, entry in by_key.items():
        if not is_own_entry(key, by_key):
            listing.secrets[key] = entry
        elif record := parse_record(key):
            listing.records.setdefault(record.key, []).append(record)
        elif found := parse_rotation_entry(key):
            listing.rotations.setdefault(found.key, []).append((found, entry))
    return listing


def lost_keys(keys: list[str]) -> str:
    """The warning about keys that Konnect lists, and then does not find."""
    return (
        f"{as_subject(keys)} not removed: Konnect lists such a key and does not find it by itself, so no request can "
        "read or remove it. To be rid of it, move the other secrets to a new config store and remove this one with "
        "konnect_config_store, on_in_use=remove."
    )


def as_subject(keys: list[str]) -> str:
    """The subject of a sentence: ``Secret a was``, or ``Secrets a, b and 7 more were``."""
    if len(keys) == 1:
        return f"Secret {keys[0]} was"
    more = f" and {len(keys) - MAX_KEYS} more" if len(keys) > MAX_KEYS else ""
    return f"Secrets {', '.join(sorted(keys)[:MAX_KEYS])}{more} were"
