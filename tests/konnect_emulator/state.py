# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the emulator: control planes, and in each its config stores, secrets and core entities.

Records are never modified in place: a write replaces them. So a snapshot is a copy of references, and keeping the
configuration that a data plane received a while ago costs little.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from .clock import Clock
from .record_table import RecordTable

Record = dict[str, Any]


def iso_timestamp(moment_ms: int) -> str:
    """Return ``2023-01-01T00:00:00.000Z``, the form of every time outside core entities and nodes."""
    text = datetime.fromtimestamp(moment_ms / 1000, timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def new_id() -> str:
    """Return a random UUID."""
    return str(uuid.uuid4())


def is_uuid(word: Any) -> bool:
    """Return True for a UUID in its form of 36 characters, the only one that the API takes."""
    if not isinstance(word, str) or len(word) != 36:
        return False
    try:
        return str(uuid.UUID(word)) == word.lower()
    except ValueError:
        return False


@dataclass(frozen=True)
class Secret:
    """A secret of a config store; only the data plane ever gets its value."""

    key: str
    value: str
    created_ms: int
    updated_ms: int


@dataclass
class ConfigStore:
    """A config store; its name is optional and need not be unique."""

    id: str
    name: str | None
    created_ms: int
    updated_ms: int
    display_name: str | None = None
    secrets: RecordTable[Secret] = field(default_factory=RecordTable)

    def write(self, key: str, value: str, moment_ms: int) -> Secret:
        """Create or update a secret. Every write moves ``updated_ms``, also two in one millisecond."""
        known = self.secrets.get(key)
        if known is None:
            secret = Secret(key, value, moment_ms, moment_ms)
        else:
            secret = Secret(key, value, known.created_ms, max(moment_ms, known.updated_ms + 1))
        self.secrets.put(key, secret)
        return secret


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The configuration of a control plane at a moment: entities by kind, secret values by store id and key.

    ``revision`` is the number of writes until then.
    """

    entities: dict[str, list[Record]]
    secrets: dict[str, dict[str, str]]
    revision: int = 0


# What belongs to a control plane as a whole, and values of which it has each once, whatever the workspace.
# Source: Kong's how-to Manage Workspaces in Konnect, and the schemas of vaults and SNIs in Kong Gateway.
SHARED_KINDS = ("ca_certificates", "custom-plugins")
UNIQUE_EVERYWHERE = (("vaults", "prefix"), ("snis", "name"))


class ControlPlane:
    """A control plane: its own record, and everything in it. It is its own default workspace; each other workspace is
    one like it, without what belongs to the whole.
    """

    def __init__(self, record: Record, keep_ms: int, clock: Clock, whole: ControlPlane | None = None) -> None:
        self.record = record
        self._whole = whole
        self.workspaces: RecordTable[Workspace] = RecordTable()
        self.clock = clock
        self.config_stores: RecordTable[ConfigStore] = RecordTable()
        self.client_certificates: RecordTable[Record] = RecordTable()
        self.plugin_schemas: RecordTable[Record] = RecordTable()
        self.entity_tables: dict[str, RecordTable[Record]] = {}
        # (kind, field) -> {value: id of the entity that holds it}
        self.unique_values: dict[tuple[str, str], dict[Any, str]] = {}
        self.revision = 0
        self.created_ms = self.changed_ms = clock.now_ms()
        self._keep_ms = keep_ms
        self._current: Snapshot | None = None
        self.initial_snapshot = self.snapshot()
        self._history: deque[tuple[int, Snapshot]] = deque([(0, self.initial_snapshot)])

    def add_workspace(self, record: Record) -> None:
        """Add a workspace without anything in it."""
        content = ControlPlane(self.record, 0, self.clock, whole=self)
        content.plugin_schemas = self.plugin_schemas
        content.entity_tables = {kind: self.entity_table(kind) for kind in SHARED_KINDS}
        content.unique_values = {names: self.unique_values.setdefault(names, {}) for names in UNIQUE_EVERYWHERE}
        self.workspaces.put(record["id"], Workspace(record, content))

    def find_workspace(self, name_or_id: str) -> Workspace | None:
        """Return the workspace of this name or id."""
        same = (found for found in self.workspaces if found.record["name"] == name_or_id)
        return self.workspaces.get(name_or_id.lower()) or next(same, None)

    def entity_table(self, kind: str) -> RecordTable[Record]:
        """Return the table of one kind of core entity, named by its path."""
        return self.entity_tables.setdefault(kind, RecordTable())

    def record_change(self) -> None:
        """Note that a write happened, so that the data plane gets it; to be called after every write."""
        self.revision += 1
        self.changed_ms = self.clock.now_ms()
        self._current = None
        if self._whole:
            self._whole.record_change()
        if self._keep_ms:
            self._history.append((self.changed_ms, self.snapshot()))
            while len(self._history) > 1 and self._history[1][0] <= self.changed_ms - self._keep_ms:
                self._history.popleft()

    def snapshot(self) -> Snapshot:
        """Return the current configuration; the same object until the next write."""
        if self._current is None:
            entities = {kind: list(table) for kind, table in self.entity_tables.items()}
            secrets = {
                store.id: {key: secret.value for key, secret in store.secrets.items()} for store in self.config_stores
            }
            for workspace in self.workspaces:
                inside = workspace.content.snapshot()
                for kind in inside.entities.keys() - set(SHARED_KINDS):
                    entities[kind] = [*entities.get(kind, ()), *inside.entities[kind]]
                secrets.update(inside.secrets)
            self._current = Snapshot(entities, secrets, self.revision)
        return self._current

    def snapshot_before(self, age_ms: int) -> Snapshot:
        """Return the configuration as it was ``age_ms`` ago (at most ``keep_ms``)."""
        if not age_ms:
            return self.snapshot()
        return next(self.history_before(age_ms))[1]

    def history_before(self, age_ms: int) -> Iterator[tuple[int, Snapshot]]:
        """Yield the configurations that were written until ``age_ms`` ago, each with its time, the newest first."""
        moment = self.clock.now_ms() - age_ms
        return ((at, snapshot) for at, snapshot in reversed(self._history) if at <= moment)


@dataclass(frozen=True)
class Workspace:
    """A workspace other than the default one: its own record, and what is in it."""

    record: Record
    content: ControlPlane


class EmulatorState:
    """All control planes. The data plane is connected to one of them, at the start to the first."""

    def __init__(self, keep_ms: int = 0, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self._keep_ms = keep_ms
        self.control_planes: RecordTable[ControlPlane] = RecordTable()
        self._ids_by_name: dict[str, str] = {}
        self._connected_id = ""
        # id of a control plane group -> its members
        self.group_members: dict[str, RecordTable[ControlPlane]] = {}
        self.started_ms = self.clock.now_ms()

    def add(self, make_record: Callable[[str, int], Record]) -> ControlPlane:
        """Create a control plane; ``make_record`` gets its id and the time in milliseconds."""
        control_plane = ControlPlane(make_record(new_id(), self.clock.now_ms()), self._keep_ms, self.clock)
        id_ = control_plane.record["id"]
        self.control_planes.put(id_, control_plane)
        self._ids_by_name[control_plane.record["name"]] = id_
        self._connected_id = self._connected_id or id_
        return control_plane

    def replace_record(self, control_plane: ControlPlane, record: Record) -> None:
        """Update a control plane's own record, perhaps with another name."""
        del self._ids_by_name[control_plane.record["name"]]
        self._ids_by_name[record["name"]] = record["id"]
        control_plane.record = record

    def remove(self, control_plane: ControlPlane) -> None:
        """Delete a control plane with all that is in it."""
        id_ = control_plane.record["id"]
        self.control_planes.remove(id_)
        self.group_members.pop(id_, None)
        for members in self.group_members.values():
            if members.get(id_) is not None:
                members.remove(id_)
        del self._ids_by_name[control_plane.record["name"]]

    def find_by_name(self, name: str) -> ControlPlane | None:
        """Return the control plane of this name, without a walk through all of them."""
        id_ = self._ids_by_name.get(name)
        return None if id_ is None else self.control_planes.get(id_)

    def connect_data_plane(self, control_plane: ControlPlane) -> None:
        """Connect the data plane, and with it every node, to this control plane instead of the former one."""
        self._connected_id = control_plane.record["id"]

    @property
    def connected(self) -> ControlPlane | None:
        """The control plane that the data plane is connected to, None once it was deleted."""
        return self.control_planes.get(self._connected_id)

    def group_of(self, control_plane: ControlPlane) -> ControlPlane | None:
        """Return the control plane group that a control plane is a member of."""
        id_ = control_plane.record["id"]
        groups = (group for group, members in self.group_members.items() if members.get(id_) is not None)
        group_id = next(groups, None)
        return None if group_id is None else self.control_planes.get(group_id)

    @property
    def node_owner(self) -> ControlPlane | None:
        """The control plane that has the nodes: the connected one, or the group that it is a member of."""
        connected = self.connected
        return connected and (self.group_of(connected) or connected)
