# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the data plane makes of a request for the upstream: precedence of plugins, transformations, targets, caches."""

from __future__ import annotations

import collections
import uuid
from typing import Any

import pytest

# --- which plugin of a name runs


SCOPES_BY_PRECEDENCE = [
    ("consumer", "route", "service"),
    ("consumer_group", "route", "service"),
    ("consumer", "route"),
    ("consumer", "service"),
    ("consumer_group", "route"),
    ("consumer_group", "service"),
    ("route", "service"),
    ("consumer",),
    ("consumer_group",),
    ("route",),
    ("service",),
]


def add_header(value: str) -> dict[str, Any]:
    return {"add": {"headers": [f"X-Scope:{value}"]}}


def test_the_closest_scope_wins(proxied: Any) -> None:
    key = f"fake-{uuid.uuid4()}"
    consumer = proxied.add_consumer(key_auth={"key": key})
    group = proxied.api.create_entity("consumer_groups", name=f"group-{uuid.uuid4()}")
    proxied.api.create(f"/core-entities/consumer_groups/{group['id']}/consumers", {"consumer": consumer["id"]})
    proxied.add_plugin("key-auth")
    entities = {"consumer": consumer, "consumer_group": group, "route": proxied.route, "service": proxied.service}
    for scopes in reversed(SCOPES_BY_PRECEDENCE):
        scope = {name: {"id": entities[name]["id"]} for name in scopes}
        proxied.add_plugin("request-transformer", add_header(str(scopes)), **scope)
        assert proxied.upstream_headers(headers={"apikey": key})["X-Scope"] == str(scopes)


def test_of_two_consumer_groups_the_first_by_name_counts(proxied: Any) -> None:
    key = f"fake-{uuid.uuid4()}"
    consumer = proxied.add_consumer(key_auth={"key": key})
    proxied.add_plugin("key-auth")
    for name in ("b", "a", "c"):
        group = proxied.api.create_entity("consumer_groups", name=f"{name}-{uuid.uuid4()}")
        proxied.api.create(f"/core-entities/consumer_groups/{group['id']}/consumers", {"consumer": consumer["id"]})
        proxied.add_plugin("request-transformer", add_header(name), consumer_group={"id": group["id"]})
    assert proxied.upstream_headers(headers={"apikey": key})["X-Scope"] == "a"


def test_a_plugin_runs_on_its_condition(proxied: Any) -> None:
    proxied.add_plugin(
        "request-termination",
        {"status_code": 403},
        route=proxied.route,
        condition='http.headers.x_block == "true"',
    )
    assert proxied.request(headers={"X-Block": "true"}).status_code == 403
    assert proxied.request().status_code == 200


def test_a_clone_runs_beside_its_source(proxied: Any) -> None:
    name = f"clone-{uuid.uuid4()}"
    proxied.api.create_entity("cloned-plugins", name=name, ref="request-transformer", priority=802)
    proxied.add_plugin(name, {"add": {"headers": ["X-Order:clone"]}})
    proxied.add_plugin("request-transformer", {"append": {"headers": ["X-Order:source"]}})
    assert proxied.upstream_headers()["X-Order"] == "clone,source"


# --- what is transformed


@pytest.mark.parametrize(
    ("config", "headers"),
    [
        ({"add": ["X-Old:2", "X-New:3"]}, {"X-Old": "1", "X-New": "3"}),
        ({"replace": ["X-Old:2", "X-New:3"]}, {"X-Old": "2"}),
        ({"remove": ["X-Old"]}, {}),
        ({"rename": ["X-Old:X-New"]}, {"X-New": "1"}),
        ({"append": ["X-Old:2"]}, {"X-Old": "1,2"}),
        ({"add": ["X-New:$(headers.x-old)-$(query_params['q'])"]}, {"X-Old": "1", "X-New": "1-5"}),
    ],
)
def test_headers_of_a_request_are_transformed(proxied: Any, config: dict[str, Any], headers: dict[str, str]) -> None:
    proxied.add_plugin("request-transformer", {verb: {"headers": entries} for verb, entries in config.items()})
    sent = proxied.upstream_headers(headers={"X-Old": "1"}, params={"q": "5"})
    assert {name: value for name, value in sent.items() if name in ("X-Old", "X-New")} == headers


