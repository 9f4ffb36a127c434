# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import VAULT
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._resources.vault import (
    check_options,
    find_store,
    mask_vault,
    vault_row,
    vault_target,
)
from ansible_collections.community.konnect.tests.unit.secret_entries import PLANE_PATH

STORE_ID = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e"
STORE = Resolved({"id": STORE_ID, "name": "ai-keys"})
REFERENCE = "{vault://my-env/my-token}"


def options(**given):
    names = ("backend", "config_store", "config", "description", "tags", "sensitive_fields")
    return {"prefix": "my-vault", "keep_secrets_on_move": False, **dict.fromkeys(names), **given}


def vault(name="konnect", config=None, **fields):
    return {"id": "vault-1", "name": name, "prefix": "my-vault", "config": config or {}, **fields}


@pytest.fixture
def target(plane):
    """The vault that options describe."""

    def make(store=None, **given):
        return vault_target(plane(), options(**given), store)

    return make


# Options


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"prefix": "My_Vault"}, "My_Vault"),
        ({"prefix": "aws"}, "aws is the name of a vault backend"),
        ({"config_store": "ai-keys", "backend": "env"}, "config_store goes with the backend konnect, not with env"),
        ({"config_store": "ai-keys", "config": {"config_store_id": STORE_ID}}, "config.config_store_id, not both"),
    ],
)
def test_options_that_contradict_each_other(given, message):
    with pytest.raises(InvalidInput, match=message):
        check_options(options(**given))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"backend": "env", "config": {"prefix": "KONG_"}},
        {"config": {"config_store_id": STORE_ID}},
        {"config_store": "ai-keys"},
        {"config_store": "ai-keys", "backend": "konnect"},
        {"config_store": "ai-keys", "config": {"base64_decode": True}},
    ],
)
def test_options_that_go_together(given):
    check_options(options(**given))


def test_the_config_store_is_found_by_its_name(server, plane):
    server.routes = {f"GET {PLANE_PATH}/config-stores": (200, {"data": [STORE.entity]})}
    assert find_store(plane(), "ai-keys") == STORE


def test_without_a_config_store_none_is_searched(server, plane):
    assert find_store(plane(), None) is None
    assert server.requests == []


# What is sent


def test_a_new_vault_on_a_config_store(target):
    made = target(STORE, config_store="ai-keys", description="Keys", tags=["ai"])
    assert made.compose(None) == {
        "name": "konnect",
        "prefix": "my-vault",
        "description": "Keys",
        "tags": ["ai"],
        "config": {"config_store_id": STORE_ID},
    }


def test_a_new_vault_of_another_backend(target):
    made = target(backend="env", config={"prefix": "KONG_", "base64_decode": None})
    assert made.compose(None) == {"name": "env", "prefix": "my-vault", "config": {"prefix": "KONG_"}}


def test_a_config_store_comes_beside_other_settings(target):
    made = target(STORE, config_store="ai-keys", config={"base64_decode": True})
    assert made.compose(None)["config"] == {"config_store_id": STORE_ID, "base64_decode": True}


def test_the_id_of_a_config_store_is_sent_in_lower_case(target):
    made = target(backend="konnect", config={"config_store_id": STORE_ID.upper(), "base64_decode": True})
    assert made.compose(None)["config"] == {"config_store_id": STORE_ID, "base64_decode": True}


def test_what_is_no_id_is_sent_as_it_is(target):
    made = target(backend="konnect", config={"config_store_id": "ID"})
    assert made.compose(None)["config"] == {"config_store_id": "ID"}


def test_a_new_vault_needs_a_backend(target):
    with pytest.raises(InvalidInput, match="no vault my-vault yet. To create it, give backend or config_store"):
        target(description="Keys").compose(None)


def test_what_the_task_does_not_give_stays(target):
    current = vault("env", {"prefix": "KONG_", "base64_decode": True}, description="Keys", tags=["ai"])
    body = target(config={"prefix": "OTHER_"}).compose(current)
    assert body == {
        "name": "env",
        "prefix": "my-vault",
        "description": "Keys",
        "tags": ["ai"],
        "config": {"prefix": "OTHER_", "base64_decode": True},
    }


def test_nulls_of_the_server_are_not_sent_back(target):
    current = vault("env", {"prefix": "KONG_", "ttl": None})
    assert target(description="Keys").compose(current)["config"] == {"prefix": "KONG_"}


def test_a_null_takes_a_setting_out(target):
    current = vault("env", {"prefix": "KONG_", "base64_decode": True})
    assert target(config={"base64_decode": None}).compose(current)["config"] == {"prefix": "KONG_"}


def test_an_empty_config_takes_all_settings_out(target):
    assert target(config={}).compose(vault("env", {"prefix": "KONG_"}))["config"] == {}


