# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The record of what a task wrote, for a later wait for data planes."""

from __future__ import annotations

from typing import Any

from .._entities.control_plane import ControlPlane
from .._entities.timestamps import iso_time
from .._errors import KonnectError
from .nodes import read_expected_hash


class WriteRecord:
    """Notes the expected hash before the first write of a task below a control plane, and the time of the last one."""

    def __init__(self) -> None:
        self._control_plane: ControlPlane | None = None
        self._expected_hashes: list[str] = []

    def follow(self, control_plane: ControlPlane) -> None:
        self._control_plane = control_plane
        control_plane.client.before_first_write = self._note_expected_hash

    def result(self) -> dict[str, Any]:
        """``{"written_at": "2026-11-23T10:00:00Z", "expected_hashes": ["..."]}``; empty when nothing was written."""
        written_at = self._control_plane.client.written_at if self._control_plane else None
        if written_at is None:
            return {}
        return {"written_at": iso_time(written_at), "expected_hashes": self._expected_hashes}

    def _note_expected_hash(self) -> None:
        try:
            expected_hash = read_expected_hash(self._control_plane) if self._control_plane else None
        except KonnectError:
            return  # A wait then expects the hash to change while it waits.
        self._expected_hashes = [] if expected_hash is None else [expected_hash]
