# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What refers to a secret or a vault, so that none is removed that is in use."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CERTIFICATE,
    KEY,
    PARTIAL,
    PLUGIN,
    VAULT,
    WORKSPACE,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.usage import (
    config_store_vaults,
    exposed_store_id,
    secrets_usage,
    vault_usage,
)
from ansible_collections.community.konnect.tests.unit.gateway import STORE, Gateway, vault, within

OTHER_ID = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def gateway(server):
    """Two vaults that expose the store, one that exposes another store and one of another backend."""
    gateway = Gateway(server)
    env = {"id": "e", "name": "env", "prefix": "my-env", "config": {}}
    gateway.has(VAULT, vault("my-vault"), vault("also", STORE["id"].upper()), vault("other", OTHER_ID), env)
    return gateway


@pytest.fixture
def usage(gateway, plane):
    """The usage of these secrets of the store."""

    def find(*keys):
        return secrets_usage(plane(), STORE["id"], keys)

    return find


def key(reference, key_id="k"):
    return {"id": key_id, "name": f"key-{key_id}", "jwk": reference}


@pytest.mark.parametrize(
    "reference",
    ["{vault://my-vault/my-key}", "{vault://also/my-key}", "{vault://my-vault/my-key/user?ttl=1#2}"],
)
def test_a_secret_is_in_use_through_any_vault_that_exposes_its_store(gateway, usage, reference):
    gateway.has(KEY, key(reference))
    found = usage("my-key")
    assert (found.subject, found.code) == ("Secret my-key", "in_use")
    assert found.reason == "is in use by key key-k (k) in jwk"
    assert found.facts == {
        "referrers": [{"entity": "key", "id": "k", "name": "key-k", "field": "jwk", "secret": "my-key"}]
    }


@pytest.mark.parametrize(
    "reference",
    [
        "{vault://other/my-key}",
        "{vault://my-env/my-key}",
        "{vault://env/my-key}",
        "{vault://my-vault/my-keys}",
        "{vault://my-vault}",
        "Bearer {vault://my-vault/my-key}",
        None,
    ],
)
def test_a_secret_of_that_key_elsewhere_is_no_usage(gateway, usage, reference):
    gateway.has(KEY, key(reference))
    assert usage("my-key") is None


@pytest.mark.parametrize("kind", [PLUGIN, CERTIFICATE, KEY, PARTIAL, VAULT])
def test_every_kind_that_may_refer_is_asked(gateway, usage, kind):
    known = [vault("my-vault")] if kind is VAULT else []
    gateway.has(kind, {"id": "x", "name": "x", "prefix": "x", "config": {"a": ["{vault://my-vault/my-key}"]}}, *known)
    [row] = usage("my-key").facts["referrers"]
    assert (row["entity"], row["name"], row["field"]) == (kind.name, "x", "config.a.0")


def test_several_secrets_are_told_with_their_referrers_in_one_reading(gateway, usage):
    references = ["{vault://my-vault/b}", "{vault://also/a}", "{vault://my-vault/b}", "{vault://my-vault/c}"]
    gateway.has(KEY, *(key(reference, str(number)) for number, reference in enumerate(references)))
    found = usage("a", "b", "unused")
    assert found.subject == "Each of the secrets a, b"
    assert [(row["id"], row["secret"]) for row in found.facts["referrers"]] == [("0", "b"), ("1", "a"), ("2", "b")]
    assert len([request for request in gateway.server.sent() if "/keys" in request]) == 1


def test_without_a_vault_that_exposes_the_store_nothing_else_is_read(gateway, usage):
    gateway.has(VAULT, vault("other", OTHER_ID))
    gateway.has(KEY, key("{vault://other/my-key}"))
    assert usage("my-key") is None
    assert len(gateway.server.sent()) == 2  # the workspaces and the vaults


def test_a_referring_plugin_is_told_with_its_route_and_service(gateway, usage):
    config = {"auth": {"header_value": "{vault://my-vault/my-key}"}}
    parents = {"route": {"id": "r"}, "service": {"id": "s"}, "consumer": None}
    gateway.has(PLUGIN, {"id": "p", "name": "ai-proxy", **parents, "config": config})
    found = usage("my-key")
    assert found.reason == "is in use by plugin ai-proxy (p) in config.auth.header_value, route r, service s"
    [row] = found.facts["referrers"]
    assert (row["route"], row["service"], "consumer" in row) == ("r", "s", False)


def test_a_vault_is_in_use_by_every_reference_through_it(gateway, plane):
    gateway.has(KEY, key("{vault://my-vault/a}", "1"), key("{vault://also/a}", "2"), key("{vault://my-vault/b}", "3"))
    found = vault_usage(plane(), "my-vault")
    assert found.subject == "Vault my-vault"
    assert found.reason == "is in use by key key-1 (1) in jwk; key key-3 (3) in jwk"
    assert [row["id"] for row in found.facts["referrers"]] == ["1", "3"]
    assert vault_usage(plane(), "other") is None


def test_the_vaults_that_expose_a_store(gateway, plane):
    found = config_store_vaults(plane(), STORE["id"])
    assert [row["prefix"] for row in found] == ["my-vault", "also"]


@pytest.mark.parametrize(
    ("config", "store_id"),
    [({"config_store_id": "ABC"}, "abc"), ({"config_store_id": None}, None), ({}, None), (None, None)],
)
def test_the_id_of_the_store_that_a_vault_exposes(config, store_id):
    assert exposed_store_id({"config": config}) == store_id


# Workspaces: whether the vault my-vault of team leads to the same store, and what then counts.
TEAM = {
    "no vault of that prefix": ([], True),
    "a vault of the same store": ([vault("my-vault")], True),
    "a vault of its own": ([vault("my-vault", OTHER_ID)], False),
    "its own vault of another backend": ([{"id": "e", "name": "env", "prefix": "my-vault", "config": {}}], False),
}


@pytest.mark.parametrize(("vaults", "is_used"), TEAM.values(), ids=TEAM)
def test_a_reference_in_another_workspace_counts_where_its_own_vault_does_not_hide_it(gateway, usage, vaults, is_used):
    gateway.has(WORKSPACE, {"id": "w", "name": "team"})
    gateway.has(within(VAULT, "team"), *vaults)
    gateway.has(within(KEY, "team"), key("{vault://my-vault/my-key}"))
    found = usage("my-key")
    assert [row["workspace"] for row in found.facts["referrers"]] == ["team"] if is_used else found is None


@pytest.mark.parametrize("vaults", [[], [vault("my-vault")]], ids=["none", "its own"])
def test_a_vault_is_in_use_in_a_workspace_that_has_none_of_its_prefix(gateway, plane, vaults):
    gateway.has(WORKSPACE, {"id": "w", "name": "team"})
    gateway.has(within(VAULT, "team"), *vaults)
    gateway.has(within(KEY, "team"), key("{vault://my-vault/my-key}"))
    assert (vault_usage(plane(), "my-vault") is None) == bool(vaults)


def test_the_vaults_are_read_once(server, usage):
    usage("my-key")
    assert len([request for request in server.sent() if "/vaults" in request]) == 1
