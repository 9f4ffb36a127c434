# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the command line sets."""

from __future__ import annotations

from dataclasses import dataclass, field

from .faults import Fault
from .switches import Switches
from .upstream_answers import Answer

# How far back the last change of the expected hash is looked for.
HASH_HISTORY_MS = 3_600_000


@dataclass(frozen=True)
class Settings:
    """The options of the command line, each with its default."""

    port: int = 0
    clock_speed: int = 1
    token: str = "kpat_emulator"
    control_plane: str = "quickstart"
    ai_gateway: str = "ai-quickstart"
    page_size: int | None = None
    latency_ms: int = 0
    request_log: str | None = None
    upstream_keys: tuple[str, ...] = ("mistral-emulator-key",)
    upstream_answers: dict[str, Answer] = field(default_factory=dict)
    propagation_ms: int = 0
    node_ports: bool = False
    tls: bool = False
    plugin_schemas: str | None = None
    faults: tuple[Fault, ...] = ()
    rate_limit: int | None = None
    connection_limit: int | None = None
    exports: bool = False
    switches: Switches = field(default_factory=Switches)

    @property
    def data_plane_lag_ms(self) -> int:
        """Time from a write until the data plane runs it: Konnect first collects changes, then pushes them."""
        return self.switches.expected_hash_lag_ms + self.propagation_ms

    @property
    def node_lag_ms(self) -> int:
        """Time from a write until a ping of a node can report its hash."""
        return self.data_plane_lag_ms + self.switches.node_heartbeat_ms

    @property
    def keep_ms(self) -> int:
        """Age of the oldest configuration that is ever needed."""
        switches = self.switches
        oldest_reported = self.node_lag_ms + switches.ping_interval_ms
        oldest_running = self.data_plane_lag_ms + switches.worker_lag_ms
        oldest_expected = switches.expected_hash_lag_ms + switches.hash_store_delay_ms + switches.hash_replica_lag_ms
        history_ms = HASH_HISTORY_MS if switches.expected_hash_updated_at == "hash" else 0
        return max(oldest_reported, oldest_running, oldest_expected) + history_ms

    @property
    def proxy_count(self) -> int:
        """The number of ports of the data plane, and of that of AI Gateways."""
        return max(1, self.switches.node_count) if self.node_ports else 1

    @property
    def port_count(self) -> int:
        """The number of all ports."""
        return 2 + 2 * self.proxy_count + self.tls