def test_a_change_of_backend_keeps_no_setting_of_the_former_one(target):
    current = vault("aws", {"region": "eu-west-1", "base64_decode": True}, description="Keys")
    body = target(backend="env", config={"prefix": "KONG_"}).compose(current)
    assert (body["name"], body["config"], body["description"]) == ("env", {"prefix": "KONG_"}, "Keys")


def test_the_same_backend_keeps_its_settings(target):
    current = vault("aws", {"region": "eu-west-1"})
    assert target(backend="aws").compose(current)["config"] == {"region": "eu-west-1"}


def test_another_config_store_takes_the_place_of_the_former_one(target):
    current = vault(config={"config_store_id": "9" + STORE_ID[1:], "base64_decode": True})
    body = target(STORE, config_store="ai-keys").compose(current)
    assert body["config"] == {"config_store_id": STORE_ID, "base64_decode": True}


# Comparison


@pytest.mark.parametrize(
    ("given", "current", "in_sync"),
    [
        ({"backend": "env"}, vault("env", {"base64_decode": False}), True),
        ({"backend": "env"}, vault("env", {"base64_decode": True}), True),
        ({"backend": "env", "config": {"base64_decode": False}}, vault("env", {"base64_decode": True}), False),
        ({"backend": "env", "config": {"base64_decode": False}}, vault("env"), True),
        ({"backend": "hcv", "config": {"mount": "secret"}}, vault("hcv"), True),
        ({"backend": "hcv", "config": {"mount": "other"}}, vault("hcv"), False),
        ({"backend": "hcv"}, vault("env"), False),
        ({"description": "Keys"}, vault(), False),
        ({"config": {"config_store_id": STORE_ID}}, vault(config={"config_store_id": STORE_ID.upper()}), True),
        ({"config": {"config_store_id": "9" + STORE_ID[1:]}}, vault(config={"config_store_id": STORE_ID}), False),
        ({"backend": "new", "config": {"base64_decode": False}}, vault("new"), False),
    ],
)
def test_whether_a_vault_is_as_it_should_be(target, given, current, in_sync):
    assert target(**given).is_desired(current) == in_sync


def test_a_vault_is_known_by_its_prefix(target):
    assert [target().matches(each) for each in (vault(), {**vault(), "prefix": "other"})] == [True, False]


# Diffs and results


def test_a_diff_leaves_out_what_the_server_fills_in(target):
    before = vault("hcv", {"mount": "secret", "kv": "v2"}, description=None, created_at=1)
    after = vault("hcv", {"mount": "other", "kv": "v1", "protocol": "http"})
    assert target().diff(before, after) == {
        "before": {"name": "hcv", "prefix": "my-vault", "config": {"kv": "v2"}},
        "after": {"name": "hcv", "prefix": "my-vault", "config": {"mount": "other"}},
    }


def test_a_diff_without_settings_has_no_config(target):
    assert target().diff(None, vault("env", {"base64_decode": False})) == {
        "before": {},
        "after": {"name": "env", "prefix": "my-vault"},
    }


def test_a_diff_names_the_config_store_as_the_task_does(target):
    other = "9" + STORE_ID[1:]
    before, after = vault(config={"config_store_id": other}), vault(config={"config_store_id": STORE_ID})
    diff = target(STORE, config_store="ai-keys").diff(before, after)
    assert diff["before"] == {"name": "konnect", "prefix": "my-vault", "config": {"config_store_id": other}}
    assert diff["after"] == {"name": "konnect", "prefix": "my-vault", "config": {}, "config_store": "ai-keys"}


def test_a_diff_shows_the_id_when_the_task_names_no_store(target):
    diff = target().diff(None, vault(config={"config_store_id": STORE_ID}))
    assert diff["after"]["config"] == {"config_store_id": STORE_ID}


def test_a_result_hides_secrets_and_leaves_out_nulls():
    shown = mask_vault(options(), vault("hcv", {"token": "fake-token", "mount": "secret", "host": None}, tags=None))
    assert shown == vault("hcv", {"token": "(not shown)", "mount": "secret"})


def test_references_are_no_secrets():
    assert mask_vault(options(), vault("hcv", {"token": REFERENCE}))["config"] == {"token": REFERENCE}


def test_a_hidden_secret_tells_that_it_changed():
    before = vault("hcv", {"token": "fake-token-one"})
    assert mask_vault(options(), vault("hcv", {"token": "fake-token-two"}), before)["config"] == {
        "token": "(not shown, changed)"
    }


def test_no_vault_is_shown_as_nothing():
    assert mask_vault(options(), {}) == {}


def test_a_row_tells_whether_this_collection_created_the_vault(plane):
    made = plane()
    own = vault("hcv", {"token": "fake-token"}, id=made.deterministic_id(VAULT, "my-vault"))
    assert vault_row(made, options(), own) == {
        **own,
        "config": {"token": "(not shown)"},
        "created_by_collection": True,
    }
    assert vault_row(made, options(), vault())["created_by_collection"] is False
