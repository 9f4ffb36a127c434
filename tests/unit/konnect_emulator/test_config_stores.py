# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Config stores and secrets: values that never come back, limits in bytes, cursors, the store that is not empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import requests


def all_pages(api: Any, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every row of a list, following the cursor (not the link)."""
    rows: list[dict[str, Any]] = []
    after = ""
    while True:
        answer = api("GET", path, params={"page[after]": after, **query}).json()
        rows += answer["data"]
        link = answer["meta"]["page"]["next"]
        if link is None:
            return rows
        after = link.partition("page[after]=")[2]


def test_stores_may_share_a_name_or_have_none(api: Any) -> None:
    first, second = api.store("twin"), api.store("twin")
    assert first != second
    nameless = api.made("/config-stores", {})
    assert "name" not in nameless
    assert "name" not in api.made("/config-stores", {"name": None})
    named = api("PUT", f"/config-stores/{nameless['id']}", {"name": "named"}).json()
    assert named["name"] == "named"
    assert "name" not in api("PUT", f"/config-stores/{nameless['id']}", {}).json()


def test_store_names_can_be_made_unique(start: Callable[..., Any]) -> None:
    api = start("--set", "store_name_unique=true")
    api.store("one")
    assert api("POST", "/config-stores", {"name": "one"}).status_code == 409
    other = api.store("two")
    assert api("PUT", f"/config-stores/{other}", {"name": "one"}).status_code == 409
    assert api("PUT", f"/config-stores/{other}", {"name": "two"}).status_code == 200


def test_put_does_not_create_a_store(api: Any) -> None:
    assert api("PUT", "/config-stores/00000000-0000-4000-8000-000000000000", {}).status_code == 404


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": ""}, {"rule": "min_length", "minimum": 1}),
        ({"name": "x" * 101}, {"rule": "max_length", "maximum": 100}),
        ({"name": 5}, {"rule": "is_string"}),
        ({"color": "red"}, {"rule": "unknown_property", "field": "color"}),
    ],
)
def test_store_validation(api: Any, body: dict[str, Any], expected: dict[str, Any]) -> None:
    answer = api("POST", "/config-stores", body)
    assert answer.status_code == 400
    assert (answer.json()["title"], answer.json()["detail"]) == ("Invalid Request", "Invalid Parameters")
    (invalid,) = answer.json()["invalid_parameters"]
    assert expected.items() <= invalid.items()


def test_a_store_with_secrets_is_not_deleted_by_accident(api: Any) -> None:
    store = api.store()
    api.made(f"/config-stores/{store}/secrets", {"key": "a", "value": "b"})
    refused = api("DELETE", f"/config-stores/{store}", params={"force": "false"})
    assert refused.status_code == 400
    (invalid,) = refused.json()["invalid_parameters"]
    assert invalid["reason"].startswith("This Config Store has 1 secrets.")
    assert (invalid["field"], invalid["rule"], invalid["source"]) == ("force", "required", "query")
    assert api("DELETE", f"/config-stores/{store}", params={"force": "True"}).status_code == 400
    assert api("DELETE", f"/config-stores/{store}", params={"force": "true"}).status_code == 204
    assert api("DELETE", f"/config-stores/{store}").status_code == 404
    assert api("GET", f"/config-stores/{store}/secrets").status_code == 404


def test_the_other_wording(start: Callable[..., Any]) -> None:
    api = start("--set", "store_not_empty_wording=live")
    store = api.store()
    api.made(f"/config-stores/{store}/secrets", {"key": "a", "value": "b"})
    refused = api("DELETE", f"/config-stores/{store}")
    assert (refused.status_code, refused.json()["detail"]) == (400, "can not delete config store with secrets")


def test_values_do_not_come_back(api: Any) -> None:
    secrets = f"/config-stores/{api.store()}/secrets"
    answers = [
        api("POST", secrets, {"key": "a", "value": "the-value"}),
        api("PUT", f"{secrets}/a", {"value": "the-value"}),
        api("GET", f"{secrets}/a"),
        api("GET", secrets),
        api("POST", secrets, {"key": "a", "value": "the-value"}),
        api("POST", secrets, {"key": "", "value": "the-value"}),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 409, 400]
    assert all("the-value" not in answer.text for answer in answers)


def test_values_come_back_when_asked_for(start: Callable[..., Any]) -> None:
    api = start("--set", "secret_echo=true")
    secrets = f"/config-stores/{api.store()}/secrets"
    assert api.made(secrets, {"key": "a", "value": "b"})["value"] == "b"
    assert api("GET", secrets).json()["data"][0]["value"] == "b"


def test_put_creates_and_updates_and_always_moves_the_time(api: Any) -> None:
    secrets = f"/config-stores/{api.store()}/secrets"
    created = api("PUT", f"{secrets}/a", {"value": "same", "key": "ignored"})
    assert created.status_code == 201
    times = [created.json()["updated_at"]]
    for _time in range(20):
        answer = api("PUT", f"{secrets}/a", {"value": "same"})
        assert answer.status_code == 200
        assert answer.json()["created_at"] == created.json()["created_at"]
        times.append(answer.json()["updated_at"])
    assert times == sorted(set(times))
    assert api("GET", f"{secrets}/a").json()["updated_at"] == times[-1]
    assert times[0].endswith("Z") and len(times[0]) == len("2023-01-01T00:00:00.000Z")


def test_reads_can_show_another_time_than_the_write(start: Callable[..., Any]) -> None:
    api = start("--set", "secret_list_time_skew_ms=7")
    secrets = f"/config-stores/{api.store()}/secrets"
    written = api.made(secrets, {"key": "a", "value": "b"})["updated_at"]
    assert api("GET", secrets).json()["data"][0]["updated_at"] != written


@pytest.mark.parametrize(
    ("body", "field", "rule"),
    [
        ({"value": "v"}, "key", "required"),
        ({"key": "k"}, "value", "required"),
        ({"key": "", "value": "v"}, "key", "min_length"),
        ({"key": "k", "value": ""}, "value", "min_length"),
        ({"key": "é" * 257, "value": "v"}, "key", "max_length"),
        ({"key": "k", "value": "é" * 2561}, "value", "max_length"),
        ({"key": "k", "value": 1}, "value", "is_string"),
        ({"key": "k", "value": None}, "value", "is_string"),
    ],
)
def test_secret_validation(api: Any, body: dict[str, Any], field: str, rule: str) -> None:
    answer = api("POST", f"/config-stores/{api.store()}/secrets", body)
    assert answer.status_code == 400
    (invalid,) = answer.json()["invalid_parameters"]
    assert (invalid["field"], invalid["rule"]) == (field, rule)


def test_the_limits_themselves_are_fine(api: Any) -> None:
    secrets = f"/config-stores/{api.store()}/secrets"
    api.made(secrets, {"key": "k" * 512, "value": "é" * 2560})
    assert api("PUT", f"{secrets}/{'k' * 512}", {"value": "v" * 5120}).status_code == 200
    assert api("PUT", f"{secrets}/{'k' * 513}", {"value": "v"}).status_code == 400


@pytest.mark.parametrize("key", ["a#b", "a%b", "a/b", "a?b", "/", "a/"])
def test_odd_keys_are_taken_and_never_found_again(api: Any, key: str) -> None:
    secrets = f"/config-stores/{api.store()}/secrets"
    api.made(secrets, {"key": key, "value": "v"})
    path = f"{secrets}/{quote(key, safe='')}"
    for method, body in (("GET", None), ("PUT", {"value": "w"}), ("DELETE", None)):
        assert api(method, path, body).status_code == 404
    assert [row["key"] for row in api("GET", secrets).json()["data"]] == [key]


def test_media_type(api: Any) -> None:
    url = f"{api.root}/{api.control_plane_id}/config-stores"
    for headers in ({"Content-Type": "text/plain"}, {}):
        answer = requests.post(url, data=b'{"name": "a"}', headers={**api.headers, **headers}, timeout=30)
        assert answer.status_code == 415
        assert answer.json()["title"] == "Unsupported Media Type"
    headers = {**api.headers, "Content-Type": "application/json; charset=utf-8"}
    assert requests.post(url, data=b'{"name": "a"}', headers=headers, timeout=30).status_code == 201


def test_secrets_page_by_cursor(api: Any) -> None:
    store = api.store()
    secrets = f"/config-stores/{store}/secrets"
    keys = [f"key-{count:02}" for count in range(25)]
    for key in keys:
        api.made(secrets, {"key": key, "value": "v"})
    first = api("GET", secrets).json()
    assert [row["key"] for row in first["data"]] == keys[:10]
    page = first["meta"]["page"]
    assert (page["size"], page["previous"]) == (10, None)
    assert page["next"].startswith(f"/config-stores/{store}/secrets?page[after]=")
    assert [row["key"] for row in all_pages(api, secrets)] == keys
    assert [row["key"] for row in all_pages(api, secrets, **{"page[size]": 25})] == keys
    last = api("GET", secrets, params={"page[after]": page["next"].partition("=")[2], "page[size]": 100}).json()
    assert last["meta"]["page"]["next"] is None
    assert last["meta"]["page"]["previous"].endswith("page[after]=")


def test_a_cursor_survives_deletions(api: Any) -> None:
    secrets = f"/config-stores/{api.store()}/secrets"
    for key in "abcdef":
        api.made(secrets, {"key": key, "value": "v"})
    after = api("GET", secrets, params={"page[size]": 3}).json()["meta"]["page"]["next"].partition("=")[2]
    for key in "bcd":
        api("DELETE", f"{secrets}/{key}")
    rest = api("GET", secrets, params={"page[after]": after}).json()["data"]
    assert [row["key"] for row in rest] == ["e", "f"]


@pytest.mark.parametrize(
    ("query", "field"),
    [({"page[size]": "0"}, "page[size]"), ({"page[size]": "x"}, "page[size]"), ({"page[after]": "?"}, "page[after]")],
)
def test_bad_pages(api: Any, query: dict[str, str], field: str) -> None:
    answer = api("GET", "/config-stores", params=query)
    assert answer.status_code == 400
    assert answer.json()["invalid_parameters"][0]["field"] == field


def test_trailing_slash_without_redirect(api: Any) -> None:
    store = api.made("/config-stores/", {"name": "a"})["id"]
    assert api("GET", "/config-stores/", allow_redirects=False).status_code == 200
    api.made(f"/config-stores/{store}/secrets/", {"key": "k", "value": "v"})
    assert api("GET", f"/config-stores/{store}/secrets/", allow_redirects=False).status_code == 200
