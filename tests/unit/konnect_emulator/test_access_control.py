# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins of the data plane that let requests pass or not, and count them: ACL, addresses, sizes, JSON, rate limits."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests


def word() -> str:
    return f"fake-{uuid.uuid4()}"


def add_to_group(api: Any, consumer: dict[str, Any], name: str) -> dict[str, Any]:
    group: dict[str, Any] = api.create_entity("consumer_groups", name=f"{name}-{uuid.uuid4()}")
    api.create(f"/core-entities/consumer_groups/{group['id']}/consumers", {"consumer": consumer["username"]})
    return group


class Client:
    """A consumer with a key, and perhaps an ACL."""

    def __init__(self, proxied: Any, *acls: str) -> None:
        self.proxied, self.key = proxied, word()
        self.consumer = proxied.add_consumer(key_auth={"key": self.key})
        for group in acls:
            proxied.api.create(f"/core-entities/consumers/{self.consumer['id']}/acls", {"group": group})

    def send(self, **options: Any) -> requests.Response:
        return self.proxied.request(headers={"apikey": self.key, **options.pop("headers", {})}, **options)


# --- ACL


@pytest.mark.parametrize(
    ("config", "groups", "status"),
    [
        ({"allow": ["a"]}, ["a", "b"], 200),
        ({"allow": ["a"]}, ["b"], 403),
        ({"allow": ["a"]}, [], 403),
        ({"deny": ["a"]}, ["a", "b"], 403),
        ({"deny": ["a"]}, ["b"], 200),
        ({"deny": ["a"]}, [], 200),
    ],
)
def test_a_consumer_passes_by_its_groups(proxied: Any, config: dict[str, Any], groups: list[str], status: int) -> None:
    proxied.add_plugin("key-auth")
    proxied.add_plugin("acl", config)
    response = Client(proxied, *groups).send()
    assert response.status_code == status
    if status == 403:
        assert response.json()["message"] == "You cannot consume this service"
    elif groups:
        assert response.json()["headers"]["X-Consumer-Groups"] == ", ".join(groups)


def test_without_a_consumer_there_are_no_groups(proxied: Any) -> None:
    proxied.add_plugin("acl", {"allow": ["a"]})
    response = proxied.request()
    assert (response.status_code, response.json()["message"]) == (401, "Unauthorized")


@pytest.mark.parametrize(("included", "status"), [(True, 200), (False, 403)])
def test_a_consumer_group_counts_if_it_is_included(proxied: Any, included: bool, status: int) -> None:
    client = Client(proxied)
    group = add_to_group(proxied.api, client.consumer, "gold")
    proxied.add_plugin("key-auth")
    proxied.add_plugin("acl", {"allow": [group["name"]], "include_consumer_groups": included})
    assert client.send().status_code == status


# --- addresses, sizes, JSON


@pytest.mark.parametrize(
    ("config", "status"),
    [
        ({"allow": ["127.0.0.0/8"]}, 200),
        ({"allow": ["192.0.2.0/24"]}, 403),
        ({"deny": ["127.0.0.1"]}, 403),
        ({"deny": ["127.0.0.1"], "status": 451}, 451),
    ],
)
def test_a_client_passes_by_its_address(proxied: Any, config: dict[str, Any], status: int) -> None:
    proxied.add_plugin("ip-restriction", config)
    response = proxied.request()
    assert response.status_code == status
    if status != 200:
        assert response.json()["message"] == "IP address not allowed: 127.0.0.1"


@pytest.mark.parametrize(("size", "status"), [(10, 200), (11, 413)])
def test_a_body_passes_by_its_size(official: Any, size: int, status: int) -> None:
    official.add_plugin("request-size-limiting", {"allowed_payload_size": 10, "size_unit": "bytes"})
    assert official.request("POST", data=b"x" * size).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"a": ["12345", "b"]}, 200),
        ({"a": ["123456"]}, 400),
        ({"a": {"b": []}}, 400),
        ({"a": ["1", "2", "3"]}, 400),
        ({"a": 1, "b": 2, "c": 3}, 400),
        ({"abcd": 1}, 400),
    ],
)
def test_json_passes_within_its_limits(official: Any, body: Any, status: int) -> None:
    limits = {
        "max_container_depth": 2,
        "max_object_entry_count": 2,
        "max_object_entry_name_length": 3,
        "max_array_element_count": 2,
        "max_string_value_length": 5,
    }
    official.add_plugin("json-threat-protection", limits)
    assert official.request("POST", json=body).status_code == status


# --- rate limits


def statuses(send: Callable[[], requests.Response], count: int) -> list[int]:
    return [send().status_code for _number in range(count)]


