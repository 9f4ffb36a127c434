# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator against Kong's published API descriptions, by way of a validating proxy.

Skips where these files are not at hand (environment variable KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from konnect_emulator.launch import Running

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared")
PROXY = SHARED / "tools" / "validating_proxy.py"
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"

pytestmark = [
    pytest.mark.skipif(not PROXY.is_file(), reason=f"no validating proxy at {PROXY} (KONNECT_SHARED)"),
    pytest.mark.skipif(importlib.util.find_spec("openapi_core") is None, reason="openapi-core is not installed"),
]


@contextmanager
def validating_proxy(konnect_url: str) -> Iterator[str]:
    """The URL of a validating proxy in front of an emulator."""
    arguments = [sys.executable, str(PROXY), "--listen", "127.0.0.1:0", "--upstream", konnect_url]
    for name in ("control-planes-config-v2.yaml", "control-planes-v2.yaml"):
        arguments += ["--spec", str(SHARED / "openapi" / name)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        yield f"http://{line.split(' on ')[1].split(' ')[0]}"
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def violations(proxy: str) -> list[list[Any]]:
    """What the proxy found, but for what it cannot do: decode problem+json, read ``filter`` (a deepObject)."""
    report = requests.get(f"{proxy}/__violations", timeout=30).json()
    assert report["requests"] > 0
    return [
        [item[name] for name in ("method", "path", "status", "kind", "message")]
        for item in report["items"]
        if item["severity"] == "error"
        and (item["status"] < 400 or "/core-entities/" in item["path"])
        and "('deepObject', 'filter')" not in item["message"]
    ]


@pytest.fixture(scope="module")
def proxy(emulator: Running) -> Iterator[str]:
    with validating_proxy(emulator.konnect_url) as url:
        yield url


@pytest.fixture
def checked(proxy: str, api: Any) -> Iterator[Any]:
    """The client, through the proxy; every violation of the API description fails the test."""
    requests.delete(f"{proxy}/__violations", timeout=30)
    yield type(api)(api.emulator, api.control_plane_id, proxy)
    assert violations(proxy) == []


def test_tutorial(checked: Any) -> None:
    store_id = checked.made("/config-stores", {"name": "my-config-store"})["id"]
    vault = {"name": "konnect", "prefix": "mysecretvault", "config": {"config_store_id": store_id}}
    checked.entity("vaults", description="Storing secrets in Konnect", **vault)
    secrets = f"/config-stores/{store_id}/secrets"
    checked.made(secrets, {"key": "mistral-key", "value": "Bearer key"})
    service = checked.entity("services", name="example-service", host="httpbin.konghq.com", path="/anything")
    route = checked.entity("routes", name="example-route", paths=["/anything"], service={"id": service["id"]})
    config = {
        "route_type": "llm/v1/chat",
        "auth": {"header_name": "Authorization", "header_value": "{vault://mysecretvault/mistral-key}"},
        "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
    }
    checked.entity("plugins", name="ai-proxy", enabled=True, config=config, route={"id": route["id"]})
    assert checked("GET", "/expected-config-version").status_code == 200
    assert checked("GET", "/nodes").status_code == 200


def test_config_stores(checked: Any) -> None:
    for count in range(12):
        checked.made("/config-stores", {"name": f"store-{count}"})
    first = checked("GET", "/config-stores", params={"page[size]": 5}).json()
    assert first["meta"]["page"]["next"]
    store_id = checked.made("/config-stores", {})["id"]
    assert checked("PUT", f"/config-stores/{store_id}", {"name": "named"}).status_code == 200
    assert checked("GET", f"/config-stores/{store_id}").json()["name"] == "named"
    secrets = f"/config-stores/{store_id}/secrets"
    assert checked("PUT", f"{secrets}/a", {"value": "one"}).status_code == 201
    assert checked("PUT", f"{secrets}/a", {"value": "two"}).status_code == 200
    assert checked("GET", f"{secrets}/a").status_code == 200
    assert checked("GET", secrets).status_code == 200
    assert checked("DELETE", f"/config-stores/{store_id}").status_code == 400
    assert checked("DELETE", f"{secrets}/a").status_code == 204
    assert checked("GET", f"{secrets}/a").status_code == 404
    assert checked("DELETE", f"/config-stores/{store_id}").status_code == 204


def test_control_planes(checked: Any) -> None:
    made = checked.top("POST", body={"name": f"cp-{uuid.uuid4()}", "labels": {"env": "test"}}).json()
    assert checked.top("PATCH", f"/{made['id']}", {"description": "changed"}).status_code == 200
    assert checked.top("POST", body={"name": made["name"]}).status_code == 409
    assert checked.top("GET", params={"page[size]": 100, "page[number]": 1}).json()["data"]
    assert checked.top("DELETE", f"/{made['id']}").status_code == 204
    assert checked.top("GET", f"/{made['id']}").status_code == 404


def _certificate(api: Any) -> dict[str, Any]:
    return {"certificate": {"id": api.entity("certificates", cert=PEM, key=PEM)["id"]}}


BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "services": lambda api: {"name": "s", "host": "example.com", "path": "/path", "tags": ["a"]},
    "routes": lambda api: {"name": "r", "paths": ["/p"], "headers": {"x-a": ["b"]}, "service": _service(api)},
    "plugins": lambda api: {"name": "rate-limiting", "config": {"minute": 5}, "service": _service(api)},
    "vaults": lambda api: {"name": "env", "prefix": "my-env", "config": {"prefix": "A_"}},
    "consumers": lambda api: {"username": "u", "custom_id": "c"},
    "consumer_groups": lambda api: {"name": "g"},
    "certificates": lambda api: {"cert": PEM, "key": PEM, "tags": ["t"]},
    "ca_certificates": lambda api: {"cert": PEM},
    "snis": lambda api: {"name": "example.com", **_certificate(api)},
    "keys": lambda api: {"name": "k", "kid": "1", "pem": {"public_key": "-----BEGIN", "private_key": "-----BEGIN"}},
    "key-sets": lambda api: {"name": "ks"},
    "upstreams": lambda api: {"name": "upstream.internal", "healthchecks": {"active": {"concurrency": 5}}},
    "partials": lambda api: {"name": "p", "type": "redis-ce", "config": {"host": "localhost"}},
}


def _service(api: Any) -> dict[str, str]:
    return {"id": api.entity("services", host="parent.internal")["id"]}


@pytest.mark.parametrize("kind", BODIES)
def test_core_entities(checked: Any, kind: str) -> None:
    body = BODIES[kind](checked)
    made = checked.entity(kind, **body)
    path = f"/core-entities/{kind}/{made['id']}"
    assert checked("GET", path).json() == made
    replaced = checked("PUT", path, {**body, "tags": ["replaced"]})
    assert replaced.status_code == 200 and replaced.json()["tags"] == ["replaced"]
    assert checked("GET", f"/core-entities/{kind}", params={"size": 10}).json()["data"]
    assert checked("DELETE", path).status_code == 204
    assert checked("GET", path).status_code == 404


def test_nested(checked: Any) -> None:
    service = _service(checked)["id"]
    routes = f"/core-entities/services/{service}/routes"
    route = checked.made(routes, {"paths": ["/nested"]})
    assert checked("GET", routes).json()["data"] == [route]
    plugin = checked.made(f"/core-entities/routes/{route['id']}/plugins", {"name": "cors"})
    assert checked("GET", f"/core-entities/routes/{route['id']}/plugins/{plugin['id']}").json() == plugin
    assert checked("DELETE", f"{routes}/{route['id']}").status_code == 204


def test_schemas(checked: Any) -> None:
    assert checked("GET", "/core-entities/schemas/plugins/ai-proxy").status_code == 200
    assert checked("POST", "/core-entities/schemas/vault/validate", {"name": "env", "prefix": "p1"}).json() == {}


def test_partials(checked: Any) -> None:
    partial = checked.entity("partials", name="my-redis", type="redis-ce", config={"host": "redis.example.com"})
    config = {"minute": 5, "policy": "redis"}
    plugin = checked.entity("plugins", name="rate-limiting", config=config, partials=[{"id": partial["id"]}])
    path = f"/core-entities/partials/{partial['id']}"
    assert checked("GET", f"{path}/links").json()["data"] == [{"id": plugin["id"], "name": "rate-limiting"}]
    assert checked("DELETE", path).status_code == 403
    expand = {"expand_partials": "true"}
    assert checked("GET", f"/core-entities/plugins/{plugin['id']}", params=expand).status_code == 200
    assert checked("GET", "/core-entities/schemas/partials/redis-ee").status_code == 200


def test_problems(api: Any) -> None:
    """Every problem+json answer is what the description's error schemas ask for."""
    yaml = pytest.importorskip("yaml")
    jsonschema = pytest.importorskip("jsonschema")
    text = (SHARED / "openapi" / "control-planes-config-v2.yaml").read_text(encoding="utf-8")
    components = yaml.safe_load(text)["components"]

    def check(schema: str, response: requests.Response, status: int) -> None:
        assert response.status_code == status, response.text
        assert response.headers["Content-Type"] == "application/problem+json"
        reference = {"$ref": f"#/components/schemas/{schema}", "components": components}
        jsonschema.Draft202012Validator(reference).validate(response.json())

    store = api.store()
    secrets = f"/config-stores/{store}/secrets"
    api.made(secrets, {"key": "a", "value": "b"})
    check("BadRequestError", api("POST", "/config-stores", {"name": "", "other": 1}), 400)
    check("BadRequestError", api("POST", "/config-stores", {"name": "x" * 101}), 400)
    check("BadRequestError", api("POST", secrets, {"key": 1}), 400)
    check("BadRequestError", api("DELETE", f"/config-stores/{store}"), 400)
    check("BadRequestError", api("DELETE", f"/config-stores/{store}", params={"force": "maybe"}), 400)
    check("BadRequestError", api("GET", "/config-stores", params={"page[size]": "x"}), 400)
    check("BadRequestError", api("GET", "/config-stores", params={"page[after]": "nonsense"}), 400)
    check("BadRequestError", api.top("POST", body={"name": "x", "id": "y", "labels": {"_": 1}}), 400)
    check("BadRequestError", api.top("POST", body={"name": "x", "cluster_type": "y", "labels": {"_": 1}}), 400)
    check("BadRequestError", api.top("GET", "/not-an-id"), 400)
    check("UnauthorizedError", api("GET", "/config-stores", headers={"Authorization": "Bearer no"}), 401)
    check("NotFoundError", api("GET", f"{secrets}/missing"), 404)
    check("BaseError", api("POST", secrets, {"key": "a", "value": "b"}), 409)
    check("UnsupportedMediaTypeError", api("POST", secrets, headers={"Content-Type": "text/plain"}), 415)


def test_nodes(start: Callable[..., Any]) -> None:
    api = start("--set", "node_count=3", "--set", "stale_nodes=1")
    with validating_proxy(api.emulator.konnect_url) as proxy:
        through = type(api)(api.emulator, api.control_plane_id, proxy)
        first = through("GET", "/nodes", params={"page[size]": 2}).json()
        rest = through("GET", "/nodes", params={"page[size]": 2, "page[after]": first["page"]["next"]}).json()
        assert len(first["items"] + rest["items"]) == 3
        assert through("GET", f"/nodes/{rest['items'][0]['id']}").status_code == 200
        assert through("GET", "/expected-config-hash").status_code == 200
        assert violations(proxy) == []


def test_unset_fields_as_nulls(start: Callable[..., Any]) -> None:
    """The switch ``top_level_nulls`` shows nothing that the description forbids to be null."""
    api = start("--set", "top_level_nulls=true")
    with validating_proxy(api.emulator.konnect_url) as proxy:
        through = type(api)(api.emulator, api.control_plane_id, proxy)
        for kind, body in BODIES.items():
            assert None in through.entity(kind, **body(through)).values()
        assert violations(proxy) == []
