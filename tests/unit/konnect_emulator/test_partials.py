# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Partials: what the links of a plugin mean, and what is rejected."""

from __future__ import annotations

from typing import Any

import pytest

from konnect_emulator.data_plane.running_config import RunningConfig
from konnect_emulator.plugins.partials import expanded_config
from konnect_emulator.plugins.published_schemas import SchemaCatalog
from konnect_emulator.plugins.schema import array, integer, plugin, record, string
from konnect_emulator.state import Snapshot

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
REDIS = {"name": "my-redis", "type": "redis-ce", "config": {"host": "redis.example.com"}}
LIMIT = {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis"}}


@pytest.fixture
def partial(api: Any) -> str:
    """The id of a Redis partial."""
    return str(api.create_entity("partials", **REDIS)["id"])


@pytest.fixture
def linked(api: Any, partial: str) -> dict[str, Any]:
    """A plugin that is linked to it."""
    created: dict[str, Any] = api.create_entity("plugins", **LIMIT, partials=[{"id": partial.upper(), "name": "any"}])
    return created


def test_a_partial_has_defaults_and_no_nulls(api: Any) -> None:
    defaults = {"port": 6379, "timeout": 2000, "database": 0, "ssl": False, "ssl_verify": True}
    assert api.create_entity("partials", **REDIS)["config"] == {**REDIS["config"], **defaults}


def test_the_type_of_a_partial_stays(api: Any, partial: str) -> None:
    response = api("PUT", f"/core-entities/partials/{partial}", {**REDIS, "type": "redis-ee"})
    assert [field for _kind, field, _reason in api.violations(response)] == ["type"]


def test_an_unknown_field_of_a_partial_is_rejected(api: Any) -> None:
    rejected = api("POST", "/core-entities/partials", {**REDIS, "config": {"host": "h", "prot": 1}})
    assert api.violations(rejected)[0][1] == "config.prot"


def test_a_link_gets_its_only_path(linked: dict[str, Any], partial: str) -> None:
    assert linked["partials"] == [{"id": partial, "path": "config.redis"}]


def test_a_linked_path_is_not_stored(api: Any, linked: dict[str, Any]) -> None:
    assert "redis" not in linked["config"]
    assert api("GET", f"/core-entities/plugins/{linked['id']}").json() == linked


@pytest.mark.exhaustive
def test_what_is_not_set_may_be_null(start_emulator: Any) -> None:
    made = start_emulator("--set", "partial_nulls=true").create_entity("partials", **REDIS)
    assert (made["config"]["host"], made["config"]["password"]) == ("redis.example.com", None)


def test_a_plugin_is_expanded_on_request(api: Any, linked: dict[str, Any]) -> None:
    expanded = api("GET", f"/core-entities/plugins/{linked['id']}", params={"expand_partials": "true"}).json()
    assert expanded["config"]["redis"]["host"] == "redis.example.com"


def test_a_partial_lists_its_links(api: Any, partial: str, linked: dict[str, Any]) -> None:
    links = api("GET", f"/core-entities/partials/{partial}/links").json()
    assert links == {"data": [{"id": linked["id"], "name": "rate-limiting"}], "count": 1}


def test_a_linked_partial_is_not_deleted(api: Any, partial: str, linked: dict[str, Any]) -> None:
    rejected = api("DELETE", f"/core-entities/partials/{partial}")
    assert rejected.status_code == 403
    assert "because there are plugins linked to it" in rejected.json()["message"]


def test_a_partial_is_deleted_after_its_links(api: Any, partial: str, linked: dict[str, Any]) -> None:
    assert api("DELETE", f"/core-entities/plugins/{linked['id']}").status_code == 204
    assert api("DELETE", f"/core-entities/partials/{partial}").status_code == 204


@pytest.mark.parametrize(
    ("link", "field"),
    [({}, "partials[0].id"), ({"path": "config.other"}, "partials[0].path")],
    ids=["no id", "another path"],
)
def test_an_invalid_link_is_rejected(api: Any, partial: str, link: dict[str, str], field: str) -> None:
    link = {"id": partial, **link} if link else link
    rejected = api("POST", "/core-entities/plugins", {**LIMIT, "partials": [link]})
    assert [violation[:2] for violation in api.violations(rejected)] == [("FIELD", field)]


def test_a_link_to_an_unknown_partial_is_a_conflict(api: Any) -> None:
    body = {"name": "rate-limiting", "config": {"minute": 5}, "partials": [{"id": UNKNOWN_ID}]}
    assert api.conflicts(api("POST", "/core-entities/plugins", body))[0][:2] == ("REFERENCE", "partials[0].id")


def test_a_link_to_a_partial_of_another_type_is_rejected(api: Any) -> None:
    enterprise = api.create_entity("partials", name="enterprise", type="redis-ee", config={})
    rejected = api("POST", "/core-entities/plugins", {**LIMIT, "partials": [{"id": enterprise["id"]}]})
    assert api.violations(rejected)[0][:2] == ("FIELD", "partials[0]")


def test_a_plugin_does_not_set_a_linked_path(api: Any, partial: str) -> None:
    config = {"minute": 5, "redis": {"host": "h"}}
    rejected = api("POST", "/core-entities/plugins", {**LIMIT, "config": config, "partials": [{"id": partial}]})
    assert api.violations(rejected) == [("FIELD", "config.redis", "is set by a partial")]


@pytest.mark.parametrize("kind", ["redis-ce", "redis-ee"])
def test_the_schema_of_a_partial_has_its_config(api: Any, kind: str) -> None:
    (config,) = api("GET", f"/core-entities/schemas/partials/{kind}").json()["fields"]
    fields = {name: field for item in config["config"]["fields"] for name, field in item.items()}
    assert fields["password"]["referenceable"] and fields["password"]["encrypted"]


def test_an_unknown_type_of_partial_is_a_404(api: Any) -> None:
    assert api("GET", "/core-entities/schemas/partials/other").status_code == 404


def test_the_data_plane_resolves_references_in_a_partial() -> None:
    partial = {"id": "p", "type": "redis-ce", "config": {"host": "h", "password": "{vault://v/redis-password}"}}
    linked = {"partials": [{"id": "p", "path": "config.redis"}], "config": {"minute": 5}, "name": "rate-limiting"}
    vault = {"name": "konnect", "prefix": "v", "config": {"config_store_id": "s"}}
    entities = {"partials": [partial], "plugins": [{**linked, "enabled": True}], "vaults": [vault]}
    running = RunningConfig(Snapshot(entities, {"s": {"redis-password": "fake"}}), SchemaCatalog())
    found = running.plugin("rate-limiting", {"id": "any"}, None, {})
    assert found is not None and found.config["redis"]["password"] == "fake"


def test_a_partial_may_be_added_to_a_list() -> None:
    schema = plugin("any", {"targets": array(record({"name": string(), "weight": integer(default=1)}))})
    linked = {"partials": [{"id": "p", "path": "config.targets[]"}], "config": {"targets": [{"name": "own"}]}}
    config = expanded_config(linked, schema, {"p": {"config": {"name": "shared"}}}.get)
    assert config == {"targets": [{"name": "own", "weight": 1}, {"name": "shared", "weight": 1}]}
