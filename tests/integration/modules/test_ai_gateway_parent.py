# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules that take an AI Gateway in place of a control plane do the same there."""

from __future__ import annotations

import pytest

from support.control_plane import ControlPlaneHarness
from support.options import ABSENT, NEW_VALUE, OLD_VALUE

STORE = {"name": "my-store"}
SECRET = {"config_store": "my-store", "key": "my-key", "value": OLD_VALUE}
VAULT = {"prefix": "my-vault", "config_store": "my-store"}


@pytest.fixture
def made(gateway):
    """A gateway with a store, a secret and a vault, made by the modules."""
    gateway.create_all(("config_store", STORE), ("secret", SECRET), ("vault", VAULT))
    return gateway


def test_everything_is_made_once(made):
    for module, options in (("config_store", STORE), ("secret", SECRET), ("vault", VAULT)):
        again = made.run(module, options)
        assert (again.failed, again.changed, again.writes) == (False, False, []), again.message


def test_the_vault_is_sent_in_the_form_of_its_product(made):
    (vault,) = made.list("vaults")
    (store,) = made.list("config-stores")
    assert (vault["name"], vault["type"]) == ("my-vault", "konnect")
    assert vault["config"] == {"config_store_id": store["id"]}


def test_check_mode_predicts_what_a_run_does(gateway):
    gateway.create_all(("config_store", STORE))
    for module, options in (("secret", SECRET), ("vault", VAULT)):
        check = gateway.run(module, options, check=True)
        assert (check.failed, check.writes) == (False, []), check.message
        run = gateway.run(module, options)
        assert (check.changed, check["diff"]) == (run.changed, run["diff"])


def test_a_new_value_is_written_and_then_known(made):
    run = made.run("secret", {**SECRET, "value": NEW_VALUE})
    assert (run.changed, run["reason"]) == (True, "value_changed")
    assert made.run("secret", {**SECRET, "value": NEW_VALUE}).writes == []


def test_a_value_that_was_written_by_another_client_is_written_again(made):
    (store,) = made.list("config-stores")
    made.call("PUT", f"config-stores/{store['id']}/secrets/my-key", {"value": NEW_VALUE})
    assert made.run("secret", SECRET)["reason"] == "changed_outside"


def test_many_secrets_at_once(made):
    secrets = {
        "config_store": "my-store",
        "secrets": [{"key": f"key-{n}", "value": f"{n}-value-of-some-length"} for n in range(3)],
    }
    assert made.run("secrets", secrets)["created"] == ["key-0", "key-1", "key-2"]
    assert made.run("secrets", secrets).writes == []


@pytest.mark.parametrize(
    "what", ["reset-after", *(pytest.param(it, marks=pytest.mark.exhaustive) for it in ("reset-before", "500"))]
)
def test_a_lost_response_leaves_one_secret_that_is_known(gateway, what):
    gateway.create_all(("config_store", STORE))
    for number in range(4, 8):  # from the list of secrets to the last record
        secret = {**SECRET, "key": f"key-{number}"}
        gateway.emulator.faults(f"{number}={what}")
        run = gateway.run("secret", secret)
        gateway.emulator.faults()
        assert run.changed, run.message
        assert gateway.run("secret", secret).writes == []


def test_the_module_for_a_vault_refuses_what_only_a_control_plane_takes(made):
    for options in ({**VAULT, "tags": ["a"]}, {"prefix": "other", "backend": "fs"}, {**VAULT, "prefix": "A_1"}):
        for check in (False, True):
            run = made.run("vault", options, check=check)
            assert (run.code, run.writes) == ("invalid_input", []), run.message


def test_a_name_that_only_a_control_plane_takes_is_said_before_the_write(gateway):
    run = gateway.run("config_store", {"name": "My_Store"})
    assert (run.code, run.writes) == ("invalid_input", [])
    assert "lower-case" in run.message


def test_what_was_made_is_told_where_konnect_says_it(made):
    assert made.run("vault_info")["vaults"][0]["created_by_collection"] is True
    assert made.run("vault_info")["vaults"][0]["prefix"] == "my-vault"
    made.call("POST", "vaults", {"type": "env", "name": "other", "config": {}})
    assert made.run("vault_info", {"prefix": "other"})["vaults"][0]["created_by_collection"] is None


def test_info_modules_list_what_is_there(made):
    assert [store["name"] for store in made.run("config_store_info")["config_stores"]] == ["my-store"]
    (secret,) = made.run("secret_info", {"config_store": "my-store"})["secrets"]
    assert (secret["key"], secret["fingerprinted"]) == ("my-key", True)


@pytest.mark.exhaustive
@pytest.mark.emulator("--page-size", "2", "--set", "ai_next=url")
def test_lists_go_on_where_the_next_page_is_a_url(gateway):
    gateway.create_all(*(("config_store", {"name": f"store-{number}"}) for number in range(5)))
    assert len(gateway.run("config_store_info")["config_stores"]) == 5


def test_a_store_with_secrets_stays(made):
    run = made.run("config_store", {**STORE, **ABSENT})
    assert (run.code, run.writes) == ("in_use", [])
    made.create_all(("vault", {**VAULT, **ABSENT}), ("secret", {**SECRET, **ABSENT}), ("config_store", STORE | ABSENT))
    assert made.list("config-stores") == []


@pytest.mark.exhaustive
def test_the_nodes_are_waited_for_by_the_version(made):
    written = made.run("vault", {**VAULT, "description": "changed"})
    wait = {"previous_hashes": written["expected_hashes"], "written_at": written["written_at"], "timeout": 20}
    run = ControlPlaneHarness.run(made, "wait_for_sync", wait)  # by the clock of this machine
    assert (run["verdict"], run["hash_changed"]) == ("proved", True), run.result


# The choice of the parent


@pytest.mark.parametrize("module", ["config_store_info", "vault_info"])
def test_an_option_wins_over_the_other_ones_variable(made, module):
    environment = {"KONNECT_CONTROL_PLANE": "quickstart", "KONNECT_AI_GATEWAY": ""}
    name = {"config_store_info": "config_stores", "vault_info": "vaults"}[module]
    assert len(made.run(module, {"ai_gateway": made.name}, environment=environment)[name]) == 1


def test_both_given_is_one_error_and_an_empty_one_is_not_given(made):
    both = {"ai_gateway": made.name, "control_plane": "quickstart"}
    assert made.run("config_store_info", both).code == "invalid_input"
    assert not made.run("config_store_info", {**both, "control_plane": ""}).failed


def test_none_given_is_one_error(made):
    run = made.run("config_store_info", environment={"KONNECT_AI_GATEWAY": ""})
    assert run.code == "no_control_plane"
    assert "ai_gateway" in run.message


@pytest.mark.exhaustive
def test_an_account_without_ai_gateways_is_named_as_such(emulators):
    konnect = ControlPlaneHarness.create(emulators("--set", "ai_gateways=missing"))
    run = konnect.run("config_store_info", {"ai_gateway": "any"})
    assert run.code == "not_found"
    assert "has no AI Gateways" in run.message


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("module", "options"),
    [("ai_gateway_info", {}), ("ai_gateway", {"name": "any"}), ("ai_gateway", {"name": "any", "state": "absent"})],
)
@pytest.mark.parametrize("switch", ["missing", "forbidden"])
def test_the_modules_of_gateways_say_so_too(emulators, switch, module, options):
    run = ControlPlaneHarness.create(emulators("--set", f"ai_gateways={switch}")).run(module, options)
    assert "has no AI Gateways" in run.message
