# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every path and method of Kong's API description, flat and nested: entities are made, read, replaced and removed.

Skips where that file is not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from support.entity_cases import KEY
from support.shared import OPENAPI, needs

CONFIG_API = OPENAPI / "control-planes-config-v2.yaml"
PREFIX = "/control-planes/{controlPlaneId}"
STATUS = {"get": {200}, "post": {201}, "put": {200, 201}, "delete": {204}}
ORDER = ["post", "get", "put", "delete"]

# By the path of the list, below a parent if there is one: the body of a new entity, from a number that makes it unique
# and the ids of others by the names of parameters.
BODIES: dict[str, Callable[[int, dict[str, str]], dict[str, Any]]] = {
    "acls": lambda number, ids: {"group": f"group-{number}"},
    "basic-auth": lambda number, ids: {"username": f"user-{number}", "password": "fake-password"},
    "ca_certificates": lambda number, ids: {"cert": pem(number)},
    "certificates": lambda number, ids: {"cert": pem(number), "key": KEY},
    "config-stores": lambda number, ids: {"name": f"store-{number}"},
    "consumer_groups/consumers": lambda number, ids: {"consumer": ids["ConsumerId"]},
    "consumer_groups": lambda number, ids: {"name": f"group-{number}"},
    "consumers/consumer_groups": lambda number, ids: {"group": ids["another group"]},
    "consumers": lambda number, ids: {"username": f"user-{number}"},
    "costs": lambda number, ids: {"type_path": f"Query.field{number}"},
    "custom-plugins": lambda number, ids: {"name": f"custom-{number}", "schema": lua(number), "handler": "return {}"},
    "degraphql/routes": lambda number, ids: {"uri": f"/{number}", "query": "query { users }"},
    "dp-client-certificates": lambda number, ids: {"cert": pem(number)},
    "hmac-auth": lambda number, ids: {"username": f"user-{number}"},
    "jwt": lambda number, ids: {"key": f"issuer-{number}"},
    "key-auth": lambda number, ids: {"key": f"fake-key-{number}"},
    "key-sets": lambda number, ids: {"name": f"set-{number}"},
    "keys": lambda number, ids: {"kid": str(number), "name": f"key-{number}", "pem": {"public_key": pem(number)}},
    "mtls-auth": lambda number, ids: {"subject_name": f"user-{number}@example.com"},
    "partials": lambda number, ids: {"name": f"p-{number}", "type": "redis-ce", "config": {"host": "localhost"}},
    "plugin-schemas": lambda number, ids: {"lua_schema": lua(number)},
    "plugins": lambda number, ids: {"name": "rate-limiting", "config": {"minute": 5}},
    "routes": lambda number, ids: {"paths": [f"/{number}"]},
    "secrets": lambda number, ids: {"key": f"key-{number}", "value": "fake-value"},
    "services": lambda number, ids: {"host": "example.com"},
    "snis": lambda number, ids: {"name": f"a{number}.example.com", "certificate": {"id": ids["CertificateId"]}},
    "targets": lambda number, ids: {"target": f"192.0.2.{number}:8080"},
    "upstreams": lambda number, ids: {"name": f"upstream-{number}"},
    "validate": lambda number, ids: {"host": "example.com"},
    "vaults": lambda number, ids: {"name": "env", "prefix": f"vault-{number}"},
}


def pem(number: int) -> str:
    return f"-----BEGIN CERTIFICATE-----\nMA{chr(65 + number % 26)}{chr(65 + number // 26)}\n-----END CERTIFICATE-----"


def lua(number: int) -> str:
    return f'return {{ name = "custom-{number}", fields = {{ {{ config = {{ type = "record", fields = {{}} }} }} }} }}'


class Walk:
    """Goes through the paths, and keeps the ids of what it makes by the parameters that stand for them."""

    def __init__(self, api: Any) -> None:
        self._api = api
        [node] = api("GET", "/nodes").json()["items"]
        self._ids = {"nodeId": node["id"], "entityName": "service", "pluginName": "ai-proxy", "partialType": "redis-ee"}
        self._ids["another group"] = api.create_entity("consumer_groups", name="another")["id"]
        self._made: dict[str, tuple[str, dict[str, Any]]] = {}
        self._numbers = count(1)

    def send(self, method: str, path: str) -> str | None:
        """Send one request; returns what is wrong with its response."""
        below, body = path.rpartition("/{")[0], None
        if method == "post":
            body = self._body(path)
        elif method == "put":
            body = self._made[below][1]
        response = self._api(method.upper(), self._filled(path), body)
        expected = {200} if path.endswith("/validate") else STATUS[method]
        if response.status_code not in expected:
            return f"{method} {path}: {response.status_code} {response.text}"
        if method == "post" and body is not None:
            found = response.json()
            self._made[path] = (_id(found.get("item", found), self._ids), body)
        return None

    def name(self, path: str, parameter: str) -> None:
        """Let a parameter stand for what was made in a list."""
        if path in self._made:
            self._ids.setdefault(parameter, self._made[path][0])

    def _body(self, path: str) -> dict[str, Any]:
        words = [word for word in path.split("/") if not word.startswith("{")]
        last = next(word for word in ("/".join(words[-2:]), words[-1]) if word in BODIES)
        return BODIES[last](next(self._numbers), self._ids)

    def _filled(self, path: str) -> str:
        below, brace, _leaf = path.rpartition("/{")
        if brace and path.endswith("}") and below in self._made:
            return f"{self._filled(below)}/{self._made[below][0]}"
        return re.sub(r"{(\w+?)(ForNestedEntities|ForTarget)?}", lambda found: self._ids[found[1]], path)


def _id(found: dict[str, Any], ids: dict[str, str]) -> str:
    """The id of what was made; of a membership, that of the member."""
    if "consumer_groups" in found:
        return ids["another group"]
    return str(found.get("id") or found.get("key") or found.get("name") or ids["ConsumerId"])


@needs(CONFIG_API)
@pytest.mark.exhaustive
def test_every_path_and_method_of_the_api_description_is_answered(start_emulator: Callable[..., Any]) -> None:
    yaml = pytest.importorskip("yaml")
    found = yaml.load(CONFIG_API.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["paths"]
    paths = {path.removeprefix(PREFIX): methods for path, methods in found.items()}
    # Parents before what is below them, flat lists before nested ones.
    lists = sorted((path for path in paths if "post" in paths[path]), key=lambda path: (path.count("/"), path))
    walk, wrong = Walk(start_emulator()), []
    for path in lists:
        wrong.append(walk.send("post", path))
        for leaf in (other for other in paths if other.startswith(f"{path}/{{") and other.endswith("}")):
            walk.name(path, re.sub("ForNestedEntities|ForTarget", "", leaf[len(path) + 2 : -1]))
    for method in ("get", "put"):
        wrong += [walk.send(method, path) for path in paths if method in paths[path]]
    deepest_first = sorted(paths, key=lambda path: -path.count("/"))
    wrong += [walk.send("delete", path) for path in deepest_first if "delete" in paths[path]]
    assert [line for line in wrong if line] == []
    assert sum(method in STATUS for methods in paths.values() for method in methods) > 200
