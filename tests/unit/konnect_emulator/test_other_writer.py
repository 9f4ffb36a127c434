# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another client that writes beside the one under test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATH = "/core-entities/services/other-writer"


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_another_client_moves_the_hash_again_and_again(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "other_writer_ms=20")
    seen: set[str] = set()

    def moved() -> bool:
        seen.add(api("GET", "/expected-config-hash").json()["expected_hash"])
        return len(seen) > 3

    wait_until(moved)
    assert api("GET", PATH).json()["host"] == "other-writer.invalid"


def test_it_stops_when_its_service_is_deleted(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--clock-speed", "1000", "--set", "other_writer_ms=1000")
    assert api("DELETE", PATH).status_code == 204
    time.sleep(0.05)
    assert api("GET", PATH).status_code == 404


def test_by_default_nobody_else_writes(connected_api: Any) -> None:
    assert connected_api("GET", PATH).status_code == 404
