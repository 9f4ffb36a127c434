# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control plane groups: members, and a control plane whose nodes belong to its group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GROUP = "CLUSTER_TYPE_CONTROL_PLANE_GROUP"


@pytest.fixture
def group(api: Any) -> str:
    """The id of a new group."""
    body = {"name": f"group-{api.control_plane_id}", "cluster_type": GROUP}
    return str(api.control_planes("POST", body=body).json()["id"])


def member_ids(api: Any, group: str) -> list[str]:
    listed = api.control_planes("GET", f"/{group}/group-memberships").json()
    assert listed["meta"]["page"]["total"] == len(listed["data"])
    return [record["id"] for record in listed["data"]]


def change(api: Any, group: str, method: str, action: str, *ids: str) -> int:
    body = {"members": [{"id": id_} for id_ in ids]}
    return int(api.control_planes(method, f"/{group}/group-memberships{action}", body).status_code)


def is_member(api: Any) -> bool:
    return bool(api("GET", "/group-member-status").json()["is_member"])


def test_members_are_added_and_removed(api: Any, group: str) -> None:
    other = api.create_control_plane().control_plane_id
    assert change(api, group, "POST", "/add", api.control_plane_id) == 204
    assert change(api, group, "POST", "/add", other) == 204
    assert member_ids(api, group) == [api.control_plane_id, other]
    assert change(api, group, "POST", "/remove", other) == 204
    assert member_ids(api, group) == [api.control_plane_id]


def test_a_put_replaces_the_members(api: Any, group: str) -> None:
    change(api, group, "PUT", "", api.control_plane_id)
    assert is_member(api)
    change(api, group, "PUT", "")
    assert not is_member(api)


@pytest.mark.parametrize("ids", [["x"], ["00000000-0000-4000-8000-000000000000"], ["group"]])
def test_what_cannot_be_a_member_is_rejected(api: Any, group: str, ids: list[str]) -> None:
    assert change(api, group, "PUT", "", *(group if id_ == "group" else id_ for id_ in ids)) == 400
    assert member_ids(api, group) == []


def test_a_control_plane_that_is_no_group_has_no_members(api: Any) -> None:
    assert change(api, api.control_plane_id, "PUT", "", api.control_plane_id) == 400


def test_a_deleted_control_plane_is_no_member(api: Any, group: str) -> None:
    change(api, group, "PUT", "", api.control_plane_id)
    api("DELETE", "")
    assert member_ids(api, group) == []


def test_a_group_has_a_status(api: Any, group: str) -> None:
    item = api.control_planes("GET", f"/{group}/group-status").json()["item"]
    assert (item["id"], item["state"], item["conflicts"]) == (group, "OK", [])


def test_the_nodes_of_a_member_belong_to_its_group(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "group_member=true")
    assert is_member(api)
    assert api("GET", "/nodes").json()["items"] == []
    assert api("GET", "/expected-config-hash").status_code == 404
    (record,) = [row for row in api.control_planes("GET").json()["data"] if row["config"]["cluster_type"] == GROUP]
    assert member_ids(api, record["id"]) == [api.control_plane_id]
    api.control_plane_id, member = record["id"], api.control_plane_id
    before = api("GET", "/expected-config-hash").json()["expected_hash"]
    api.control_plane_id = member
    api.create_entity("consumers", username="one")
    api.control_plane_id = record["id"]
    after = api("GET", "/expected-config-hash").json()["expected_hash"]
    assert [node["config_hash"] for node in api("GET", "/nodes").json()["items"]] == [after]
    assert before != after
