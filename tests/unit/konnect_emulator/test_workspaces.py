# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workspaces: each has entities and config stores of its own, as Kong's how-to Manage Workspaces in Konnect says."""

from __future__ import annotations

from typing import Any

import pytest

CORE = "/core-entities"
KONNECT = {"prefix": "my-vault", "name": "konnect", "config": {"config_store_id": "x"}}


@pytest.fixture
def team(api: Any) -> dict[str, Any]:
    """A workspace beside the default one."""
    created = api("POST", f"{CORE}/workspaces", {"name": "team-payments"})
    assert created.status_code == 201
    return dict(created.json())


def names(api: Any, path: str) -> list[str]:
    return [row["name"] for row in api("GET", path).json()["data"]]


def test_a_control_plane_has_a_default_workspace(api: Any) -> None:
    assert names(api, f"{CORE}/workspaces") == ["default"]


def test_workspaces_are_listed_and_found_by_name_and_by_id(api: Any, team: dict[str, Any]) -> None:
    assert names(api, f"{CORE}/workspaces") == ["default", "team-payments"]
    assert names(api, f"{CORE}/workspaces?filter[name][eq]=team-payments") == ["team-payments"]
    for reference in ("team-payments", team["id"]):
        assert api("GET", f"{CORE}/workspaces/{reference}").json() == team


def test_an_entity_is_in_one_workspace_only(api: Any, team: dict[str, Any]) -> None:
    for workspace in ("", "/team-payments"):
        assert api("POST", f"{CORE}{workspace}/services", {"name": "same", "host": "h"}).status_code == 201
    for path in ("services", "default/services", "team-payments/services", f"{team['id']}/services"):
        assert names(api, f"{CORE}/{path}") == ["same"]
    (in_default,) = api("GET", f"{CORE}/services").json()["data"]
    assert api("GET", f"{CORE}/team-payments/services/{in_default['id']}").status_code == 404


def test_an_entity_refers_to_entities_of_its_own_workspace(api: Any, team: dict[str, Any]) -> None:
    service = api("POST", f"{CORE}/services", {"host": "h"}).json()
    route = {"paths": ["/p"], "service": {"id": service["id"]}}
    assert api("POST", f"{CORE}/team-payments/routes", route).status_code == 400


@pytest.mark.usefixtures("team")
def test_a_config_store_is_in_one_workspace_only(api: Any) -> None:
    store = api("POST", "/team-payments/config-stores", {"name": "s"}).json()
    assert api("PUT", f"/team-payments/config-stores/{store['id']}/secrets/k", {"value": "v"}).status_code == 201
    assert api("GET", f"/config-stores/{store['id']}").status_code == 404
    assert api("GET", "/nowhere/config-stores").status_code == 404


@pytest.mark.usefixtures("team")
def test_the_prefix_of_a_vault_is_unique_in_the_control_plane(api: Any) -> None:
    assert api("POST", f"{CORE}/vaults", KONNECT).status_code == 201
    assert api("POST", f"{CORE}/team-payments/vaults", KONNECT).status_code == 400


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("kind", ["ca_certificates", "custom-plugins", "plugin-schemas"])
def test_what_belongs_to_the_control_plane_is_not_in_another_workspace(api: Any, kind: str) -> None:
    assert api("GET", f"{CORE}/team-payments/{kind}").status_code == 404
    assert api("POST", f"{CORE}/team-payments/{kind}", {}).status_code == 400


def test_a_workspace_with_something_in_it_is_not_removed(api: Any, team: dict[str, Any]) -> None:
    service = api("POST", f"{CORE}/team-payments/services", {"host": "h"}).json()
    assert api("DELETE", f"{CORE}/workspaces/{team['id']}").status_code == 400
    api("DELETE", f"{CORE}/team-payments/services/{service['id']}")
    assert api("DELETE", f"{CORE}/workspaces/{team['id']}").status_code == 204
    assert names(api, f"{CORE}/workspaces") == ["default"]


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("name", ["default", "team-payments"])
def test_the_name_of_a_workspace_is_unique(api: Any, name: str) -> None:
    assert api("POST", f"{CORE}/workspaces", {"name": name}).status_code == 409


def test_a_control_plane_may_have_no_workspaces(start_emulator: Any) -> None:
    assert start_emulator("--set", "workspaces=false")("GET", f"{CORE}/workspaces").status_code == 404
