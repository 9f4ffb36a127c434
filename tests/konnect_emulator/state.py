# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulator knows: control planes, their config stores and secrets, their core entities.

Records are never changed in place: a write puts a new one. So a snapshot is a copy of references, which makes the
config that a data plane received a while ago cheap to keep.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from .shelf import Shelf

Record = dict[str, Any]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def iso(moment_ms: int) -> str:
    """``2023-01-01T00:00:00.000Z``, the form of every time outside core entities and nodes."""
    text = datetime.fromtimestamp(moment_ms / 1000, timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def new_id() -> str:
    return str(uuid.uuid4())


def is_uuid(word: Any) -> bool:
    """The 36 character form only, as the API takes it."""
    if not isinstance(word, str) or len(word) != 36:
        return False
    try:
        return str(uuid.UUID(word)) == word.lower()
    except ValueError:
        return False


@dataclass(frozen=True)
class Secret:
    """A secret of a config store; its value leaves only to the data plane."""

    key: str
    value: str
    created_ms: int
    updated_ms: int


@dataclass
class ConfigStore:
    """A config store; a name is optional and need not be unique."""

    id: str
    name: str | None
    created_ms: int
    updated_ms: int
    secrets: Shelf[Secret] = field(default_factory=Shelf)

    def write(self, key: str, value: str) -> Secret:
        """Create or update. Every write moves ``updated_ms``, two in a millisecond too."""
        known = self.secrets.get(key)
        moment = now_ms()
        if known is None:
            secret = Secret(key, value, moment, moment)
        else:
            secret = Secret(key, value, known.created_ms, max(moment, known.updated_ms + 1))
        self.secrets.put(key, secret)
        return secret


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A control plane's config at a moment: entities by kind, secret values by store id and key."""

    revision: int
    entities: dict[str, list[Record]]
    stores: dict[str, dict[str, str]]


class ControlPlane:
    """One control plane: the record the API shows, and everything under it."""

    def __init__(self, record: Record, keep_ms: int) -> None:
        self.record = record
        self.stores: Shelf[ConfigStore] = Shelf()
        self.tables: dict[str, Shelf[Record]] = {}
        self.unique: dict[tuple[str, str], dict[Any, str]] = {}
        self.revision = 0
        self.changed_ms = now_ms()
        self._keep_ms = keep_ms
        self._current: Snapshot | None = None
        self.start = self.snapshot()
        self._history: deque[tuple[int, Snapshot]] = deque([(0, self.start)])

    def table(self, kind: str) -> Shelf[Record]:
        return self.tables.setdefault(kind, Shelf())

    def changed(self) -> None:
        """To be called after every write, so that the data plane hears of it."""
        self.revision += 1
        self.changed_ms = now_ms()
        self._current = None
        if self._keep_ms:
            self._history.append((self.changed_ms, self.snapshot()))
            while len(self._history) > 1 and self._history[1][0] <= self.changed_ms - self._keep_ms:
                self._history.popleft()

    def snapshot(self) -> Snapshot:
        if self._current is None:
            entities = {kind: list(rows) for kind, rows in self.tables.items()}
            stores = {store.id: {key: row.value for key, row in store.secrets.items()} for store in self.stores}
            self._current = Snapshot(self.revision, entities, stores)
        return self._current

    def as_of(self, age_ms: int) -> Snapshot:
        """The config as it was ``age_ms`` ago (at most ``keep_ms``)."""
        if not age_ms:
            return self.snapshot()
        moment = now_ms() - age_ms
        return next(snapshot for at, snapshot in reversed(self._history) if at <= moment)


class World:
    """All control planes. The first one has the data plane; it is ``main``."""

    def __init__(self, keep_ms: int = 0) -> None:
        self._keep_ms = keep_ms
        self.control_planes: Shelf[ControlPlane] = Shelf()
        self.names: dict[str, str] = {}
        self.main_id = ""
        self.started_ms = now_ms()

    def add(self, make_record: Callable[[str], Record]) -> ControlPlane:
        """``make_record`` gets the new id."""
        control_plane = ControlPlane(make_record(new_id()), self._keep_ms)
        self.control_planes.put(control_plane.record["id"], control_plane)
        self.names[control_plane.record["name"]] = control_plane.record["id"]
        self.main_id = self.main_id or control_plane.record["id"]
        return control_plane

    def main(self) -> ControlPlane | None:
        """None once it was deleted."""
        return self.control_planes.get(self.main_id)
