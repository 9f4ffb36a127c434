# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The rotations that are pending in a config store, for konnect_secret_rotation_info."""

from __future__ import annotations

from typing import Any

from .._rotation_entry import Claim, Stage, StageEntry, next_key
from .._secrets.plan import Listing
from .._secrets.secret import FingerprintKeys
from .._secrets.store import SecretStore
from .reading import Reading, Subject
from .situation import BUSY_SECONDS, Situation
from .trials import trial_of


def read_rotations(store: SecretStore, keys: FingerprintKeys, key: str | None) -> list[dict[str, Any]]:
    """A row for each secret of which a rotation is pending, or has left something.

    :param key: only of this secret.
    """
    listing = store.read()
    found = sorted(listing.rotations) if key is None else [key] if key in listing.rotations else []
    return [_row(store, keys, listing, each) for each in found]


def _row(store: SecretStore, keys: FingerprintKeys, listing: Listing, key: str) -> dict[str, Any]:
    trial = trial_of(store.control_plane, store.id, key)
    reading = Reading(Subject(store, key, keys), trial, listing=listing)
    situation = reading.situation("rollback")
    entries = [entry for entry, _metadata in reading.entries]
    return {
        "key": key,
        "pending": any(isinstance(entry, Claim) for entry in entries),
        "stage": _stage(situation, entries),
        "known": situation.owner is not None,
        "idle": int(situation.idle),
        "busy": situation.claim is not None and situation.idle < BUSY_SECONDS,
        "next_key": next_key(key) if situation.next else None,
        "references": situation.referring,
        "references_to_next": situation.referring_next,
        "temporary_entities": [entity["name"] for entity in reading.temporary],
    }


def _stage(situation: Situation, entries: list[StageEntry | Claim]) -> str | None:
    """The last stage that the rotation reached: of the known one those that still hold, else as the entries say."""
    order = list(Stage)
    if situation.owner:
        reached = {Stage.CLAIMED, *situation.stages}
    else:
        reached = {entry.stage for entry in entries if isinstance(entry, StageEntry)}
    return max(reached, key=order.index).value if reached else None
