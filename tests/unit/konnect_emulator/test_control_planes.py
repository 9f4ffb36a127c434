# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control planes: lookup by name, paging by number, PATCH, conflicts, and who may ask at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests


def test_life_of_a_control_plane(api: Any) -> None:
    made = api.top("POST", body={"name": "first name", "labels": {"env": "test", "team": "x"}}).json()
    assert made["config"]["cluster_type"] == "CLUSTER_TYPE_CONTROL_PLANE"
    changed = api.top("PATCH", f"/{made['id']}", {"name": "second name", "labels": {"env": None}})
    assert changed.status_code == 200
    assert changed.json()["labels"] == {"team": "x"}
    assert changed.json()["created_at"] == made["created_at"]
    assert api.top("GET", f"/{made['id']}").json() == changed.json()
    assert api.top("DELETE", f"/{made['id']}").status_code == 204
    gone = api.top("GET", f"/{made['id']}")
    assert gone.status_code == 404
    assert gone.json()["detail"] == "The requested control plane was not found."


def test_names_are_unique(api: Any) -> None:
    body = {"name": "only one"}
    assert api.top("POST", body=body).status_code == 201
    second = api.top("POST", body=body)
    assert second.status_code == 409
    assert second.json()["detail"] == "Control Plane with provided name already exists."
    other = api.top("POST", body={"name": "another"}).json()
    assert api.top("PATCH", f"/{other['id']}", body).status_code == 409
    assert api.top("PATCH", f"/{other['id']}", {"name": "another"}).status_code == 200


def test_filters(api: Any) -> None:
    for name, label in (("red apple", "fruit"), ("red brick", "stone")):
        api.top("POST", body={"name": name, "labels": {"kind": label}})

    def names(**query: str) -> list[str]:
        listed = api.top("GET", params={"page[size]": 100, **query}).json()
        return [plane["name"] for plane in listed["data"]]

    assert names(**{"filter[name][eq]": "red apple"}) == ["red apple"]
    assert names(**{"filter[name][eq]": "red"}) == []
    assert names(**{"filter[name][contains]": "RED"}) == ["red apple", "red brick"]
    assert names(labels="kind:stone") == ["red brick"]
    assert names(labels="kind:wood") == []
    assert "red brick" not in names(**{"filter[name][neq]": "red brick"})
    assert names(sort="name desc", labels="kind") == ["red brick", "red apple"]


def test_pages_have_numbers(start: Callable[..., Any]) -> None:
    api = start()
    for count in range(12):
        api.top("POST", body={"name": f"plane-{count:02}"})
    first = api.top("GET").json()
    assert first["meta"]["page"] == {"number": 1, "size": 10, "total": 13}
    second = api.top("GET", params={"page[number]": 2}).json()
    assert [plane["name"] for plane in second["data"]] == ["plane-09", "plane-10", "plane-11"]
    assert api.top("GET", params={"page[number]": 3}).json()["data"] == []


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"name": "cp", "id": "x"}, "id", "property id should not exist"),
        ({"name": "c"}, "name", "name must be longer than or equal to 2 characters"),
        ({}, "name", "name is a required field"),
        ({"name": "cp", "labels": {"konnect-x": "y"}}, "labels.konnect-x", "invalid label key"),
        ({"name": "cp", "cluster_type": "X"}, "cluster_type", "cluster_type must be one of"),
        ({"name": "cp", "proxy_urls": [{}]}, "proxy_urls", "proxy_urls is invalid"),
    ],
)
def test_validation(api: Any, body: dict[str, Any], field: str, reason: str) -> None:
    answer = api.top("POST", body=body)
    assert answer.status_code == 400
    (invalid,) = answer.json()["invalid_parameters"]
    assert invalid["field"] == field
    assert invalid["reason"].startswith(reason)
    assert answer.json()["instance"].startswith("konnect:trace:")


def test_the_token_is_asked_for_first(api: Any) -> None:
    root = api.root
    assert requests.get(root, timeout=30).json()["title"] == "Unauthenticated"
    wrong = {"Authorization": "Bearer wrong"}
    below = requests.get(f"{root}/no-such/config-stores", headers=wrong, timeout=30)
    assert (below.status_code, below.headers["Content-Type"]) == (401, "application/problem+json")
    gateway = requests.get(f"{root}/no-such/core-entities/vaults", headers=wrong, timeout=30)
    assert gateway.json() == {"message": "Unauthorized", "status": 401}
    assert gateway.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(("form", "keys"), [("e1", 4), ("e3", 2)])
def test_unauthorized_in_one_form(start: Callable[..., Any], form: str, keys: int) -> None:
    api = start("--set", f"unauthorized={form}")
    for path in ("/config-stores", "/core-entities/vaults"):
        assert len(api("GET", path, headers={"Authorization": "Bearer no"}).json()) == keys


