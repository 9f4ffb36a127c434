# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's own clock: everything that has a time follows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from konnect_emulator.clock import Clock
from konnect_emulator.launch import Running, running

FAST = 1_000_000
HOUR = 3600


@pytest.fixture(scope="module")
def fast() -> Iterator[Running]:
    """An emulator for which a millisecond is a quarter of an hour."""
    with running("--clock-speed", str(FAST), "--fault", "GET:/labels=429-date") as emulator:
        yield emulator


def date(response: requests.Response) -> float:
    return parsedate_to_datetime(response.headers["Date"]).timestamp()


def get(emulator: Running, path: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {emulator.token}"}
    return requests.get(f"{emulator.konnect_url}/v2/control-planes{path}", headers=headers, timeout=30)


def test_a_clock_starts_with_the_time_of_the_machine() -> None:
    before = time.time_ns() // 1_000_000
    assert before <= Clock().now_ms() <= time.time_ns() // 1_000_000


def test_a_clock_may_run_faster_than_the_machine() -> None:
    fast = Clock(FAST)
    before_ms = fast.now_ms()
    time.sleep(0.002)
    assert fast.now_ms() - before_ms >= 2 * FAST


def test_a_clock_may_stand_still() -> None:
    still = Clock(0)
    before_ms = still.now_ms()
    time.sleep(0.002)
    assert still.now_ms() == before_ms
    still.advance(5)
    assert still.now_ms() == before_ms + 5


def test_an_hour_may_pass_at_once(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    before = api.control("GET", "clock").json()["now_ms"]
    api.control("PUT", "clock", {"advance_ms": HOUR * 1000})
    assert api.control("GET", "clock").json()["now_ms"] >= before + HOUR * 1000
    assert date(get(api.emulator, "")) >= before / 1000 + HOUR - 1


def test_by_default_dates_are_those_of_the_machine(emulator: Running) -> None:
    assert abs(date(get(emulator, "")) - time.time()) < HOUR


@pytest.mark.parametrize("port", ["konnect_url", "proxy_url", "upstream_url"])
def test_every_port_gives_the_date_of_the_fast_clock_once(fast: Running, port: str) -> None:
    response = requests.get(getattr(fast, port), timeout=30)
    assert date(response) > time.time() + HOUR
    assert "," in response.headers["Date"] and response.headers["Date"].count("GMT") == 1


@pytest.mark.parametrize("path", ["/_emulator/nodes", "/v2/control-planes/labels"])
def test_responses_of_layers_have_the_date_of_the_fast_clock(fast: Running, path: str) -> None:
    assert date(requests.get(fast.konnect_url + path, timeout=30)) > time.time() + HOUR


def test_a_date_to_retry_at_is_one_of_the_fast_clock(fast: Running) -> None:
    response = requests.get(f"{fast.konnect_url}/v2/control-planes/labels", timeout=30)
    assert response.status_code == 429
    retry_at = parsedate_to_datetime(response.headers["Retry-After"]).timestamp()
    assert retry_at > time.time() + HOUR


def test_the_times_of_what_is_written_are_of_the_fast_clock(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--clock-speed", str(FAST))
    store = api.create("/config-stores", {"name": "a"})
    secret = api.create(f"/config-stores/{store['id']}/secrets", {"key": "a", "value": "b"})
    consumer = api.create_entity("consumers", username="one")
    (node,) = api("GET", "/nodes").json()["items"]
    expected = api("GET", "/expected-config-hash").json()
    times = [datetime.fromisoformat(record["updated_at"]).timestamp() for record in (store, secret)]
    times += [consumer["created_at"], consumer["updated_at"], node["last_ping"], expected["updated_at"]]
    assert min(times) > time.time() + HOUR


def test_a_lag_passes_as_fast_as_the_clock(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--clock-speed", str(FAST), "--set", "expected_hash_lag_ms=600000")
    api.create_entity("consumers", username="one")
    hashes = {api("GET", "/expected-config-hash").json()["expected_hash"] for _time in range(3)}
    assert hashes != {"0" * 32}
