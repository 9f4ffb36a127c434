# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of a config store: values that are never returned, limits in bytes, times, cursors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest


@pytest.fixture
def secrets(api: Any) -> str:
    """The path of the secrets of an empty config store."""
    return f"/config-stores/{api.create_store()}/secrets"


def all_pages(api: Any, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return every record of a list, by its cursors (not its links)."""
    records: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = api("GET", path, params={"page[after]": cursor, **query}).json()
        records += page["data"]
        link = page["meta"]["page"]["next"]
        if link is None:
            return records
        cursor = link.partition("page[after]=")[2]


def keys(records: list[dict[str, Any]]) -> list[str]:
    return [record["key"] for record in records]


def test_no_response_has_a_value(api: Any, secrets: str) -> None:
    responses = [
        api("POST", secrets, {"key": "a", "value": "the-value"}),
        api("PUT", f"{secrets}/a", {"value": "the-value"}),
        api("GET", f"{secrets}/a"),
        api("GET", secrets),
        api("POST", secrets, {"key": "a", "value": "the-value"}),
        api("POST", secrets, {"key": "", "value": "the-value"}),
    ]
    assert [response.status_code for response in responses] == [201, 200, 200, 200, 409, 400]
    assert all("the-value" not in response.text for response in responses)


def test_a_switch_shows_values(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "secret_echo=true")
    secrets = f"/config-stores/{api.create_store()}/secrets"
    assert api.create(secrets, {"key": "a", "value": "b"})["value"] == "b"
    assert api("GET", secrets).json()["data"][0]["value"] == "b"


def test_put_creates_then_updates(api: Any, secrets: str) -> None:
    created = api("PUT", f"{secrets}/a", {"value": "one", "key": "ignored"})
    updated = api("PUT", f"{secrets}/a", {"value": "two"})
    assert (created.status_code, updated.status_code) == (201, 200)
    assert updated.json()["created_at"] == created.json()["created_at"]
    assert keys(api("GET", secrets).json()["data"]) == ["a"]


def test_every_write_moves_updated_at(api: Any, secrets: str) -> None:
    times = [api("PUT", f"{secrets}/a", {"value": "same"}).json()["updated_at"] for _time in range(20)]
    assert times == sorted(set(times))
    assert api("GET", f"{secrets}/a").json()["updated_at"] == times[-1]


def test_times_are_in_utc_with_milliseconds(api: Any, secrets: str) -> None:
    time = api.create(secrets, {"key": "a", "value": "b"})["updated_at"]
    assert time.endswith("Z") and len(time) == len("2023-01-01T00:00:00.000Z")


def test_a_switch_makes_reads_show_another_time_than_the_write(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "secret_list_time_skew_ms=7")
    secrets = f"/config-stores/{api.create_store()}/secrets"
    written = api.create(secrets, {"key": "a", "value": "b"})["updated_at"]
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
def test_an_invalid_body_is_rejected(api: Any, secrets: str, body: dict[str, Any], field: str, rule: str) -> None:
    response = api("POST", secrets, body)
    assert response.status_code == 400
    (invalid,) = response.json()["invalid_parameters"]
    assert (invalid["field"], invalid["rule"]) == (field, rule)


def test_the_longest_key_and_value_are_accepted(api: Any, secrets: str) -> None:
    api.create(secrets, {"key": "k" * 512, "value": "é" * 2560})
    assert api("PUT", f"{secrets}/{'k' * 512}", {"value": "v" * 5120}).status_code == 200


def test_a_key_in_the_path_has_the_same_limit(api: Any, secrets: str) -> None:
    assert api("PUT", f"{secrets}/{'k' * 513}", {"value": "v"}).status_code == 400


@pytest.mark.parametrize("key", ["a#b", "a%b", "a/b", "a?b", "/", "a/"])
def test_a_key_with_url_characters_is_stored_and_never_found_by_path(api: Any, secrets: str, key: str) -> None:
    api.create(secrets, {"key": key, "value": "v"})
    path = f"{secrets}/{quote(key, safe='')}"
    for method, body in (("GET", None), ("PUT", {"value": "w"}), ("DELETE", None)):
        assert api(method, path, body).status_code == 404
    assert keys(api("GET", secrets).json()["data"]) == [key]


def test_the_first_page_links_to_the_next(api: Any, secrets: str) -> None:
    created = [api.create(secrets, {"key": f"key-{count:02}", "value": "v"})["key"] for count in range(12)]
    first = api("GET", secrets).json()
    page = first["meta"]["page"]
    assert keys(first["data"]) == created[:10]
    assert (page["size"], page["previous"]) == (10, None)
    assert page["next"].startswith(f"{secrets}?page[after]=")


def test_the_last_page_links_to_the_previous(api: Any, secrets: str) -> None:
    for key in "abc":
        api.create(secrets, {"key": key, "value": "v"})
    cursor = api("GET", secrets, params={"page[size]": 2}).json()["meta"]["page"]["next"].partition("=")[2]
    last = api("GET", secrets, params={"page[after]": cursor, "page[size]": 2}).json()["meta"]["page"]
    assert last["next"] is None
    assert last["previous"].endswith("page[after]=")


@pytest.mark.parametrize("size", [10, 25])
def test_cursors_lead_through_every_secret_once(api: Any, secrets: str, size: int) -> None:
    created = [api.create(secrets, {"key": f"key-{count:02}", "value": "v"})["key"] for count in range(25)]
    assert keys(all_pages(api, secrets, **{"page[size]": size})) == created


def test_a_cursor_survives_deletions(api: Any, secrets: str) -> None:
    for key in "abcdef":
        api.create(secrets, {"key": key, "value": "v"})
    cursor = api("GET", secrets, params={"page[size]": 3}).json()["meta"]["page"]["next"].partition("=")[2]
    for key in "bcd":
        api("DELETE", f"{secrets}/{key}")
    assert keys(api("GET", secrets, params={"page[after]": cursor}).json()["data"]) == ["e", "f"]
