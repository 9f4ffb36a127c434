# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control planes: life cycle, names, filters, pages, validation, and who may ask at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from konnect_emulator.launch import running

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def names_listed() -> Iterator[Callable[..., list[str]]]:
    """A function that lists the names of control planes; "red apple" and "red brick" have labels."""
    with running() as emulator, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {emulator.token}"
        url = f"{emulator.konnect_url}/v2/control-planes"
        for name, label in (("red apple", "fruit"), ("red brick", "stone")):
            session.post(url, json={"name": name, "labels": {"kind": label}}, timeout=30)

        def list_names(**query: str) -> list[str]:
            return [item["name"] for item in session.get(url, params=query, timeout=30).json()["data"]]

        yield list_names


def test_a_new_control_plane_has_the_default_type(api: Any) -> None:
    assert api("GET", "").json()["config"]["cluster_type"] == "CLUSTER_TYPE_CONTROL_PLANE"


def test_patch_changes_only_what_is_given(api: Any) -> None:
    created = api.control_planes("POST", body={"name": "first name", "description": "kept"}).json()
    changed = api.control_planes("PATCH", f"/{created['id']}", {"name": "second name"}).json()
    assert (changed["name"], changed["description"]) == ("second name", "kept")
    assert changed["created_at"] == created["created_at"]
    assert api.control_planes("GET", f"/{created['id']}").json() == changed


def test_patch_merges_labels_and_removes_nulls(api: Any) -> None:
    api("PATCH", "", {"labels": {"env": "test", "team": "x"}})
    changed = api("PATCH", "", {"labels": {"env": None, "new": "y"}})
    assert changed.json()["labels"] == {"team": "x", "new": "y"}


def test_a_deleted_control_plane_is_gone(api: Any) -> None:
    assert api("DELETE", "").status_code == 204
    gone = api("GET", "")
    assert (gone.status_code, gone.json()["detail"]) == (404, "The requested control plane was not found.")


def test_a_name_in_use_is_a_conflict(api: Any) -> None:
    api.control_planes("POST", body={"name": "only one"})
    conflict = api.control_planes("POST", body={"name": "only one"})
    assert conflict.status_code == 409
    assert conflict.json()["detail"] == "Control Plane with provided name already exists."
    assert api("PATCH", "", {"name": "only one"}).status_code == 409


def test_a_control_plane_may_keep_its_own_name(api: Any) -> None:
    assert api("PATCH", "", {"name": api("GET", "").json()["name"]}).status_code == 200


def test_a_name_is_free_after_a_change_or_deletion(api: Any) -> None:
    api("PATCH", "", {"name": "former name"})
    api("PATCH", "", {"name": "present name"})
    assert api.control_planes("POST", body={"name": "former name"}).status_code == 201
    api("DELETE", "")
    assert api.control_planes("POST", body={"name": "present name"}).status_code == 201


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"filter[name][eq]": "red apple"}, ["red apple"]),
        ({"filter[name]": "red apple"}, ["red apple"]),
        ({"filter[name][eq]": "red"}, []),
        ({"filter[name][eq]": "red apple", "labels": "kind:stone"}, []),
        ({"filter[name][contains]": "RED"}, ["red apple", "red brick"]),
        ({"filter[name][neq]": "red brick"}, ["quickstart", "red apple"]),
        ({"filter[cluster_type][eq]": "CLUSTER_TYPE_SERVERLESS"}, []),
        ({"labels": "kind:stone"}, ["red brick"]),
        ({"labels": "kind:wood"}, []),
        ({"sort": "name desc", "labels": "kind"}, ["red brick", "red apple"]),
    ],
)
def test_a_list_can_be_filtered(
    names_listed: Callable[..., list[str]], query: dict[str, str], expected: list[str]
) -> None:
    assert names_listed(**query) == expected


def test_a_filter_takes_several_ids(api: Any) -> None:
    other = api.create_control_plane()
    query = {"filter[id][oeq]": f"{api.control_plane_id},{other.control_plane_id}"}
    listed = api.control_planes("GET", params=query).json()["data"]
    assert [control_plane["id"] for control_plane in listed] == [api.control_plane_id, other.control_plane_id]


