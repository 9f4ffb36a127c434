# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AI Gateways follow Kong's API description: what it allows is taken, what it forbids is not, and responses conform.

Skips where that file is not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ai_gateway_schemas
import pytest

from konnect_emulator.ai_gateways import schemas
from konnect_emulator.ai_gateways.kinds import KINDS
from konnect_emulator.launch import Running
from support.example_bodies import Examples
from support.shared import OPENAPI, needs
from support.validating_proxy import AI_GATEWAYS, NEEDS_PROXY, reset, validating_proxy, violations

from .test_ai_gateways import Gateway, connect, provider_body

DESCRIPTION = OPENAPI / "ai-gateways-v1.yaml"
# Reading the description takes this process, and the proxy, some seconds.
pytestmark = [
    needs(DESCRIPTION),
    *NEEDS_PROXY,
    pytest.mark.exhaustive,
    pytest.mark.xdist_group("official API of AI Gateways"),
]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(DESCRIPTION.read_text(encoding="utf-8"), Loader=loader)
    return found


@pytest.fixture(scope="module")
def proxy(emulator: Running) -> Iterator[str]:
    with validating_proxy(emulator.konnect_url, AI_GATEWAYS) as url:
        yield url


@pytest.fixture
def validated(emulator: Running, proxy: str) -> Iterator[Gateway]:
    """A client of a new gateway, through a proxy; every violation of the description fails the test.

    The description asks for the key in responses about certificates, and says that no response has it.
    """
    gateway = Gateway(emulator)
    reset(proxy)
    yield Gateway(emulator, gateway.id, proxy)
    assert [
        found for found in violations(proxy) if not ("/certificates" in found[1] and "'required'" in found[4])
    ] == []


def test_the_rules_are_those_of_the_description(description: dict[str, Any]) -> None:
    made = ai_gateway_schemas.as_text(ai_gateway_schemas.request_schemas(description))
    assert made == schemas.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("full", [False, True], ids=["small", "full"])
@pytest.mark.parametrize("segment", KINDS)
def test_every_type_of_every_kind(validated: Gateway, description: dict[str, Any], segment: str, full: bool) -> None:
    kind = KINDS[segment]
    if segment == "models":
        validated.create("/model-providers", **provider_body(name="text"))
    for number, body in enumerate(Examples(description).bodies(f"CreateAIGateway{kind.schema}Request", full=full)):
        if kind.is_unique:
            body["name"] = f"name-{number}"
        created = validated.create(f"/{segment}", **body)
        path = f"/{segment}/{created['id']}"
        assert validated("GET", path).json() == created
        if kind.can_replace:
            assert validated("PUT", path, body).status_code == 200
    assert len(validated("GET", f"/{segment}", **{"page[size]": 100}).json()["data"]) == number + 1
    assert validated("DELETE", path).status_code == 204
    assert validated("GET", path).status_code == 404


def test_config_stores_and_secrets(validated: Gateway) -> None:
    store = validated.create("/config-stores", name="a-store", display_name="A-store")
    path = f"/config-stores/{store['id']}"
    assert validated("PUT", path, {"display_name": "B", "labels": {"a": "b"}}).json()["display_name"] == "B"
    validated.create(f"{path}/secrets", key="a", value="b")
    assert validated("PUT", f"{path}/secrets/a", {"value": "c"}).status_code == 200
    for read in (path, f"{path}/secrets", f"{path}/secrets/a", "/config-stores"):
        assert validated("GET", read).status_code == 200
    assert validated("DELETE", path).status_code == 400
    assert validated("DELETE", f"{path}/secrets/a").status_code == 204
    assert validated("DELETE", path).status_code == 204


def test_gateways_nodes_and_versions(validated: Gateway) -> None:
    first = validated("GET").json()
    assert validated("PUT", "", {"name": first["name"], "display_name": "B", "labels": {"a": "b"}}).status_code == 200
    connect(validated)
    (node,) = validated("GET", "/nodes").json()["data"]
    assert validated("GET", f"/nodes/{node['id']}").status_code == 200
    assert validated("GET", "/expected-config-version").json()["expected_config_version"] == node["config_version"]


def test_credentials_groups_and_snis(validated: Gateway) -> None:
    consumer = validated.create("/consumers", name="c", display_name="C", type="api-key")["id"]
    path = f"/consumers/{consumer}/credentials"
    credential = validated.create(path, name="k", display_name="K", type="api-key")["id"]
    assert validated("GET", path).status_code == validated("GET", f"{path}/{credential}").status_code == 200
    group = validated.create("/consumer-groups", name="g", display_name="G")["id"]
    validated.create(f"/consumer-groups/{group}/consumers", consumer="c")
    assert validated("GET", f"/consumer-groups/{group}/consumers").status_code == 200
    assert validated("PUT", "/consumers/c/consumer-groups", {"consumer_groups": []}).status_code == 201
    assert validated("DELETE", f"{path}/{credential}").status_code == 204


@pytest.mark.parametrize("segment", KINDS)
def test_what_the_description_forbids_is_refused(emulator: Running, description: dict[str, Any], segment: str) -> None:
    gateway = Gateway(emulator)
    names = f"CreateAIGateway{KINDS[segment].schema}Request"
    for body in Examples(description).bodies(names):
        for field in body:
            without = {name: value for name, value in body.items() if name != field}
            assert gateway("POST", f"/{segment}", without).status_code == 400, (body, field)
        assert gateway("POST", f"/{segment}", {**body, "name": "_ /"}).status_code in (201, 400)
