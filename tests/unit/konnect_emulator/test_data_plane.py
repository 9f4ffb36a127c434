# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy port: echo, Kong's own errors, Request Termination, scopes of plugins, the propagation delay."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests


class ProxiedRoute:
    """A service and a route with a path of its own."""

    def __init__(self, api: Any, **fields: Any) -> None:
        self.api = api
        path = f"/{uuid.uuid4()}"
        self.service = {"id": api.create_entity("services", url="http://httpbin.example/base")["id"]}
        body = {"paths": [path], "protocols": ["http"], "service": self.service, **fields}
        self.route = {"id": api.create_entity("routes", **body)["id"]}
        self.url = f"{api.emulator.proxy_url}{path}"

    def add_plugin(self, name: str, config: dict[str, Any], **scope: Any) -> None:
        self.api.create_entity("plugins", name=name, config=config, **(scope or {"route": self.route}))

    def post(self, body: Any = None, **options: Any) -> requests.Response:
        return requests.post(self.url, json=body, timeout=30, allow_redirects=False, **options)


@pytest.fixture
def proxied(connected_api: Any) -> ProxiedRoute:
    return ProxiedRoute(connected_api)


# --- Kong's own responses


def test_a_request_without_a_route_is_a_404_in_the_layout_of_kong(connected_api: Any) -> None:
    response = requests.get(f"{connected_api.emulator.proxy_url}/none", timeout=30)
    assert response.status_code == 404
    assert response.text.startswith('{\n  "message":"no Route matched with those values",\n  "request_id":"')
    assert response.json()["request_id"] == response.headers["X-Kong-Request-Id"]


def test_a_route_for_https_only_asks_for_it(connected_api: Any) -> None:
    response = ProxiedRoute(connected_api, protocols=["https"]).post()
    assert (response.status_code, response.json()["message"]) == (426, "Please use HTTPS protocol")


def test_a_route_for_https_only_may_redirect(connected_api: Any) -> None:
    response = ProxiedRoute(connected_api, protocols=["https"], https_redirect_status_code=301).post()
    assert response.status_code == 301
    assert response.headers["Location"].startswith("https://127.0.0.1")


def test_a_route_without_a_service_is_a_503(connected_api: Any) -> None:
    assert ProxiedRoute(connected_api, service=None).post().status_code == 503


def test_the_route_of_a_disabled_service_is_a_404(connected_api: Any) -> None:
    disabled = {"id": connected_api.create_entity("services", host="h", enabled=False)["id"]}
    assert ProxiedRoute(connected_api, service=disabled).post().status_code == 404


# --- the echo


def test_a_service_echoes_the_request(proxied: ProxiedRoute) -> None:
    body = proxied.post({"a": 1}, headers={"X-Mine": "shown"}, params={"q": "1"}).json()
    assert (body["method"], body["json"], body["args"]) == ("POST", {"a": 1}, {"q": "1"})
    assert body["url"] == "http://httpbin.example/base?q=1"
    assert body["headers"]["X-Mine"] == "shown"


def test_the_echo_masks_credentials(proxied: ProxiedRoute) -> None:
    response = proxied.post(headers={"Authorization": "Bearer hidden-value"})
    assert response.status_code == 200
    assert "hidden-value" not in response.text


def test_the_path_of_the_route_is_stripped(proxied: ProxiedRoute) -> None:
    response = requests.get(f"{proxied.url}/x/y", timeout=30)
    assert response.json()["url"] == "http://httpbin.example/base/x/y"


def test_a_proxied_response_says_so(proxied: ProxiedRoute) -> None:
    response = proxied.post()
    assert response.headers["Via"] and response.headers["X-Kong-Proxy-Latency"] == "0"


def test_an_invalid_json_body_is_echoed_as_text(proxied: ProxiedRoute) -> None:
    body = requests.post(proxied.url, data=b"{", timeout=30).json()
    assert (body["data"], body["json"]) == ("{", None)


# --- Request Termination


def test_termination_waits_for_its_trigger(proxied: ProxiedRoute) -> None:
    proxied.add_plugin("request-termination", {"status_code": 503, "trigger": "x-stop"})
    assert proxied.post().status_code == 200
    stopped = proxied.post(headers={"X-Stop": "1"})
    assert (stopped.status_code, stopped.json()) == (503, {"message": "Service unavailable"})


def test_termination_may_have_a_body(proxied: ProxiedRoute) -> None:
    config = {"status_code": 200, "body": "plain", "content_type": "text/plain"}
    proxied.add_plugin("request-termination", config)
    response = proxied.post()
    assert (response.status_code, response.text) == (200, "plain")


def test_termination_may_echo_the_request(proxied: ProxiedRoute) -> None:
    proxied.add_plugin("request-termination", {"status_code": 200, "echo": True})
    assert proxied.post().json()["request"]["method"] == "POST"


# --- scopes of plugins


def test_a_plugin_of_the_route_overrides_that_of_the_service(proxied: ProxiedRoute) -> None:
    proxied.add_plugin("request-termination", {"status_code": 501}, service=proxied.service)
    assert proxied.post().status_code == 501
    proxied.add_plugin("request-termination", {"status_code": 502})
    assert proxied.post().status_code == 502


def test_a_disabled_plugin_does_nothing(proxied: ProxiedRoute) -> None:
    proxied.add_plugin("request-termination", {"status_code": 501}, route=proxied.route, enabled=False)
    assert proxied.post().status_code == 200


# --- the control plane behind it


def test_a_change_arrives_after_the_propagation_time(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--propagation-ms", "600000")
    assert ProxiedRoute(api).post().status_code == 404
    (node,) = api("GET", "/nodes").json()["items"]
    assert node["config_hash"] == "0" * 32
    assert api("GET", "/expected-config-hash").json()["expected_hash"] != "0" * 32


def test_without_its_control_plane_it_has_no_routes(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    proxied = ProxiedRoute(api)
    assert proxied.post().status_code == 200
    assert api("DELETE", "").status_code == 204
    assert proxied.post().status_code == 404
