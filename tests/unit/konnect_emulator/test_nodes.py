# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data plane nodes and the expected config hash: hashes, delays, stuck and stale nodes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

EMPTY = "0" * 32


def expected_hash(api: Any) -> str:
    return str(api("GET", "/expected-config-hash").json()["expected_hash"])


def node_hashes(api: Any) -> list[str]:
    return [node["config_hash"] for node in api("GET", "/nodes").json()["items"]]


@pytest.fixture
def four_nodes(start_emulator: Callable[..., Any]) -> Any:
    """A client of a control plane with four nodes: the last two are stuck, the last one is also stale."""
    switches = ("node_count=4", "stuck_nodes=2", "stale_nodes=1")
    api = start_emulator(*[word for switch in switches for word in ("--set", switch)])
    api.create_entity("consumers", username="one")
    return api


def test_an_empty_control_plane_has_a_hash_of_zeros(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    assert node_hashes(api) == [EMPTY]
    assert expected_hash(api) == EMPTY


def test_a_write_changes_the_expected_hash_and_that_of_the_node(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    api.create_entity("consumers", username="one")
    assert expected_hash(api) != EMPTY
    assert node_hashes(api) == [expected_hash(api)]


def test_a_node_is_found_by_its_id(connected_api: Any) -> None:
    (node,) = connected_api("GET", "/nodes").json()["items"]
    assert connected_api("GET", f"/nodes/{node['id']}").json()["item"]["id"] == node["id"]


def test_a_deleted_node_comes_back(connected_api: Any) -> None:
    (node,) = connected_api("GET", "/nodes").json()["items"]
    assert connected_api("DELETE", f"/nodes/{node['id']}").status_code == 204
    assert connected_api("GET", f"/nodes/{node['id']}").status_code == 200


def test_another_control_plane_has_no_nodes_and_no_expected_hash(api: Any) -> None:
    assert api("GET", "/nodes").json() == {"items": [], "page": {"total_count": 0}}
    assert api("GET", "/nodes/eol").json()["items"] == []
    assert api("GET", "/expected-config-hash").status_code == 404


def test_every_control_plane_has_an_expected_version(api: Any) -> None:
    before = api("GET", "/expected-config-version").json()["expected_config_version"]
    api.create_entity("consumers", username="one")
    assert api("GET", "/expected-config-version").json()["expected_config_version"] > before


def test_a_node_reports_its_hash_after_its_heartbeat(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "node_heartbeat_ms=600000")
    api.create_entity("consumers", username="one")
    assert node_hashes(api) == [EMPTY]
    assert expected_hash(api) != EMPTY


def test_without_nodes_there_is_no_expected_hash(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "node_count=0")
    assert node_hashes(api) == []
    assert api("GET", "/expected-config-hash").status_code == 404


def test_the_lag_of_the_expected_hash_delays_nodes_too(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "expected_hash_lag_ms=600000")
    api.create_entity("consumers", username="one")
    assert expected_hash(api) == EMPTY
    assert node_hashes(api) == [EMPTY]


def test_stuck_and_stale_nodes_keep_the_initial_hash(four_nodes: Any) -> None:
    expected = expected_hash(four_nodes)
    assert node_hashes(four_nodes) == [expected, expected, EMPTY, EMPTY]


def test_a_stale_node_pinged_long_ago(four_nodes: Any) -> None:
    nodes = four_nodes("GET", "/nodes").json()["items"]
    assert [node["last_ping"] > time.time() - 600 for node in nodes] == [True, True, True, False]


def test_nodes_are_paged_by_cursor(four_nodes: Any) -> None:
    first = four_nodes("GET", "/nodes", params={"page[size]": 3}).json()
    rest = four_nodes("GET", "/nodes", params={"page[size]": 3, "page[after]": first["page"]["next"]}).json()
    assert first["page"]["total_count"] == 4
    assert "next" not in rest["page"]
    assert len({node["id"] for node in first["items"] + rest["items"]}) == 4


def test_each_node_has_its_own_host_name(four_nodes: Any) -> None:
    assert len({node["hostname"] for node in four_nodes("GET", "/nodes").json()["items"]}) == 4
