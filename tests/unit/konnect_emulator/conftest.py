# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: the emulator as a process on free ports, and a client of one control plane in it."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from konnect_emulator.clock import Clock
from konnect_emulator.launch import Running, running
from support.shared import OFFICIAL_SCHEMAS

KEY = "mistral-emulator-key"
CHAT_BODY = {"messages": [{"role": "user", "content": "Hello"}]}


class StoppedClock(Clock):
    """A clock that a test moves."""

    def __init__(self, moment_ms: int = 1_700_000_000_000) -> None:
        super().__init__()
        self.moment_ms = moment_ms

    def now_ms(self) -> int:
        return self.moment_ms


class ChatRoute:
    """A route with AI Proxy at a path of its own; ``value`` is what the plugin sends as Authorization."""

    def __init__(self, api: Api, value: str = f"Bearer {KEY}", **route: Any) -> None:
        self.api = api
        self.path = f"/{uuid.uuid4()}"
        self.route = api.create_entity("routes", **{"paths": [self.path], "protocols": ["http"], **route})
        config = {
            "route_type": "llm/v1/chat",
            "auth": {"header_name": "Authorization", "header_value": value},
            "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
        }
        self.plugin = self.add_plugin("ai-proxy", config)

    def add_plugin(self, name: str, config: dict[str, Any]) -> dict[str, Any]:
        return self.api.create_entity("plugins", name=name, config=config, route={"id": self.route["id"]})

    def set_value(self, value: str) -> None:
        """Let the plugin send another value."""
        self.plugin["config"]["auth"]["header_value"] = value
        assert self.api("PUT", f"/core-entities/plugins/{self.plugin['id']}", self.plugin).status_code == 200

    def ask(self, proxy_url: str = "", body: Any = None, **options: Any) -> requests.Response:
        url = (proxy_url or self.api.emulator.proxy_url) + self.path
        return requests.post(url, json=body or CHAT_BODY, timeout=30, **options)


def switches(**values: Any) -> list[str]:
    """Return the arguments that set these switches."""
    return [word for name, value in values.items() for word in ("--set", f"{name}={str(value).lower()}")]


class Api:
    """Sends requests as curl would, relative to a control plane."""

    def __init__(self, emulator: Running, control_plane_id: str, base: str | None = None) -> None:
        self.emulator = emulator
        self.control_plane_id = control_plane_id
        self.root = f"{base or emulator.konnect_url}/v2/control-planes"
        self.headers = {"Authorization": f"Bearer {emulator.token}"}

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        url = f"{self.root}/{self.control_plane_id}{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=30, **options)

    def control_planes(self, method: str, path: str = "", body: Any = None, **options: Any) -> requests.Response:
        """Send a request relative to the list of control planes."""
        return requests.request(method, self.root + path, json=body, headers=self.headers, timeout=30, **options)

    def control(self, method: str, name: str, body: Any = None) -> requests.Response:
        """Send a request to an endpoint below ``/_emulator``."""
        return requests.request(method, f"{self.emulator.konnect_url}/_emulator/{name}", json=body, timeout=30)

    def create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a POST that has to succeed, and return the body of its response."""
        response = self("POST", path, body)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    def create_entity(self, kind: str, **body: Any) -> dict[str, Any]:
        return self.create(f"/core-entities/{kind}", body)

    def read(self, path: str) -> dict[str, Any]:
        """Return one entity, that of a consumer group out of its envelope."""
        found: dict[str, Any] = self("GET", path).json()
        return found.get("consumer_group", found) if "id" not in found else found

    def create_store(self, name: str = "a-store") -> str:
        """Create a config store and return its id."""
        return str(self.create("/config-stores", {"name": name})["id"])

    def create_control_plane(self) -> Api:
        """Create another control plane and return a client of it."""
        response = self.control_planes("POST", body={"name": f"control-plane-{uuid.uuid4()}"})
        assert response.status_code == 201, response.text
        return Api(self.emulator, response.json()["id"])

    @staticmethod
    def violations(response: requests.Response, message: str = "validation error") -> list[tuple[str, str, str]]:
        """Return the details of a core entity's 400: (type, field, text)."""
        assert response.status_code == 400, response.text
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        body = response.json()
        assert (body["code"], body["message"]) == (3, message)
        assert all(detail["@type"].endswith("kong.admin.model.v1.ErrorDetail") for detail in body["details"])
        return [
            (detail["type"].removeprefix("ERROR_TYPE_"), detail.get("field", ""), text)
            for detail in body["details"]
            for text in detail["messages"]
        ]

    def conflicts(self, response: requests.Response) -> list[tuple[str, str, str]]:
        """Return the details of a core entity's 400 that other entities cause."""
        return self.violations(response, "data constraint error")

    def names(self, path: str, **query: Any) -> list[str]:
        """Return the names in the first page of a list of core entities."""
        response = self("GET", f"/core-entities/{path}", params=query)
        assert response.status_code == 200, response.text
        return [entity["name"] for entity in response.json()["data"]]


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    """One emulator with default options."""
    with running() as started:
        yield started