def test_pages_have_numbers(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    for count in range(12):
        api.control_planes("POST", body={"name": f"number-{count:02}"})
    first = api.control_planes("GET").json()
    assert first["meta"]["page"] == {"number": 1, "size": 10, "total": 13}
    second = api.control_planes("GET", params={"page[number]": 2}).json()
    assert [control_plane["name"] for control_plane in second["data"]] == ["number-09", "number-10", "number-11"]
    assert api.control_planes("GET", params={"page[number]": 3}).json()["data"] == []


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
def test_an_invalid_body_is_rejected(api: Any, body: dict[str, Any], field: str, reason: str) -> None:
    response = api.control_planes("POST", body=body)
    assert response.status_code == 400
    (invalid,) = response.json()["invalid_parameters"]
    assert invalid["field"] == field
    assert invalid["reason"].startswith(reason)
    assert response.json()["instance"].startswith("konnect:trace:")


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe{", b"[]", b'{"name": NaN}', b'{"name": 1e999}', b"[" * 100000, b""])
def test_a_body_that_is_not_a_json_object_is_rejected(api: Any, raw: bytes) -> None:
    headers = {**api.headers, "Content-Type": "application/json"}
    response = requests.post(api.root, data=raw, headers=headers, timeout=30)
    assert response.status_code == 400
    assert response.json()["invalid_parameters"] == [{"field": "body", "reason": "request format is invalid"}]


def test_a_lone_surrogate_is_stored_and_shown(api: Any) -> None:
    headers = {**api.headers, "Content-Type": "application/json"}
    created = requests.post(api.root, data=b'{"name": "a\\ud800"}', headers=headers, timeout=30)
    assert (created.status_code, created.json()["name"]) == (201, "a\ud800")


def test_a_missing_token_is_rejected(api: Any) -> None:
    assert requests.get(api.root, timeout=30).json()["title"] == "Unauthenticated"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("config-stores", "application/problem+json; charset=utf-8"),
        ("core-entities/vaults", "application/json; charset=utf-8"),
    ],
)
def test_a_wrong_token_is_rejected_before_anything_else(api: Any, path: str, content_type: str) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    response = requests.get(f"{api.root}/no-such/{path}", headers=wrong, timeout=30)
    assert (response.status_code, response.headers["Content-Type"]) == (401, content_type)


@pytest.mark.parametrize(("form", "keys"), [("e1", 4), ("e3", 2)])
def test_a_switch_gives_every_401_one_form(start_emulator: Callable[..., Any], form: str, keys: int) -> None:
    api = start_emulator("--set", f"unauthorized={form}")
    for path in ("/config-stores", "/core-entities/vaults"):
        assert len(api("GET", path, headers={"Authorization": "Bearer no"}).json()) == keys


@pytest.mark.parametrize("path", ["config-stores", "core-entities/vaults", "nodes", "expected-config-hash"])
def test_nothing_is_found_in_an_unknown_control_plane(api: Any, path: str) -> None:
    response = api.control_planes("GET", f"/{UNKNOWN_ID}/{path}")
    assert response.status_code == 404
    assert response.json()["detail"] == "The requested control plane was not found."


def test_an_unknown_path_is_a_404(api: Any) -> None:
    response = requests.get(f"{api.emulator.konnect_url}/v3/nothing", headers=api.headers, timeout=30)
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json; charset=utf-8")


def test_an_unknown_method_is_a_405_that_lists_the_others(api: Any) -> None:
    response = api("PUT", "", {"name": "x"})
    assert (response.status_code, response.headers["Content-Type"]) == (405, "application/problem+json; charset=utf-8")
    assert "GET" in response.headers["Allow"]


def test_a_control_plane_of_an_ingress_controller_takes_no_entities(api: Any) -> None:
    body = {"name": "ingress", "cluster_type": "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"}
    created = api.control_planes("POST", body=body).json()
    response = api.control_planes("POST", f"/{created['id']}/core-entities/consumers", {"username": "x"})
    assert (response.status_code, response.json()["code"]) == (403, 7)


def test_deck_finds_the_id_of_a_control_plane(api: Any) -> None:
    found: list[dict[str, Any]] = []
    page, count = 0, 1
    while page < count:
        url = f"{api.emulator.konnect_url}/konnect-api/api/runtime_groups"
        response = requests.get(url, params={"page": page + 1}, headers=api.headers, timeout=30).json()
        found += response["data"]
        page, count = response["page"], response["pageCount"]
    assert api.control_plane_id in [group["id"] for group in found]
    assert set(found[0]) == {"id", "name"}
