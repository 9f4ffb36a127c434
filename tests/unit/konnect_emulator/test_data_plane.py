# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy port: routing, what AI Proxy checks and sends, Request Termination, the echo, the propagation delay."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from konnect_emulator.router import Router

MESSAGES = [{"role": "user", "content": "Hello"}]
KEY = "mistral-emulator-key"


# --- routing


def route(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "protocols": ["http"], "created_at": 0, **fields}


@pytest.mark.parametrize(
    ("method", "host", "path", "headers", "expected"),
    [
        ("GET", "a.example", "/", {}, "root"),
        ("GET", "a.example", "/api/x", {}, "long"),
        ("GET", "a.example", "/apix", {}, "short"),
        ("GET", "a.example", "/v42/x", {}, "regex"),
        ("GET", "b.example:8000", "/", {}, "host"),
        ("GET", "x.wild.example", "/", {}, "wildcard"),
        ("GET", "plain.wild.example", "/", {}, "plain"),
        ("DELETE", "a.example", "/only", {}, "method"),
        ("GET", "a.example", "/only", {}, "root"),
        ("GET", "a.example", "/only", {"x-team": "b"}, "header"),
        ("GET", "a.example", "/only", {"x-team": "c"}, "root"),
    ],
)
def test_routing(method: str, host: str, path: str, headers: dict[str, str], expected: str) -> None:
    router = Router(
        [
            route("root", paths=["/"]),
            route("short", paths=["/api"]),
            route("long", paths=["/x", "/api/"]),
            route("regex", paths=["~/v(?<number>\\d+)/"]),
            route("host", hosts=["b.example"]),
            route("wildcard", hosts=["*.wild.example"]),
            route("plain", hosts=["plain.wild.example"]),
            route("method", paths=["/only"], methods=["DELETE"]),
            route("header", paths=["/only"], headers={"x-team": ["a", "b"]}),
            route("tcp", protocols=["tcp"], paths=["/"]),
        ]
    )
    match = router.match(method, host, path, headers)
    assert match is not None and match.route["name"] == expected


def test_no_route() -> None:
    assert Router([route("a", paths=["/a"])]).match("GET", "h", "/b", {}) is None


# --- over HTTP


@pytest.fixture
def api(main_api: Any) -> Any:
    """The control plane that has the data plane; each test adds a path of its own to it."""
    return main_api


def ai_config(**changes: Any) -> dict[str, Any]:
    config: dict[str, Any] = {
        "route_type": "llm/v1/chat",
        "auth": {"header_name": "Authorization", "header_value": f"Bearer {KEY}"},
        "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
    }
    return {**config, **changes}


class Site:
    """A service and a route at a path of its own."""

    def __init__(self, api: Any, path: str, **fields: Any) -> None:
        self.api = api
        self.service = {"id": api.entity("services", url="http://httpbin.example/base")["id"]}
        body = {"paths": [path], "protocols": ["http"], "service": self.service, **fields}
        self.route = {"id": api.entity("routes", **body)["id"]}
        self.url = f"{api.emulator.proxy_url}{path}"

    def plugin(self, name: str, config: dict[str, Any], **fields: Any) -> None:
        self.api.entity("plugins", name=name, config=config, **(fields or {"route": self.route}))

    def post(self, body: Any = None, **options: Any) -> requests.Response:
        return requests.post(self.url, json=body, timeout=30, allow_redirects=False, **options)


@pytest.fixture
def site(api: Any, request: pytest.FixtureRequest) -> Site:
    return Site(api, f"/{request.node.name.partition('[')[0]}-{abs(hash(request.node.name))}")


def test_unrouted(api: Any) -> None:
    answer = requests.get(f"{api.emulator.proxy_url}/none", timeout=30)
    assert answer.status_code == 404
    assert answer.text.startswith('{\n  "message":"no Route matched with those values",\n  "request_id":"')
    assert answer.json()["request_id"] == answer.headers["X-Kong-Request-Id"]


def test_echo(site: Site) -> None:
    headers = {"Authorization": "Bearer hidden-value", "X-Mine": "shown"}
    answer = site.post({"a": 1}, headers=headers, params={"q": "1"})
    body = answer.json()
    assert (answer.status_code, body["method"], body["json"], body["args"]) == (200, "POST", {"a": 1}, {"q": "1"})
    assert body["url"] == "http://httpbin.example/base?q=1"
    assert body["headers"]["X-Mine"] == "shown"
    assert "hidden-value" not in answer.text
    assert answer.headers["Via"] and answer.headers["X-Kong-Proxy-Latency"] == "0"
    below = requests.get(f"{site.url}/x/y", timeout=30)
    assert below.json()["url"] == "http://httpbin.example/base/x/y"


