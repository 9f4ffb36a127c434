# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nodes over time, on a clock that the tests move: pings, workers, nodes that get lost or stuck."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from konnect_emulator.api.control_planes import new_control_plane
from konnect_emulator.data_plane.nodes import Nodes
from konnect_emulator.launch import Running, running
from konnect_emulator.settings import Settings
from konnect_emulator.state import EmulatorState
from konnect_emulator.switches import Switches

FIRST, SECOND = "konnect-emulator", "konnect-emulator-2"


class Fleet:
    """Nodes of a control plane; configurations are named by the number of their write."""

    def __init__(self, clock: Any, propagation_ms: int = 0, **switches: Any) -> None:
        self.clock = clock
        self.started_ms = clock.moment_ms
        settings = Settings(switches=Switches(**switches), propagation_ms=propagation_ms)
        state = EmulatorState(settings.keep_ms, clock)
        self.control_plane = state.add(partial(new_control_plane, {"name": "p"}))
        self.nodes = Nodes(state, settings)

    def at(self, second: float) -> Fleet:
        self.clock.moment_ms = self.started_ms + int(second * 1000)
        return self

    def write(self) -> None:
        self.control_plane.record_change()

    def running(self, worker: int = 0) -> list[int]:
        return [self.nodes.running(node, worker).revision for node in self.nodes.all]

    def reported(self) -> list[int]:
        return [self.nodes.reported(node).revision for node in self.nodes.all]

    def ping_seconds(self) -> list[float]:
        return [(self.nodes.last_ping_ms(node) - self.started_ms) / 1000 for node in self.nodes.all]


@pytest.fixture
def fleet(clock: Any) -> Callable[..., Fleet]:
    return partial(Fleet, clock)


# --- pings


