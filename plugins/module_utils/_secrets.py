# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Secrets of a config store: write-only values that are written when they changed, and only then."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ansible_collections.community.konnect.plugins.module_utils import _fingerprint as fingerprint
from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient, Path
from ansible_collections.community.konnect.plugins.module_utils._entities import CONFIG_STORE, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint import FingerprintKey, Record, Verdict
from ansible_collections.community.konnect.plugins.module_utils._referrers import refuse_referenced_secret
from ansible_collections.community.konnect.plugins.module_utils._times import milliseconds

UpdateSecret = Literal["on_change", "on_create", "always"]
KEY_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KEY_BYTES = 512
VALUE_BYTES = 5120
SHORTEST_VALUE_UNDER_TOKEN = 16


@dataclass(frozen=True)
class Wanted:
    """A secret as the task wants it; checked when made, before any request.

    :param record: whether the record is written with the value, by a later task, or now for a value written before.
    :param expected_updated_at: the C(updated_at) that the secret must have for anything to be written.
    """

    key: str
    value: str
    update_secret: UpdateSecret = "on_change"
    value_version: int | None = None
    record: Literal["with_value", "later", "only"] = "with_value"
    expected_updated_at: str | None = None

    def __post_init__(self) -> None:
        check_key(self.key, with_record=self.update_secret == "on_change")
        try:
            size = len(self.value.encode())
        except UnicodeEncodeError:
            raise InvalidInput(
                f"The value of secret {self.key} is not valid UTF-8. Encode it first, for example with the filter "
                "ansible.builtin.b64encode."
            ) from None
        if not self.value:
            raise InvalidInput(f"The value of secret {self.key} is empty. Konnect takes no empty secret.")
        if size > VALUE_BYTES:
            raise InvalidInput(f"The value of secret {self.key} has {size} bytes; Konnect takes {VALUE_BYTES}.")
        if self.value_version is not None and not 0 <= self.value_version < 2**64:
            raise InvalidInput("value_version must be a whole number from 0 to 2^64-1.")
        if self.value_version is not None and self.update_secret != "on_change":
            raise InvalidInput(f"value_version has no meaning with update_secret={self.update_secret}.")
        if self.update_secret != "on_change" and (self.record != "with_value" or self.expected_updated_at):
            raise InvalidInput(
                f"record and expected_updated_at have no meaning with update_secret={self.update_secret}."
            )
        if self.record == "only" and not self.expected_updated_at:
            raise InvalidInput("record=only needs expected_updated_at, the time at which the value was written.")
        if self.expected_updated_at:
            self.expected_time()

    def expected_time(self) -> int | None:
        """In milliseconds since 1970."""
        try:
            return milliseconds(self.expected_updated_at) if self.expected_updated_at else None
        except KonnectError:
            raise InvalidInput(
                "expected_updated_at must be a time as konnect_secret returns it in secret.updated_at."
            ) from None

    @property
    def fingerprinted(self) -> bool:
        """Whether a fingerprint of the value is kept."""
        return self.update_secret == "on_change" and self.value_version is None


@dataclass(frozen=True)
class FingerprintKeys:
    """The user's keys as given; ``from_token`` when the access token stands in for a fingerprint key of its own."""

    current: str
    previous: Sequence[str] = ()
    from_token: bool = False

    def check(self, wanted: Wanted) -> None:
        """Refuse short keys, and a short value under the token: who knows the token could guess it from its
        fingerprint. Keys that are not used for this secret are not looked at.
        """
        if not wanted.fingerprinted:
            return
        for key in self.previous if self.from_token else (self.current, *self.previous):
            fingerprint.check_fingerprint_key(key)
        if self.from_token and len(wanted.value.encode()) < SHORTEST_VALUE_UNDER_TOKEN:
            raise InvalidInput(
                f"The value of secret {wanted.key} has fewer than {SHORTEST_VALUE_UNDER_TOKEN} bytes, too few to keep "
                "a fingerprint of it under the access token. Set fingerprint_key (or KONNECT_FINGERPRINT_KEY), or "
                "value_version, or update_secret to on_create or always.",
                code="short_value",
            )

    def derive(self, store_id: str) -> tuple[FingerprintKey, list[FingerprintKey]]:
        return fingerprint.derive(self.current, store_id), [fingerprint.derive(key, store_id) for key in self.previous]


