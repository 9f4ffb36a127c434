# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The expected hash and version over time, on a clock that the tests move."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from konnect_emulator.api.control_planes import new_control_plane
from konnect_emulator.api.expected_config import EMPTY_HASH, ExpectedConfig, config_hash
from konnect_emulator.entities.kinds import KINDS
from konnect_emulator.entities.storage import write
from konnect_emulator.settings import Settings
from konnect_emulator.state import EmulatorState
from konnect_emulator.switches import Switches

CONSUMERS = KINDS["consumers"]


class History:
    """A control plane whose writes and readings happen at given seconds."""

    def __init__(self, clock: Any, **switches: Any) -> None:
        self.clock = clock
        clock.moment_ms -= clock.moment_ms % 2000
        self.started_ms = clock.moment_ms
        settings = Settings(switches=Switches(**switches))
        self.control_plane = EmulatorState(settings.keep_ms, clock).add(partial(new_control_plane, {"name": "p"}))
        self.expected = ExpectedConfig(settings)

    def at(self, second: float) -> History:
        self.clock.moment_ms = self.started_ms + int(second * 1000)
        return self

    def write(self, name: str = "one") -> str:
        """Create or replace the only consumer; return the hash of the configuration."""
        old = next(iter(self.control_plane.entity_table("consumers")), None)
        write(self.control_plane, CONSUMERS, {"username": name}, old)
        return self.current()

    def current(self) -> str:
        return self.expected.hash_of(self.control_plane.snapshot())

    def shown(self) -> str:
        return str(self.expected.expected_hash(self.control_plane)["expected_hash"])

    def updated_second(self) -> int:
        return int(self.expected.expected_hash(self.control_plane)["updated_at"]) - self.started_ms // 1000

    def version(self) -> str:
        return str(self.expected.expected_version(self.control_plane)["expected_config_version"])


@pytest.fixture
def history(clock: Any) -> Callable[..., History]:
    return partial(History, clock)


def test_by_default_a_write_is_seen_at_once(history: Callable[..., History]) -> None:
    assert history().shown() == EMPTY_HASH
    control_plane = history()
    assert control_plane.write() == control_plane.shown() != EMPTY_HASH


# --- hash_store_delay_ms


def test_a_hash_that_was_loaded_before_a_write_may_appear_after_it(history: Callable[..., History]) -> None:
    seen = history(hash_store_delay_ms=3000)
    first = seen.at(1).write("one")
    second = seen.at(3).write("two")
    assert [seen.at(second_).shown() for second_ in (3, 4, 5.9, 6)] == [EMPTY_HASH, first, first, second]


# --- hash_replica_lag_ms


def test_two_replicas_overwrite_each_other(history: Callable[..., History]) -> None:
    seen = history(hash_replica_lag_ms=10_000)
    current = seen.at(4).write()
    assert [seen.at(second).shown() for second in (4, 5, 6, 7)] == [current, EMPTY_HASH, current, EMPTY_HASH]
    assert [seen.at(second).shown() for second in (14, 15)] == [current, current]


# --- expected_hash_updated_at


@pytest.mark.parametrize(("switch", "moved"), [("configuration", [2, 5]), ("hash", [2, 2])])
def test_an_equal_write_moves_the_time_of_the_configuration_alone(
    history: Callable[..., History], switch: str, moved: list[int]
) -> None:
    seen = history(expected_hash_updated_at=switch)
    seen.at(2).write()
    first = seen.updated_second()
    seen.at(5).write()
    assert [first, seen.updated_second()] == moved


def test_the_time_of_a_late_hash_is_when_it_appeared(history: Callable[..., History]) -> None:
    seen = history(expected_hash_updated_at="hash", expected_hash_lag_ms=3000)
    seen.at(2).write()
    assert [seen.at(second).updated_second() for second in (4, 5, 9)] == [0, 5, 5]


def test_the_time_of_the_configuration_may_be_ahead_of_its_hash(history: Callable[..., History]) -> None:
    seen = history(expected_hash_lag_ms=3000)
    seen.at(2).write()
    assert (seen.shown(), seen.updated_second()) == (EMPTY_HASH, 2)


# --- hash_of


def test_by_default_equal_content_has_an_equal_hash(history: Callable[..., History]) -> None:
    seen = history()
    first, other, again = seen.write("one"), seen.write("two"), seen.write("one")
    assert first == again != other


def test_with_a_hash_of_writes_every_write_moves_it(history: Callable[..., History]) -> None:
    seen = history(hash_of="writes")
    assert seen.current() == EMPTY_HASH
    hashes = {seen.write("one"), seen.write("two"), seen.write("one")}
    assert len(hashes) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", text) for text in hashes)


def test_a_secret_that_nothing_refers_to_moves_the_hash_of_writes_alone(
    start_emulator: Callable[..., Any], set_switches: Callable[..., list[str]]
) -> None:
    moved = []
    for kind in ("content", "writes"):
        api = start_emulator(*set_switches(hash_of=kind))
        path = f"/config-stores/{api.create_store()}/secrets"
        before = api("GET", "/expected-config-hash").json()["expected_hash"]
        api.create(path, {"key": "a", "value": "b"})
        moved.append(api("GET", "/expected-config-hash").json()["expected_hash"] != before)
    assert moved == [False, True]


def test_a_hash_is_that_of_the_whole_configuration(history: Callable[..., History]) -> None:
    seen = history()
    seen.write()
    assert seen.current() == config_hash(seen.control_plane.snapshot())


# --- sync


@pytest.mark.parametrize(
    ("sync", "form"), [("full", r"\d"), ("incremental", "v02_[0-9a-f]{28}"), ("incremental_decimal", r"\d{32}")]
)
def test_a_version_has_the_form_of_the_kind_of_sync(history: Callable[..., History], sync: str, form: str) -> None:
    seen = history(sync=sync)
    seen.write()
    assert re.fullmatch(form, seen.version())


@pytest.mark.parametrize("sync", ["incremental", "incremental_decimal"])
def test_the_version_of_the_empty_configuration_is_32_zeros(history: Callable[..., History], sync: str) -> None:
    assert history(sync=sync).version() == EMPTY_HASH


@pytest.mark.parametrize("sync", ["incremental", "incremental_decimal"])
def test_versions_rise_in_the_order_of_the_alphabet_as_late_as_the_hash(
    history: Callable[..., History], sync: str
) -> None:
    seen = history(sync=sync, expected_hash_lag_ms=2000)
    seen.at(1).write()
    seen.at(2).write()
    versions = [seen.at(second).version() for second in (2, 3, 4)]
    assert versions == sorted(set(versions))
