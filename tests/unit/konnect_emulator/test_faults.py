# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults and the rate limit: when each is injected, and what a client gets to see."""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from konnect_emulator.faults import KINDS, Fault


def inject(api: Any, *faults: str) -> None:
    """Replace the faults of a running emulator."""
    url = f"{api.emulator.konnect_url}/_emulator/faults"
    requests.put(url, json=faults, timeout=30).raise_for_status()


def request_count(api: Any) -> int:
    return int(requests.get(f"{api.emulator.konnect_url}/_emulator/faults", timeout=30).json()["requests"])


@pytest.fixture
def api(api: Any) -> Iterator[Any]:
    """A client of a new control plane; faults end with the test."""
    yield api
    inject(api)


@pytest.mark.parametrize("text", ["", "1", "1=nonsense", "GET=500", "FETCH:/x=500", "1=delay-x"])
def test_an_invalid_fault_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="is not a fault"):
        Fault.parse(text)


@pytest.mark.parametrize("what", [*KINDS, "delay-5"])
def test_every_kind_can_be_written(what: str) -> None:
    assert Fault.parse(f"GET:/x={what}").what == what


def test_a_numbered_fault_hits_one_request(api: Any) -> None:
    inject(api, "2=500")
    assert [api("GET", "").status_code for _time in range(3)] == [200, 500, 200]


def test_a_fault_for_a_path_hits_every_such_request(api: Any) -> None:
    inject(api, "GET:/config-stores$=503")
    assert [api("GET", "/config-stores").status_code for _time in range(2)] == [503, 503]
    assert api("GET", "/nodes").status_code == 200
    assert api("POST", "/config-stores", {}).status_code == 201


def test_requests_are_counted_since_the_faults_were_set(api: Any) -> None:
    inject(api)
    api("GET", "")
    api("GET", "")
    assert request_count(api) == 2
    inject(api)
    assert request_count(api) == 0


@pytest.mark.parametrize(("what", "stored"), [("reset-before", 0), ("reset-after", 1)])
def test_a_reset_breaks_the_connection_before_or_after_the_write(api: Any, what: str, stored: int) -> None:
    inject(api, f"POST:/config-stores={what}")
    with pytest.raises(requests.ConnectionError):
        api("POST", "/config-stores", {})
    assert len(api("GET", "/config-stores").json()["data"]) == stored


def test_a_truncated_response_breaks_off(api: Any) -> None:
    inject(api, "GET:/config-stores=truncated")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api("GET", "/config-stores")


def test_a_wrong_type_is_html_with_the_status_of_the_write(api: Any) -> None:
    inject(api, "POST:/config-stores=wrong-type")
    response = api("POST", "/config-stores", {})
    assert (response.status_code, response.headers["Content-Type"]) == (201, "text/html")
    assert len(api("GET", "/config-stores").json()["data"]) == 1


@pytest.mark.parametrize("status", ["401", "429", "500", "502", "503"])
def test_a_status_is_returned(api: Any, status: str) -> None:
    inject(api, f"1={status}")
    assert api("GET", "").status_code == int(status)


@pytest.mark.parametrize("what", ["429-retry-after", "429-date"])
def test_a_429_may_say_when_to_retry(api: Any, what: str) -> None:
    inject(api, f"1={what}")
    retry_after = api("GET", "").headers["Retry-After"]
    assert retry_after == "1" if what == "429-retry-after" else email.utils.parsedate(retry_after)


def test_a_delay_is_waited_for(api: Any) -> None:
    inject(api, "1=delay-50")
    response = api("GET", "")
    assert response.status_code == 200
    assert response.elapsed.total_seconds() >= 0.05


def test_faults_can_be_given_on_the_command_line(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--fault", "1=502")
    assert [api("GET", "").status_code for _time in range(2)] == [502, 200]


def test_the_rate_limit_rejects_what_exceeds_it(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--rate-limit", "1")
    responses = [api("GET", "") for _time in range(4)]
    rejected = next(response for response in responses if response.status_code == 429)
    assert rejected.json() == {"message": "API rate limit exceeded"}
    assert rejected.headers["Retry-After"] == "1"


def test_the_limit_of_connections_rejects_what_exceeds_it_and_names_no_time(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--connection-limit", "1", "--latency-ms", "200")
    with ThreadPoolExecutor(2) as pool:
        responses = sorted(pool.map(lambda _: api("GET", ""), range(2)), key=lambda response: response.status_code)
    assert [response.status_code for response in responses] == [200, 429]
    assert "Retry-After" not in responses[1].headers


def test_the_rate_limit_tells_what_remains(start_emulator: Callable[..., Any]) -> None:
    headers = start_emulator("--rate-limit", "100")("GET", "").headers
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("100", "99")
