# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS of the data plane: which certificate a server name gets, references resolved, and when a change is served."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from konnect_emulator.data_plane.tls import sni_candidates
from konnect_emulator.launch import running
from support.certificates import Issued, issue, served

from .conftest import Api

PREFIX = "tls-vault"


@pytest.mark.parametrize(
    ("server_name", "names"),
    [
        ("a.example.com", ["a.example.com", "*.example.com", "a.example.*", "*"]),
        ("a.b.example.com", ["a.b.example.com", "*.b.example.com", "a.b.example.*", "*"]),
        ("example.com", ["example.com", "example.*", "*"]),
        ("Localhost", ["localhost", "*"]),
        (None, ["*"]),
    ],
)
def test_the_snis_of_a_server_name_come_in_the_order_of_kong(server_name: str | None, names: list[str]) -> None:
    assert sni_candidates(server_name) == names


@pytest.fixture(scope="module")
def tls_api() -> Iterator[Api]:
    with running("--tls") as started:
        api = Api(started, started.control_plane_id)
        store_id = api.create_store()
        api.create_entity("vaults", name="konnect", prefix=PREFIX, config={"config_store_id": store_id})
        yield api


@pytest.fixture
def secret(tls_api: Api) -> Callable[[str], str]:
    """``secret("value")``: the path of a new entry in a reference."""

    def create(value: str) -> str:
        key = f"entry-{uuid.uuid4()}"
        (store,) = tls_api("GET", "/config-stores").json()["data"]
        tls_api.create(f"/config-stores/{store['id']}/secrets", {"key": key, "value": value})
        return f"{PREFIX}/{key}"

    return create


def certificate(api: Api, issued: Issued, *names: str, **fields: Any) -> dict[str, Any]:
    body = {"cert": issued.cert, "key": issued.key, "snis": list(names), **fields}
    return api.create_entity("certificates", **body)


def fingerprint(api: Api, server_name: str | None) -> str:
    return served(api.emulator.tls_proxy_url, server_name)


def test_without_a_certificate_kong_serves_its_own(tls_api: Api) -> None:
    own = fingerprint(tls_api, "unknown.example.org")
    assert len(own) == 64
    assert fingerprint(tls_api, None) == own


def test_an_exact_name_wins_over_wildcards_and_the_first_label_over_the_last(tls_api: Api) -> None:
    exact, first, last = issue("a.example.com"), issue("*.example.com"), issue("a.example.com")
    for issued, name in ((last, "a.example.*"), (first, "*.example.com"), (exact, "A.example.com")):
        certificate(tls_api, issued, name)
    assert fingerprint(tls_api, "a.example.com") == exact.fingerprint
    assert fingerprint(tls_api, "b.example.com") == first.fingerprint
    assert fingerprint(tls_api, "a.example.net") == last.fingerprint


def test_the_key_may_be_a_reference(tls_api: Api, secret: Callable[[str], str]) -> None:
    issued = issue("reference.example.com")
    certificate(tls_api, issued, "reference.example.com", key=f"{{vault://{secret(issued.key)}}}")
    assert fingerprint(tls_api, "reference.example.com") == issued.fingerprint


def test_certificate_and_key_may_be_pieces_of_one_entry(tls_api: Api, secret: Callable[[str], str]) -> None:
    issued = issue("pieces.example.com")
    path = secret(json.dumps({"certificate": issued.cert, "key": issued.key}))
    pieces = {"cert": f"{{vault://{path}/certificate}}", "key": f"{{vault://{path}/key}}"}
    certificate(tls_api, issued, "pieces.example.com", **pieces)
    assert fingerprint(tls_api, "pieces.example.com") == issued.fingerprint


@pytest.mark.parametrize("is_there", [False, True], ids=["lost", "other"])
def test_a_key_that_is_missing_or_another_ends_the_handshake(
    tls_api: Api, secret: Callable[[str], str], is_there: bool
) -> None:
    name = f"{uuid.uuid4()}.example.com"
    path = secret(issue("other.example.com").key) if is_there else f"{PREFIX}/missing"
    certificate(tls_api, issue(name), name, key=f"{{vault://{path}}}")
    assert fingerprint(tls_api, name) == ""


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_a_route_for_https_takes_requests_over_tls(tls_api: Api) -> None:
    service = tls_api.create_entity("services", host="api.example.com")
    tls_api.create_entity("routes", paths=["/secure"], protocols=["https"], service={"id": service["id"]})
    emulator = tls_api.emulator
    assert requests.get(f"{emulator.proxy_url}/secure", timeout=10).status_code == 426
    assert requests.get(f"{emulator.tls_proxy_url}/secure", timeout=10, verify=False).status_code == 200


def test_a_change_is_served_when_it_reaches_the_data_plane(start_emulator: Callable[..., Api]) -> None:
    api = start_emulator("--tls", "--propagation-ms", "600000")
    issued = issue("a.example.com")
    certificate(api, issued, "a.example.com")
    assert fingerprint(api, "a.example.com") != issued.fingerprint
    api.control("PUT", "clock", {"advance_ms": 600000})
    assert fingerprint(api, "a.example.com") == issued.fingerprint


def test_without_the_option_there_is_no_port(connected_api: Api) -> None:
    assert connected_api.emulator.tls_proxy_url == ""
