# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the chat upstream answers to a key: on the command line, by a running test, and with a part of the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from konnect_emulator.launch import Running
from konnect_emulator.upstream_answers import Answer, parse_answer, part_of

KEY = "mistral-emulator-key"
OTHER = "another-key-for-tests"
BODY = {"model": "mistral-tiny", "messages": [{"role": "user", "content": "Hello"}]}


def ask(emulator: Running, key: str) -> requests.Response:
    url = f"{emulator.upstream_url}/v1/chat/completions"
    return requests.post(url, json=BODY, headers={"Authorization": f"Bearer {key}"}, timeout=30)


@pytest.fixture
def upstream(connected_api: Any) -> Iterator[Callable[..., requests.Response]]:
    """``upstream({KEY: 429})``: replace the answers until the end of the test."""
    yield lambda answers: connected_api.control("PUT", "upstream", {"answers": answers})
    connected_api.control("PUT", "upstream", {"answers": {}})


@pytest.mark.parametrize("status", [401, 402, 403, 429, 500, 503])
def test_a_key_gets_its_status(emulator: Running, upstream: Callable[..., Any], status: int) -> None:
    upstream({KEY: status})
    response = ask(emulator, KEY)
    assert response.status_code == status
    assert response.json()["message"]
    assert "Retry-After" not in response.headers


def test_a_key_may_be_told_when_to_try_again(emulator: Running, upstream: Callable[..., Any]) -> None:
    upstream({KEY: {"status": 429, "retry_after": 7}})
    assert ask(emulator, KEY).headers["Retry-After"] == "7"


def test_another_key_can_be_accepted(emulator: Running, upstream: Callable[..., Any]) -> None:
    upstream({OTHER: 200})
    assert [ask(emulator, key).status_code for key in (KEY, OTHER, "unknown")] == [200, 200, 401]


def test_answers_replace_the_former_ones(emulator: Running, upstream: Callable[..., Any]) -> None:
    upstream({KEY: 429, OTHER: 200})
    upstream({})
    assert [ask(emulator, key).status_code for key in (KEY, OTHER)] == [200, 401]


@pytest.mark.parametrize("value", [302, "200", None, {}, {"status": 429, "retry_after": -1}, {"status": 200, "x": 1}])
def test_an_invalid_answer_is_a_400_and_changes_nothing(
    emulator: Running, upstream: Callable[..., Any], value: Any
) -> None:
    assert upstream({KEY: value}).status_code == 400
    assert ask(emulator, KEY).status_code == 200


def test_no_key_is_shown(connected_api: Any, upstream: Callable[..., Any]) -> None:
    assert OTHER not in upstream({OTHER: 200}).text + connected_api.control("GET", "upstream").text


def test_answers_can_be_given_on_the_command_line(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--upstream-answer", f"{OTHER}=429:9", "--upstream-answer", "a=b=402")
    response = ask(api.emulator, OTHER)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "9")
    assert ask(api.emulator, "a=b").status_code == 402


@pytest.mark.parametrize("text", ["", "=200", "key", "key=", "key=x", "key=429:x", "key=1:2:3", "key=302"])
def test_an_invalid_answer_of_the_command_line_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="answer") as error:
        parse_answer(text)
    assert "key=" not in str(error.value)


def test_an_answer_is_a_status_and_the_seconds_to_wait() -> None:
    assert parse_answer("key=429:7") == ("key", Answer(429, 7))


def test_ai_proxy_passes_on_when_to_try_again(
    connected_api: Any, upstream: Callable[..., Any], chat_route: Callable[..., Any]
) -> None:
    upstream({KEY: {"status": 429, "retry_after": 7}})
    response = chat_route(connected_api).ask()
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize("key", [KEY, "unknown-key-for-tests"])
def test_a_part_of_the_key_is_shown_if_asked_for(start_emulator: Callable[..., Any], key: str) -> None:
    api = start_emulator("--set", "echo_keys=true")
    response = ask(api.emulator, key)
    assert part_of(f"Bearer {key}") in response.text
    assert key not in response.text


def test_by_default_no_part_of_a_key_is_shown(emulator: Running) -> None:
    assert all(part_of(f"Bearer {key}") not in ask(emulator, key).text for key in (KEY, "unknown-key-for-tests"))


@pytest.mark.parametrize("key", ["a", "eightlet", "thirteen-long", KEY])
def test_a_part_is_never_the_whole(key: str) -> None:
    assert key not in part_of(f"Bearer {key}")
