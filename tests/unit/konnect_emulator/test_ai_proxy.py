# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AI Proxy plugin: what it checks, what a model gets, and what becomes of the model's response."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

MESSAGES = [{"role": "user", "content": "Hello"}]
KEY = "mistral-emulator-key"
CONFIG: dict[str, Any] = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": f"Bearer {KEY}"},
    "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
}


class Chat:
    """A route with the plugin, at a path of its own."""

    def __init__(self, api: Any, **config: Any) -> None:
        path = f"/{uuid.uuid4()}"
        route = {"id": api.create_entity("routes", paths=[path], protocols=["http"])["id"]}
        api.create_entity("plugins", name="ai-proxy", config={**CONFIG, **config}, route=route)
        self.url = f"{api.emulator.proxy_url}{path}"

    def ask(self, body: Any = None, **options: Any) -> requests.Response:
        return requests.post(self.url, json=body or {"messages": MESSAGES}, timeout=30, **options)


@pytest.fixture
def chat(connected_api: Any) -> Callable[..., Chat]:
    """``chat(auth={...})``: a route with the plugin, whose config differs from CONFIG in this."""
    return lambda **config: Chat(connected_api, **config)


class Model(ThreadingHTTPServer):
    """A model on this machine that records its requests and always gives the same response."""

    daemon_threads = True

    def __init__(self, status: int, body: Any) -> None:
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.status, self.body = status, body
        super().__init__(("127.0.0.1", 0), ModelHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def config(self) -> dict[str, Any]:
        """The ``model`` of the plugin's config that leads here."""
        return model_at(f"http://localhost:{self.server_port}/some/chat")

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class ModelHandler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.path, headers, json.loads(raw)))
        content = json.dumps(self.server.body).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def model_at(url: str, **options: Any) -> dict[str, Any]:
    options = {"mistral_format": "openai", "upstream_url": url, **options}
    return {"provider": "mistral", "name": "mistral-tiny", "options": options}


@pytest.fixture
def start_model() -> Iterator[Callable[..., Model]]:
    models: list[Model] = []

    def start(status: int = 200, body: Any = None) -> Model:
        models.append(Model(status, body if body is not None else {"choices": []}))
        return models[-1]

    yield start
    for model in models:
        model.stop()


# --- checks


@pytest.mark.parametrize(
    ("config", "body", "message"),
    [
        ({}, {"x": 1}, "request body doesn't contain valid prompts"),
        ({}, {"messages": []}, "request body doesn't contain valid prompts"),
        ({}, {"messages": "Hello"}, "request body doesn't contain valid prompts"),
        ({}, {"messages": MESSAGES, "model": "other"}, "cannot use own model - must be: mistral-tiny"),
        (
            {"model": {"provider": "mistral", "options": {"mistral_format": "openai"}}},
            {"messages": MESSAGES},
            "model parameter not found in request, nor in gateway configuration",
        ),
        ({}, {"messages": MESSAGES, "prompt": "x"}, "request matches multiple LLM request formats"),
        (
            {},
            {"prompt": "x"},
            "[llm/v1/completions] message format is not compatible with [llm/v1/chat] route type",
        ),
        (
            {"response_streaming": "deny"},
            {"messages": MESSAGES, "stream": True},
            "response streaming is not enabled for this LLM",
        ),
    ],
)
def test_an_invalid_request_is_rejected(
    chat: Callable[..., Chat], config: dict[str, Any], body: dict[str, Any], message: str
) -> None:
    response = chat(**config).ask(body)
    assert (response.status_code, response.json()) == (400, {"error": {"message": message}})
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (json.dumps({"messages": MESSAGES}).encode(), {"Content-Type": "text/plain"}),
        (json.dumps({"messages": MESSAGES}).encode() + b" " * 500, {}),
        (b"{", {}),
        (b"\xff", {}),
        (b"[]", {}),
    ],
    ids=["content type", "size", "broken", "not UTF-8", "list"],
)
def test_a_body_that_is_not_json_of_the_right_size_is_rejected(
    chat: Callable[..., Chat], raw: bytes, headers: dict[str, str]
) -> None:
    response = requests.post(chat(max_request_body_size=500).url, data=raw, headers=headers, timeout=30)
    message = "content-type header does not match request body, or bad JSON formatting"
    assert (response.status_code, response.json()["error"]["message"]) == (400, message)


def test_a_body_without_a_content_type_is_accepted(chat: Callable[..., Chat]) -> None:
    raw = json.dumps({"messages": MESSAGES}).encode()
    assert requests.post(chat().url, data=raw, timeout=30).status_code == 200


# --- the key


def test_the_configured_key_replaces_that_of_the_client(chat: Callable[..., Chat]) -> None:
    assert chat().ask(headers={"Authorization": "Bearer of-the-client"}).status_code == 200


