# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The secrets of one config store: write-only values that are written when they changed, and only then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ansible_collections.community.konnect.plugins.module_utils import _fingerprint as fingerprint
from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient, Path
from ansible_collections.community.konnect.plugins.module_utils._entities import CONFIG_STORE, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, KonnectError, PartlyDone
from ansible_collections.community.konnect.plugins.module_utils._fingerprint import Record
from ansible_collections.community.konnect.plugins.module_utils._referrers import refuse_referenced_secrets
from ansible_collections.community.konnect.plugins.module_utils._secret_plan import (
    Listing,
    Plan,
    SecretOutcome,
    make_plan,
)
from ansible_collections.community.konnect.plugins.module_utils._secrets import (
    KEY_PATTERN,
    FingerprintKeys,
    Wanted,
    age,
    metadata,
)
from ansible_collections.community.konnect.plugins.module_utils._times import milliseconds

KEYS_SHOWN = 20


class SecretStore:
    """The secrets of one config store, and the records beside them.

    :param predicted: check mode assumes that an earlier task creates the store; it is empty then.
    """

    def __init__(self, client: KonnectClient, control_plane_id: str, store_id: str, *, predicted: bool = False) -> None:
        self._client = client
        self._control_plane_id = control_plane_id
        self.id = store_id
        self._predicted = predicted
        self._path: Path = CONFIG_STORE.path(control_plane_id, store_id, "secrets")

    def read(self) -> Listing:
        """All that the store holds, in one listing."""
        listing = Listing()
        if self._predicted:
            return listing
        for entry in self._client.list(self._path, CONFIG_STORE.paging):
            record = fingerprint.parse(entry["key"])
            if record is None:
                listing.secrets[entry["key"]] = metadata(entry)
            else:
                listing.records.setdefault(record.key, []).append(record)
        return listing

    def described(self) -> dict[str, Entity]:
        """Every secret's metadata by key, with its C(age) in seconds by the server's clock, and C(recorded) and
        C(unproved): whether a record stands for the value that it has now, and says that it is proved, or not yet.
        """
        listing = self.read()
        now = self._client.server_time
        told: dict[str, Entity] = {}
        for key, secret in listing.secrets.items():
            written = milliseconds(secret.get("updated_at", ""))
            proved = [record.proved for record in fingerprint.standing(written, listing.records.get(key, []))]
            told[key] = {
                **secret,
                "age": age(secret, now),
                "recorded": proved == [True],
                "unproved": proved == [False],
            }
        return told

    def plan(self, wanted: list[Wanted], keys: FingerprintKeys, listing: Listing) -> list[Plan]:
        """What is to be done, with a warning when fingerprints are under another key."""
        plans = [make_plan(each, keys, listing, self.id) for each in wanted]
        others = [plan.wanted.key for plan in plans if plan.reason == "fingerprint_key_changed"]
        if others:
            self._client.warnings.append(
                f"{named(others)} recorded under another fingerprint key"
                + (" (the access token served as one)" if keys.from_token else "")
                + ". To rotate a fingerprint key without rewriting secrets, list the old one in "
                "previous_fingerprint_keys."
            )
        return plans

    def ensure(self, wanted: Wanted, keys: FingerprintKeys, *, check_mode: bool) -> SecretOutcome:
        """Make the store hold the value, as ``update_secret`` says."""
        listing = self.read() if wanted.update_secret == "on_change" else self._look(wanted.key)
        (plan,) = self.plan([wanted], keys, listing)
        return plan.predicted() if check_mode else self.carry_out(plan)

    def carry_out(self, plan: Plan) -> SecretOutcome:
        """Do what is planned. First the value, then the record, then away with the records that were there before.

        Raises PartlyDone, with the outcome, when the value was written and then something failed.
        """
        wanted = plan.wanted
        if not plan.writes:
            return plan.predicted()
        if wanted.update_secret == "on_create":
            return self._create(wanted)
        after = plan.before if plan.before and plan.value_is_right else self._put(wanted.key, wanted.value)
        outcome = plan.outcome(after)
        try:
            self._record(plan, after)
        except KonnectError as error:
            if not outcome.value_written:
                raise
            told = f"{error.message} Before that, the value of secret {wanted.key} was written."
            raise PartlyDone(told, code=error.code, result=outcome.result(), **error.facts) from error
        return outcome

    def _record(self, plan: Plan, after: Entity) -> None:
        if plan.mint is None:
            return
        record = plan.mint(milliseconds(after.get("updated_at", "")))
        record = replace(record, proved=plan.value_is_right or plan.wanted.record != "later")
        self._put(record.entry, fingerprint.RECORD_VALUE)
        self._sweep(stale for stale in plan.records if stale != record)

    def remove(self, key: str, *, force: bool, check_mode: bool) -> SecretOutcome:
        """Remove a secret that nothing refers to (unless forced), and sweep its records."""
        listing = self.read()
        before = listing.secrets.get(key)
        if before and not force:
            self.refuse_referenced([key])
        if not check_mode:
            if before:
                self._client.delete((*self._path, key))
            self._sweep(listing.records.get(key, ()))
        changed = before is not None or key in listing.records
        return SecretOutcome(changed, "removed" if changed else None, before, None)

    def remove_unchanged(self, key: str, listing: Listing) -> SecretOutcome:
        """Remove what a listing showed under a key, secret and records, unless the secret was written since then.

        It is read again just before. Konnect takes keys on creation that it does not find afterwards, such as C(a/b);
        those stay too.
        """
        before = listing.secrets.get(key)
        found = self._client.find((*self._path, key))
        lost = before is not None and found is None and not KEY_PATTERN.fullmatch(key)
        if lost or (found and (before is None or metadata(found).get("updated_at") != before.get("updated_at"))):
            return SecretOutcome(False, "not_found" if lost else "changed_outside", before, before)
        if found:
            self._client.delete((*self._path, key))
        self._sweep(listing.records.get(key, ()))
        return SecretOutcome(True, "removed", before, None)

    def refuse_referenced(self, keys: list[str]) -> None:
        """Raise KonnectError with the code in_use when something refers to one of these secrets."""
        refuse_referenced_secrets(self._client, self._control_plane_id, self.id, keys)

    def _look(self, key: str) -> Listing:
        found = None if self._predicted else self._client.find((*self._path, key))
        return Listing({key: metadata(found)} if found else {})

    def _create(self, wanted: Wanted) -> SecretOutcome:
        path = (*self._path, wanted.key)
        body = {"key": wanted.key, "value": wanted.value}
        try:
            created = self._client.persist(
                lambda: self._client.request("POST", self._path, body=body), lambda: self._client.find(path)
            )
        except ApiError as error:
            if not error.is_unique_violation:
                raise
            there = metadata(self._client.get(path))
            return SecretOutcome(False, None, there, there)
        return SecretOutcome(True, "created", None, metadata(created), value_written=True)

    def _put(self, key: str, value: str) -> Entity:
        """Write an entry. After a lost answer it is written again: only a time that was received can be vouched for."""
        path = (*self._path, key)
        answer = self._client.persist(lambda: self._client.request("PUT", path, body={"value": value}), lambda: None)
        if not isinstance(answer, dict) or not answer.get("updated_at"):
            raise KonnectError(f"Konnect wrote {key} but did not say when.", code="unexpected_answer")
        return metadata({"key": key, **answer})

    def _sweep(self, records: Iterable[Record]) -> None:
        for record in records:
            self._client.delete((*self._path, record.entry))


def named(keys: list[str]) -> str:
    """The subject of a sentence: ``Secret a was``, or ``Secrets a, b and 7 more were``."""
    if len(keys) == 1:
        return f"Secret {keys[0]} was"
    more = f" and {len(keys) - KEYS_SHOWN} more" if len(keys) > KEYS_SHOWN else ""
    return f"Secrets {', '.join(sorted(keys)[:KEYS_SHOWN])}{more} were"