def test_requests_are_counted(proxied: Any) -> None:
    proxied.add_plugin("rate-limiting", {"hour": 2, "day": 100})
    first, second, third = proxied.request(), proxied.request(), proxied.request()
    assert (first.headers["X-RateLimit-Limit-Hour"], first.headers["X-RateLimit-Remaining-Hour"]) == ("2", "1")
    assert (first.headers["X-RateLimit-Remaining-Day"], first.headers["RateLimit-Remaining"]) == ("99", "1")
    assert second.headers["RateLimit-Remaining"] == "0"
    assert (third.status_code, third.json()["message"]) == (429, "API rate limit exceeded")
    assert third.headers["Retry-After"] == third.headers["RateLimit-Reset"]


def test_what_is_refused_does_not_count(proxied: Any) -> None:
    proxied.add_plugin("rate-limiting", {"hour": 1, "day": 10})
    assert statuses(proxied.request, 3) == [200, 429, 429]
    assert proxied.request().headers["X-RateLimit-Remaining-Day"] == "9"


def test_the_next_period_starts_at_zero(start_emulator: Callable[..., Any], proxied_route: Any) -> None:
    proxied = proxied_route(start_emulator())
    proxied.add_plugin("rate-limiting", {"hour": 1})
    assert statuses(proxied.request, 2) == [200, 429]
    proxied.api.control("PUT", "clock", {"advance_ms": 3_600_000})
    assert statuses(proxied.request, 2) == [200, 429]


def test_each_consumer_has_a_limit_of_its_own(proxied: Any) -> None:
    proxied.add_plugin("key-auth")
    proxied.add_plugin("rate-limiting", {"hour": 1, "limit_by": "consumer"})
    for client in (Client(proxied), Client(proxied)):
        assert statuses(client.send, 2) == [200, 429]


def test_a_limit_may_be_that_of_the_service(proxied: Any) -> None:
    proxied.add_plugin("key-auth")
    proxied.add_plugin("rate-limiting", {"hour": 1, "limit_by": "service"})
    assert [Client(proxied).send().status_code for _number in range(2)] == [200, 429]


def test_a_limit_may_be_that_of_a_header(proxied: Any) -> None:
    proxied.add_plugin("rate-limiting", {"hour": 1, "limit_by": "header", "header_name": "x-tenant"})
    for tenant in ("a", "b"):
        assert statuses(lambda tenant=tenant: proxied.request(headers={"X-Tenant": tenant}), 2) == [200, 429]


def test_headers_status_and_message_are_configured(proxied: Any) -> None:
    config = {"hour": 1, "hide_client_headers": True, "error_code": 420, "error_message": 'Enhance "your" calm'}
    proxied.add_plugin("rate-limiting", config)
    assert not [name for name in proxied.request().headers if "ratelimit" in name.lower()]
    response = proxied.request()
    assert (response.status_code, response.json()["message"]) == (420, 'Enhance "your" calm')


@pytest.mark.parametrize(
    ("penalty", "advanced_ms", "expected"),
    [(False, 60_000, [200, 429]), (True, 60_000, [429, 429]), (True, 120_000, [200, 200])],
)
def test_a_sliding_window_remembers_the_one_before(
    official: Any, penalty: bool, advanced_ms: int, expected: list[int]
) -> None:
    clock = official.api.control("GET", "clock").json()["now_ms"]
    # From the middle of a minute, half of what the minute before had counts.
    official.api.control("PUT", "clock", {"advance_ms": 60_000 - clock % 60_000 + 30_000})
    official.add_plugin("rate-limiting-advanced", {"limit": [2], "window_size": [60], "disable_penalty": not penalty})
    assert statuses(official.request, 3) == [200, 200, 429]
    official.api.control("PUT", "clock", {"advance_ms": advanced_ms})
    assert statuses(official.request, 2) == expected


def test_each_consumer_group_has_its_own_limits(official: Any) -> None:
    official.add_plugin("key-auth")
    for limit in (1, 2):
        client = Client(official)
        group = add_to_group(official.api, client.consumer, "tier")
        config = {"limit": [limit], "window_size": [3600], "window_type": "fixed"}
        official.add_plugin("rate-limiting-advanced", config, consumer_group={"id": group["id"]})
        assert statuses(client.send, limit + 1) == [200] * limit + [429]


def test_a_service_is_protected_from_all_its_consumers(official: Any) -> None:
    official.add_plugin("key-auth")
    config = {"limit": [2], "window_size": [3600], "namespace": word()}
    official.add_plugin("service-protection", config, service=official.service)
    assert [Client(official).send().status_code for _number in range(3)] == [200, 200, 429]
