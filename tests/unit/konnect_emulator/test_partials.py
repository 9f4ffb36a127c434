# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Partials: what the links of a plugin mean, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from konnect_emulator.data_plane import RunningConfig
from konnect_emulator.official_schemas import Catalog
from konnect_emulator.partials import expanded
from konnect_emulator.plugin_schemas import array, integer, plugin, record, string
from konnect_emulator.state import Snapshot

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
REDIS = {"name": "my-redis", "type": "redis-ce", "config": {"host": "redis.example.com"}}
LIMIT = {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis"}}


def refused(api: Any, **body: Any) -> list[tuple[str, str]]:
    answer = api("POST", "/core-entities/plugins", {**LIMIT, **body})
    assert answer.status_code == 400, answer.text
    return [(detail["type"], detail["field"]) for detail in answer.json()["details"]]


def test_a_partial_is_filled_and_checked(api: Any) -> None:
    made = api.entity("partials", **REDIS)
    assert made["config"] == {
        **REDIS["config"],
        "port": 6379,
        "timeout": 2000,
        "database": 0,
        "ssl": False,
        "ssl_verify": True,
    }
    wrong = {**REDIS, "name": "other", "config": {"host": "h", "prot": 1}}
    assert api("POST", "/core-entities/partials", wrong).json()["details"][0]["field"] == "config.prot"


def test_a_linked_plugin(api: Any) -> None:
    partial = api.entity("partials", **REDIS)
    made = api.entity("plugins", **LIMIT, partials=[{"id": partial["id"].upper(), "name": "any"}])
    assert made["partials"] == [{"id": partial["id"], "path": "config.redis"}]
    assert "redis" not in made["config"]
    path = f"/core-entities/plugins/{made['id']}"
    shown = api("GET", path, params={"expand_partials": "true"}).json()
    assert shown["config"]["redis"]["host"] == "redis.example.com"
    assert api("GET", path).json() == made


def test_a_linked_partial_stays(api: Any) -> None:
    partial = api.entity("partials", **REDIS)
    plugin = api.entity("plugins", **LIMIT, partials=[{"id": partial["id"]}])
    path = f"/core-entities/partials/{partial['id']}"
    links = api("GET", f"{path}/links").json()
    assert links == {"data": [{"id": plugin["id"], "name": "rate-limiting"}], "count": 1}
    answer = api("DELETE", path)
    assert answer.status_code == 403
    assert "because there are plugins linked to it" in answer.json()["message"]
    assert api("DELETE", f"/core-entities/plugins/{plugin['id']}").status_code == 204
    assert api("DELETE", path).status_code == 204


def test_what_a_link_must_not_be(api: Any) -> None:
    partial = api.entity("partials", **REDIS)
    enterprise = api.entity("partials", name="enterprise", type="redis-ee", config={})
    link = {"id": partial["id"]}
    without_redis = {"config": {"minute": 5}}
    assert refused(api, **without_redis, partials=[{"id": UNKNOWN_ID}]) == [("ERROR_TYPE_REFERENCE", "partials[0].id")]
    assert refused(api, partials=[{}]) == [("ERROR_TYPE_FIELD", "partials[0].id")]
    assert refused(api, partials=[{"id": enterprise["id"]}]) == [("ERROR_TYPE_FIELD", "partials[0]")]
    assert refused(api, partials=[{**link, "path": "config.other"}]) == [("ERROR_TYPE_FIELD", "partials[0].path")]
    twice = {"config": {"minute": 5, "redis": {"host": "h"}}}
    assert refused(api, **twice, partials=[link]) == [("ERROR_TYPE_FIELD", "config.redis")]


@pytest.mark.parametrize("kind", ["redis-ce", "redis-ee"])
def test_schemas(api: Any, kind: str) -> None:
    shown = api("GET", f"/core-entities/schemas/partials/{kind}").json()
    (config,) = shown["fields"]
    fields = {name: field for item in config["config"]["fields"] for name, field in item.items()}
    assert fields["password"]["referenceable"] and fields["password"]["encrypted"]
    assert api("GET", "/core-entities/schemas/partials/other").status_code == 404


def test_the_data_plane_resolves_what_a_partial_refers_to() -> None:
    partial = {"id": "p", "type": "redis-ce", "config": {"host": "h", "password": "{vault://v/redis-password}"}}
    linked = {"partials": [{"id": "p", "path": "config.redis"}], "config": {"minute": 5}, "name": "rate-limiting"}
    vault = {"name": "konnect", "prefix": "v", "config": {"config_store_id": "s"}}
    entities = {"partials": [partial], "plugins": [{**linked, "enabled": True}], "vaults": [vault]}
    running = RunningConfig(Snapshot(0, entities, {"s": {"redis-password": "fake"}}), Catalog())
    config = running.plugin("rate-limiting", {"id": "any"})
    assert config is not None and config["redis"]["password"] == "fake"


def test_a_partial_is_added_to_a_list() -> None:
    schema = plugin("any", {"targets": array(record({"name": string(), "weight": integer(default=1)}))})
    linked = {"partials": [{"id": "p", "path": "config.targets[]"}], "config": {"targets": [{"name": "own"}]}}
    config = expanded(linked, schema, {"p": {"config": {"name": "shared"}}}.get)
    assert config == {"targets": [{"name": "own", "weight": 1}, {"name": "shared", "weight": 1}]}
