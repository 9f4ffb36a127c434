# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AI Gateways of the emulator: their entities, what responses hide, and a chat by alias, model and provider."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import requests

from konnect_emulator.launch import Running

KEY = "mistral-emulator-key"
REFERENCE = "{vault://demo-vault/mistral-auth}"
CHAT = {"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}
_numbers = itertools.count(1)


class Gateway:
    """Sends requests as curl would, relative to an AI Gateway."""

    def __init__(self, emulator: Running, gateway_id: str = "", base: str = "") -> None:
        self.emulator = emulator
        self.root = f"{base or emulator.konnect_url}/v1/ai-gateways"
        self.headers = {"Authorization": f"Bearer {emulator.token}"}
        self.id = gateway_id
        if not gateway_id:
            body = {"name": f"gateway-{next(_numbers)}", "display_name": "A gateway"}
            self.id = requests.post(self.root, json=body, headers=self.headers, timeout=30).json()["id"]

    def __call__(self, method: str, path: str = "", body: Any = None, **query: Any) -> requests.Response:
        url = f"{self.root}/{self.id}{path}"
        return requests.request(method, url, json=body, params=query, headers=self.headers, timeout=30)

    def create(self, path: str, **body: Any) -> dict[str, Any]:
        response = self("POST", path, body)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    def provider(self, value: str = REFERENCE, name: str = "mistral") -> dict[str, Any]:
        return self.create("/model-providers", **provider_body(value, name))

    def set_up(self, secret: str = f"Bearer {KEY}") -> None:
        """Everything for a chat."""
        store = self.create("/config-stores", name="demo-store")["id"]
        self.create(f"/config-stores/{store}/secrets", key="mistral-auth", value=secret)
        self.create("/vaults", type="konnect", name="demo-vault", config={"config_store_id": store})
        self.provider()
        self.create("/models", **model_body())


def provider_body(value: str = REFERENCE, name: str = "mistral") -> dict[str, Any]:
    auth = {"type": "basic", "headers": [{"name": "Authorization", "value": value}]}
    return {"type": "mistral", "name": name, "display_name": "Mistral", "config": {"auth": auth}}


def model_body() -> dict[str, Any]:
    return {
        "type": "model",
        "name": "chat",
        "display_name": "Chat",
        "capabilities": ["generate"],
        "formats": [{"type": "openai"}],
        "targets": [
            {
                "name": "mistral-small-latest",
                "provider": "mistral",
                "config": {"type": "mistral", "format": "openai"},
            }
        ],
        "config": {"route": {"paths": ["/v1"], "model": {"body_param": "model", "values": ["chat"]}}},
    }


@pytest.fixture
def gateway(emulator: Running) -> Gateway:
    return Gateway(emulator)


def chat(emulator: Running, body: Any = None) -> requests.Response:
    return requests.post(f"{emulator.ai_gateway_url}/v1/chat/completions", json=body or CHAT, timeout=30)


def connect(gateway: Gateway) -> None:
    """Let the data plane run a gateway."""
    url = f"{gateway.emulator.konnect_url}/_emulator/ai-gateway"
    assert requests.put(url, json={"ai_gateway_id": gateway.id}, timeout=30).json() == {"ai_gateway_id": gateway.id}


@pytest.fixture
def connected(gateway: Gateway) -> Gateway:
    """A gateway with the data plane."""
    connect(gateway)
    return gateway


@pytest.fixture
def started(start_emulator: Callable[..., Any]) -> Callable[..., Gateway]:
    """``started("--set", ...)``: the first gateway of an emulator of the test's own."""

    def start(*arguments: str) -> Gateway:
        running = start_emulator(*arguments).emulator
        return Gateway(running, running.ai_gateway_id)

    return start


def test_a_chat_goes_by_alias_model_and_provider_with_the_key_from_the_store(connected: Gateway) -> None:
    connected.set_up()
    response = chat(connected.emulator)
    assert response.status_code == 200
    assert response.json()["choices"]


def test_a_new_value_of_the_secret_reaches_the_data_plane_without_a_new_version(connected: Gateway) -> None:
    connected.set_up("Bearer no-such-key")
    before = connected("GET", "/expected-config-version").json()["expected_config_version"]
    assert chat(connected.emulator).status_code == 401
    connected("PUT", "/config-stores/demo-store/secrets/mistral-auth", {"value": f"Bearer {KEY}"})
    assert chat(connected.emulator).status_code == 200
    assert connected("GET", "/expected-config-version").json()["expected_config_version"] == before


def test_a_reference_inside_a_longer_text_is_not_resolved(connected: Gateway) -> None:
    connected.set_up(KEY)
    provider = connected("GET", "/model-providers/mistral").json()
    connected("PUT", f"/model-providers/{provider['id']}", provider_body(f"Bearer {REFERENCE}"))
    assert chat(connected.emulator).status_code == 401


def test_a_wrong_alias_is_refused(connected: Gateway) -> None:
    connected.set_up()
    assert chat(connected.emulator, {**CHAT, "model": "other"}).status_code == 400


def test_a_literal_is_never_shown_and_a_reference_is(gateway: Gateway) -> None:
    literal = gateway.provider("Bearer secret", "literal")
    assert literal["config"]["auth"]["headers"] == [{"name": "Authorization"}]
    assert gateway.provider()["config"]["auth"]["headers"] == [{"name": "Authorization", "value": REFERENCE}]


@pytest.mark.exhaustive
def test_a_reference_is_hidden_where_a_switch_says_so(started: Callable[..., Gateway]) -> None:
    gateway = started("--set", "ai_references=hidden", "--set", "ai_secret_null=true")
    assert gateway.provider()["config"]["auth"]["headers"] == [{"name": "Authorization", "value": None}]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("switch", "status"), [("replace", 401), ("keep", 200)])