def test_method_path_query_and_body_are_transformed(proxied: Any) -> None:
    config = {
        "http_method": "PUT",
        "replace": {"uri": "/elsewhere"},
        "remove": {"querystring": ["a"]},
        "add": {"querystring": ["b:2"], "body": ["c:3"]},
    }
    proxied.add_plugin("request-transformer", config)
    shown = proxied.request("POST", params={"a": "1"}, json={"d": 4}).json()
    assert (shown["method"], shown["url"]) == ("PUT", "http://httpbin.example/elsewhere?b=2")
    assert shown["json"] == {"d": 4, "c": "3"}


def test_a_form_is_transformed_too(proxied: Any) -> None:
    proxied.add_plugin("request-transformer", {"rename": {"body": ["a:b"]}})
    assert proxied.request("POST", data={"a": "1"}).json()["data"] == "b=1"


def test_the_advanced_plugin_allows_some_fields_of_a_body(official: Any) -> None:
    config = {"allow": {"body": ["a", "b"]}, "add": {"body": ['b:$(query_params["q"])']}}
    official.add_plugin("request-transformer-advanced", config)
    assert official.request("POST", params={"q": "2"}, json={"a": 1, "c": 3}).json()["json"] == {"a": 1, "b": "2"}


# --- CORS


PREFLIGHT = {"Origin": "https://a.example.com", "Access-Control-Request-Method": "GET"}


@pytest.mark.parametrize(
    ("config", "allowed"),
    [
        ({}, "*"),
        ({"origins": ["https://b.example.com"]}, "https://b.example.com"),
        ({"origins": ["https://a.example.com", "https://b.example.com"]}, "https://a.example.com"),
        ({"origins": [r".*\.example\.com", "https://other.test"]}, "https://a.example.com"),
        ({"origins": ["https://b.example.com", "https://c.example.com"]}, None),
        ({"credentials": True}, "https://a.example.com"),
    ],
)
def test_a_preflight_is_answered(proxied: Any, config: dict[str, Any], allowed: str | None) -> None:
    proxied.add_plugin("cors", config)
    response = proxied.request("OPTIONS", headers=PREFLIGHT)
    assert response.status_code == 200 and not response.content
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert "GET" in response.headers["Access-Control-Allow-Methods"]


def test_a_response_names_the_allowed_origin(proxied: Any) -> None:
    proxied.add_plugin("cors", {"origins": ["https://a.example.com"], "exposed_headers": ["X-One"], "max_age": 60})
    response = proxied.request(headers={"Origin": "https://a.example.com"})
    assert response.headers["Access-Control-Allow-Origin"] == "https://a.example.com"
    assert (response.headers["Access-Control-Expose-Headers"], response.headers["Vary"]) == ("X-One", "Origin")
    assert "Access-Control-Max-Age" not in response.headers


# --- upstreams


class Balanced:
    """An upstream, and a service with its name as host."""

    def __init__(self, proxied_route: Any, api: Any, **upstream: Any) -> None:
        self.name = f"upstream-{uuid.uuid4()}"
        self.api, self.upstream = api, api.create_entity("upstreams", name=self.name, **upstream)
        self.proxied = proxied_route(api, {"host": self.name, "path": "/base"})

    def add_target(self, target: str, **fields: Any) -> None:
        self.api.create(f"/core-entities/upstreams/{self.upstream['id']}/targets", {"target": target, **fields})

    def hosts(self, count: int, **options: Any) -> dict[str, int]:
        """Return how many of so many requests each host gets."""
        urls = [self.proxied.request(**options).json()["url"] for _number in range(count)]
        return dict(collections.Counter(url.removeprefix("http://").removesuffix("/base") for url in urls))


@pytest.fixture
def balanced(proxied_route: Any, connected_api: Any) -> Balanced:
    """An upstream that goes round."""
    return Balanced(proxied_route, connected_api)


def test_requests_go_to_targets_by_weight(balanced: Balanced) -> None:
    balanced.add_target("a.example.com:80", weight=300)
    balanced.add_target("b.example.com:8080", weight=100)
    balanced.add_target("c.example.com:80", weight=0)
    assert balanced.hosts(8) == {"a.example.com": 6, "b.example.com:8080": 2}


def test_the_host_header_is_that_of_the_target(balanced: Balanced) -> None:
    balanced.add_target("a.example.com:8080")
    assert balanced.proxied.upstream_headers()["Host"] == "a.example.com:8080"


def test_a_target_for_failover_waits(balanced: Balanced) -> None:
    balanced.add_target("a.example.com:80")
    balanced.add_target("b.example.com:80", failover=True)
    assert balanced.hosts(3) == {"a.example.com": 3}


