# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's how-to "Store a Mistral API key as a secret in Konnect Config Store", as curl would follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

QUESTION = [
    {"role": "system", "content": "You are a mathematician"},
    {"role": "user", "content": "What is 1+1?"},
]


@pytest.fixture
def api(start: Callable[..., Any]) -> Any:
    """Control plane, service and route of the how-to's prerequisites."""
    api = start("--upstream-key", "the-mistral-key")
    service = api.entity("services", name="example-service", url="http://httpbin.konghq.com/anything")
    route = {"name": "example-route", "paths": ["/anything"], "protocols": ["http", "https"]}
    api.entity("routes", **route, service={"id": service["id"]})
    return api


def ask(api: Any, **options: Any) -> requests.Response:
    return requests.post(f"{api.emulator.proxy_url}/anything", json={"messages": QUESTION, **options}, timeout=30)


def follow(api: Any, value: str) -> str:
    """Steps 1 to 4; the secret's path."""
    store_id = api.made("/config-stores", {"name": "my-config-store"})["id"]
    vault = {
        "config": {"config_store_id": store_id},
        "description": "Storing secrets in Konnect",
        "name": "konnect",
        "prefix": "mysecretvault",
    }
    api.made("/core-entities/vaults/", vault)
    answer = api.made(f"/config-stores/{store_id}/secrets/", {"key": "mistral-key", "value": value})
    assert sorted(answer) == ["created_at", "key", "updated_at"]
    plugin = {
        "config": {
            "route_type": "llm/v1/chat",
            "auth": {"header_name": "Authorization", "header_value": "{vault://mysecretvault/mistral-key}"},
            "model": {
                "provider": "mistral",
                "name": "mistral-tiny",
                "options": {
                    "mistral_format": "openai",
                    "upstream_url": "https://api.mistral.ai/v1/chat/completions",
                },
            },
        },
        "enabled": True,
        "name": "ai-proxy",
        "route": {"id": api("GET", "/core-entities/routes/example-route").json()["id"]},
    }
    api.made("/core-entities/plugins", plugin)
    return f"/config-stores/{store_id}/secrets/mistral-key"


def test_the_question_is_answered(api: Any) -> None:
    before = ask(api)
    assert before.json()["url"] == "http://httpbin.konghq.com/anything"
    follow(api, "Bearer the-mistral-key")
    answer = ask(api)
    assert answer.status_code == 200
    assert "2" in answer.json()["choices"][0]["message"]["content"]
    assert answer.json()["model"] == "mistral-tiny"
    assert answer.headers["X-Kong-LLM-Model"] == "mistral/mistral-tiny"
    assert "the-mistral-key" not in answer.text


def test_streaming(api: Any) -> None:
    follow(api, "Bearer the-mistral-key")
    answer = ask(api, stream=True)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.text.endswith("data: [DONE]\n\n")
    assert "2." in answer.text


def test_rotation_is_one_write(api: Any) -> None:
    secret = follow(api, "Bearer old")
    refused = ask(api)
    assert refused.status_code == 401
    assert refused.json()["message"] == "Unauthorized"
    assert "X-Kong-LLM-Model" not in refused.headers
    before = api("GET", "/expected-config-hash").json()["expected_hash"]
    assert api("PUT", secret, {"value": "Bearer the-mistral-key"}).status_code == 200
    assert ask(api).status_code == 200
    assert api("GET", "/expected-config-hash").json()["expected_hash"] != before
    assert api("DELETE", secret).status_code == 204
    assert ask(api).status_code == 401


def test_a_reference_is_shown_as_it_was_written(api: Any) -> None:
    follow(api, "Bearer the-mistral-key")
    (plugin,) = api("GET", "/core-entities/plugins").json()["data"]
    assert plugin["config"]["auth"]["header_value"] == "{vault://mysecretvault/mistral-key}"
