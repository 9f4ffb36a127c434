# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests and responses follow Kong's published API descriptions, as a validating proxy between them finds.

Skips where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from konnect_emulator.launch import Running
from support.entity_cases import KEY
from support.shared import OPENAPI
from support.validating_proxy import NEEDS_PROXY, reset, validating_proxy, violations

CONFIG_API = OPENAPI / "control-planes-config-v2.yaml"

PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"

pytestmark = NEEDS_PROXY


@pytest.fixture(scope="module")
def proxy(emulator: Running) -> Iterator[str]:
    with validating_proxy(emulator.konnect_url) as url:
        yield url


@pytest.fixture
def validated(proxy: str, api: Any) -> Iterator[Any]:
    """A client through the proxy; every violation of the API description fails the test."""
    reset(proxy)
    yield type(api)(api.emulator, api.control_plane_id, proxy)
    assert violations(proxy) == []


def test_tutorial(validated: Any) -> None:
    store_id = validated.create("/config-stores", {"name": "my-config-store"})["id"]
    vault = {"name": "konnect", "prefix": "mysecretvault", "config": {"config_store_id": store_id}}
    validated.create_entity("vaults", description="Storing secrets in Konnect", **vault)
    secrets = f"/config-stores/{store_id}/secrets"
    validated.create(secrets, {"key": "mistral-key", "value": "Bearer key"})
    service = validated.create_entity("services", name="example-service", host="httpbin.konghq.com", path="/anything")
    route = validated.create_entity("routes", name="example-route", paths=["/anything"], service={"id": service["id"]})
    config = {
        "route_type": "llm/v1/chat",
        "auth": {"header_name": "Authorization", "header_value": "{vault://mysecretvault/mistral-key}"},
        "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
    }
    validated.create_entity("plugins", name="ai-proxy", enabled=True, config=config, route={"id": route["id"]})
    assert validated("GET", "/expected-config-version").status_code == 200
    assert validated("GET", "/nodes").status_code == 200


def test_config_stores(validated: Any) -> None:
    for count in range(6):
        store = f"/config-stores/{validated.create('/config-stores', {'name': f'store-{count}'})['id']}"
    assert validated("GET", "/config-stores", params={"page[size]": 5}).json()["meta"]["page"]["next"]
    assert "name" not in validated.create("/config-stores", {})
    assert validated("PUT", store, {"name": "renamed"}).status_code == 200
    assert validated("GET", store).json()["name"] == "renamed"
    assert validated("DELETE", store).status_code == 204


def test_secrets(validated: Any) -> None:
    store = f"/config-stores/{validated.create_store()}"
    assert validated("PUT", f"{store}/secrets/a", {"value": "one"}).status_code == 201
    assert validated("PUT", f"{store}/secrets/a", {"value": "two"}).status_code == 200
    assert validated("GET", f"{store}/secrets/a").status_code == 200
    assert validated("GET", f"{store}/secrets").status_code == 200
    assert validated("DELETE", store).status_code == 400
    assert validated("DELETE", f"{store}/secrets/a").status_code == 204
    assert validated("GET", f"{store}/secrets/a").status_code == 404


def test_control_planes(validated: Any) -> None:
    body = {"name": f"control-plane-{uuid.uuid4()}", "labels": {"env": "test"}}
    path = f"/{validated.control_planes('POST', body=body).json()['id']}"
    assert validated.control_planes("PATCH", path, {"description": "changed"}).status_code == 200
    assert validated.control_planes("POST", body={"name": body["name"]}).status_code == 409
    assert validated.control_planes("GET", params={"page[size]": 100, "page[number]": 1}).json()["data"]
    assert validated.control_planes("DELETE", path).status_code == 204
    assert validated.control_planes("GET", path).status_code == 404


def _certificate(api: Any) -> dict[str, Any]:
    return {"certificate": {"id": api.create_entity("certificates", cert=PEM, key=KEY)["id"]}}


BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "services": lambda api: {"name": "s", "host": "example.com", "path": "/path", "tags": ["a"]},
    "routes": lambda api: {"name": "r", "paths": ["/p"], "headers": {"x-a": ["b"]}, "service": _service(api)},
    "plugins": lambda api: {"name": "rate-limiting", "config": {"minute": 5}, "service": _service(api)},
    "vaults": lambda api: {"name": "env", "prefix": "my-env", "config": {"prefix": "A_"}},
    "consumers": lambda api: {"username": "u", "custom_id": "c"},
    "consumer_groups": lambda api: {"name": "g"},
    "certificates": lambda api: {"cert": PEM, "key": KEY, "tags": ["t"]},
    "ca_certificates": lambda api: {"cert": PEM},
    "snis": lambda api: {"name": "example.com", **_certificate(api)},
    "keys": lambda api: {"name": "k", "kid": "1", "pem": {"public_key": "-----BEGIN", "private_key": "-----BEGIN"}},
    "key-sets": lambda api: {"name": "ks"},
    "upstreams": lambda api: {"name": "upstream.internal", "healthchecks": {"active": {"concurrency": 5}}},
    "partials": lambda api: {"name": "p", "type": "redis-ce", "config": {"host": "localhost"}},
}


def _service(api: Any) -> dict[str, str]:
    return {"id": api.create_entity("services", host="parent.internal")["id"]}


@pytest.mark.parametrize("kind", BODIES)
def test_core_entities(validated: Any, kind: str) -> None:
    body = BODIES[kind](validated)
    created = validated.create_entity(kind, **body)
    path = f"/core-entities/{kind}/{created['id']}"
    assert validated.read(path) == created
    replaced = validated("PUT", path, {**body, "tags": ["replaced"]})
    assert replaced.status_code == 200 and replaced.json()["tags"] == ["replaced"]
    assert validated("GET", f"/core-entities/{kind}", params={"size": 10}).json()["data"]
    assert validated("DELETE", path).status_code == 204
    assert validated("GET", path).status_code == 404


def test_nested_collections(validated: Any) -> None:
    service = _service(validated)["id"]
    routes = f"/core-entities/services/{service}/routes"
    route = validated.create(routes, {"paths": ["/nested"]})
    assert validated("GET", routes).json()["data"] == [route]
    plugin = validated.create(f"/core-entities/routes/{route['id']}/plugins", {"name": "cors"})
    assert validated("GET", f"/core-entities/routes/{route['id']}/plugins/{plugin['id']}").json() == plugin
    assert validated("DELETE", f"{routes}/{route['id']}").status_code == 204