def test_by_default_a_node_pings_all_the_time(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet()
    nodes.at(3).write()
    assert (nodes.ping_seconds(), nodes.reported()) == ([3], [1])


def test_the_last_ping_moves_at_pings_only(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(ping_interval_ms=30_000)
    assert [nodes.at(second).ping_seconds() for second in (0, 29, 30, 61)] == [[0], [0], [30], [60]]


def test_the_reported_configuration_moves_at_pings_only(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(ping_interval_ms=30_000)
    nodes.at(5).write()
    assert nodes.running() == [1]
    assert [nodes.at(second).reported() for second in (5, 29, 30)] == [[0], [0], [1]]


def test_a_ping_reports_what_the_node_ran_at_that_time(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(ping_interval_ms=30_000, propagation_ms=2000)
    nodes.at(29).write()
    assert [nodes.at(second).reported() for second in (30, 59, 60)] == [[0], [0], [1]]
    assert [nodes.at(second).running() for second in (59, 60)] == [[1], [1]]


def test_nodes_do_not_ping_all_at_once(fleet: Callable[..., Fleet]) -> None:
    assert fleet(ping_interval_ms=30_000, node_count=3).at(31).ping_seconds() == [30, 10, 20]


# --- workers


def test_the_last_worker_follows_after_its_lag(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(workers=3, worker_lag_ms=4000)
    nodes.at(10).write()
    seen = [[nodes.at(second).running(worker)[0] for worker in range(3)] for second in (10, 12, 14)]
    assert seen == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]


def test_a_node_reports_what_its_first_worker_runs(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(workers=2, worker_lag_ms=4000)
    nodes.at(10).write()
    assert nodes.reported() == [1]


def test_a_worker_lag_without_other_workers_delays_nothing(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(worker_lag_ms=4000)
    nodes.at(10).write()
    assert nodes.running() == [1]


# --- lost and stuck nodes


def test_a_lost_node_stops_pinging_and_goes_on_with_its_configuration(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(node_count=2)
    nodes.at(1).write()
    nodes.nodes.set_states({SECOND: "lost"})
    nodes.at(9).write()
    assert nodes.running() == nodes.reported() == [2, 1]
    assert nodes.ping_seconds() == [9, 1]


def test_a_stuck_node_pings_and_goes_on_with_its_configuration(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(node_count=2)
    nodes.at(1).write()
    nodes.nodes.set_states({SECOND: "stuck"})
    nodes.at(9).write()
    assert nodes.running() == nodes.reported() == [2, 1]
    assert nodes.ping_seconds() == [9, 9]


def test_a_node_that_gets_lost_before_its_ping_never_reports_what_it_runs(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(ping_interval_ms=30_000)
    nodes.at(5).write()
    nodes.nodes.set_states({FIRST: "lost"})
    assert (nodes.at(99).running(), nodes.reported(), nodes.ping_seconds()) == ([1], [0], [0])


def test_a_stuck_node_reports_what_it_runs_at_its_next_ping(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(ping_interval_ms=30_000)
    nodes.at(5).write()
    nodes.nodes.set_states({FIRST: "stuck"})
    nodes.at(6).write()
    assert [nodes.at(second).reported() for second in (29, 30, 90)] == [[0], [1], [1]]


def test_each_worker_of_a_stuck_node_keeps_what_it_ran(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet(workers=2, worker_lag_ms=4000)
    nodes.at(5).write()
    nodes.nodes.set_states({FIRST: "stuck"})
    assert [nodes.at(60).running(worker) for worker in range(2)] == [[1], [0]]


def test_a_node_can_come_back(fleet: Callable[..., Fleet]) -> None:
    nodes = fleet()
    nodes.nodes.set_states({FIRST: "lost"})
    nodes.at(9).write()
    nodes.nodes.set_states({FIRST: "live"})
    assert (nodes.running(), nodes.reported(), nodes.ping_seconds()) == ([1], [1], [9])


def test_nodes_that_are_stuck_or_stale_from_the_start_run_the_initial_configuration(
    fleet: Callable[..., Fleet],
) -> None:
    nodes = fleet(node_count=3, stuck_nodes=2, stale_nodes=1)
    nodes.at(9).write()
    assert nodes.running() == nodes.reported() == [1, 0, 0]
    assert nodes.ping_seconds() == [9, 9, -3600]


# --- the same in a running emulator


@pytest.fixture(scope="module")
def emulator_with_two_nodes() -> Iterator[Running]:
    with running("--node-ports", "--set", "node_count=2") as emulator:
        yield emulator


@pytest.fixture
def two_nodes(emulator_with_two_nodes: Running, client: Callable[..., Any]) -> Any:
    """A client of an emulator with two live nodes and no uses."""
    api = client(emulator_with_two_nodes)
    api.control("PUT", "nodes", {FIRST: "live", SECOND: "live"})
    api.control("DELETE", "uses")
    return api


def statuses(chat: Any) -> list[int]:
    return [chat.ask(url).status_code for url in chat.api.emulator.proxy_urls]


def test_each_node_has_a_port_of_its_own(two_nodes: Any, chat_route: Callable[..., Any]) -> None:
    emulator = two_nodes.emulator
    assert emulator.proxy_urls[0] == emulator.proxy_url
    assert len(set(emulator.proxy_urls)) == 2
    assert statuses(chat_route(two_nodes)) == [200, 200]
    assert [row["node"] for row in two_nodes.control("GET", "uses").json()] == [FIRST, SECOND]


@pytest.mark.parametrize("state", ["lost", "stuck"])
def test_a_node_serves_the_configuration_that_it_kept(
    two_nodes: Any, chat_route: Callable[..., Any], state: str
) -> None:
    chat = chat_route(two_nodes)
    assert two_nodes.control("PUT", "nodes", {SECOND: state}).json() == {FIRST: "live", SECOND: state}
    chat.set_value("Bearer wrong")
    assert statuses(chat) == [401, 200]
    two_nodes.control("PUT", "nodes", {SECOND: "live"})
    assert statuses(chat) == [401, 401]


def test_a_node_that_is_stuck_from_the_start_serves_nothing(
    start_emulator: Callable[..., Any], chat_route: Callable[..., Any]
) -> None:
    api = start_emulator("--node-ports", "--set", "node_count=2", "--set", "stuck_nodes=1")
    assert statuses(chat_route(api)) == [200, 404]


def test_without_ports_for_nodes_there_is_one(connected_api: Any) -> None:
    assert connected_api.emulator.proxy_urls == [connected_api.emulator.proxy_url]


@pytest.mark.parametrize(("states", "status"), [({"unknown": "lost"}, 404), ({FIRST: "gone"}, 400)])
def test_an_unknown_node_or_state_is_rejected(two_nodes: Any, states: dict[str, str], status: int) -> None:
    assert two_nodes.control("PUT", "nodes", {SECOND: "lost", **states}).status_code == status
    assert two_nodes.control("GET", "nodes").json() == {FIRST: "live", SECOND: "live"}


def test_requests_go_to_the_workers_in_turn(start_emulator: Callable[..., Any], chat_route: Callable[..., Any]) -> None:
    api = start_emulator("--set", "workers=2", "--set", "worker_lag_ms=600000")
    chat = chat_route(api)
    assert [chat.ask().status_code for _time in range(4)] == [200, 404, 200, 404]
    assert [row["worker"] for row in api.control("GET", "uses").json()] == [0, 1, 0, 1]


# --- what a node reports of itself


@pytest.mark.parametrize("field", ["issue", "errors"])
def test_the_last_nodes_may_report_an_error(
    start_emulator: Callable[..., Any], set_switches: Callable[..., list[str]], field: str
) -> None:
    api = start_emulator(*set_switches(node_count=3, error_nodes=1, node_error=field))
    nodes = api("GET", "/nodes").json()["items"]
    with_issue = [bool(node["compatibility_status"]["issues"]) for node in nodes]
    with_errors = ["errors" in node for node in nodes]
    assert (with_issue if field == "issue" else with_errors) == [False, False, True]
    assert not any(with_errors if field == "issue" else with_issue)


@pytest.mark.parametrize("sync", ["incremental", "incremental_decimal"])
def test_a_node_with_incremental_sync_reports_its_version(
    start_emulator: Callable[..., Any], set_switches: Callable[..., list[str]], sync: str
) -> None:
    api = start_emulator(*set_switches(sync=sync, node_count=2, stuck_nodes=1))
    api.create_entity("consumers", username="one")
    expected = api("GET", "/expected-config-version").json()["expected_config_version"]
    live, stuck = api("GET", "/nodes").json()["items"]
    assert live["config_hash"] == expected
    assert live["config_sync"] == {"version_id": expected, "state": "STATE_IN_SYNC"}
    assert stuck["config_sync"] == {"version_id": stuck["config_hash"], "state": "STATE_OUT_OF_SYNC"}


def test_a_node_with_full_sync_has_no_version(connected_api: Any) -> None:
    assert "config_sync" not in connected_api("GET", "/nodes").json()["items"][0]
