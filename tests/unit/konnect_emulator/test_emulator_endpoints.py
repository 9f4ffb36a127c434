# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``/_emulator/data-plane``: connecting the data plane to another control plane (faults: test_faults)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def data_plane(api: Any, method: str = "GET", control_plane_id: str | None = None) -> requests.Response:
    body = {"control_plane_id": control_plane_id} if method == "PUT" else None
    return requests.request(method, f"{api.emulator.konnect_url}/_emulator/data-plane", json=body, timeout=30)


def connect(api: Any) -> None:
    assert data_plane(api, "PUT", api.control_plane_id).status_code == 200


def terminate(api: Any, status: int) -> None:
    """Let every request to ``/here`` end with this status."""
    route = {"id": api.create_entity("routes", paths=["/here"], protocols=["http"])["id"]}
    api.create_entity("plugins", name="request-termination", config={"status_code": status}, route=route)


def proxied_status(api: Any) -> int:
    return requests.get(f"{api.emulator.proxy_url}/here", timeout=30).status_code


@pytest.fixture
def connected(api: Any, connected_api: Any) -> Iterator[Any]:
    """A client of a new control plane to which the data plane is connected for this test."""
    connect(api)
    yield api
    connect(connected_api)


def test_at_the_start_it_is_connected_to_the_first_control_plane(connected_api: Any) -> None:
    assert data_plane(connected_api).json() == {"control_plane_id": connected_api.control_plane_id}


def test_a_control_plane_can_get_the_data_plane(connected: Any) -> None:
    assert data_plane(connected).json() == {"control_plane_id": connected.control_plane_id}


def test_an_unknown_control_plane_is_a_404(connected_api: Any) -> None:
    assert data_plane(connected_api, "PUT", UNKNOWN_ID).status_code == 404
    assert data_plane(connected_api).json() == {"control_plane_id": connected_api.control_plane_id}


def test_requests_take_the_routes_of_the_connected_control_plane(start_emulator: Callable[..., Any]) -> None:
    first = start_emulator()
    second = first.create_control_plane()
    terminate(first, 501)
    terminate(second, 502)
    assert proxied_status(first) == 501
    connect(second)
    assert proxied_status(first) == 502
    connect(first)
    assert proxied_status(first) == 501


def test_the_nodes_move_with_the_data_plane(connected: Any, connected_api: Any) -> None:
    assert connected("GET", "/nodes").json()["page"]["total_count"] == 1
    assert connected_api("GET", "/nodes").json()["page"]["total_count"] == 0


def test_the_expected_hash_moves_with_the_data_plane(connected: Any, connected_api: Any) -> None:
    connected.create_entity("consumers", username="one")
    (node,) = connected("GET", "/nodes").json()["items"]
    assert node["config_hash"] == connected("GET", "/expected-config-hash").json()["expected_hash"]
    assert connected_api("GET", "/expected-config-hash").status_code == 404


def test_it_gets_changes_after_the_propagation_time(start_emulator: Callable[..., Any]) -> None:
    second = start_emulator("--propagation-ms", "600000").create_control_plane()
    connect(second)
    terminate(second, 502)
    assert proxied_status(second) == 404


def test_after_its_control_plane_is_deleted_it_is_connected_to_none(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    api("DELETE", "")
    assert data_plane(api).json() == {"control_plane_id": None}
