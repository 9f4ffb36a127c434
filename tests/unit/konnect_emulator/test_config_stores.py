# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Config stores: names, validation, and the config store that is not empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def full_store(api: Any) -> str:
    """The path of a config store that has a secret."""
    path = f"/config-stores/{api.create_store()}"
    api.create(f"{path}/secrets", {"key": "a", "value": "b"})
    return path


def test_two_config_stores_may_have_the_same_name(api: Any) -> None:
    assert api.create_store("twin") != api.create_store("twin")


@pytest.mark.parametrize("body", [{}, {"name": None}])
def test_a_config_store_may_have_no_name(api: Any, body: dict[str, Any]) -> None:
    assert "name" not in api.create("/config-stores", body)


@pytest.mark.parametrize("name", ["Config Store", "a/b", "a:b"])
def test_a_name_with_other_characters_is_rejected_as_core_entities_do(api: Any, name: str) -> None:
    rejected = api("POST", "/config-stores", {"name": name})
    assert api.violations(rejected) == [("FIELD", "name", r"must match pattern '^[\p{N}\p{L}.\-_~]*$'")]


def test_a_name_may_have_letters_and_digits_of_any_script(api: Any) -> None:
    assert api.create("/config-stores", {"name": "Größe-٣.店_~"})["name"] == "Größe-٣.店_~"


def test_put_sets_and_removes_the_name(api: Any) -> None:
    path = f"/config-stores/{api.create('/config-stores', {})['id']}"
    assert api("PUT", path, {"name": "named"}).json()["name"] == "named"
    assert "name" not in api("PUT", path, {}).json()


def test_put_does_not_create(api: Any) -> None:
    assert api("PUT", f"/config-stores/{UNKNOWN_ID}", {}).status_code == 404


def test_with_unique_names_a_second_one_is_a_conflict(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "store_name_unique=true")
    api.create_store("one")
    other = api.create_store("two")
    assert api("POST", "/config-stores", {"name": "one"}).status_code == 409
    assert api("PUT", f"/config-stores/{other}", {"name": "one"}).status_code == 409
    assert api("PUT", f"/config-stores/{other}", {"name": "two"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": ""}, {"rule": "min_length", "minimum": 1}),
        ({"name": "x" * 101}, {"rule": "max_length", "maximum": 100}),
        ({"name": 5}, {"rule": "is_string"}),
        ({"color": "red"}, {"rule": "unknown_property", "field": "color"}),
    ],
)
def test_an_invalid_body_is_rejected(api: Any, body: dict[str, Any], expected: dict[str, Any]) -> None:
    response = api("POST", "/config-stores", body)
    assert response.status_code == 400
    assert (response.json()["title"], response.json()["detail"]) == ("Invalid Request", "Invalid Parameters")
    (invalid,) = response.json()["invalid_parameters"]
    assert expected.items() <= invalid.items()


@pytest.mark.parametrize("query", [{}, {"force": "false"}])
def test_a_config_store_with_secrets_is_not_deleted_without_force(
    api: Any, full_store: str, query: dict[str, str]
) -> None:
    rejected = api("DELETE", full_store, params=query)
    assert rejected.status_code == 400
    (invalid,) = rejected.json()["invalid_parameters"]
    assert invalid["reason"].startswith("This Config Store has 1 secrets.")
    assert (invalid["field"], invalid["rule"], invalid["source"]) == ("force", "required", "query")


def test_force_must_be_true_or_false(api: Any, full_store: str) -> None:
    rejected = api("DELETE", full_store, params={"force": "True"})
    assert rejected.json()["invalid_parameters"][0]["choices"] == ["true", "false"]


def test_force_deletes_a_config_store_with_its_secrets(api: Any, full_store: str) -> None:
    assert api("DELETE", full_store, params={"force": "true"}).status_code == 204
    assert api("DELETE", full_store).status_code == 404
    assert api("GET", f"{full_store}/secrets").status_code == 404


def test_the_live_wording_of_a_config_store_that_is_not_empty(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "store_not_empty_wording=live")
    store = api.create_store()
    api.create(f"/config-stores/{store}/secrets", {"key": "a", "value": "b"})
    rejected = api("DELETE", f"/config-stores/{store}")
    assert (rejected.status_code, rejected.json()["detail"]) == (400, "can not delete config store with secrets")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({}, 415),
        ({"Content-Type": "application/json; charset=utf-8"}, 201),
    ],
)
def test_the_content_type_must_be_json(api: Any, headers: dict[str, str], status: int) -> None:
    url = f"{api.root}/{api.control_plane_id}/config-stores"
    response = requests.post(url, data=b'{"name": "a"}', headers={**api.headers, **headers}, timeout=30)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("query", "field"),
    [({"page[size]": "0"}, "page[size]"), ({"page[size]": "x"}, "page[size]"), ({"page[after]": "?"}, "page[after]")],
)
def test_an_invalid_page_is_rejected(api: Any, query: dict[str, str], field: str) -> None:
    response = api("GET", "/config-stores", params=query)
    assert response.status_code == 400
    assert response.json()["invalid_parameters"][0]["field"] == field


def test_a_trailing_slash_is_accepted_without_a_redirect(api: Any) -> None:
    store = api.create("/config-stores/", {"name": "a"})["id"]
    assert api("GET", "/config-stores/", allow_redirects=False).status_code == 200
    api.create(f"/config-stores/{store}/secrets/", {"key": "k", "value": "v"})
    assert api("GET", f"/config-stores/{store}/secrets/", allow_redirects=False).status_code == 200
