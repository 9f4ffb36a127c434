# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Fingerprints of secret values: whether the value in a store is the wanted one, though Konnect never returns it.

The MAC of a record binds store, key, time and value together under a key that only the user has.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from .._errors import ErrorCode, InvalidInput, KonnectError
from .._fingerprint_record import VERSION_KEY_ID, Record

RECORD_VALUE = (
    "A fingerprint kept by community.konnect to tell whether the secret beside it changed. It holds no secret."
)
MINIMUM_KEY_LENGTH = 32
# Shorter values are stretched when the access token serves as fingerprint key.
SHORT_VALUE = 24


@dataclass(frozen=True)
class FingerprintKey:
    """A derived key; ``id`` tells one from another without revealing it.

    :param stretches: whether short values are stretched before a MAC covers them, because the key may be known to more
        people than the values.
    """

    id: str
    secret: bytes
    stretches: bool = False

    def record(self, store_id: str, key: str, time: int, value: str) -> Record:
        return Record(key, self.id, time, self.mac("1", store_id, key, str(time), self.covered(store_id, key, value)))

    def covered(self, store_id: str, key: str, value: str) -> str:
        """The text that a MAC covers for a value: itself, or 64 hex digits in place of a short one (scrypt, 50 ms)."""
        if not self.stretches or len(value.encode()) >= SHORT_VALUE:
            return value
        return _stretch(value.encode(), self.secret + self.mac("short", store_id, key).encode()).hex()

    def mac(self, *parts: str) -> str:
        """A MAC of 128 bits over these texts, each with its length, as 32 hex digits."""
        message = b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
        return _hmac(self.secret, message)[:32]


@functools.lru_cache(maxsize=32)
def derive(fingerprint_key: str, store_id: str, *, stretches: bool = False) -> FingerprintKey:
    """Stretch a user's fingerprint key for one store (some 50 ms: once for all secrets of a task)."""
    secret = _stretch(fingerprint_key.encode(), store_id.encode())
    return FingerprintKey(_hmac(secret, b"key id")[:8], secret, stretches)


@functools.lru_cache(maxsize=256)
def _stretch(text: bytes, salt: bytes) -> bytes:
    """32 bytes that take long to guess the text from (scrypt, 16 MiB)."""
    try:
        return hashlib.scrypt(text, salt=salt, n=2**14, r=8, p=1, maxmem=64 * 2**20, dklen=32)
    except (AttributeError, ValueError) as error:
        raise KonnectError(
            "This Python has no scrypt (its OpenSSL lacks it or forbids it), which fingerprints need. "
            "Set update_secret to on_create or always, or give value_version.",
            code=ErrorCode.NO_SCRYPT,
        ) from error


def version_record(key: str, time: int, version: int) -> Record:
    """The record of a version number that the user gave in place of a fingerprint."""
    return Record(key, VERSION_KEY_ID, time, f"{version:032x}")


@dataclass(frozen=True)
class Verdict:
    """Result of a comparison: in sync, or the reason why not: not_recorded, changed_outside, value_changed,
    fingerprint_key_changed. ``value_matches`` means that the value is right all the same, and only its record has to be
    rewritten.
    """

    in_sync: bool
    reason: str | None = None
    value_matches: bool = False


def current_records(time: int, records: Sequence[Record]) -> list[Record]:
    """The records of a secret for the value that was written at a time: one, unless other clients wrote too."""
    return [record for record in records if record.time == time]


def compare(time: int, records: Sequence[Record], expected: Record, previous: Sequence[Record] = ()) -> Verdict:
    """Compare the records of a secret with what a record of the desired value would be.

    :param time: the secret's listed ``updated_at`` in milliseconds.
    :param records: every record of this secret that the store holds.
    :param expected: the record that the desired value would have at this time.
    :param previous: the same under earlier fingerprint keys.
    """
    if not records:
        return Verdict(False, "not_recorded")
    current = current_records(time, records)
    if len(current) != 1:
        # None: another client wrote since. Several: two writers in one millisecond, and who came last is not known.
        return Verdict(False, "changed_outside")
    found = current[0]
    if _same(found, expected):
        return Verdict(True)
    if any(_same(found, record) for record in previous):
        return Verdict(False, "fingerprint_key_changed", value_matches=True)
    if VERSION_KEY_ID in (found.key_id, expected.key_id) and found.key_id != expected.key_id:
        return Verdict(False, "not_recorded")
    known = {expected.key_id, *(record.key_id for record in previous)}
    return Verdict(False, "value_changed" if found.key_id in known else "fingerprint_key_changed")


def check_fingerprint_key(fingerprint_key: str) -> None:
    if fingerprint_key != fingerprint_key.strip():
        raise InvalidInput(
            "fingerprint_key begins or ends with white space, often a line end from the file that it was read from. "
            "Take it off, for example with the filter ansible.builtin.trim."
        )
    if len(fingerprint_key) < MINIMUM_KEY_LENGTH:
        raise InvalidInput(
            f"fingerprint_key must have at least {MINIMUM_KEY_LENGTH} characters; a random one is best, "
            "for example from: openssl rand -hex 32"
        )


def _same(one: Record, other: Record) -> bool:
    return one.key_id == other.key_id and hmac.compare_digest(one.mac, other.mac)


def _hmac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()