def test_the_client_may_override_the_key_if_allowed(chat: Callable[..., Chat]) -> None:
    auth = {"header_name": "Authorization", "header_value": "Bearer wrong", "allow_override": True}
    proxied = chat(auth=auth)
    assert proxied.ask().status_code == 401
    assert proxied.ask(headers={"Authorization": f"Bearer {KEY}"}).status_code == 200


def test_a_dangling_reference_sends_no_key_at_all(chat: Callable[..., Chat]) -> None:
    proxied = chat(auth={"header_name": "Authorization", "header_value": "{vault://no-vault/key}"})
    response = proxied.ask(headers={"Authorization": f"Bearer {KEY}"})
    assert (response.status_code, response.json()["message"]) == (401, "Unauthorized")


def test_a_key_may_be_sent_in_the_query(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    model = start_model()
    auth = {"param_name": "key", "param_value": "v&w", "param_location": "query"}
    assert chat(auth=auth, model=model.config).ask().status_code == 200
    assert model.requests[0][0] == "/some/chat?key=v%26w"


def test_a_key_may_be_sent_in_the_body(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    model = start_model()
    auth = {"param_name": "api_key", "param_value": "v", "param_location": "body"}
    chat(auth=auth, model=model.config).ask()
    assert model.requests[0][2]["api_key"] == "v"


def test_a_key_need_not_be_ascii(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    model = start_model()
    chat(auth={"header_name": "X-Key", "header_value": "schlüssel"}, model=model.config).ask()
    assert model.requests[0][1]["x-key"] == "schlüssel"


# --- what a model gets


def test_the_body_is_completed_by_the_config(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    model = start_model()
    config = model.config
    config["options"]["temperature"] = 0.5
    chat(model=config).ask({"messages": MESSAGES, "top_k": 5, "temperature": 1, "n": 2})
    expected = {"messages": MESSAGES, "temperature": 0.5, "n": 2, "model": "mistral-tiny", "stream": False}
    assert model.requests[0][2] == expected


def test_headers_of_the_client_are_forwarded(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    model = start_model()
    chat(model=model.config).ask(headers={"X-Mine": "é".encode("latin-1")})
    headers = model.requests[0][1]
    assert headers["x-mine"] == "é"
    assert headers["host"] == f"localhost:{model.server_port}"


def test_another_host_is_played_by_the_emulator(chat: Callable[..., Chat]) -> None:
    response = chat(model=model_at("https://198.51.100.7/v1/chat/completions")).ask()
    assert response.json()["choices"][0]["message"]["content"] == "You asked: Hello"


def test_a_url_that_cannot_be_used_is_a_500(chat: Callable[..., Chat]) -> None:
    response = chat(model=model_at("http://[")).ask()
    assert (response.status_code, response.json()["error"]["message"]) == (500, "LLM request failed before proxying")


# --- what becomes of the response


def test_a_response_is_passed_on_without_its_headers(
    chat: Callable[..., Chat], start_model: Callable[..., Model]
) -> None:
    response = chat(model=start_model().config).ask()
    assert (response.status_code, response.json()) == (200, {"choices": []})
    assert "Set-Cookie" not in response.headers


def test_the_model_is_named_in_a_header(chat: Callable[..., Chat]) -> None:
    assert chat().ask().headers["X-Kong-LLM-Model"] == "mistral/mistral-tiny"


def test_the_name_of_the_model_need_not_be_ascii(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    assert chat(model={**start_model().config, "name": "модель"}).ask().status_code == 200


def test_the_header_with_the_model_can_be_turned_off(chat: Callable[..., Chat]) -> None:
    assert "X-Kong-LLM-Model" not in chat(model_name_header=False).ask().headers


def test_a_response_that_is_no_chat_is_a_500(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    response = chat(model=start_model(200, {"x": 1}).config).ask()
    message = "transformation failed from type mistral://llm/v1/chat: 'choices' not in llm/v1/chat response"
    assert (response.status_code, response.json()) == (500, {"error": {"message": message}})


def test_an_error_of_the_model_is_passed_on(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    response = chat(model=start_model(429, {"message": "slow down"}).config).ask()
    assert (response.status_code, response.json()) == (429, {"message": "slow down"})
    assert "X-Kong-LLM-Model" not in response.headers


def test_an_unreachable_model_is_a_502(chat: Callable[..., Chat], start_model: Callable[..., Model]) -> None:
    model = start_model()
    config = model.config
    model.stop()
    response = chat(model=config).ask()
    assert (response.status_code, sorted(response.json())) == (502, ["message", "request_id"])


def test_a_client_may_ask_for_a_stream(chat: Callable[..., Chat]) -> None:
    response = chat().ask({"messages": MESSAGES, "stream": True})
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.text.endswith("data: [DONE]\n\n")


def test_a_stream_can_be_forced(chat: Callable[..., Chat]) -> None:
    assert "chat.completion.chunk" in chat(response_streaming="always").ask().text
