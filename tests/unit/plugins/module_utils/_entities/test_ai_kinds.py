# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of AI Gateways against the rules that the emulator has from Kong's API description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities import ai_kinds
from ansible_collections.community.konnect.plugins.module_utils._entities.ai_gateways import NAME, VAULT_TYPES

FILE = Path(__file__).resolve().parents[4] / "konnect_emulator" / "ai_gateways" / "schemas.json"
SCHEMAS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
pytestmark = pytest.mark.skipif(not SCHEMAS, reason="the emulator is not at hand")


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or "allOf" in schema:
        schema = SCHEMAS[schema["$ref"]] if "$ref" in schema else schema["allOf"][0]
    return schema


def branches(schema: dict[str, Any], field: str = "type") -> dict[str, dict[str, Any]]:
    """The types of a union, each with its schema."""
    schema = plain(schema)
    found = {}
    for branch in map(plain, schema.get("oneOf", [schema])):
        kind = plain(branch["properties"][field])
        found[kind["const"] if "const" in kind else kind["enum"][0]] = branch
    return found


def marked(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool, bool]]:
    """Each text with its path, whether it is write-only, and whether it may be a reference."""
    schema = plain(schema)
    for branch in schema.get("oneOf", ()):
        yield from marked(branch, path)
    for name, field in schema.get("properties", {}).items():
        field = plain(field)
        if field.get("writeOnly") or field.get("x-referenceable"):
            yield (*path, name), bool(field.get("writeOnly")), bool(field.get("x-referenceable"))
        yield from marked(field, (*path, name))
    if "items" in schema:
        yield from marked(schema["items"], path)


PROVIDERS = branches({"$ref": "CreateAIGatewayModelProviderRequest"}) if SCHEMAS else {}
TARGETS = branches({"$ref": "AIGatewayTargetConfig"}) if SCHEMAS else {}


def test_there_are_these_types():
    assert list(ai_kinds.PROVIDERS) == sorted(PROVIDERS) == sorted(TARGETS)
    assert sorted(VAULT_TYPES) == sorted(branches({"$ref": "CreateAIGatewayVaultRequest"}))
    models = branches({"$ref": "CreateAIGatewayModelRequest"})
    known = {kind: plain(model["properties"]["capabilities"])["items"]["enum"] for kind, model in models.items()}
    assert known == ai_kinds.CAPABILITIES
    assert sorted(SCHEMAS["AIGatewayModelFormat"]["properties"]["type"]["enum"]) == ai_kinds.FORMATS


LISTS = {
    "agents": "Agent",
    "ai-gateways": "",
    "ca-certificates": "CACertificate",
    "certificates": "Certificate",
    "consumer-groups": "ConsumerGroup",
    "consumers": "Consumer",
    "data-plane-certificates": "DataPlaneCertificate",
    "identity": "IdentityProvider",
    "mcp-servers": "MCPServer",
    "model-providers": "ModelProvider",
    "models": "Model",
    "policies": "Policy",
    "snis": "SNI",
    "vaults": "Vault",
}
# Made, or checked by the type.
ELSEWHERE = {"name", "title", "config.auth", "config.route"}


def needed(schema: dict[str, Any]) -> set[str]:
    found = set(schema.get("required", ()))
    for name, field in schema["properties"].items():
        found |= {f"{name}.{inner}" for inner in plain(field).get("required", ())}
    return found - ELSEWHERE


@pytest.mark.parametrize("place", LISTS)
def test_a_new_entity_needs_these_fields(place):
    schema = plain({"$ref": f"CreateAIGateway{LISTS[place]}Request"})
    union = (
        {f"{place}/{kind}": each for kind, each in branches(schema).items()} if "oneOf" in schema else {place: schema}
    )
    for name, each in union.items():
        known = {*ai_kinds.REQUIRED[place].split(), *ai_kinds.REQUIRED.get(name, "").split()}
        # The settings of a policy may be empty, and are always sent.
        assert known == needed(each) - ({"config"} if place == "policies" else set()), name


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_provider_takes_these_fields(kind):
    config = plain(PROVIDERS[kind]["properties"]["config"])["properties"]
    assert sorted(config) == sorted(["auth", *ai_kinds.PROVIDER_FIELDS.get(kind, "").split()])
    auths = branches(config["auth"])
    assert sorted(auths) == sorted(["basic", *ai_kinds.PROVIDER_AUTHS.get(kind, "").split()])
    for name, auth in auths.items():
        assert sorted(auth["properties"]) == sorted(["type", *ai_kinds.AUTH_FIELDS[name].split()])


@pytest.mark.parametrize("kind", TARGETS)
def test_a_target_takes_and_needs_these_fields(kind):
    fields = ["type", *ai_kinds.TARGET_FIELDS, *ai_kinds.TARGET_MORE.get(kind, "").split()]
    assert sorted(TARGETS[kind]["properties"]) == sorted(fields)
    assert sorted(TARGETS[kind]["required"]) == sorted(["type", *ai_kinds.TARGET_REQUIRED.get(kind, "").split()])


def test_secrets_and_references_of_providers_are_in_the_row():
    specs = {name: spec for field in ai_kinds.AUTH["fields"] for name, spec in field.items()}
    for path, write_only, referenceable in marked({"$ref": "CreateAIGatewayModelProviderRequest"}):
        _config, _auth, name, *rest = path
        spec = specs[name]
        if rest:
            spec = {inner: item for field in spec["elements"]["fields"] for inner, item in field.items()}[rest[0]]
        assert (bool(spec.get("encrypted")), bool(spec.get("referenceable"))) == (write_only, referenceable), path


@pytest.mark.parametrize(
    ("name", "fits"), [("ab", True), ("a", False), ("1a", False), ("a-", False), ("a" * 256, False)]
)
def test_names_of_stores_and_vaults(name, fits):
    assert bool(NAME.fullmatch(name)) is fits


def test_a_default_is_that_of_the_description_wherever_it_has_one():
    found: dict[str, list[Any]] = {}

    def walk(schema: Any) -> None:
        if isinstance(schema, dict):
            for name, field in (schema.get("properties") or {}).items():
                if "default" in plain(field):
                    found.setdefault(name, []).append(plain(field)["default"])
            for value in schema.values():
                walk(value)
        elif isinstance(schema, list):
            for value in schema:
                walk(value)

    walk(SCHEMAS)
    wrong = [name for name, value in ai_kinds.DEFAULTS.items() if value not in found.get(name, [value])]
    assert wrong == []
