# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The chat upstream: its key, its form, its errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from konnect_emulator.chat_upstream import reply_to
from konnect_emulator.launch import Running

KEY = "mistral-emulator-key"
USER = [{"role": "user", "content": "Hello"}]


def ask(emulator: Running, body: Any, authorization: str = f"Bearer {KEY}") -> requests.Response:
    url = f"{emulator.upstream_url}/v1/chat/completions"
    headers = {"Authorization": authorization.encode("utf-8")}
    return requests.post(url, json=body, headers=headers, timeout=30)


def test_a_response_is_a_chat_completion(emulator: Running) -> None:
    response = ask(emulator, {"model": "mistral-tiny", "messages": USER})
    body = response.json()
    assert response.status_code == 200
    assert sorted(body) == ["choices", "created", "id", "model", "object", "usage"]
    assert body["object"] == "chat.completion"
    (choice,) = body["choices"]
    assert (choice["message"]["role"], choice["finish_reason"]) == ("assistant", "stop")


def test_models_are_listed_to_those_who_have_a_key(emulator: Running) -> None:
    url = f"{emulator.upstream_url}/v1/models"
    listed = requests.get(url, headers={"Authorization": f"Bearer {KEY}"}, timeout=30)
    assert [model["id"] for model in listed.json()["data"]] == ["mistral-tiny"]
    assert requests.get(url, timeout=30).status_code == 401


def test_usage_adds_up(emulator: Running) -> None:
    usage = ask(emulator, {"model": "mistral-tiny", "messages": USER}).json()["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


# A trailing space of a header is no part of its value.
@pytest.mark.parametrize("authorization", [f"Bearer {KEY}", f"Bearer {KEY} "])
def test_the_right_key_is_accepted(emulator: Running, authorization: str) -> None:
    assert ask(emulator, {"model": "m", "messages": USER}, authorization).status_code == 200


@pytest.mark.parametrize("authorization", ["", KEY, f"bearer {KEY}", "Bearer other", "Bearer é"])
def test_any_other_key_is_rejected(emulator: Running, authorization: str) -> None:
    response = ask(emulator, {"model": "m", "messages": USER}, authorization)
    assert (response.status_code, sorted(response.json())) == (401, ["message", "request_id"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"model": "m"},
        {"messages": USER},
        {"model": "m", "messages": []},
        {"model": 1, "messages": USER},
        {"model": "m", "messages": [{"role": "nobody", "content": "x"}]},
        {"model": "m", "messages": ["x"]},
        [],
    ],
)
def test_an_invalid_request_is_rejected(emulator: Running, body: Any) -> None:
    response = ask(emulator, body)
    assert response.status_code == 422
    assert all(sorted(invalid) == ["loc", "msg", "type"] for invalid in response.json()["detail"])


def test_a_stream_has_one_event_per_word(emulator: Running) -> None:
    response = ask(emulator, {"model": "m", "messages": USER, "stream": True})
    events = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert events.pop() == "[DONE]"
    chunks = [json.loads(event) for event in events]
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert text == "You asked: Hello"
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop" and "usage" in chunks[-1]


@pytest.mark.parametrize("stream", [False, True])
def test_the_key_is_never_returned(emulator: Running, stream: bool) -> None:
    messages = [{"role": "user", "content": f"Is it {KEY}?"}]
    response = ask(emulator, {"model": KEY, "messages": messages, "stream": stream})
    assert response.status_code == 200
    assert KEY not in response.text


@pytest.mark.parametrize(("path", "status"), [("/v1/embeddings", 404), ("/v1/chat/completions", 405)])
def test_another_path_or_method_is_rejected_in_json(emulator: Running, path: str, status: int) -> None:
    response = requests.get(f"{emulator.upstream_url}{path}", timeout=30)
    assert (response.status_code, list(response.json())) == (status, ["detail"])


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("What is 1+1?", "1 + 1 equals 2."),
        ("What is 12 x 12?", "12 x 12 equals 144."),
        ([{"type": "text", "text": "What is 5 - 7?"}], "5 - 7 equals -2."),
        ("Why?", "You asked: Why?"),
    ],
)
def test_sums_are_computed_and_other_questions_repeated(question: Any, reply: str) -> None:
    assert reply_to([{"role": "user", "content": question}]) == reply