def test_https_only(api: Any) -> None:
    upgrade = Site(api, "/upgrade", protocols=["https"]).post()
    assert (upgrade.status_code, upgrade.json()["message"]) == (426, "Please use HTTPS protocol")
    moved = Site(api, "/moved", protocols=["https"], https_redirect_status_code=301).post()
    assert moved.status_code == 301
    assert moved.headers["Location"].startswith("https://127.0.0.1")


def test_no_service_and_disabled_service(api: Any) -> None:
    api.entity("routes", paths=["/alone"], protocols=["http"])
    assert requests.get(f"{api.emulator.proxy_url}/alone", timeout=30).status_code == 503
    off = api.entity("services", host="h", enabled=False)["id"]
    api.entity("routes", paths=["/off"], protocols=["http"], service={"id": off})
    assert requests.get(f"{api.emulator.proxy_url}/off", timeout=30).status_code == 404


def test_request_termination(site: Site) -> None:
    site.plugin("request-termination", {"status_code": 503, "trigger": "x-stop"})
    assert site.post().status_code == 200
    stopped = site.post(headers={"X-Stop": "1"})
    assert (stopped.status_code, stopped.json()) == (503, {"message": "Service unavailable"})


def test_request_termination_with_a_body(site: Site) -> None:
    site.plugin("request-termination", {"status_code": 200, "body": "plain", "content_type": "text/plain"})
    answer = site.post()
    assert (answer.status_code, answer.text) == (200, "plain")


def test_the_closest_plugin_wins(site: Site) -> None:
    site.plugin("request-termination", {"status_code": 501}, service=site.service)
    assert site.post().status_code == 501
    site.plugin("request-termination", {"status_code": 502})
    assert site.post().status_code == 502
    site.api.entity("plugins", name="ai-proxy", config=ai_config(), route=site.route, enabled=False)
    assert site.post().status_code == 502


# --- AI Proxy


@pytest.mark.parametrize(
    ("config", "body", "message"),
    [
        ({}, {}, "request body doesn't contain valid prompts"),
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
def test_ai_proxy_checks(site: Site, config: dict[str, Any], body: dict[str, Any], message: str) -> None:
    site.plugin("ai-proxy", ai_config(**config))
    answer = site.post(body)
    assert (answer.status_code, answer.json()) == (400, {"error": {"message": message}})
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_ai_proxy_reads_json_only(site: Site) -> None:
    site.plugin("ai-proxy", ai_config(max_request_body_size=500))
    raw = json.dumps({"messages": MESSAGES}).encode()
    message = "content-type header does not match request body, or bad JSON formatting"

    def send(data: bytes, headers: dict[str, str]) -> requests.Response:
        return requests.post(site.url, data=data, headers=headers, timeout=30)

    assert send(raw, {}).status_code == 200
    for data, headers in (
        (raw, {"Content-Type": "text/plain"}),
        (b"{", {}),
        (b"\xff", {}),
        (b"[]", {}),
        (raw + b" " * 500, {}),
    ):
        answer = send(data, headers)
        assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_ai_proxy_auth(site: Site) -> None:
    site.plugin("ai-proxy", ai_config())
    own = {"Authorization": "Bearer of-the-client"}
    assert site.post({"messages": MESSAGES}, headers=own).status_code == 200


def test_ai_proxy_auth_that_can_be_overridden(site: Site) -> None:
    auth = {"header_name": "Authorization", "header_value": "Bearer wrong", "allow_override": True}
    site.plugin("ai-proxy", ai_config(auth=auth))
    assert site.post({"messages": MESSAGES}).status_code == 401
    own = {"Authorization": f"Bearer {KEY}"}
    assert site.post({"messages": MESSAGES}, headers=own).status_code == 200


def test_a_dangling_reference_sends_no_header(site: Site) -> None:
    auth = {"header_name": "Authorization", "header_value": "{vault://no-vault/key}"}
    site.plugin("ai-proxy", ai_config(auth=auth))
    own = {"Authorization": f"Bearer {KEY}"}
    answer = site.post({"messages": MESSAGES}, headers=own)
    assert (answer.status_code, answer.json()["message"]) == (401, "Unauthorized")


class Model(ThreadingHTTPServer):
    """A model on this machine that notes what it gets and gives one answer."""

    daemon_threads = True

    def __init__(self, status: int, answer: Any) -> None:
        self.seen: list[tuple[str, dict[str, str], Any]] = []
        self.status, self.answer = status, answer
        super().__init__(("127.0.0.1", 0), ModelHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}/some/chat"


class ModelHandler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.path, headers, json.loads(raw)))
        content = json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def model() -> Iterator[Callable[..., Model]]:
    models: list[Model] = []

    def begin(status: int = 200, answer: Any = None) -> Model:
        models.append(Model(status, answer))
        return models[-1]

    yield begin
    for each in models:
        each.shutdown()
        each.server_close()


