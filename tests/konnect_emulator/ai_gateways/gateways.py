# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AI Gateways of the organization, the data plane of the first one, and the version of a configuration."""

from __future__ import annotations

import hashlib
import json

from ..clock import Clock
from ..record_table import RecordTable
from ..settings import Settings
from ..state import ControlPlane, Record, Snapshot, iso_timestamp, new_id


def new_gateway(body: Record, id_: str, moment_ms: int) -> Record:
    """Return the record of a gateway, without its version."""
    moment = iso_timestamp(moment_ms)
    endpoints = {
        "configuration": f"https://{id_[:8]}.cp.konnect-emulator.invalid",
        "telemetry": f"https://{id_[:8]}.tp.konnect-emulator.invalid",
    }
    return {**body, "id": id_, "endpoints": endpoints, "created_at": moment, "updated_at": moment}


class AiGateways:
    """All AI Gateways. The data plane runs the first of them, unless it was connected to another one."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.clock = clock
        self.started_ms = clock.now_ms()
        self.table: RecordTable[ControlPlane] = RecordTable()
        self._settings = settings
        self._connected_id = ""

    def add(self, body: Record) -> ControlPlane:
        """Create a gateway."""
        record = new_gateway(body, new_id(), self.clock.now_ms())
        gateway = ControlPlane(record, self._settings.keep_ms, self.clock)
        self.table.put(record["id"], gateway)
        return gateway

    @property
    def connected(self) -> ControlPlane | None:
        """The gateway that the data plane runs."""
        return self.table.get(self._connected_id) or next(iter(self.table), None)

    def connect(self, gateway: ControlPlane) -> None:
        """Let the data plane run this gateway from now on."""
        self._connected_id = gateway.record["id"]

    def version_of(self, snapshot: Snapshot) -> str:
        """Return the version of a configuration. A new value of a secret does not move it, unless a switch says so."""
        secrets = snapshot.secrets if self._settings.switches.ai_version_of == "secrets" else {}
        text = json.dumps([snapshot.entities, secrets], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]