def test_every_list_is_there(validated: Any) -> None:
    """Each GET of the description that returns a list, below parents that exist."""
    yaml = pytest.importorskip("yaml")
    paths = yaml.load(CONFIG_API.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["paths"]
    parents = {kind: validated.create_entity(kind, **body(validated))["id"] for kind, body in BODIES.items()}
    parents["config-stores"] = validated.create_store()
    checked = 0
    for path in (path.split("{controlPlaneId}")[1] for path, methods in paths.items() if "get" in methods):
        *outer, last = path.strip("/").split("/")
        if last.startswith("{") or any(part in path for part in ("/expected-config-", "/schemas/", "/plugin-schemas")):
            continue
        segments = [parents[outer[index - 1]] if part.startswith("{") else part for index, part in enumerate(outer)]
        response = validated("GET", f"/{'/'.join([*segments, last])}")
        assert response.status_code == 200, path
        checked += 1
    assert checked > 40


def test_schemas(validated: Any) -> None:
    assert validated("GET", "/core-entities/schemas/plugins/ai-proxy").status_code == 200
    assert validated("POST", "/core-entities/schemas/vault/validate", {"name": "env", "prefix": "p1"}).json() == {}


def test_partials(validated: Any) -> None:
    partial = validated.create_entity(
        "partials", name="my-redis", type="redis-ce", config={"host": "redis.example.com"}
    )
    config = {"minute": 5, "policy": "redis"}
    plugin = validated.create_entity("plugins", name="rate-limiting", config=config, partials=[{"id": partial["id"]}])
    path = f"/core-entities/partials/{partial['id']}"
    assert validated("GET", f"{path}/links").json()["data"] == [{"id": plugin["id"], "name": "rate-limiting"}]
    assert validated("DELETE", path).status_code == 403
    expand = {"expand_partials": "true"}
    assert validated("GET", f"/core-entities/plugins/{plugin['id']}", params=expand).status_code == 200
    assert validated("GET", "/core-entities/schemas/partials/redis-ee").status_code == 200


@pytest.fixture(scope="module")
def error_schemas() -> dict[str, Any]:
    """The components of the API description."""
    yaml = pytest.importorskip("yaml")
    found = yaml.load(CONFIG_API.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    components: dict[str, Any] = found["components"]
    return components


@pytest.mark.parametrize(
    ("schema", "status", "method", "path", "options"),
    [
        ("BadRequestError", 400, "POST", "/config-stores", {"body": {"name": "", "other": 1}}),
        ("BadRequestError", 400, "POST", "/config-stores", {"body": {"name": "x" * 101}}),
        ("BadRequestError", 400, "POST", "{secrets}", {"body": {"key": 1}}),
        ("BadRequestError", 400, "DELETE", "{store}", {}),
        ("BadRequestError", 400, "DELETE", "{store}", {"params": {"force": "maybe"}}),
        ("BadRequestError", 400, "GET", "/config-stores", {"params": {"page[size]": "x"}}),
        ("BadRequestError", 400, "GET", "/config-stores", {"params": {"page[after]": "nonsense"}}),
        ("BadRequestError", 400, "PATCH", "", {"body": {"name": "x", "id": "y", "labels": {"_": 1}}}),
        ("BadRequestError", 400, "PATCH", "", {"body": {"name": "x", "auth_type": "y", "labels": {"_": 1}}}),
        ("UnauthorizedError", 401, "GET", "/config-stores", {"headers": {"Authorization": "Bearer no"}}),
        ("NotFoundError", 404, "GET", "{secrets}/missing", {}),
        ("BaseError", 409, "POST", "{secrets}", {"body": {"key": "a", "value": "b"}}),
        ("UnsupportedMediaTypeError", 415, "POST", "{secrets}", {"headers": {"Content-Type": "text/plain"}}),
    ],
)
def test_a_problem_follows_its_schema(
    api: Any, error_schemas: dict[str, Any], schema: str, status: int, method: str, path: str, options: dict[str, Any]
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    store = f"/config-stores/{api.create_store()}"
    api.create(f"{store}/secrets", {"key": "a", "value": "b"})
    response = api(method, path.format(store=store, secrets=f"{store}/secrets"), **options)
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    reference = {"$ref": f"#/components/schemas/{schema}", "components": error_schemas}
    jsonschema.Draft202012Validator(reference).validate(response.json())


def test_nodes(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "node_count=3", "--set", "stale_nodes=1")
    with validating_proxy(api.emulator.konnect_url) as proxy:
        through = type(api)(api.emulator, api.control_plane_id, proxy)
        first = through("GET", "/nodes", params={"page[size]": 2}).json()
        rest = through("GET", "/nodes", params={"page[size]": 2, "page[after]": first["page"]["next"]}).json()
        assert len(first["items"] + rest["items"]) == 3
        assert through("GET", f"/nodes/{rest['items'][0]['id']}").status_code == 200
        assert through("GET", "/expected-config-hash").status_code == 200
        assert violations(proxy) == []


def test_no_switch_shows_a_null_that_the_description_forbids(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "top_level_nulls=true")
    with validating_proxy(api.emulator.konnect_url) as proxy:
        through = type(api)(api.emulator, api.control_plane_id, proxy)
        for kind, body in BODIES.items():
            assert None in through.create_entity(kind, **body(through)).values()
        assert violations(proxy) == []
