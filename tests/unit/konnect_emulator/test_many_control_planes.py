# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many control planes in one emulator: each has everything of its own, and none makes the others slower."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from konnect_emulator.api.application import build_api
from konnect_emulator.api.control_planes import new_control_plane
from konnect_emulator.api.entity_paths import nested_path
from konnect_emulator.data_plane.nodes import Nodes
from konnect_emulator.entities.kinds import KINDS
from konnect_emulator.plugins.published_schemas import SchemaCatalog
from konnect_emulator.settings import Settings
from konnect_emulator.state import EmulatorState
from support.entity_cases import KEY

PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"
BODIES: dict[str, dict[str, Any]] = {
    "services": {"name": "s", "host": "example.com"},
    "routes": {"name": "r", "paths": ["/p"]},
    "plugins": {"name": "rate-limiting", "instance_name": "i", "config": {"minute": 5}},
    "vaults": {"name": "env", "prefix": "my-env"},
    "consumers": {"username": "u", "custom_id": "c"},
    "consumer_groups": {"name": "g"},
    "certificates": {"cert": PEM, "key": KEY},
    "ca_certificates": {"cert": PEM},
    "snis": {"name": "example.com"},
    "keys": {"name": "k", "kid": "1", "jwk": '{"kid": "1"}'},
    "key-sets": {"name": "ks"},
    "upstreams": {"name": "upstream.internal"},
    "targets": {"target": "example.com:80", "weight": 10},
    "partials": {"name": "p", "type": "redis-ce", "config": {"host": "localhost"}},
    "acls": {"group": "g"},
    "basic-auths": {"username": "u", "password": "fake-password"},
    "hmac-auths": {"username": "u", "secret": "fake-secret"},
    "jwts": {"key": "k", "secret": "fake-secret"},
    "key-auths": {"key": "fake-key"},
    "mtls-auths": {"subject_name": "a.example.com"},
    "custom-plugins": {"name": "my-plugin", "schema": "return {}", "handler": "return {}"},
    "cloned-plugins": {"name": "my-clone", "ref": "rate-limiting"},
    "degraphql_routes": {"uri": "/users", "query": "query { users }"},
    "graphql-rate-limiting-advanced/costs": {"type_path": "Query.users"},
}
# What the kinds that are written below a parent belong to.
OWNERS = {"targets": "upstreams", "degraphql_routes": "services", "graphql-rate-limiting-advanced/costs": "services"}
ID = "22222222-2222-4222-8222-222222222222"


def collection(api: Any, kind: str) -> str:
    """Return the path at which a kind is written, and create what it is below of."""
    if KINDS[kind].flat_writes:
        return f"/core-entities/{kind}"
    owner = OWNERS.get(kind, "consumers")
    parent = api.create_entity(owner, **BODIES[owner])
    return f"/core-entities/{owner}/{parent['id']}/{nested_path(KINDS[kind])}"


def create(api: Any, kind: str) -> tuple[dict[str, Any], str]:
    """Create the same entity, with the same id, in any control plane; returns it with the path of its list."""
    body = {**BODIES[kind], "id": ID}
    if kind == "snis":
        body["certificate"] = {"id": api.create_entity("certificates", cert=PEM, key=KEY)["id"]}
    path = collection(api, kind)
    return api.create(path, body), path


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_entity_can_be_in_two_control_planes(api: Any, kind: str) -> None:
    other = api.create_control_plane()
    _entity, path = create(api, kind)
    created, _path = create(other, kind)
    assert api("DELETE", f"{path}/{ID}").status_code == 204
    assert without_parents(kind, other.read(f"/core-entities/{kind}/{ID}")) == without_parents(kind, created)


def without_parents(kind: str, entity: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entity.items() if not KINDS[kind].fields[name].foreign}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_entity_can_be_read_replaced_and_deleted(api: Any, kind: str) -> None:
    created, path = create(api, kind)
    change = {"tags": ["replaced"]} if "tags" in KINDS[kind].fields else {}
    for place in (f"/core-entities/{kind}", path):
        assert api.read(f"{place}/{ID}") == created
        assert api("GET", place).json()["data"][0] == created
    replaced = api("PUT", f"{path}/{ID}", {**created, **change})
    assert (replaced.status_code, replaced.json().get("tags")) == (200, change.get("tags"))
    assert api("DELETE", f"{path}/{ID}").status_code == 204
    assert api("GET", f"{path}/{ID}").status_code == 404


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not KINDS[kind].flat_writes])
def test_what_belongs_to_a_parent_is_written_only_below_it_and_goes_with_it(api: Any, kind: str) -> None:
    _entity, path = create(api, kind)
    assert api("POST", f"/core-entities/{kind}", BODIES[kind]).status_code == 405
    assert api("PUT", f"/core-entities/{kind}/{ID}", BODIES[kind]).status_code == 405
    parent = path.rsplit("/", nested_path(KINDS[kind]).count("/") + 1)[0]
    assert api("DELETE", f"{parent}?force=true").status_code == 204
    assert api("GET", f"/core-entities/{kind}").json()["data"] == []
    assert api("GET", path).status_code == 404


def test_config_stores_and_secrets_are_not_shared(api: Any) -> None:
    store = f"/config-stores/{api.create_store()}"
    api.create(f"{store}/secrets", {"key": "a", "value": "b"})
    other = api.create_control_plane()
    assert other("GET", "/config-stores").json()["data"] == []
    assert other("GET", f"{store}/secrets/a").status_code == 404


def test_a_new_control_plane_with_a_former_name_is_empty(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator()
    api.create_entity("consumers", username="one")
    api("DELETE", "")
    again = api.control_planes("POST", body={"name": "quickstart"}).json()
    listed = api.control_planes("GET", f"/{again['id']}/core-entities/consumers")
    assert listed.json()["data"] == []


def state_with(count: int, deleted: int = 0) -> EmulatorState:
    """Return a state with ``count`` control planes, after ``deleted`` others were deleted."""
    state = EmulatorState(keep_ms=1000)
    for number in range(count + deleted):
        state.add(partial(new_control_plane, {"name": f"number-{number}"}))
    for control_plane in list(state.control_planes)[count:]:
        state.remove(control_plane)
    return state


def fastest_seconds(state: EmulatorState) -> float:
    """Return the best of several times in which the API finds a control plane by name and lists something in it."""
    control_plane = state.find_by_name("number-2")
    assert control_plane is not None
    paths = ("?filter[name][eq]=number-2", f"/{control_plane.record['id']}/core-entities/services")

    async def measure() -> float:
        settings = Settings()
        app = build_api(state, settings, SchemaCatalog(), Nodes(state, settings), None)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator/v2/control-planes") as client:
            client.headers["Authorization"] = f"Bearer {Settings.token}"
            times = []
            for _time in range(50):
                started = time.perf_counter()
                for path in paths:
                    assert (await client.get(path)).status_code == 200
                times.append(time.perf_counter() - started)
            return min(times)

    return asyncio.run(measure())


@pytest.mark.parametrize(("count", "deleted"), [(2000, 0), (3, 2000)], ids=["left", "deleted"])
def test_thousands_of_control_planes_slow_nothing_down(count: int, deleted: int) -> None:
    assert fastest_seconds(state_with(count, deleted)) < 3 * fastest_seconds(state_with(3))