def test_an_unknown_control_plane(api: Any) -> None:
    for path in ("config-stores", "core-entities/vaults", "nodes", "expected-config-hash"):
        answer = api.top("GET", f"/00000000-0000-4000-8000-000000000000/{path}")
        assert answer.status_code == 404
        assert answer.json()["detail"] == "The requested control plane was not found."


def test_broken_bodies(api: Any) -> None:
    for raw in (b"{", b"\xff\xfe{", b"[]", b'{"name": NaN}', b'{"name": 1e999}', b"[" * 100000, b""):
        headers = {**api.headers, "Content-Type": "application/json"}
        answer = requests.post(api.root, data=raw, headers=headers, timeout=30)
        assert answer.status_code == 400
        assert answer.json()["invalid_parameters"] == [{"field": "body", "reason": "request format is invalid"}]
    surrogate = requests.post(api.root, data=b'{"name": "a\\ud800"}', headers=headers, timeout=30)
    assert surrogate.status_code == 201
    assert surrogate.json()["name"] == "a\ud800"


def test_no_such_endpoint(api: Any) -> None:
    missing = requests.get(f"{api.emulator.konnect_url}/v3/nothing", headers=api.headers, timeout=30)
    assert missing.status_code == 404
    wrong = api.top("PUT", f"/{api.control_plane_id}", {"name": "x"})
    assert wrong.status_code == 405
    assert "PATCH" in wrong.headers["Allow"] or "GET" in wrong.headers["Allow"]


def test_nodes(start: Callable[..., Any]) -> None:
    api = start()
    (node,) = api("GET", "/nodes").json()["items"]
    assert node["config_hash"] == api("GET", "/expected-config-hash").json()["expected_hash"] == "0" * 32
    assert api("GET", f"/nodes/{node['id']}").json()["item"]["id"] == node["id"]
    api.entity("consumers", username="one")
    expected = api("GET", "/expected-config-hash").json()["expected_hash"]
    assert expected != "0" * 32
    assert api("GET", "/nodes").json()["items"][0]["config_hash"] == expected
    other = api.another_plane()
    assert other("GET", "/nodes").json() == {"items": [], "page": {"total_count": 0}}
    assert other("GET", "/expected-config-hash").status_code == 404
    assert other("GET", "/nodes/eol").json()["items"] == []
    assert api("DELETE", f"/nodes/{node['id']}").status_code == 204


def test_a_node_lags_behind(start: Callable[..., Any]) -> None:
    api = start("--set", "node_heartbeat_ms=600000")
    api.entity("consumers", username="one")
    assert api("GET", "/nodes").json()["items"][0]["config_hash"] == "0" * 32
    assert api("GET", "/expected-config-hash").json()["expected_hash"] != "0" * 32


def test_no_node(start: Callable[..., Any]) -> None:
    api = start("--set", "node_count=0")
    assert api("GET", "/nodes").json()["items"] == []
    assert api("GET", "/expected-config-hash").status_code == 404


def test_stuck_and_stale_nodes_in_pages(start: Callable[..., Any]) -> None:
    api = start(*[word for switch in ("node_count=4", "stuck_nodes=2", "stale_nodes=1") for word in ("--set", switch)])
    api.entity("consumers", username="one")
    first = api("GET", "/nodes", params={"page[size]": 3}).json()
    assert first["page"]["total_count"] == 4
    rest = api("GET", "/nodes", params={"page[size]": 3, "page[after]": first["page"]["next"]}).json()
    assert "next" not in rest["page"]
    nodes = first["items"] + rest["items"]
    assert len({node["id"] for node in nodes} | {node["hostname"] for node in nodes}) == 8
    expected = api("GET", "/expected-config-hash").json()["expected_hash"]
    assert [node["config_hash"] == expected for node in nodes] == [True, True, False, False]
    assert [node["last_ping"] > time.time() - 600 for node in nodes] == [True, True, True, False]
    assert api("GET", f"/nodes/{nodes[3]['id']}").json()["item"]["config_hash"] == "0" * 32


def test_the_expected_hash_lags_behind_and_with_it_all_else(start: Callable[..., Any]) -> None:
    api = start("--set", "expected_hash_lag_ms=600000")
    api.entity("consumers", username="one")
    assert api("GET", "/expected-config-hash").json()["expected_hash"] == "0" * 32
    assert api("GET", "/nodes").json()["items"][0]["config_hash"] == "0" * 32


def test_ingress_control_planes_take_no_entities(api: Any) -> None:
    body = {"name": "ingress", "cluster_type": "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"}
    made = api.top("POST", body=body).json()
    answer = api.top("POST", f"/{made['id']}/core-entities/consumers", {"username": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, 7)
