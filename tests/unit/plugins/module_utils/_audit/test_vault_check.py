# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vault that a task wants: references in its settings, and those that lead through it."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._audit.reference_map import check_vault
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    KEY,
    PLUGIN,
    SECRET,
    VAULT,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._references.targets import ReferenceTargets
from ansible_collections.community.konnect.tests.unit.gateway import STORE, WRITTEN, Gateway, vault

OTHER = {"id": "00000000-0000-4000-8000-000000000002", "name": "other-store"}
OPTIONS = {"prefix": "my-vault", "check_references": "fail", "config": None, "backend": None, "config_store": None}


@pytest.fixture
def gateway(server):
    """Two stores, of which the vault exposes the first; one secret is only there."""
    gateway = Gateway(server)
    gateway.has_store("in-both", "in-first")
    gateway.has(CONFIG_STORE, STORE, OTHER)
    gateway.has(SECRET, {"key": "in-both", **WRITTEN}, below=("config-stores", OTHER["id"]))
    gateway.has(VAULT, vault("my-vault"), vault("also"))
    return gateway


@pytest.fixture
def check(gateway, plane):
    """The warnings of the check."""

    def run(store=None, *, check_mode=False, **options):
        control_plane = plane(check_mode=check_mode)
        targets = ReferenceTargets(control_plane)
        check_vault(control_plane, targets, {**OPTIONS, **options}, Resolved(store) if store else None)
        return control_plane.task.warnings

    return run


def key(key_id, reference):
    return {"id": key_id, "name": f"key-{key_id}", "jwk": reference}


def test_references_in_settings_must_lead_somewhere(check):
    assert check(config={"token": "{vault://my-vault/in-both}", "host": "x"}) == []
    with pytest.raises(InvalidInput, match="^config.token refers to {vault://my-vault/none}") as caught:
        check(config={"token": "{vault://my-vault/none}"})
    assert caught.value.code == "broken_reference"
    [warning] = check(config={"token": "{vault://my-vault/none}"}, check_references="warn")
    assert warning.startswith("config.token refers to")
    assert check(config={"token": "{vault://my-vault/none}"}, check_references="ignore") == []


@pytest.mark.parametrize("options", [{"store": OTHER}, {"config": {"config_store_id": OTHER["id"]}}])
def test_another_store_must_have_the_secrets_that_are_referred_to(gateway, check, options):
    gateway.has(KEY, key("1", "{vault://my-vault/in-both}"), key("2", "{vault://my-vault/in-first}"))
    with pytest.raises(InvalidInput) as caught:
        check(**options)
    assert caught.value.code == "broken_reference"
    assert caught.value.message.startswith(
        "Key key-2 (2): jwk refers to {vault://my-vault/in-first}, but config store other-store behind vault my-vault "
        "has no secret in-first. There are in-both. Store it first"
    )
    assert [row["reference"] for row in caught.value.facts["references"]] == ["{vault://my-vault/in-first}"]


def test_or_they_are_warned_of(gateway, check):
    gateway.has(KEY, key("2", "{vault://my-vault/in-first}"))
    [warning] = check(OTHER, check_references="warn")
    assert warning.startswith("Key key-2 (2): jwk refers to")
    assert check(OTHER, check_mode=True) == [warning]
    assert check(OTHER, check_references="ignore") == []


@pytest.mark.parametrize(
    "reference",
    ["{vault://also/none}", "{vault://none/k}", "{vault://my-vault/in-both}", "{vault://my-vault}", "no reference"],
)
def test_other_references_are_no_matter_of_the_vault(gateway, check, reference):
    gateway.has(KEY, key("1", reference))
    assert check(OTHER) == []


def test_a_reference_where_none_is_resolved_was_as_wrong_before(gateway, check):
    gateway.has_schema("any", {"text": {"type": "string"}})
    gateway.has(PLUGIN, {"id": "p", "name": "any", "config": {"text": "{vault://my-vault/in-first}"}})
    assert check(OTHER) == []


@pytest.mark.parametrize(
    ("store", "options"),
    [
        (STORE, {}),
        (None, {}),
        (None, {"config": {"config_store_id": STORE["id"].upper()}}),
        (OTHER, {"prefix": "new-vault"}),
        (OTHER, {"check_references": "ignore"}),
    ],
)
def test_a_vault_that_keeps_its_store_or_is_new_takes_no_reading_of_what_refers(gateway, check, store, options):
    gateway.has(KEY, key("1", "{vault://my-vault/none}"), key("2", "{vault://new-vault/none}"))
    assert check(store, **options) == []
    assert not [request for request in gateway.server.sent() if "/keys" in request]


def test_a_vault_of_another_backend_exposed_no_store_before(gateway, check):
    gateway.has(VAULT, {"id": "e", "name": "env", "prefix": "my-vault", "config": {}})
    gateway.has(KEY, key("1", "{vault://my-vault/in-first}"))
    assert check(OTHER) == []


# The backend


@pytest.mark.parametrize("check_mode", [True, False])
def test_the_backend_of_a_vault_in_use_is_not_switched(gateway, check, check_mode):
    gateway.has(KEY, key("1", "{vault://my-vault/in-both}"))
    with pytest.raises(KonnectError) as caught:
        check(backend="env", check_mode=check_mode)
    assert caught.value.code == "in_use"
    assert caught.value.message.startswith("Vault my-vault is in use by key key-1 (1) in jwk, which the backend env")
    assert [row["id"] for row in caught.value.facts["referrers"]] == ["1"]


def test_the_other_way_round_neither(gateway, check):
    gateway.has(VAULT, {"id": "v", "name": "env", "prefix": "my-vault", "config": {}})
    gateway.has(KEY, key("1", "{vault://my-vault/in-both}"))
    with pytest.raises(KonnectError, match="is in use by"):
        check(STORE, config_store=STORE["name"])


def test_a_switch_may_be_warned_of_or_ignored(gateway, check):
    gateway.has(KEY, key("1", "{vault://my-vault/in-both}"))
    [warning] = check(backend="env", check_references="warn")
    assert warning.startswith("Vault my-vault is in use by")
    assert check(backend="env", check_references="ignore") == []


def test_the_backend_of_a_vault_that_nothing_refers_to_may_be_switched(check):
    assert check(backend="env") == []


@pytest.mark.parametrize("store_id", ["00000000-0000-4000-8000-00000000000f", "my-store"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_the_id_of_no_store_is_refused(gateway, check, store_id, check_mode):
    with pytest.raises(KonnectError) as caught:
        check(backend="konnect", config={"config_store_id": store_id}, check_mode=check_mode)
    assert caught.value.code == "not_found"
    assert f"has no config store {store_id}" in caught.value.message


def test_the_store_that_a_vault_exposes_already_is_not_asked_for_again(gateway, check, server):
    check(config={"config_store_id": STORE["id"]})
    assert [sent for sent in server.sent() if "config-stores" in sent] == []
