# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the command line sets."""

from __future__ import annotations

from dataclasses import dataclass, field

from .faults import Fault
from .switches import Switches


@dataclass(frozen=True)
class Settings:
    """The options of the command line, each with its default."""

    port: int = 0
    token: str = "kpat_emulator"
    control_plane: str = "quickstart"
    page_size: int | None = None
    latency_ms: int = 0
    request_log: str | None = None
    upstream_keys: tuple[str, ...] = ("mistral-emulator-key",)
    propagation_ms: int = 0
    plugin_schemas: str | None = None
    faults: tuple[Fault, ...] = ()
    rate_limit: int | None = None
    switches: Switches = field(default_factory=Switches)

    @property
    def data_plane_lag_ms(self) -> int:
        """Time from a write until the data plane runs it: Konnect first collects changes, then pushes them."""
        return self.switches.expected_hash_lag_ms + self.propagation_ms

    @property
    def node_lag_ms(self) -> int:
        """Time from a write until a node reports its hash; no older configuration is ever needed."""
        return self.data_plane_lag_ms + self.switches.node_heartbeat_ms
