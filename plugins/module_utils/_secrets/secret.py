# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""A secret as a task wants it, and the checks of its key, its value and the fingerprint keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .._entities.kind import Entity
from .._entities.timestamps import milliseconds
from .._errors import ErrorCode, InvalidInput, KonnectError
from .._fingerprint_record import SUFFIX_BYTES, Record, parse_record
from .._masking import HIDDEN
from .._rotation_entry import parse_rotation_entry
from .._secret_text import is_secret_value
from . import fingerprint
from .fingerprint import FingerprintKey

UpdateSecret = Literal["on_change", "on_create", "always"]
# From a time in milliseconds since 1970 to the record of a value that was written then.
RecordAt = Callable[[int], Record]
KEY_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KEY_BYTES = 512
VALUE_BYTES = 5120
# Shorter ones would be guessed too easily from a fingerprint under the access token.
SHORTEST_VALUE_UNDER_TOKEN = 8


@dataclass(frozen=True)
class Wanted:
    """A secret as the task wants it; checked when made, before any request.

    :param expected_updated_at: the C(updated_at) that the secret must have for anything to be written.
    """

    key: str
    value: str
    update_secret: UpdateSecret = "on_change"
    value_version: int | None = None
    expected_updated_at: str | None = None

    def __post_init__(self) -> None:
        if is_secret_value(self.key) and not is_secret_value(self.value) and KEY_PATTERN.fullmatch(self.value):
            raise InvalidInput("The key of a secret looks like a value and the value like a key. Swap them.")
        if str(self.value_version) == self.value:
            raise InvalidInput(
                f"value_version of secret {self.key} is the value itself. Take a number that is no secret."
            )
        check_key(self.key, with_record=self.update_secret == "on_change")
        try:
            size = len(self.value.encode())
        except UnicodeEncodeError:
            raise InvalidInput(
                f"The value of secret {self.key} is not valid UTF-8. Encode it first, for example with the filter "
                "ansible.builtin.b64encode."
            ) from None
        if not self.value.strip():
            raise InvalidInput(f"The value of secret {self.key} is empty or blank. Konnect takes no empty secret.")
        if self.value.endswith(("\n", "\r")) and "-----END " not in self.value:
            raise InvalidInput(
                f"The value of secret {self.key} ends with a line end, often from the file that it was read from, and "
                "would be sent with it. Take it off, for example with the filter ansible.builtin.trim."
            )
        if size > VALUE_BYTES:
            raise InvalidInput(f"The value of secret {self.key} has {size} bytes; Konnect takes {VALUE_BYTES}.")
        if self.value_version is not None and not 0 <= self.value_version < 2**64:
            raise InvalidInput("value_version must be a whole number from 0 to 2^64-1.")
        if self.value_version is not None and self.update_secret != "on_change":
            raise InvalidInput(f"value_version has no meaning with update_secret={self.update_secret}.")
        if self.update_secret == "on_create" and self.expected_updated_at:
            raise InvalidInput("expected_updated_at has no meaning with update_secret=on_create.")
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
        """True if a fingerprint of the value is kept."""
        return self.update_secret == "on_change" and self.value_version is None


