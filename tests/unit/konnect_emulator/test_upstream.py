# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The chat upstream: its key, its shape, its complaints."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from konnect_emulator.launch import Running
from konnect_emulator.upstream import answer_to

KEY = "mistral-emulator-key"
USER = [{"role": "user", "content": "Hello"}]


def ask(emulator: Running, body: Any, authorization: str = f"Bearer {KEY}") -> requests.Response:
    url = f"{emulator.upstream_url}/v1/chat/completions"
    return requests.post(url, json=body, headers={"Authorization": authorization}, timeout=30)


def test_shape(emulator: Running) -> None:
    answer = ask(emulator, {"model": "mistral-tiny", "messages": USER})
    body = answer.json()
    assert answer.status_code == 200
    assert sorted(body) == ["choices", "created", "id", "model", "object", "usage"]
    assert body["object"] == "chat.completion"
    (choice,) = body["choices"]
    assert choice["message"]["role"] == "assistant" and choice["finish_reason"] == "stop"
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


@pytest.mark.parametrize("authorization", ["", KEY, f"Bearer {KEY} ", f"bearer {KEY}", "Bearer other", "Bearer é"])
def test_the_key_is_checked(emulator: Running, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("utf-8")}
    url = f"{emulator.upstream_url}/v1/chat/completions"
    answer = requests.post(url, json={"model": "m", "messages": USER}, headers=headers, timeout=30)
    # a header's trailing space is no part of its value
    expected = 200 if authorization.strip() == f"Bearer {KEY}" else 401
    assert answer.status_code == expected
    if expected == 401:
        assert sorted(answer.json()) == ["message", "request_id"]


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
def test_validation(emulator: Running, body: Any) -> None:
    answer = ask(emulator, body)
    assert answer.status_code == 422
    assert all(sorted(wrong) == ["loc", "msg", "type"] for wrong in answer.json()["detail"])


def test_streaming(emulator: Running) -> None:
    answer = ask(emulator, {"model": "m", "messages": USER, "stream": True})
    events = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert events.pop() == "[DONE]"
    chunks = [json.loads(event) for event in events]
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert text == "You asked: Hello"
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop" and "usage" in chunks[-1]


def test_the_key_is_never_said(emulator: Running) -> None:
    messages = [{"role": "user", "content": f"Is it {KEY}?"}]
    for stream in (False, True):
        answer = ask(emulator, {"model": KEY, "messages": messages, "stream": stream})
        assert answer.status_code == 200 and KEY not in answer.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is 1+1?", "1 + 1 equals 2."),
        ("What is 12 x 12?", "12 x 12 equals 144."),
        ([{"type": "text", "text": "What is 5 - 7?"}], "5 - 7 equals -2."),
        ("Why?", "You asked: Why?"),
    ],
)
def test_answers(question: Any, answer: str) -> None:
    assert answer_to([{"role": "user", "content": question}]) == answer
