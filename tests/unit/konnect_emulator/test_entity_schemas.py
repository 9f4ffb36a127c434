# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema and validate endpoints of core entities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
PLUGINS = "/core-entities/schemas/plugins/validate"


@pytest.mark.parametrize("name", ["vault", "vaults"])
def test_a_valid_entity_is_accepted(api: Any, name: str) -> None:
    response = api("POST", f"/core-entities/schemas/{name}/validate", {"name": "env", "prefix": "my-env"})
    assert (response.status_code, response.json()) == (200, {})


def test_an_invalid_entity_is_rejected(api: Any) -> None:
    rejected = api("POST", "/core-entities/schemas/vault/validate", {"name": "env"})
    assert api.violations(rejected) == [("ENTITY", "", "missing properties: 'prefix'")]


def test_an_invalid_plugin_config_is_rejected(api: Any) -> None:
    rejected = api("POST", PLUGINS, {"name": "cors", "config": {"max_age": "x"}})
    assert api.violations(rejected) == [("FIELD", "config.max_age", "expected a number")]


def test_other_entities_do_not_matter(api: Any) -> None:
    api.create_entity("vaults", name="env", prefix="my-env")
    duplicate = {"name": "env", "prefix": "my-env"}
    assert api("POST", "/core-entities/schemas/vault/validate", duplicate).status_code == 200
    assert api("POST", PLUGINS, {"name": "cors", "service": {"id": UNKNOWN_ID}}).status_code == 200


def test_nothing_is_stored(api: Any) -> None:
    api("POST", PLUGINS, {"name": "cors"})
    assert api.names("plugins") == []


def test_an_unknown_kind_is_a_404(api: Any) -> None:
    assert api("POST", "/core-entities/schemas/nothing/validate", {}).status_code == 404


@pytest.mark.parametrize("status", [404, 501])
def test_a_switch_removes_the_validate_endpoint(start_emulator: Callable[..., Any], status: int) -> None:
    api = start_emulator("--set", f"validate_endpoint={status}")
    assert api("POST", "/core-entities/schemas/vault/validate", {}).status_code == status


def test_the_schema_of_a_plugin_is_a_list_of_fields(api: Any) -> None:
    schema = api("GET", "/core-entities/schemas/plugins/ai-proxy").json()
    names = [next(iter(field)) for field in schema["fields"]]
    assert names == ["protocols", "consumer", "consumer_group", "route", "service", "config"]


def test_there_is_no_schema_of_a_custom_plugin(api: Any) -> None:
    assert api("GET", "/core-entities/plugin-schemas").json() == {"items": [], "page": {"total_count": 0}}


@pytest.mark.parametrize(
    ("kind", "field", "default"),
    [
        ("service", "connect_timeout", 60000),
        ("route", "protocols", ["https"]),
        ("route", "strip_path", True),
        ("upstream", "slots", 10000),
        ("target", "weight", 100),
        ("jwt", "algorithm", "HS256"),
    ],
)
def test_the_json_schema_of_a_kind_has_defaults(api: Any, kind: str, field: str, default: Any) -> None:
    schema = api("GET", f"/core-entities/v1/schemas/json/{kind}").json()
    assert schema["properties"][field]["default"] == default


@pytest.mark.parametrize(
    ("kind", "field"), [("service", "client_certificate"), ("route", "service"), ("route", "headers")]
)
def test_the_json_schema_of_a_kind_gives_no_record_for_references_and_maps(api: Any, kind: str, field: str) -> None:
    """DecK sends an empty record for each object to which anything may be added."""
    schema = api("GET", f"/core-entities/v1/schemas/json/{kind}").json()["properties"][field]
    assert schema.get("additionalProperties", True) is not True


def test_the_json_schema_of_upstreams_nests_health_checks(api: Any) -> None:
    checks = api("GET", "/core-entities/v1/schemas/json/upstream").json()["properties"]["healthchecks"]
    assert checks["properties"]["active"]["properties"]["timeout"]["default"] == 1


def test_the_json_schema_of_vaults_has_the_config_of_each_backend(api: Any) -> None:
    conditions = api("GET", "/core-entities/v1/schemas/json/vault").json()["allOf"]
    by_backend = {item["if"]["properties"]["name"]["const"]: item["then"]["properties"] for item in conditions}
    assert by_backend["hcv"]["config"]["properties"]["hcv"]["properties"]["mount"]["default"] == "secret"


def test_an_unknown_plugin_is_a_404(api: Any) -> None:
    missing = api("GET", "/core-entities/schemas/plugins/nope")
    assert (missing.status_code, missing.json()["message"]) == (404, "no plugin-schema for 'nope'")
