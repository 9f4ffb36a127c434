# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules in a workspace: what they make is there and nowhere else, and what removes looks into all workspaces."""

from __future__ import annotations

import pytest

from support.options import ABSENT
from support.tutorial import PLUGIN, REMOVAL, SECRET, TUTORIAL, VAULT

TEAM = {"KONNECT_WORKSPACE": "team"}
WITHOUT_SHARED = ("config-stores", *(f"core-entities/{kind}" for kind in ("vaults", "services", "routes", "plugins")))


@pytest.fixture
def team(konnect):
    """A control plane with a workspace beside the default one."""
    konnect.call("POST", "core-entities/workspaces", {"name": "team"})
    return konnect


@pytest.fixture
def made(team):
    """The tutorial in the workspace."""
    for module, options in TUTORIAL:
        run = team.run(module, {**options, "workspace": "team"})
        assert run.changed, run.message
    return team


def test_the_tutorial_is_made_in_a_workspace_and_nowhere_else(made):
    assert [made.list(path) for path in WITHOUT_SHARED] == [[]] * 5
    assert len(made.list("team/config-stores")) == len(made.list("core-entities/team/plugins")) == 1


def test_a_second_run_changes_nothing_and_the_environment_may_name_the_workspace(made):
    runs = [made.run(*task, environment=TEAM) for task in TUTORIAL]
    assert [(run.changed, run.writes) for run in runs] == [(False, [])] * 6


def test_the_same_names_may_be_in_two_workspaces(made):
    service = ("service", {"name": "example-service", "url": "http://example.com"})
    assert made.run(*service).changed
    ids = [made.list(f"core-entities/{place}services")[0]["id"] for place in ("", "team/")]
    assert ids[0] != ids[1]
    assert made.run("service_info", {"name": "example-service"})["services"][0]["created_by_collection"]


def test_check_mode_predicts_the_id_of_the_workspace(team):
    service = ("service", {"name": "s", "url": "http://example.com", "workspace": "team"})
    predicted = team.run(*service, check=True)
    assert predicted["service"]["id"] == team.run(*service)["service"]["id"]


@pytest.mark.parametrize("module", ["service", "ca_certificate_info", "secrets"])
def test_an_unknown_workspace_is_one_error_before_any_write(team, module):
    options = {
        "service": {"name": "s", "url": "http://example.com"},
        "ca_certificate_info": {},
        "secrets": {"config_store": "s", "secrets": [{"key": "k", "value": "fake-secret-value"}]},
    }
    run = team.run(module, {**options[module], "workspace": "taem"})
    assert (run.code, run.writes) == ("not_found", [])
    assert run.message.endswith("has no workspace taem. It has: default, team.")


def test_a_workspace_is_made_and_removed_as_any_entity(konnect):
    task = ("entity", {"kind": "workspaces", "match": {"name": "team"}})
    runs = [konnect.run(*task) for _time in range(2)]
    assert [run.changed for run in runs] == [True, False]
    assert konnect.run("service_info", {"workspace": "team"})["services"] == []
    assert konnect.run(task[0], {**task[1], **ABSENT, "workspace": "team"}).changed


def test_it_is_all_removed_again(made):
    for module, options in REMOVAL:
        run = made.run(module, {**options, **ABSENT, "workspace": "team"})
        assert run.changed, run.message
    assert made.list("core-entities/team/services") == []


def test_the_audit_reads_all_workspaces(made):
    found = made.run("reference_info", {})
    assert [(row["workspace"], row["state"]) for row in found["references"]] == [("team", "ok")]
    assert [(row["workspace"], row["in_use"]) for row in found["secrets"]] == [("team", True)]
    assert (found["summary"]["ok"], found["summary"]["unused_vaults"]) == (1, 0)


def test_a_secret_that_another_workspace_uses_is_not_removed(team):
    team.create_all(("config_store", {"name": "my-config-store"}), SECRET)
    (store,) = team.list("config-stores")
    shared = {"prefix": VAULT[1]["prefix"], "backend": "konnect", "config": {"config_store_id": store["id"]}}
    # As another client would: the vault of a workspace that exposes a store of the default one.
    vault = {"prefix": shared["prefix"], "name": "konnect", "config": shared["config"]}
    team.call("POST", "core-entities/team/vaults", vault)
    plugin = {**PLUGIN[1], "workspace": "team", "check_references": "ignore"}
    del plugin["route"]
    team.create_all(("plugin", plugin))
    run = team.run("secret", {"config_store": "my-config-store", "key": "mistral-key", **ABSENT})
    assert run.code == "in_use"
    assert run["failure"]["referrers"][0]["workspace"] == "team"
    assert "workspace team" in run.message


def test_references_in_another_workspace_are_repointed(team):
    team.create_all(("config_store", {"name": "my-config-store"}), SECRET)
    team.create_all(("secret", {**SECRET[1], "key": "new-key", "value": "Bearer fake-new-key"}))
    (store,) = team.list("config-stores")
    vault = {"prefix": VAULT[1]["prefix"], "name": "konnect", "config": {"config_store_id": store["id"]}}
    team.call("POST", "core-entities/team/vaults", vault)
    plugin = {**PLUGIN[1], "workspace": "team", "check_references": "ignore"}
    del plugin["route"]
    team.create_all(("plugin", plugin))
    options = {"config_store": "my-config-store", "key": "mistral-key", "new_key": "new-key"}
    predicted, run, again = (team.run("reference", options, check=check) for check in (True, False, False))
    assert [row["workspace"] for row in run["references"]] == ["team"]
    assert (predicted.writes, predicted["references"], again.changed) == ([], run["references"], False)
    assert "new-key" in str(team.list("core-entities/team/plugins"))


def test_a_control_plane_with_something_in_a_workspace_is_not_removed(made):
    run = made.run("control_plane", {"name": made.name, **ABSENT})
    assert (run.code, run["failure"]["holds"]["services"]) == ("not_empty", 1)


def test_one_reads_the_default_workspace_where_konnect_has_no_others(konnect):
    konnect.create_all(*TUTORIAL)
    assert [row["workspace"] for row in konnect.run("reference_info", {})["references"]] == ["default"]
