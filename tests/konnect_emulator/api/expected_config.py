# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hash and the version of a configuration, and which of them the control plane shows as the expected ones."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..data_plane.references import resolve
from ..entities.kinds import READ_ONLY_FIELDS
from ..plugins.schema import is_reference
from ..settings import Settings
from ..state import ControlPlane, Snapshot

EMPTY_HASH = "0" * 32
MAX_CACHED_HASHES = 8
# v02_ is the format in Kong Gateway's tests of its incremental sync (rpc-sync-v2); earlier versions had decimal digits.
VERSION_FORMATS = {"full": "%d", "incremental": "v02_%028x", "incremental_decimal": "%032d"}


def _resolved(snapshot: Snapshot, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(snapshot, item) for name, item in value.items() if name not in READ_ONLY_FIELDS}
    if isinstance(value, list):
        return [_resolved(snapshot, item) for item in value]
    return resolve(snapshot, value) if is_reference(value) else value


def config_hash(snapshot: Snapshot) -> str:
    """Return 32 hex digits over the configuration with secrets resolved; 32 zeros for an empty one."""
    entities = {kind: records for kind, records in snapshot.entities.items() if records}
    if not entities:
        return EMPTY_HASH
    text = json.dumps(_resolved(snapshot, entities), sort_keys=True)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _hash_of_writes(snapshot: Snapshot) -> str:
    """Return a hash that no two writes share, whatever they wrote."""
    if not snapshot.revision:
        return EMPTY_HASH
    text = f"{config_hash(snapshot)} {snapshot.revision}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class ExpectedConfig:
    """What the control plane expects of its nodes, by the switches."""

    def __init__(self, settings: Settings) -> None:
        self._switches = settings.switches
        self._compute = config_hash if self._switches.hash_of == "content" else _hash_of_writes
        self._hashes: dict[Snapshot, str] = {}

    def hash_of(self, snapshot: Snapshot) -> str:
        """Return the hash of a snapshot, computed once, because clients poll it."""
        if snapshot not in self._hashes:
            if len(self._hashes) > MAX_CACHED_HASHES:
                self._hashes.clear()
            self._hashes[snapshot] = self._compute(snapshot)
        return self._hashes[snapshot]

    def version_of(self, snapshot: Snapshot) -> str:
        """Return the version of a snapshot: the number of its write, in the form of the switch ``sync``."""
        if self._switches.sync != "full" and not snapshot.revision:
            return EMPTY_HASH
        return VERSION_FORMATS[self._switches.sync] % snapshot.revision

    def _hash_age_ms(self, control_plane: ControlPlane) -> int:
        """Return the age of the configuration whose hash is shown now."""
        age_ms = self._switches.expected_hash_lag_ms + self._switches.hash_store_delay_ms
        from_other_replica = control_plane.clock.now_seconds() % 2
        return age_ms + (self._switches.hash_replica_lag_ms if from_other_replica else 0)

    def expected_hash(self, control_plane: ControlPlane) -> dict[str, Any]:
        """Return ``{expected_hash, created_at, updated_at}``, times in seconds since the epoch."""
        age_ms = self._hash_age_ms(control_plane)
        expected = self.hash_of(control_plane.snapshot_before(age_ms))
        changed_ms = control_plane.changed_ms
        if self._switches.expected_hash_updated_at == "hash":
            changed_ms = self._hash_changed_ms(control_plane, age_ms)
        changed = changed_ms // 1000
        return {"expected_hash": expected, "created_at": changed, "updated_at": changed}

    def _hash_changed_ms(self, control_plane: ControlPlane, age_ms: int) -> int:
        """Return when the shown hash became another one than before."""
        configurations = control_plane.history_before(age_ms)
        written_ms, shown = next(configurations)
        for earlier_ms, snapshot in configurations:
            if self.hash_of(snapshot) != self.hash_of(shown):
                break
            written_ms = earlier_ms
        return max(written_ms + age_ms, control_plane.created_ms)

    def expected_version(self, control_plane: ControlPlane) -> dict[str, Any]:
        """Return ``{expected_config_version, created_at}``; with incremental sync it is as late as the hash."""
        snapshot = control_plane.snapshot()
        if self._switches.sync != "full":
            snapshot = control_plane.snapshot_before(self._switches.expected_hash_lag_ms)
        return {"expected_config_version": self.version_of(snapshot), "created_at": control_plane.changed_ms // 1000}