@dataclass(frozen=True)
class SecretOutcome:
    """What was done, or would be done, to one secret; ``secret`` is its metadata, None when it is not there."""

    changed: bool
    reason: str | None
    before: Entity | None
    secret: Entity | None


class SecretStore:
    """The secrets of one config store, and the records beside them."""

    def __init__(self, client: KonnectClient, control_plane_id: str, store_id: str) -> None:
        self._client = client
        self._control_plane_id = control_plane_id
        self.id = store_id
        self._path: Path = CONFIG_STORE.path(control_plane_id, store_id, "secrets")

    def read(self) -> tuple[dict[str, Entity], dict[str, list[Record]]]:
        """Every secret's metadata by key, and every record by the key of its secret, in one listing."""
        secrets: dict[str, Entity] = {}
        records: dict[str, list[Record]] = {}
        for entry in self._client.list(self._path, CONFIG_STORE.paging):
            record = fingerprint.parse(entry["key"])
            if record is None:
                secrets[entry["key"]] = metadata(entry)
            else:
                records.setdefault(record.key, []).append(record)
        return secrets, records

    def described(self) -> dict[str, Entity]:
        """Every secret's metadata by key, with its C(age) in seconds by the server's clock, and C(recorded): whether a
        record stands for the value that it has now.
        """
        secrets, records = self.read()
        now = self._client.server_time
        return {
            key: {
                **secret,
                "age": age(secret, now),
                "recorded": [record.time for record in records.get(key, ())].count(
                    milliseconds(secret.get("updated_at", ""))
                )
                == 1,
            }
            for key, secret in secrets.items()
        }

    def ensure(self, wanted: Wanted, keys: FingerprintKeys, *, check_mode: bool) -> SecretOutcome:
        """Make the store hold the value, as ``update_secret`` says."""
        if wanted.update_secret == "on_change":
            return self._on_change(wanted, keys, check_mode)
        found = self._client.find((*self._path, wanted.key))
        before = metadata(found) if found else None
        if before and wanted.update_secret == "on_create":
            return SecretOutcome(False, None, before, before)
        reason = "always" if before else "created"
        if check_mode:
            return SecretOutcome(True, reason, before, before or {"key": wanted.key})
        if wanted.update_secret == "always":
            return SecretOutcome(True, reason, before, self._put(wanted.key, wanted.value))
        try:
            body = {"key": wanted.key, "value": wanted.value}
            created = self._client.persist(
                lambda: self._client.request("POST", self._path, body=body),
                lambda: self._client.find((*self._path, wanted.key)),
            )
        except ApiError as error:
            if not error.is_unique_violation:
                raise
            there = metadata(self._client.get((*self._path, wanted.key)))
            return SecretOutcome(False, None, there, there)
        return SecretOutcome(True, reason, None, metadata(created))

    def remove(self, key: str, *, force: bool, check_mode: bool) -> SecretOutcome:
        """Remove a secret that nothing refers to (unless forced), and sweep its records."""
        secrets, records = self.read()
        before = secrets.get(key)
        if before and not force:
            refuse_referenced_secret(self._client, self._control_plane_id, self.id, key)
        if not check_mode:
            if before:
                self._client.delete((*self._path, key))
            self._sweep(records.get(key, ()))
        changed = before is not None or key in records
        return SecretOutcome(changed, "removed" if changed else None, before, None)

    def _on_change(self, wanted: Wanted, keys: FingerprintKeys, check_mode: bool) -> SecretOutcome:
        secrets, records = self.read()
        before = secrets.get(wanted.key)
        old = records.get(wanted.key, [])
        mint, previous = self._minting(wanted, keys)
        verdict, written = Verdict(False, "created"), None
        if before:
            written = milliseconds(before["updated_at"])
            verdict = fingerprint.judge(written, old, mint(written), [record(written) for record in previous])
        if wanted.expected_updated_at and wanted.expected_time() != written:
            found = f"was last written at {before['updated_at']}" if before else "is gone"
            raise KonnectError(
                f"Secret {wanted.key} {found}, not at {wanted.expected_updated_at}: somebody else was there. "
                "Nothing was written.",
                code="concurrent_change",
            )
        if verdict.in_sync:
            return SecretOutcome(False, None, before, before)
        if wanted.record == "only":
            verdict = Verdict(False, "recorded", vouched=True)
        if verdict.reason == "fingerprint_key_changed":
            self._client.warnings.append(
                f"Secret {wanted.key} was recorded under another fingerprint key"
                + (" (the access token served as one)" if keys.from_token else "")
                + ". To rotate a fingerprint key without rewriting secrets, list the old one in "
                "previous_fingerprint_keys."
            )
        if check_mode:
            return SecretOutcome(True, verdict.reason, before, before or {"key": wanted.key})
        after = before if verdict.vouched and before else self._put(wanted.key, wanted.value)
        record = mint(milliseconds(after.get("updated_at", "")))
        if wanted.record == "later" and not verdict.vouched:
            # An old record of this very millisecond would vouch for the value that was there before.
            self._sweep(stale for stale in old if stale.time == record.time)
            return SecretOutcome(True, verdict.reason, before, after)
        self._put(record.entry, fingerprint.RECORD_VALUE)
        self._sweep(stale for stale in old if stale != record)
        return SecretOutcome(True, verdict.reason, before, after)

    def _minting(self, wanted: Wanted, keys: FingerprintKeys) -> tuple[Any, list[Any]]:
        """Functions from a time to the record that the wanted value has then: now, and under earlier keys."""
        version = wanted.value_version
        if version is not None:
            return lambda time: fingerprint.version_record(wanted.key, time, version), []
        current, previous = keys.derive(self.id)

        def mint(key: FingerprintKey) -> Any:
            return lambda time: key.record(self.id, wanted.key, time, wanted.value)

        return mint(current), [mint(key) for key in previous]

    def _put(self, key: str, value: str) -> Entity:
        """Write an entry. After a lost answer it is written again: only a time that was received can be vouched for."""
        path = (*self._path, key)
        answer = self._client.persist(lambda: self._client.request("PUT", path, body={"value": value}), lambda: None)
        if not isinstance(answer, dict) or not answer.get("updated_at"):
            raise KonnectError(f"Konnect wrote {key} but did not say when.", code="unexpected_answer")
        return metadata({"key": key, **answer})

    def _sweep(self, records: Any) -> None:
        for record in records:
            self._client.delete((*self._path, record.entry))


