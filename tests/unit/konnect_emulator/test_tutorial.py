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
AI_PROXY = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": "{vault://mysecretvault/mistral-key}"},
    "model": {
        "provider": "mistral",
        "name": "mistral-tiny",
        "options": {"mistral_format": "openai", "upstream_url": "https://api.mistral.ai/v1/chat/completions"},
    },
}


@pytest.fixture
def api(start_emulator: Callable[..., Any]) -> Any:
    """A client of a control plane with the service and route of the how-to's prerequisites."""
    api = start_emulator("--upstream-key", "the-mistral-key")
    service = api.create_entity("services", name="example-service", url="http://httpbin.konghq.com/anything")
    route = {"name": "example-route", "paths": ["/anything"], "protocols": ["http", "https"]}
    api.create_entity("routes", **route, service={"id": service["id"]})
    return api


def ask(api: Any, **options: Any) -> requests.Response:
    return requests.post(f"{api.emulator.proxy_url}/anything", json={"messages": QUESTION, **options}, timeout=30)


def store_key(api: Any, value: str) -> str:
    """Follow the how-to's steps 1 to 4 with this value; returns the path of the secret."""
    store_id = api.create("/config-stores", {"name": "my-config-store"})["id"]
    vault = {
        "config": {"config_store_id": store_id},
        "description": "Storing secrets in Konnect",
        "name": "konnect",
        "prefix": "mysecretvault",
    }
    api.create("/core-entities/vaults/", vault)
    secret = api.create(f"/config-stores/{store_id}/secrets/", {"key": "mistral-key", "value": value})
    assert sorted(secret) == ["created_at", "key", "updated_at"]
    route = {"id": api("GET", "/core-entities/routes/example-route").json()["id"]}
    api.create_entity("plugins", name="ai-proxy", enabled=True, config=AI_PROXY, route=route)
    return f"/config-stores/{store_id}/secrets/mistral-key"


def expected_hash(api: Any) -> str:
    return str(api("GET", "/expected-config-hash").json()["expected_hash"])


def test_before_the_how_to_the_service_echoes(api: Any) -> None:
    assert ask(api).json()["url"] == "http://httpbin.konghq.com/anything"


def test_after_the_how_to_the_model_responds(api: Any) -> None:
    store_key(api, "Bearer the-mistral-key")
    response = ask(api)
    assert response.status_code == 200
    assert "2" in response.json()["choices"][0]["message"]["content"]
    assert response.headers["X-Kong-LLM-Model"] == "mistral/mistral-tiny"


def test_the_key_reaches_no_client(api: Any) -> None:
    store_key(api, "Bearer the-mistral-key")
    assert "the-mistral-key" not in ask(api).text


def test_a_chat_can_be_streamed(api: Any) -> None:
    store_key(api, "Bearer the-mistral-key")
    response = ask(api, stream=True)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.text.endswith("data: [DONE]\n\n")


def test_a_wrong_key_is_rejected_by_the_model(api: Any) -> None:
    store_key(api, "Bearer wrong")
    rejected = ask(api)
    assert (rejected.status_code, rejected.json()["message"]) == (401, "Unauthorized")
    assert "X-Kong-LLM-Model" not in rejected.headers


def test_one_write_to_the_secret_rotates_the_key(api: Any) -> None:
    secret = store_key(api, "Bearer old")
    before = expected_hash(api)
    assert api("PUT", secret, {"value": "Bearer the-mistral-key"}).status_code == 200
    assert ask(api).status_code == 200
    assert expected_hash(api) != before


def test_a_deleted_secret_revokes_the_key(api: Any) -> None:
    secret = store_key(api, "Bearer the-mistral-key")
    assert api("DELETE", secret).status_code == 204
    assert ask(api).status_code == 401


def test_a_reference_is_shown_as_it_was_written(api: Any) -> None:
    store_key(api, "Bearer the-mistral-key")
    (plugin,) = api("GET", "/core-entities/plugins").json()["data"]
    assert plugin["config"]["auth"]["header_value"] == "{vault://mysecretvault/mistral-key}"