def test_without_a_target_there_is_a_503(balanced: Balanced) -> None:
    balanced.add_target("a.example.com:80", weight=0)
    response = balanced.proxied.request()
    assert (response.status_code, response.json()["message"]) == (503, "failure to get a peer from the ring-balancer")


def test_equal_headers_go_to_one_target(proxied_route: Any, connected_api: Any) -> None:
    hashing = {"algorithm": "consistent-hashing", "hash_on": "header", "hash_on_header": "x-user"}
    balanced = Balanced(proxied_route, connected_api, **hashing)
    for name in ("a", "b", "c"):
        balanced.add_target(f"{name}.example.com:80")
    users = [balanced.hosts(3, headers={"X-User": str(number)}) for number in range(9)]
    assert all(len(hosts) == 1 for hosts in users)
    assert len({host for hosts in users for host in hosts}) > 1
    # Who has no such header is balanced as without it.
    assert len(balanced.hosts(3)) == 3


def test_a_header_may_choose_the_upstream(official: Any, proxied_route: Any) -> None:
    east = Balanced(proxied_route, official.api)
    east.add_target("east.example.com:80")
    rules = [{"condition": {"location": "us-east"}, "upstream_name": east.name}]
    official.add_plugin("route-by-header", {"rules": rules})
    assert official.request(headers={"Location": "us-east"}).json()["url"].startswith("http://east.example.com")
    assert official.request(headers={"Location": "eu"}).json()["url"].startswith("http://httpbin.example")


# --- the cache


def test_a_response_is_cached_while_it_is_fresh(proxied: Any) -> None:
    proxied.add_plugin("proxy-cache", {"strategy": "memory", "content_type": ["application/json"], "cache_ttl": 60})
    first, second, other = proxied.request(), proxied.request(), proxied.request(params={"a": "1"})
    assert [response.headers["X-Cache-Status"] for response in (first, second, other)] == ["Miss", "Hit", "Miss"]
    assert first.text == second.text and second.headers["Age"] == "0"
    proxied.api.control("PUT", "clock", {"advance_ms": 62_000})
    assert proxied.request().headers["X-Cache-Status"] == "Refresh"


@pytest.mark.parametrize(
    ("config", "method"), [({}, "POST"), ({"content_type": ["text/html"]}, "GET"), ({"response_code": [404]}, "GET")]
)
def test_not_everything_is_cached(proxied: Any, config: dict[str, Any], method: str) -> None:
    proxied.add_plugin("proxy-cache", {"strategy": "memory", **config})
    assert {proxied.request(method).headers["X-Cache-Status"] for _number in range(2)} == {"Bypass"}


# --- models


def test_an_alias_chooses_the_model(official: Any) -> None:
    auth = {"header_name": "Authorization", "header_value": "Bearer mistral-emulator-key"}
    targets = [
        {"route_type": "llm/v1/chat", "auth": auth, "model": {"provider": "openai", "name": name, "model_alias": alias}}
        for alias, name in (("fast", "small-model"), ("good", "large-model"))
    ]
    official.add_plugin("ai-proxy-advanced", {"targets": targets})
    messages = [{"role": "user", "content": "What is 1+1?"}]
    for alias, name in (("fast", "small-model"), ("good", "large-model")):
        assert official.request("POST", json={"model": alias, "messages": messages}).json()["model"] == name
    turns = {official.request("POST", json={"messages": messages}).json()["model"] for _number in range(2)}
    assert turns == {"small-model", "large-model"}


@pytest.mark.parametrize(
    ("prompt", "status"), [("What is DNS?", 200), ("What is a hack?", 400), ("Tell me a joke", 400)]
)
def test_prompts_are_guarded(official: Any, prompt: str, status: int) -> None:
    official.add_plugin("ai-prompt-guard", {"allow_patterns": ["What is .*"], "deny_patterns": ["hack"]})
    response = official.request("POST", json={"messages": [{"role": "user", "content": prompt}]})
    assert response.status_code == status
    if status == 400:
        assert response.json() == {"error": {"message": "bad request"}}


def test_prompts_are_decorated(official: Any) -> None:
    before, after = {"role": "system", "content": "one"}, {"role": "user", "content": "two"}
    official.add_plugin("ai-prompt-decorator", {"prompts": {"prepend": [before], "append": [after]}})
    message = {"role": "user", "content": "question"}
    assert official.request("POST", json={"messages": [message]}).json()["json"]["messages"] == [before, message, after]