def age(secret: Entity, now: float) -> int:
    """Whole seconds since the secret was last written; never negative.

    :param now: seconds since 1970 by the server's clock.
    """
    return max(0, int(now - milliseconds(secret.get("updated_at", "")) / 1000))


def as_text(value: Any) -> str:
    """The text that an option's value stands for: a mapping or list is stored as JSON, so that references can name
    its fields.
    """
    if isinstance(value, bool) or value is None:
        raise InvalidInput("The value of a secret must be a text, or a mapping that is stored as JSON.")
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def check_key(key: str, *, with_record: bool = False) -> None:
    """Refuse a key that Konnect would take and then not find again, or that a reference could not name."""
    if not KEY_PATTERN.fullmatch(key):
        raise InvalidInput(
            f"{key!r} cannot be a secret's key: use letters, digits, dots, dashes and underscores, starting with a "
            "letter or digit. Konnect stores others, but then cannot read or remove them."
        )
    if fingerprint.parse(key):
        raise InvalidInput(f"{key} has the form of a fingerprint record, which is kept for this collection's own use.")
    limit = KEY_BYTES - fingerprint.SUFFIX_BYTES if with_record else KEY_BYTES
    if len(key.encode()) > limit:
        room = (
            f" with room for the fingerprint record of update_secret=on_change, {limit}" if with_record else f" {limit}"
        )
        raise InvalidInput(f"The secret's key has {len(key.encode())} bytes; Konnect takes{room}.")


def metadata(entry: Entity) -> Entity:
    """What may be known of a secret. Konnect's documents show answers with a value, which must go no further."""
    return {name: entry[name] for name in ("key", "created_at", "updated_at") if entry.get(name) is not None}
