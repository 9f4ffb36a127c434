# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The form of the entries that hold the state of a rotation, beside a secret in the same config store.

- ``KEY.rotation`` is the claim: whoever created it rotates KEY.
- ``KEY.rotation.STAGE.<key id: 8 hex>.<time: 12 hex>.<MAC: 32 hex>`` says how far the rotation is.
- ``KEY.rotation.takeover.<time: 12 hex>`` is the claim of a run that takes over the rotation of another one.
- ``KEY-next`` holds the new value while it is tried.

The values of the first three are a fixed sentence.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ._fingerprint_record import parse_record


class Stage(str, enum.Enum):
    """How far a rotation is, in the order in which a rotation reaches them. Not every strategy has every stage."""

    CLAIMED = "claimed"  # its time is when KEY was last written
    PREPARED = "prepared"  # KEY-next holds the new value; its time is when that was written
    SWITCHED = "switched"  # references may refer to KEY-next; same time
    OVERWRITING = "overwriting"  # KEY is about to be written in place; its time is when KEY was written before
    OVERWRITTEN = "overwritten"  # KEY was written in place; its time is when
    RESTORING = "restoring"  # the old value is about to be written in place; the time of OVERWRITTEN
    PROVED = "proved"  # the new value worked; the time of PREPARED or OVERWRITTEN
    COMMITTING = "committing"  # KEY is about to be written (the time of CLAIMED), or is to be kept (of PROVED)


SUFFIX_BYTES = len(f".rotation.{Stage.OVERWRITTEN.value}.") + 8 + 1 + 12 + 1 + 32
_ENTRY = re.compile(
    r"(?P<key>.+?)\.rotation(?:\.(?P<stage>[a-z]+)(?:\.(?P<key_id>[0-9a-f]{8}))?\.(?P<time>[0-9a-f]{12})"
    r"(?:\.(?P<mac>[0-9a-f]{32}))?)?"
)
TAKEOVER = "takeover"
_NEXT = "-next"
_STAGES = {stage.value: stage for stage in Stage}


@dataclass(frozen=True)
class StageEntry:
    """An entry that says how far a rotation is.

    :param key: of the secret that is rotated.
    :param time: milliseconds since 1970; see Stage.
    """

    key: str
    stage: Stage
    key_id: str
    time: int
    mac: str

    @property
    def entry(self) -> str:
        """The key of the entry in the store."""
        return f"{self.key}.rotation.{self.stage.value}.{self.key_id}.{self.time:012x}.{self.mac}"


@dataclass(frozen=True)
class Claim:
    """A claim, or with a time the claim of a run that takes over; the time names the claim that it takes over."""

    key: str
    time: int | None = None

    @property
    def entry(self) -> str:
        """The key of the entry in the store."""
        return f"{self.key}.rotation" + ("" if self.time is None else f".{TAKEOVER}.{self.time:012x}")


def parse_rotation_entry(entry: str) -> StageEntry | Claim | None:
    """The claim or stage that the key of a store's entry stands for; None when it is not of that form."""
    found = _ENTRY.fullmatch(entry)
    if not found:
        return None
    key, stage = found["key"], found["stage"]
    if stage is None:
        return Claim(key)
    if stage == TAKEOVER and not found["key_id"] and not found["mac"]:
        return Claim(key, int(found["time"], 16))
    if stage in _STAGES and found["key_id"] and found["mac"]:
        return StageEntry(key, _STAGES[stage], found["key_id"], int(found["time"], 16), found["mac"])
    return None


def next_key(key: str) -> str:
    """The key under which the new value is tried."""
    return f"{key}{_NEXT}"


def claimable(key: str) -> list[str]:
    """The keys of the secrets whose rotation may write this secret: itself, or where this is their KEY-next."""
    return [key, key.removesuffix(_NEXT)] if key.endswith(_NEXT) else [key]


def is_own_entry(entry: str, entries: Collection[str]) -> bool:
    """True for an entry that this collection keeps for itself: fingerprint records and the state of rotations.

    C(KEY.rotation) may be a user's secret. It counts as a claim only beside KEY, or beside a state.

    :param entries: the keys of all entries in the store.
    """
    if parse_record(entry):
        return True
    found = parse_rotation_entry(entry)
    if found is None or found != Claim(found.key):
        return found is not None
    return found.key in entries or any(other.startswith(f"{entry}.") for other in entries)


def without_own_entries(entries: Iterable[str]) -> list[str]:
    """The keys of secrets among the keys of a store's entries, sorted."""
    known = set(entries)
    return sorted(entry for entry in known if not is_own_entry(entry, known))
