# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data plane nodes: which configuration each of their workers runs at a moment, and what their last ping said.

All of it follows from the times of the writes and the lags of the switches; nothing happens in the background.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from ..clock import Clock
from ..record_table import RecordTable
from ..settings import Settings
from ..state import ControlPlane, Snapshot, new_id

NodeState = Literal["live", "lost", "stuck"]
NODE_STATES: tuple[NodeState, ...] = get_args(NodeState)
NO_CONFIG = Snapshot({}, {})
STALE_MS = 3_600_000


@dataclass
class Node:
    """A data plane node.

    A ``lost`` one stopped pinging at ``since_ms``; it and a ``stuck`` one go on with the configurations that they had
    then: ``kept``, one for each worker, or the initial one if that is None. ``reported`` is what their last ping
    before that said.
    """

    id: str
    hostname: str
    number: int
    state: NodeState
    has_error: bool
    since_ms: int = 0
    kept: tuple[Snapshot, ...] | None = None
    reported: Snapshot | None = None


class Connection(Protocol):
    """What nodes are connected to: a control plane, or an AI Gateway."""

    clock: Clock
    started_ms: int

    @property
    def connected(self) -> ControlPlane | None:
        """The one that there is, if any."""


class Nodes:
    """The nodes of a connection. The first one exists as a data plane even if none is to be listed."""

    def __init__(self, state: Connection, settings: Settings, hostname: str = "konnect-emulator") -> None:
        self._state = state
        self._hostname = hostname
        self._settings = settings
        self._switches = settings.switches
        self.workers = max(1, self._switches.workers)
        self.router_flavor = self._switches.router_flavor
        self.all = [self._create(number) for number in range(max(1, self._switches.node_count))]
        self.listed: RecordTable[Node] = RecordTable()
        for node in self.all[: self._switches.node_count]:
            self.listed.put(node.id, node)

    def _create(self, number: int) -> Node:
        """Return a node at the start; the last ones are those that a switch makes different."""
        count = max(1, self._switches.node_count)
        hostname = f"{self._hostname}-{number + 1}" if number else self._hostname
        state: NodeState = "live"
        if number >= count - self._switches.stale_nodes:
            state = "lost"
        elif number >= count - self._switches.stuck_nodes:
            state = "stuck"
        since_ms = self._state.started_ms - (STALE_MS if state == "lost" else 0)
        return Node(new_id(), hostname, number, state, number >= count - self._switches.error_nodes, since_ms)

    def states(self) -> dict[str, NodeState]:
        """Return the state of each node, by hostname."""
        return {node.hostname: node.state for node in self.all}

    def set_states(self, states: dict[str, NodeState]) -> None:
        """Make nodes live, lost or stuck from now on; raises KeyError for an unknown hostname."""
        by_hostname = {node.hostname: node for node in self.all}
        for node, state in [(by_hostname[hostname], state) for hostname, state in states.items()]:
            current = tuple(self.running(node, worker) for worker in range(self.workers))
            reported, pinged_ms = self.reported(node), self.last_ping_ms(node)
            node.since_ms = pinged_ms if state == "lost" else self._state.clock.now_ms()
            node.state, node.kept, node.reported = state, None if state == "live" else current, reported

    def running(self, node: Node, worker: int) -> Snapshot:
        """Return the configuration by which a worker of a node serves requests now."""
        if node.kept is not None:
            return node.kept[worker]
        control_plane = self._state.connected
        if control_plane is None:
            return NO_CONFIG
        if node.state != "live":
            return control_plane.initial_snapshot
        last = self.workers - 1
        worker_lag_ms = self._switches.worker_lag_ms * worker // last if last else 0
        return control_plane.snapshot_before(self._settings.data_plane_lag_ms + worker_lag_ms)

    def last_ping_ms(self, node: Node) -> int:
        """Return the time of the last ping of a node. Nodes do not ping all at once."""
        if node.state == "lost":
            return node.since_ms
        now, interval = self._state.clock.now_ms(), self._switches.ping_interval_ms
        if not interval:
            return now
        phase = self._state.started_ms + interval * node.number // len(self.all)
        return now - (now - phase) % interval

    def reported(self, node: Node) -> Snapshot:
        """Return the configuration that the last ping of a node named."""
        control_plane = self._state.connected
        if control_plane is None:
            return node.reported or NO_CONFIG
        pinged_ms = self.last_ping_ms(node)
        if node.state == "lost" or (node.state == "stuck" and pinged_ms < node.since_ms):
            return node.reported or control_plane.initial_snapshot
        if node.state == "stuck":
            return self.running(node, 0)
        age_ms = self._state.clock.now_ms() - pinged_ms if self._switches.ping_interval_ms else 0
        return control_plane.snapshot_before(age_ms + self._settings.node_lag_ms)
