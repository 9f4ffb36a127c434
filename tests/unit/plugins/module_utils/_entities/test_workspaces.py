# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workspace of a control plane: paths, ids, and what happens where there is none of that name."""

from __future__ import annotations

import uuid

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ID_NAMESPACE,
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CA_CERTIFICATE,
    CONFIG_STORE,
    CUSTOM_PLUGIN,
    DATA_PLANE_CERTIFICATE,
    DATA_PLANE_NODE,
    PLUGIN_SCHEMA,
    ROUTE,
    SERVICE,
    WORKSPACE,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held

TEAM_ID = "2747d1e5-8246-4f65-a939-b392f1ee17f8"
SHARED = [CA_CERTIFICATE, CUSTOM_PLUGIN, PLUGIN_SCHEMA, DATA_PLANE_NODE, DATA_PLANE_CERTIFICATE]
LIST = f"GET {PLANE_PATH}/core-entities/workspaces"


@pytest.fixture
def within(connect):
    """Make the control plane of a task in this workspace."""

    def make(workspace):
        entity = {"id": PLANE_ID, "name": "quickstart"}
        return ControlPlane(Organization(connect(), Task()), "quickstart", entity, workspace=workspace)

    return make


@pytest.fixture
def team(server, within):
    """Make the control plane in the workspace of a team, by its name or its id."""
    server.routes.update(held(WORKSPACE, {"id": TEAM_ID, "name": "team"}))
    return within


@pytest.mark.parametrize("workspace", [None, "default", "Default"])
def test_the_default_workspace_is_no_segment_and_not_asked_for(server, within, workspace):
    assert within(workspace).path_of(ROUTE) == ("control-planes", PLANE_ID, "core-entities", "routes")
    assert server.requests == []


@pytest.mark.parametrize("given", ["team", TEAM_ID])
def test_another_workspace_is_a_segment_by_its_name_and_asked_for_once(server, team, given):
    control_plane = team(given)
    below = ("control-planes", PLANE_ID)
    assert control_plane.path_of(ROUTE) == (*below, "core-entities", "team", "routes")
    asked = len(server.requests)
    assert control_plane.path_of(CONFIG_STORE, "s") == (*below, "team", "config-stores", "s")
    assert len(server.requests) == asked


@pytest.mark.parametrize("kind", SHARED, ids=lambda kind: kind.name)
def test_what_belongs_to_the_whole_control_plane_has_no_workspace_in_its_path_and_id(team, kind):
    control_plane = team("team")
    assert control_plane.path_of(kind) == team(None).path_of(kind)
    assert control_plane.deterministic_id(kind, "x") == team(None).deterministic_id(kind, "x")


def test_schemas_and_validation_belong_to_the_control_plane(server, team):
    server.routes[f"POST {PLANE_PATH}/core-entities/schemas/route/validate"] = (200, {})
    control_plane = team("team")
    control_plane.schema("plugins", "ai-proxy")
    control_plane.validate(ROUTE, {"name": "r"})
    assert "team" not in str(server.sent())


def test_the_workspace_is_part_of_the_id_of_a_new_entity(team):
    name = f"{PLANE_ID}/workspaces/team/service/orders"
    assert team("team").deterministic_id(SERVICE, "orders") == str(uuid.uuid5(ID_NAMESPACE, name))
    assert team(None).deterministic_id(SERVICE, "orders") == str(uuid.uuid5(ID_NAMESPACE, f"{PLANE_ID}/service/orders"))


@pytest.mark.parametrize("kind", [ROUTE, CA_CERTIFICATE], ids=lambda kind: kind.name)
def test_an_unknown_workspace_is_an_error_with_those_that_there_are(server, team, kind):
    with pytest.raises(KonnectError) as caught:
        team("taem").endpoint(kind)
    assert caught.value.message == "Control plane quickstart has no workspace taem. It has: default, team."
    assert (caught.value.code, caught.value.facts["candidates"]) == ("not_found", ["default", "team"])


@pytest.mark.parametrize("status", [404, 501])
def test_where_konnect_has_no_workspaces_there_is_only_the_default_one(server, within, status):
    server.routes[LIST] = (status, {})
    with pytest.raises(KonnectError) as caught:
        within("team").endpoint(ROUTE)
    assert caught.value.message.endswith("It has: default.")
    assert [view.workspace for view in within(None).everywhere()] == ["default"]


def test_a_workspace_without_a_name_is_none(server, within):
    server.routes[LIST] = (200, {"data": [{"id": TEAM_ID}]})
    with pytest.raises(KonnectError, match="a workspace without name") as caught:
        within(None).everywhere()
    assert caught.value.code == "unexpected_response"


def test_everywhere_is_each_workspace_once_whichever_the_task_names(server, within):
    rows = [{"id": TEAM_ID, "name": "team"}, {"id": PLANE_ID, "name": "default"}, {"id": "1", "name": "b"}]
    server.routes.update(held(WORKSPACE, *rows))
    assert [view.workspace for view in within("team").everywhere()] == ["default", "b", "team"]
