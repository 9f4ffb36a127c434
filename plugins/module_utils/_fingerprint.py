# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Keyed fingerprints: what makes write-only secrets idempotent without ever storing their value.

A record is an entry beside the secret in the same config store. Its key is
``KEY.fingerprint.<key id: 8 hex>.<T: 12 hex>.<MAC: 32 hex>``; its value is a fixed sentence. T is the secret's
``updated_at`` in milliseconds as the answer to the write gave it. The MAC binds store, key, T and value together
under a key that only the user has. While the value has still to prove itself, the first digit of T, else a 0, is an f.
With a version number of the user's own in the place of a value, the key id is
``00000000`` and the last part is that number.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError

RECORD_VALUE = (
    "A fingerprint kept by community.konnect to tell whether the secret beside it changed. It holds no secret."
)
VERSION_KEY_ID = "00000000"
SUFFIX_BYTES = len(".fingerprint.") + 8 + 1 + 12 + 1 + 32
MINIMUM_KEY_LENGTH = 32
# The first of the twelve digits of a time. Milliseconds since 1970 need it from the year 2527 on.
_UNPROVED = 0xF << 44
_RECORD = re.compile(
    r"(?P<key>.+)\.fingerprint\.(?P<key_id>[0-9a-f]{8})\.(?P<time>[0-9a-f]{12})\.(?P<mac>[0-9a-f]{32})"
)


@dataclass(frozen=True)
class Record:
    """A record as its key says it: ``key`` is the secret's, ``time`` milliseconds since 1970.

    :param proved: whether the value has proved itself; see C(record) of konnect_secret.
    """

    key: str
    key_id: str
    time: int
    mac: str
    proved: bool = True

    @property
    def entry(self) -> str:
        time = self.time if self.proved else self.time | _UNPROVED
        return f"{self.key}.fingerprint.{self.key_id}.{time:012x}.{self.mac}"


@dataclass(frozen=True)
class FingerprintKey:
    """A derived key; ``id`` tells one from another without revealing it."""

    id: str
    secret: bytes

    def record(self, store_id: str, key: str, time: int, value: str) -> Record:
        parts = (b"1", store_id.encode(), key.encode(), str(time).encode(), value.encode())
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return Record(key, self.id, time, _hmac(self.secret, message)[:32])


@functools.lru_cache(maxsize=32)
def derive(fingerprint_key: str, store_id: str) -> FingerprintKey:
    """Stretch a user's fingerprint key for one store (scrypt, 16 MiB, some 50 ms: once for all secrets of a task)."""
    try:
        secret = hashlib.scrypt(
            fingerprint_key.encode(), salt=store_id.encode(), n=2**14, r=8, p=1, maxmem=64 * 2**20, dklen=32
        )
    except (AttributeError, ValueError) as error:
        raise KonnectError(
            "This Python has no scrypt (its OpenSSL lacks it or forbids it), which fingerprints need. "
            "Set update_secret to on_create or always, or give value_version.",
            code="no_scrypt",
        ) from error
    return FingerprintKey(_hmac(secret, b"key id")[:8], secret)


def version_record(key: str, time: int, version: int) -> Record:
    """The record of a version number that the user gave in the place of a fingerprint."""
    return Record(key, VERSION_KEY_ID, time, f"{version:032x}")


def parse(entry: str) -> Record | None:
    """The record that the key of a store's entry is; None when it is a secret's."""
    found = _RECORD.fullmatch(entry)
    if not found:
        return None
    time = int(found["time"], 16)
    return Record(found["key"], found["key_id"], time & ~_UNPROVED, found["mac"], proved=not time & _UNPROVED)


@dataclass(frozen=True)
class Verdict:
    """Whether a secret is in sync; if not, why: not_recorded, changed_outside, value_changed, unproved,
    fingerprint_key_changed. ``vouched`` means that the value is known to be right all the same, and only its record
    wants rewriting.
    """

    in_sync: bool
    reason: str | None = None
    vouched: bool = False


def standing(time: int, records: Sequence[Record]) -> list[Record]:
    """The records of a secret that stand for what was written at a time: one, unless others wrote too.

    An unproved one beside its proved twin does not count; its removal was cut short.
    """
    current = [record for record in records if record.time == time]
    return [record for record in current if record.proved or replace(record, proved=True) not in current]


def judge(time: int, records: Sequence[Record], expected: Record, previous: Sequence[Record] = ()) -> Verdict:
    """Compare the records of a secret with what a record of the desired value would be.

    :param time: the secret's listed ``updated_at`` in milliseconds.
    :param records: every record of this secret that the store holds.
    :param expected: the record that the desired value would have at this time.
    :param previous: the same under earlier fingerprint keys.
    """
    if not records:
        return Verdict(False, "not_recorded")
    current = standing(time, records)
    if len(current) != 1:
        # None: somebody else wrote since. Several: two writers in one millisecond, and who came last is not known.
        return Verdict(False, "changed_outside")
    found = current[0]
    if not found.proved and any(_same(found, record) for record in (expected, *previous)):
        # Under the number of a version that failed, another value may come.
        return Verdict(False, "unproved", vouched=found.key_id != VERSION_KEY_ID)
    if _same(found, expected):
        return Verdict(True)
    if any(_same(found, record) for record in previous):
        return Verdict(False, "fingerprint_key_changed", vouched=True)
    if VERSION_KEY_ID in (found.key_id, expected.key_id) and found.key_id != expected.key_id:
        return Verdict(False, "not_recorded")
    known = {expected.key_id, *(record.key_id for record in previous)}
    return Verdict(False, "value_changed" if found.key_id in known else "fingerprint_key_changed")


def check_fingerprint_key(fingerprint_key: str) -> None:
    if len(fingerprint_key) < MINIMUM_KEY_LENGTH:
        raise InvalidInput(
            f"fingerprint_key must have at least {MINIMUM_KEY_LENGTH} characters; a random one is best, "
            "for example from: openssl rand -hex 32"
        )


def _same(one: Record, other: Record) -> bool:
    return one.key_id == other.key_id and hmac.compare_digest(one.mac, other.mac)


def _hmac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()