@dataclass(frozen=True)
class FingerprintKeys:
    """The user's keys as given; ``from_token`` when the access token stands in for a fingerprint key of its own."""

    current: str
    previous: Sequence[str] = ()
    from_token: bool = False

    def check(self, wanted: Wanted) -> None:
        """Refuse short keys, and a very short value under the token: whoever knows the token could guess it from its
        fingerprint. Keys that are not used for this secret are not checked.
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
                code=ErrorCode.SHORT_VALUE,
            )

    def record_makers(self, store_id: str, wanted: Wanted) -> tuple[RecordAt, list[RecordAt]]:
        """Functions from a time to the record that the wanted value has then: now, and under earlier keys."""
        version = wanted.value_version
        if version is not None:
            return lambda time: fingerprint.version_record(wanted.key, time, version), []

        def record_at(key: FingerprintKey) -> RecordAt:
            return lambda time: key.record(store_id, wanted.key, time, wanted.value)

        current, *previous = [record_at(key) for key in self.derive(store_id)]
        return current, previous

    def derive(self, store_id: str) -> list[FingerprintKey]:
        """The keys for one store: the present one, and earlier ones. That of the token stretches short values."""
        first = fingerprint.derive(self.current, store_id, stretches=self.from_token)
        return [first, *(fingerprint.derive(key, store_id) for key in self.previous)]

    def is_short(self, wanted: Wanted) -> bool:
        """True if a fingerprint of this value is better made with a key of its own than with the token."""
        short = len(wanted.value.encode()) < fingerprint.SHORT_VALUE
        return self.from_token and wanted.fingerprinted and short

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> FingerprintKeys:
        own = options["fingerprint_key"]
        return cls(own or options["konnect_token"], options["previous_fingerprint_keys"] or (), not own)


def age(secret: Entity, now: float) -> int:
    """Whole seconds since the secret was last written; never negative.

    :param now: seconds since 1970 by the server's clock.
    """
    return max(0, int(now - milliseconds(secret.get("updated_at", "")) / 1000))


def as_text(value: Any) -> str:
    """The text that an option's value stands for: a mapping or list is stored as JSON, so that references can name
    its fields. Mappings of the same content are the same text, whatever the order of their fields.
    """
    if value is None:
        raise InvalidInput("The value is missing or empty. Konnect takes no empty secret.")
    if isinstance(value, bool):
        raise InvalidInput("The value of a secret must be a text, or a mapping that is stored as JSON.")
    return json.dumps(_by_name(value)) if isinstance(value, (dict, list)) else str(value)


def _by_name(value: Any) -> Any:
    """The value with the fields of each mapping sorted, and with texts for names, as in JSON."""
    if isinstance(value, dict):
        return {name: _by_name(value[name]) for name in sorted(value, key=str)}
    return [_by_name(item) for item in value] if isinstance(value, list) else value


def storage_warnings(values: Mapping[str, Any]) -> list[str]:
    """How values are stored that are perhaps not meant so: numbers, and mappings of more than texts. Shows no value.

    :param values: by the key of their secret.
    """
    warnings = []
    for key, value in values.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            warnings.append(
                f"The value of secret {key} is a number, and is stored as its decimal text of {len(str(value))} "
                "characters. Put it in quotes to store it as it is written."
            )
        elif isinstance(value, list) or (
            isinstance(value, dict) and not all(isinstance(item, str) for item in value.values())
        ):
            warnings.append(
                f"The value of secret {key} is stored as the JSON text {_outline(value)}. References can name only "
                "fields of a mapping that are texts."
            )
    return warnings


def _outline(value: Any) -> str:
    """The JSON text of a value with dots for its texts, and with words for other scalars."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(str(name))}: {_outline(value[name])}" for name in sorted(value, key=str))
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_outline, value)) + "]"
    if isinstance(value, str):
        return '"..."'
    return "null" if value is None else "boolean" if isinstance(value, bool) else "number"


def check_key(key: str, *, with_record: bool = False) -> None:
    """Refuse a key that Konnect would take and then not find again, or that a reference could not name."""
    if not KEY_PATTERN.fullmatch(key):
        # What is no key may be a value that was given for one.
        masked = HIDDEN if is_secret_value(key) else repr(key)
        raise InvalidInput(
            f"{masked} cannot be a secret's key: use letters, digits, dots, dashes and underscores, starting with a "
            "letter or digit. Konnect stores others, but then cannot read or remove them."
        )
    if parse_record(key) or parse_rotation_entry(key):
        raise InvalidInput(
            f"{key} has the form of a fingerprint record or of the state of a rotation, which are kept for this "
            "collection's own use."
        )
    limit = KEY_BYTES - SUFFIX_BYTES if with_record else KEY_BYTES
    if len(key.encode()) > limit:
        room = (
            f" with room for the fingerprint record of update_secret=on_change, {limit}" if with_record else f" {limit}"
        )
        raise InvalidInput(f"The secret's key has {len(key.encode())} bytes; Konnect takes{room}.")


def metadata(entry: Entity) -> Entity:
    """The fields of a secret that may be shown. Konnect's documents show responses with a value, which must not be."""
    return {name: entry[name] for name in ("key", "created_at", "updated_at") if entry.get(name) is not None}
