# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins of the data plane beside AI Proxy and Request Termination: headers, keys of clients, a cache, scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from starlette.datastructures import MutableHeaders

from konnect_emulator.data_plane.response_transformer import transform_headers
from konnect_emulator.launch import Running, running

MARKER = {"add": {"headers": ["X-Marker:one"]}}
ChatRoutes = Callable[..., Any]


@pytest.fixture
def chat(connected_api: Any, chat_route: ChatRoutes) -> Any:
    """A route with AI Proxy and a good key."""
    return chat_route(connected_api)


# --- Response Transformer


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"add": ["X-New:1"]}, {"x-old": "1", "x-new": "1"}),
        ({"add": ["X-Old:2"]}, {"x-old": "1"}),
        ({"append": ["X-New:a:b"]}, {"x-old": "1", "x-new": "a:b"}),
        ({"replace": ["X-Old:2", "X-New:2"]}, {"x-old": "2"}),
        ({"remove": ["X-Old"]}, {}),
        ({"remove": ["X-Old:2"]}, {"x-old": "1"}),
        ({"rename": ["X-Old:X-New"]}, {"x-new": "1"}),
        ({"remove": ["X-Old"], "add": ["X-Old:2"]}, {"x-old": "2"}),
    ],
)
def test_headers_are_transformed_as_kong_does(config: dict[str, list[str]], expected: dict[str, str]) -> None:
    headers = MutableHeaders({"X-Old": "1"})
    names = ("remove", "rename", "replace", "add", "append")
    transform_headers({name: {"headers": config.get(name, [])} for name in names}, headers)
    assert dict(headers) == expected


def test_a_response_of_the_provider_gets_the_header(chat: Any) -> None:
    chat.add_plugin("response-transformer", MARKER)
    response = chat.ask()
    assert (response.status_code, response.headers["X-Marker"]) == (200, "one")


def test_a_response_of_kong_itself_gets_the_header(chat: Any) -> None:
    chat.add_plugin("response-transformer", MARKER)
    chat.add_plugin("key-auth", {})
    response = chat.ask()
    assert (response.status_code, response.headers["X-Marker"]) == (401, "one")


def test_a_removed_header_leaves_those_that_kong_adds_last(chat: Any) -> None:
    chat.add_plugin("response-transformer", {"remove": {"headers": ["Via", "X-Kong-LLM-Model"]}})
    response = chat.ask()
    assert "X-Kong-LLM-Model" not in response.headers
    assert "Via" in response.headers and "X-Kong-Upstream-Latency" in response.headers


# --- Key Auth


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "No API key found in request"),
        ({"headers": {"ApiKey": "any"}}, "Unauthorized"),
        ({"params": {"apikey": "any"}}, "Unauthorized"),
    ],
)
def test_without_a_credential_kong_refuses_every_request(chat: Any, options: dict[str, Any], message: str) -> None:
    chat.add_plugin("key-auth", {})
    response = chat.ask(**options)
    assert (response.status_code, response.json()["message"]) == (401, message)
    assert "X-Kong-Response-Latency" in response.headers
    assert not {"Via", "X-Kong-Upstream-Latency", "X-Kong-LLM-Model"} & set(response.headers)


def test_a_key_may_be_looked_for_in_the_body(chat: Any) -> None:
    chat.add_plugin("key-auth", {"key_in_body": True, "key_names": ["my-key"]})
    assert chat.ask(body={"my-key": "any"}).json()["message"] == "Unauthorized"


# --- the cache


@pytest.fixture(scope="module")
def caching() -> Iterator[Running]:
    """An emulator with a cache."""
    with running("--set", "cached_responses=true") as emulator:
        yield emulator


@pytest.fixture
def cached(caching: Running, client: Callable[..., Any], chat_route: ChatRoutes) -> Any:
    """A route with AI Proxy behind a cache."""
    return chat_route(client(caching))


def test_an_equal_request_is_answered_from_the_cache(cached: Any) -> None:
    first, second = cached.ask(), cached.ask()
    assert [response.headers["X-Cache-Status"] for response in (first, second)] == ["Miss", "Hit"]
    assert first.text == second.text
    assert "X-Kong-Upstream-Latency" in first.headers
    assert "X-Kong-Upstream-Latency" not in second.headers


def test_the_cache_goes_on_when_the_key_no_longer_works(cached: Any) -> None:
    cached.ask()
    cached.set_value("Bearer wrong")
    assert cached.ask().status_code == 200
    assert cached.ask(body={"messages": [{"role": "user", "content": "Other"}]}).status_code == 401


def test_a_bad_response_is_not_cached(cached: Any) -> None:
    cached.set_value("Bearer wrong")
    assert cached.ask().status_code == 401
    cached.set_value("Bearer mistral-emulator-key")
    assert cached.ask().headers["X-Cache-Status"] == "Miss"


def test_each_route_has_responses_of_its_own(cached: Any, chat_route: ChatRoutes) -> None:
    cached.ask()
    assert chat_route(cached.api).ask().headers["X-Cache-Status"] == "Miss"


def test_a_response_from_the_cache_is_transformed_too(cached: Any) -> None:
    cached.ask()
    cached.add_plugin("response-transformer", MARKER)
    response = cached.ask()
    assert (response.headers["X-Cache-Status"], response.headers["X-Marker"]) == ("Hit", "one")


def test_by_default_there_is_no_cache(chat: Any) -> None:
    assert "X-Cache-Status" not in chat.ask().headers


# --- scopes, and routes for a trial


def test_a_closer_scope_wins(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    service = {"id": api.create_entity("services", url="http://httpbin.example/")["id"]}
    route = {"id": api.create_entity("routes", paths=["/a"], protocols=["http"], service=service)["id"]}
    seen = []
    for value, scope in (("global", {}), ("service", {"service": service}), ("route", {"route": route})):
        config = {"add": {"headers": [f"X-Scope:{value}"]}}
        api.create_entity("plugins", name="response-transformer", config=config, **scope)
        seen.append(requests.get(f"{api.emulator.proxy_url}/a", timeout=30).headers["X-Scope"])
    assert seen == ["global", "service", "route"]


def test_a_copy_on_a_route_with_a_header_is_used_by_requests_with_it(chat: Any, chat_route: ChatRoutes) -> None:
    trial = chat_route(chat.api, "Bearer wrong", paths=[chat.path], headers={"X-Trial": ["Some-Value"]})
    trial.path = chat.path
    assert chat.ask().status_code == 200
    assert trial.ask(headers={"x-trial": "some-value"}).status_code == 401
    assert trial.ask(headers={"x-trial": "another"}).status_code == 200


def test_the_plugins_of_a_route_are_deleted_with_it(chat: Any) -> None:
    assert chat.api("DELETE", f"/core-entities/routes/{chat.route['id']}").status_code == 204
    assert chat.api("GET", f"/core-entities/plugins/{chat.plugin['id']}").status_code == 404
    assert chat.ask().status_code == 404
