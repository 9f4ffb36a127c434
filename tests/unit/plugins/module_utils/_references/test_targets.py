# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import SECRET, VAULT
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._references.targets import ReferenceTargets
from ansible_collections.community.konnect.tests.unit.gateway import STORE, WRITTEN, Gateway, vault

STORE_ID = STORE["id"]
NO_STORE = "00000000-0000-4000-8000-000000000000"
RECORD = "my-key.fingerprint.0123abcd.0123456789ab.0123456789abcdef0123456789abcdef"


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    gateway.has_store("my-key", RECORD, "no/key")
    gateway.has(VAULT, vault("my-vault"), {"id": "e", "name": "env", "prefix": "my-env", "config": None})
    return gateway


@pytest.fixture
def targets(gateway, plane):
    return ReferenceTargets(plane())


def test_vaults_by_prefix_and_stores_by_id(targets):
    assert [(prefix, found["name"]) for prefix, found in targets.vaults.items()] == [
        ("my-vault", "konnect"),
        ("my-env", "env"),
    ]
    assert targets.stores == {STORE_ID: STORE}


@pytest.mark.parametrize(
    ("found", "store"),
    [
        (vault("v"), STORE),
        (vault("v", STORE_ID.upper()), STORE),
        (vault("v", NO_STORE), None),
        ({"name": "env", "config": {}}, None),
    ],
)
def test_the_store_behind_a_vault(targets, found, store):
    assert targets.store_behind(found) == store


def test_the_secrets_of_a_store_are_without_fingerprint_records(targets):
    assert targets.secrets(STORE_ID) == {key: {"key": key, **WRITTEN} for key in ("my-key", "no/key")}


def test_a_store_that_does_not_exist_has_no_secrets(gateway, targets):
    for _time in range(2):
        assert targets.secrets(NO_STORE) is None
        assert targets.has_secret(NO_STORE, "my-key") is False
    assert len(gateway.server.sent()) == 1


def test_a_store_that_cannot_be_read_is_an_error(gateway, targets):
    gateway.server.script = [(403, {})]
    with pytest.raises(KonnectError) as caught:
        targets.secrets(STORE_ID)
    assert caught.value.code == "forbidden"


@pytest.mark.parametrize(("store_id", "key", "found"), [(STORE_ID, "my-key", True), (STORE_ID, "other", False)])
def test_whether_a_store_has_a_secret_takes_one_request(gateway, targets, store_id, key, found):
    for _time in range(2):
        assert targets.has_secret(store_id, key) is found
    [request] = gateway.server.sent()
    assert request.endswith(f"/config-stores/{STORE_ID}/secrets/{key}")


def test_two_keys_of_one_store_are_asked_for_one_by_one(targets):
    assert [targets.has_secret(STORE_ID, key) for key in ("my-key", "other", "my-key")] == [True, False, True]


def test_a_store_that_was_read_is_not_asked_again(gateway, targets):
    targets.secrets(STORE_ID)
    assert targets.has_secret(STORE_ID, "my-key") is True
    assert targets.has_secret(STORE_ID, "other") is False
    assert targets.secrets(STORE_ID) is not None
    assert len(gateway.server.sent()) == 1


@pytest.mark.parametrize(("key", "found"), [("no/key", True), ("no/other", False)])
def test_a_key_that_konnect_would_not_find_by_itself_is_taken_from_the_list(gateway, targets, key, found):
    assert targets.has_secret(STORE_ID, key) is found
    assert [request.partition("?")[0] for request in gateway.server.sent()] == [
        f"GET {gateway.path('config-stores', STORE_ID, *SECRET.segments)}"
    ]


@pytest.mark.parametrize("store_id", ["", "../control-planes", "my-store"])
def test_what_is_no_id_of_a_store_is_never_asked_for(gateway, targets, store_id):
    assert targets.has_secret(store_id, "my-key") is False
    assert gateway.server.sent() == []


def test_each_list_is_read_once(gateway, targets):
    for _time in range(2):
        assert targets.vaults and targets.stores
    assert len(gateway.server.sent()) == 2
