# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``/_emulator/uses``: which key the provider got for which request, as a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

KEY = "mistral-emulator-key"


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]


@pytest.fixture
def api(connected_api: Any) -> Any:
    """A client of the shared emulator, which forgot earlier uses."""
    connected_api.control("DELETE", "uses")
    return connected_api


def uses(api: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.control("GET", "uses").json()
    return rows


def test_a_request_to_the_provider_is_a_row(api: Any, chat_route: Callable[..., Any]) -> None:
    chat = chat_route(api, name="chat-of-a-test")
    chat.ask()
    (row,) = uses(api)
    assert isinstance(row.pop("time"), int)
    assert row == {
        "node": "konnect-emulator",
        "worker": 0,
        "path": chat.path,
        "route": "chat-of-a-test",
        "trial": False,
        "value": digest(f"Bearer {KEY}"),
        "status": 200,
    }


def test_the_status_is_that_of_the_provider(api: Any, chat_route: Callable[..., Any]) -> None:
    chat_route(api, "Bearer wrong").ask()
    assert [(row["value"], row["status"]) for row in uses(api)] == [(digest("Bearer wrong"), 401)]


def test_a_dangling_reference_sends_an_empty_value(api: Any, chat_route: Callable[..., Any]) -> None:
    chat_route(api, "{vault://no-vault/key}").ask()
    assert [row["value"] for row in uses(api)] == [digest("")]


def test_a_route_that_asks_for_a_header_is_one_for_a_trial(api: Any, chat_route: Callable[..., Any]) -> None:
    chat_route(api, headers={"X-Trial": ["yes"]}).ask(headers={"X-Trial": "yes"})
    assert [row["trial"] for row in uses(api)] == [True]


def test_a_request_that_gets_no_further_has_no_value(api: Any, chat_route: Callable[..., Any]) -> None:
    chat = chat_route(api)
    chat.ask(body={"x": 1})
    chat.add_plugin("key-auth", {})
    chat.ask()
    chat.path = "/unknown"
    chat.ask()
    assert [(row["value"], row["status"]) for row in uses(api)] == [(None, 400), (None, 401), (None, 404)]
    assert uses(api)[-1]["route"] is None


def test_a_provider_that_cannot_be_reached_has_no_status(api: Any, chat_route: Callable[..., Any]) -> None:
    chat = chat_route(api)
    chat.plugin["config"]["model"]["options"]["upstream_url"] = "http://127.0.0.1:9/none"
    chat.set_value("Bearer any")
    assert chat.ask().status_code == 502
    assert [(row["value"], row["status"]) for row in uses(api)] == [(digest("Bearer any"), None)]


def test_a_response_from_the_cache_got_no_further(
    start_emulator: Callable[..., Any], chat_route: Callable[..., Any]
) -> None:
    api = start_emulator("--set", "cached_responses=true")
    chat = chat_route(api)
    chat.ask()
    chat.ask()
    assert [row["value"] for row in uses(api)] == [digest(f"Bearer {KEY}"), None]


def test_uses_can_be_forgotten(api: Any, chat_route: Callable[..., Any]) -> None:
    chat_route(api).ask()
    assert api.control("DELETE", "uses").json() == []
    assert uses(api) == []


def test_no_value_is_shown(api: Any, chat_route: Callable[..., Any]) -> None:
    chat_route(api).ask()
    assert KEY not in api.control("GET", "uses").text