def test_a_put_without_the_secret(started: Callable[..., Gateway], switch: str, status: int) -> None:
    gateway = started("--set", f"ai_put_secrets={switch}")
    gateway.set_up()
    body = provider_body()
    del body["config"]["auth"]["headers"][0]["value"]
    assert gateway("PUT", "/model-providers/mistral", body).status_code == 200
    assert chat(gateway.emulator).status_code == status


def test_defaults_are_filled_in(gateway: Gateway) -> None:
    gateway.provider()
    model = gateway.create("/models", **model_body())
    assert (model["enabled"], model["targets"][0]["weight"]) == (True, 100)
    assert model["config"]["route"]["strip_path"] is True


def test_what_another_type_has_is_refused_with_the_field(gateway: Gateway) -> None:
    body = provider_body()
    body["config"]["instance"] = "x"
    response = gateway("POST", "/model-providers", body)
    assert response.status_code == 400
    (item,) = response.json()["invalid_parameters"]
    assert (item["field"], item["rule"]) == ("config.instance", "unknown_property")


def test_a_provider_in_use_and_a_store_with_secrets_stay(gateway: Gateway) -> None:
    gateway.set_up()
    assert gateway("DELETE", "/model-providers/mistral").status_code == 400
    assert gateway("DELETE", "/config-stores/demo-store").status_code == 400
    assert gateway("DELETE", "/config-stores/demo-store", force="true").status_code == 204


def test_a_put_of_a_secret_does_not_create(gateway: Gateway) -> None:
    gateway.create("/config-stores", name="demo-store")
    assert gateway("PUT", "/config-stores/demo-store/secrets/a", {"value": "b"}).status_code == 404


@pytest.mark.exhaustive
@pytest.mark.parametrize(("form", "begins"), [("cursor", ""), ("url", "/v1/ai-gateways/")])
def test_lists_go_by_a_cursor(started: Callable[..., Gateway], form: str, begins: str) -> None:
    gateway = started("--set", f"ai_next={form}", "--page-size", "2")
    for number in range(3):
        gateway.create("/config-stores", name=f"store-{number}")
    following = gateway("GET", "/config-stores").json()["meta"]["page"]["next"]
    assert following.startswith(begins)
    cursor = following.rpartition("page[after]=")[2]
    (last,) = gateway("GET", "/config-stores", **{"page[after]": cursor}).json()["data"]
    assert last["name"] == "store-2"


def test_the_key_of_a_credential_is_shown_once(gateway: Gateway) -> None:
    consumer = gateway.create("/consumers", name="c", display_name="C", type="api-key")["id"]
    path = f"/consumers/{consumer}/credentials"
    credential = gateway.create(path, name="k", display_name="K", type="api-key")
    assert credential["api_key"]
    assert "api_key" not in gateway("GET", f"{path}/{credential['id']}").json()


@pytest.mark.exhaustive
@pytest.mark.parametrize(("switch", "status"), [("missing", 404), ("forbidden", 403)])
def test_an_account_without_ai_gateways(started: Callable[..., Gateway], switch: str, status: int) -> None:
    gateway = started("--set", f"ai_gateways={switch}")
    assert gateway("GET", "/vaults").status_code == status


def test_an_unknown_path_is_plain_text(gateway: Gateway) -> None:
    assert gateway("GET", "/unknown").text == "404 page not found"


def test_members_of_a_group(gateway: Gateway) -> None:
    gateway.create("/consumers", name="c", display_name="C", type="api-key")
    gateway.create("/consumer-groups", name="g", display_name="G")
    assert gateway("PUT", "/consumers/c/consumer-groups", {"consumer_groups": ["g"]}).status_code == 201
    assert [row["name"] for row in gateway("GET", "/consumer-groups/g/consumers").json()["data"]] == ["c"]
    assert gateway("DELETE", "/consumer-groups/g/consumers/c").status_code == 204
