# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Core entities: pages and filters of lists."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def services(api: Any) -> None:
    """Three services: two are named, each has other tags."""
    api.create_entity("services", name="red-apple", host="h", tags=["fruit", "red"])
    api.create_entity("services", name="red-brick", host="h", tags=["red"])
    api.create_entity("services", name="pear", host="h", tags=["fruit"])


def test_pages_follow_each_other_by_offset(api: Any) -> None:
    for count in range(5):
        api.create_entity("services", name=f"s{count}", host="h")
    first = api("GET", "/core-entities/services", params={"size": 2}).json()
    assert first["next"] == f"/services?offset={first['offset']}"
    second = api("GET", "/core-entities/services", params={"size": 2, "offset": first["offset"]}).json()
    last = api("GET", "/core-entities/services", params={"size": 2, "offset": second["offset"]}).json()
    names = [service["name"] for page in (first, second, last) for service in page["data"]]
    assert names == ["s0", "s1", "s2", "s3", "s4"]


@pytest.mark.parametrize("path", ["services", "services/"])
def test_the_last_page_has_data_only(api: Any, path: str) -> None:
    assert sorted(api("GET", f"/core-entities/{path}").json()) == ["data"]


@pytest.mark.parametrize("size", ["0", "2000", "-1", "x"])
def test_an_invalid_size_is_rejected(api: Any, size: str) -> None:
    response = api("GET", "/core-entities/services", params={"size": size})
    assert response.status_code == 400
    assert response.json()["message"] == f"invalid page_size '{size}', must be within range [1 - 1000]"


def test_an_invalid_offset_is_rejected(api: Any) -> None:
    response = api("GET", "/core-entities/services", params={"offset": "nonsense"})
    assert (response.status_code, response.json()["code"]) == (400, 3)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"filter[name][eq]": "red-apple"}, ["red-apple"]),
        ({"filter[name][eq]": "red"}, []),
        ({"filter[name][contains]": "RED"}, ["red-apple", "red-brick"]),
        ({"tags": "red,fruit"}, ["red-apple"]),
        ({"tags": "red/fruit"}, ["red-apple", "red-brick", "pear"]),
        ({"tags": "red", "filter[name][eq]": "red-brick"}, ["red-brick"]),
        ({"tags": "fruit", "filter[name][eq]": "red-brick"}, []),
        ({"unknown": "ignored"}, ["red-apple", "red-brick", "pear"]),
    ],
)
@pytest.mark.usefixtures("services")
def test_a_list_can_be_filtered(api: Any, query: dict[str, str], expected: list[str]) -> None:
    assert api.names("services", **query) == expected


def test_tags_take_all_or_any_but_not_both(api: Any) -> None:
    assert api("GET", "/core-entities/services", params={"tags": "a,b/c"}).status_code == 400


def test_plugins_are_filtered_by_their_name(api: Any) -> None:
    api.create_entity("plugins", name="cors")
    assert api.names("plugins", **{"filter[name][eq]": "cors"}) == ["cors"]
    assert api.names("plugins", **{"filter[name][eq]": "acl"}) == []


def test_consumers_are_filtered_by_their_username(api: Any) -> None:
    for name in ("u", "v"):
        api.create_entity("consumers", username=name)
    found = api("GET", "/core-entities/consumers", params={"filter[name][eq]": "u"}).json()["data"]
    assert [consumer["username"] for consumer in found] == ["u"]


def test_vaults_have_no_name_filter(api: Any) -> None:
    api.create_entity("vaults", name="env", prefix="my-env")
    assert api.names("vaults", **{"filter[name][eq]": "other"}) == ["env"]