@pytest.fixture
def api(emulator: Running) -> Api:
    """A client of a new control plane in the shared emulator."""
    return Api(emulator, emulator.control_plane_id).create_control_plane()


@pytest.fixture
def connected_api(emulator: Running) -> Api:
    """A client of the control plane that the shared emulator's data plane is connected to."""
    return Api(emulator, emulator.control_plane_id)


@pytest.fixture
def client() -> Callable[[Running], Api]:
    """``client(emulator)``: a client of the first control plane of an emulator."""
    return lambda emulator: Api(emulator, emulator.control_plane_id)


@pytest.fixture
def clock() -> StoppedClock:
    """A clock that does not run."""
    return StoppedClock()


@pytest.fixture
def set_switches() -> Callable[..., list[str]]:
    """``set_switches(workers=2)``: the arguments that set these switches."""
    return switches


@pytest.fixture
def chat_route() -> Callable[..., ChatRoute]:
    """``chat_route(api, "Bearer key")``: a route with AI Proxy."""
    return ChatRoute


@pytest.fixture
def start_emulator() -> Iterator[Callable[..., Api]]:
    """``start_emulator("--set", "secret_echo=true")``: an emulator of the test's own; returns a client."""
    with ExitStack() as stack:

        def start(*arguments: str) -> Api:
            started = stack.enter_context(running(*arguments))
            return Api(started, started.control_plane_id)

        yield start


class ProxiedRoute:
    """A service and a route with a path of its own, in the control plane that the data plane is connected to."""

    def __init__(self, api: Api, service: dict[str, Any] | None = None, **route: Any) -> None:
        self.api = api
        path = f"/{uuid.uuid4()}"
        self.service = {
            "id": api.create_entity("services", **(service or {"url": "http://httpbin.example/base"}))["id"]
        }
        body = {"paths": [path], "protocols": ["http"], "service": self.service, **route}
        self.route = {"id": api.create_entity("routes", **body)["id"]}
        self.url = f"{api.emulator.proxy_url}{path}"

    def add_plugin(self, name: str, config: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        """Add a plugin to the route, or with another scope."""
        return self.api.create_entity("plugins", name=name, config=config or {}, **(fields or {"route": self.route}))

    def add_consumer(self, **credentials: dict[str, Any]) -> dict[str, Any]:
        """Create a consumer with credentials, by the path of their kind, such as ``key_auth``."""
        consumer = self.api.create_entity("consumers", username=f"user-{uuid.uuid4()}")
        for kind, credential in credentials.items():
            self.api.create(f"/core-entities/consumers/{consumer['id']}/{kind.replace('_', '-')}", credential)
        return consumer

    def request(self, method: str = "GET", path: str = "", **options: Any) -> requests.Response:
        return requests.request(method, self.url + path, timeout=30, allow_redirects=False, **options)

    def upstream_headers(self, **options: Any) -> dict[str, str]:
        """Return the headers that the upstream gets."""
        response = self.request(**options)
        assert response.status_code == 200, response.text
        headers: dict[str, str] = response.json()["headers"]
        return headers


@pytest.fixture
def proxied(connected_api: Api) -> ProxiedRoute:
    """A route to a service that echoes."""
    return ProxiedRoute(connected_api)


@pytest.fixture
def proxied_route() -> Callable[..., ProxiedRoute]:
    """``proxied_route(api, service, **route)``: another route."""
    return ProxiedRoute


@pytest.fixture(scope="session")
def official_emulator() -> Iterator[Running]:
    """An emulator that knows every plugin of Kong, and whose clock does not move; without Kong's schemas tests skip."""
    if not OFFICIAL_SCHEMAS.exists():
        pytest.skip(f"no {OFFICIAL_SCHEMAS} (KONNECT_SHARED)")
    with running("--plugin-schemas", str(OFFICIAL_SCHEMAS), "--clock-speed", "0") as started:
        yield started


@pytest.fixture
def official(official_emulator: Running) -> ProxiedRoute:
    """A route to a service that echoes, where every plugin of Kong is known."""
    return ProxiedRoute(Api(official_emulator, official_emulator.control_plane_id))
