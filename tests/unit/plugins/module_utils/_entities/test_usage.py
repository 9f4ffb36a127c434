# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CERTIFICATE,
    PLUGIN,
    REFERRING,
    ROUTE,
    SERVICE,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.usage import (
    Usage,
    check_usage,
    config_store_vaults,
    dependents,
    exposed_store_id,
    referrer,
    secrets_usage,
    usage_by,
    vault_usage,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError
from ansible_collections.community.konnect.tests.unit.served import held

STORE_ID = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
USAGE = Usage("Vault my-vault", "is in use by plugin ai-proxy", facts={"referrers": [{"id": "1"}]})
ROW = {"entity": "plugin", "id": "1", "name": "ai-proxy", "field": "config.auth.header_value"}


@pytest.fixture
def holds(server):
    """Let the control plane hold these entities; every other list is empty."""

    def holds(entities):
        for kind in (*REFERRING, ROUTE):
            server.routes.update(held(kind, *entities.get(kind.name, ())))

    return holds


def vault(prefix, store_id=STORE_ID):
    return {"id": f"id-{prefix}", "prefix": prefix, "name": "konnect", "config": {"config_store_id": store_id}}


def plugin(reference, **more):
    return {"id": "1", "name": "ai-proxy", "config": {"auth": {"header_value": reference}}, **more}


# The reason why something is not removed


def test_an_error_says_what_uses_it_and_what_to_do():
    error = USAGE.error()
    assert error.message == (
        "Vault my-vault is in use by plugin ai-proxy and was not removed. Remove what uses it first, or set on_in_use "
        "to remove."
    )
    assert error.code == "in_use"
    assert error.facts == {"referrers": [{"id": "1"}]}


def test_an_error_has_the_code_and_the_advice_of_the_usage():
    error = Usage("Store a", "holds secrets", ErrorCode.NOT_EMPTY, "Remove them.").error()
    assert (error.code, error.facts) == ("not_empty", {})
    assert error.message == "Store a holds secrets and was not removed. Remove them."


def test_what_is_kept_is_returned_with_its_reason():
    assert USAGE.kept() == {
        "code": "in_use",
        "message": "Vault my-vault is in use by plugin ai-proxy and was kept.",
        "referrers": [{"id": "1"}],
    }


def test_in_use_fails():
    with pytest.raises(KonnectError) as caught:
        check_usage("fail", lambda: USAGE)
    assert caught.value.code == "in_use"


def test_in_use_is_kept():
    assert check_usage("keep", lambda: USAGE) is USAGE


def test_in_use_is_removed_without_asking():
    asked = []
    assert check_usage("remove", lambda: asked.append("asked") or USAGE) is None
    assert asked == []


@pytest.mark.parametrize("on_in_use", ["fail", "keep", "remove"])
def test_what_is_not_in_use_may_be_removed(on_in_use):
    assert check_usage(on_in_use, lambda: None) is None


# Referrers


def test_nothing_refers_to_it():
    assert usage_by("Vault my-vault", []) is None


def test_each_referrer_is_named_with_its_field():
    usage = usage_by("Vault my-vault", [ROW, {**ROW, "id": "2", "name": "my-plugin"}])
    assert usage.reason == (
        "is in use by plugin ai-proxy (1) in config.auth.header_value; plugin my-plugin (2) in config.auth.header_value"
    )
    assert usage.subject == "Vault my-vault"
    assert usage.facts == {"referrers": [ROW, {**ROW, "id": "2", "name": "my-plugin"}]}


def test_a_referrer_is_named_with_its_route_and_service():
    usage = usage_by("Vault my-vault", [{**ROW, "route": "r", "service": "s", "consumer": "c"}])
    assert usage.reason == "is in use by plugin ai-proxy (1) in config.auth.header_value, route r, service s"


def test_a_parent_that_is_the_field_itself_is_not_named_twice():
    usage = usage_by("Service orders", [{**ROW, "field": "service", "service": "s", "route": "r"}])
    assert usage.reason == "is in use by plugin ai-proxy (1) in service, route r"


def test_a_referrer_has_the_ids_of_its_parents():
    entity = {"id": "1", "name": "ai-proxy", "route": {"id": "r"}, "service": None, "consumer": {}}
    assert referrer(PLUGIN, entity, "config.x") == {
        "entity": "plugin",
        "id": "1",
        "name": "ai-proxy",
        "field": "config.x",
        "route": "r",
    }


# Vaults and secrets


@pytest.mark.parametrize("kind", REFERRING, ids=lambda kind: kind.name)
def test_each_kind_that_can_hold_a_reference_is_in_the_usage_of_a_vault(plane, holds, kind):
    name = ["mine"] if kind is CERTIFICATE else "mine"
    entity = {"name": "mine", kind.name_field: name, "id": "1"}
    entity["field"] = "{vault://my-vault/password}"
    holds({kind.name: [entity]})
    usage = vault_usage(plane(), "my-vault")
    assert usage.subject == "Vault my-vault"
    assert [(row["entity"], row["id"], row["field"]) for row in usage.facts["referrers"]] == [(kind.name, "1", "field")]


def test_a_reference_to_another_vault_is_no_usage(plane, holds):
    holds({"plugin": [plugin("{vault://my-vault-2/password}")]})
    assert vault_usage(plane(), "my-vault") is None


def test_a_secret_is_in_use_through_a_vault_that_exposes_its_store(plane, holds):
    holds({"vault": [vault("my-vault")], "plugin": [plugin("{vault://my-vault/password}", route={"id": "r"})]})
    usage = secrets_usage(plane(), STORE_ID, ["password"])
    assert usage.subject == "Secret password"
    assert usage.facts == {"referrers": [{**ROW, "route": "r", "secret": "password"}]}


def test_a_secret_of_the_same_key_behind_another_vault_is_not_in_use(plane, holds):
    vaults = [vault("my-vault"), vault("other", "11111111-2222-3333-4444-555555555555")]
    holds({"vault": vaults, "plugin": [plugin("{vault://other/password}")]})
    assert secrets_usage(plane(), STORE_ID, ["password"]) is None


def test_another_secret_behind_the_vault_is_not_meant(plane, holds):
    holds({"vault": [vault("my-vault")], "plugin": [plugin("{vault://my-vault/token}")]})
    assert secrets_usage(plane(), STORE_ID, ["password"]) is None


def test_several_secrets_are_named_together(plane, holds):
    plugins = [
        plugin("{vault://my-vault/token}"),
        plugin("{vault://second/password}", id="2"),
        plugin("{vault://second/password}", id="3"),
    ]
    holds({"vault": [vault("my-vault"), vault("second")], "plugin": plugins})
    usage = secrets_usage(plane(), STORE_ID, ["token", "password", "unused"])
    assert usage.subject == "Each of the secrets password, token"
    assert [row["secret"] for row in usage.facts["referrers"]] == ["token", "password", "password"]


def test_a_store_that_no_vault_exposes_is_not_in_use_and_nothing_else_is_read(server, plane, holds):
    holds({"plugin": [plugin("{vault://my-vault/password}")]})
    assert secrets_usage(plane(), STORE_ID, ["password"]) is None
    read = [line.rpartition("/")[2] for line in server.sent()]
    assert read == ["workspaces?size=1000", "vaults?size=1000"]


def test_vaults_expose_a_store_whatever_the_case_of_its_id(plane, holds):
    vaults = [
        vault("a"),
        vault("b", STORE_ID.upper()),
        vault("c", "another"),
        {"id": "d", "prefix": "d", "name": "konnect"},
    ]
    holds({"vault": vaults})
    assert [entity["prefix"] for entity in config_store_vaults(plane(), STORE_ID)] == ["a", "b"]


@pytest.mark.parametrize("config", [None, {}, {"config_store_id": None}, {"config_store_id": 1}])
def test_another_vault_exposes_no_store(config):
    assert exposed_store_id({"config": config}) is None


# What belongs to an entity


def test_routes_and_plugins_belong_to_their_service(plane, holds):
    route = {"id": "r", "name": "list", "service": {"id": "s"}}
    holds({"route": [route, {"id": "r2", "service": {"id": "s2"}}], "plugin": [plugin(None, service={"id": "s"})]})
    assert dependents(plane(), SERVICE, {"id": "s"}) == [
        {"entity": "route", "id": "r", "name": "list", "field": "service", "service": "s"},
        {**ROW, "field": "service", "service": "s"},
    ]


def test_what_has_no_parent_belongs_to_none(plane, holds):
    holds({"plugin": [plugin(None), plugin(None, id="2", route=None)]})
    assert dependents(plane(), ROUTE, {"id": "r"}) == []


# Kinds that a control plane does not have


def test_a_kind_that_the_control_plane_does_not_have_uses_no_vault(server, plane):
    server.routes = held(PLUGIN, plugin("{vault://my-vault/password}"))
    assert len(vault_usage(plane(), "my-vault").facts["referrers"]) == 1


def test_a_control_plane_without_vaults_exposes_no_store(plane):
    assert config_store_vaults(plane(), STORE_ID) == []


def test_a_kind_that_the_control_plane_does_not_have_depends_on_nothing(server, plane):
    server.routes = held(ROUTE, {"id": "r", "name": "orders", "service": {"id": "s"}})
    assert [row["id"] for row in dependents(plane(), SERVICE, {"id": "s"})] == ["r"]