def with_url(url: str, **options: Any) -> dict[str, Any]:
    options = {"mistral_format": "openai", "upstream_url": url, **options}
    return {"provider": "mistral", "name": "mistral-tiny", "options": options}


def test_what_a_model_gets(site: Site, model: Callable[..., Model]) -> None:
    local = model(200, {"choices": []})
    auth = {"param_name": "key", "param_value": "v&w", "param_location": "query"}
    site.plugin("ai-proxy", ai_config(auth=auth, model=with_url(local.url, temperature=0.5)))
    answer = site.post({"messages": MESSAGES, "top_k": 5, "temperature": 1, "n": 2}, headers={"X-Mine": "1"})
    assert (answer.status_code, answer.json()) == (200, {"choices": []})
    assert "Set-Cookie" not in answer.headers
    ((path, headers, body),) = local.seen
    assert path == "/some/chat?key=v%26w"
    assert headers["x-mine"] == "1"
    assert headers["host"] == f"localhost:{local.server_port}"
    assert body == {"messages": MESSAGES, "temperature": 0.5, "n": 2, "model": "mistral-tiny", "stream": False}


def test_a_key_that_is_not_ascii(site: Site, model: Callable[..., Model]) -> None:
    local = model(200, {"choices": []})
    auth = {"header_name": "X-Key", "header_value": "schlüssel"}
    site.plugin("ai-proxy", ai_config(auth=auth, model={**with_url(local.url), "name": "модель"}))
    assert site.post({"messages": MESSAGES}, headers={"X-Mine": "é".encode("latin-1")}).status_code == 200
    assert local.seen[0][1]["x-key"] == "schlüssel"


def test_a_key_in_the_body(site: Site, model: Callable[..., Model]) -> None:
    local = model(200, {"choices": []})
    auth = {"param_name": "api_key", "param_value": "v", "param_location": "body"}
    site.plugin("ai-proxy", ai_config(auth=auth, model=with_url(local.url), model_name_header=False))
    answer = site.post({"messages": MESSAGES})
    assert "X-Kong-LLM-Model" not in answer.headers
    assert local.seen[0][2]["api_key"] == "v"


def test_an_answer_that_is_none(site: Site, model: Callable[..., Model]) -> None:
    site.plugin("ai-proxy", ai_config(model=with_url(model(200, {"x": 1}).url)))
    answer = site.post({"messages": MESSAGES})
    assert answer.status_code == 500
    expected = "transformation failed from type mistral://llm/v1/chat: 'choices' not in llm/v1/chat response"
    assert answer.json() == {"error": {"message": expected}}


def test_errors_of_a_model_pass_through(site: Site, model: Callable[..., Model]) -> None:
    site.plugin("ai-proxy", ai_config(model=with_url(model(429, {"message": "slow down"}).url)))
    answer = site.post({"messages": MESSAGES})
    assert (answer.status_code, answer.json()) == (429, {"message": "slow down"})
    assert "X-Kong-LLM-Model" not in answer.headers


def test_a_model_that_is_not_there(site: Site, model: Callable[..., Model]) -> None:
    gone = model()
    gone.shutdown()
    gone.server_close()
    site.plugin("ai-proxy", ai_config(model=with_url(gone.url)))
    answer = site.post({"messages": MESSAGES})
    assert (answer.status_code, sorted(answer.json())) == (502, ["message", "request_id"])


def test_other_hosts_are_played_by_the_emulator(site: Site) -> None:
    site.plugin("ai-proxy", ai_config(model=with_url("https://198.51.100.7/v1/chat/completions")))
    assert site.post({"messages": MESSAGES}).json()["choices"][0]["message"]["content"] == "You asked: Hello"


def test_streaming_can_be_forced(site: Site) -> None:
    site.plugin("ai-proxy", ai_config(response_streaming="always"))
    assert "chat.completion.chunk" in site.post({"messages": MESSAGES}).text


def test_changes_take_their_time(start: Callable[..., Any]) -> None:
    api = start("--propagation-ms", "600000")
    site = Site(api, "/later")
    assert site.post().status_code == 404
    (node,) = api("GET", "/nodes").json()["items"]
    assert node["config_hash"] == "0" * 32
    assert api("GET", "/expected-config-hash").json()["expected_hash"] != "0" * 32


def test_without_its_control_plane(start: Callable[..., Any]) -> None:
    api = start()
    site = Site(api, "/here")
    assert site.post().status_code == 200
    assert api.top("DELETE", f"/{api.control_plane_id}").status_code == 204
    assert site.post().status_code == 404
