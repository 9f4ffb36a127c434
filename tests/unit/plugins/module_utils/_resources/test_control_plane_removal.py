# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.pagination import list_field
from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import Organization
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import CHILD_KINDS
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import ABSENT
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._resources.control_plane import remove_control_plane
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID

PLANES_PATH = "/v2/control-planes"
PLANE_PATH = f"{PLANES_PATH}/{PLANE_ID}"
QUICKSTART = {"id": PLANE_ID, "name": "quickstart", "config": {"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE"}}


@pytest.fixture
def organization(connect):
    """Make the organization of the scripted server."""

    def make(*, check_mode=False):
        return Organization(connect(read_only=check_mode), Task(check_mode))

    return make


def page(*entities, paging="cursor"):
    if list_field(paging) == "items":
        return 200, {"items": [*entities], "page": {"total_count": len(entities)}}
    return 200, {"data": [*entities]}


def removals(server):
    return [sent for sent in server.sent() if not sent.startswith("GET")]


def holding(**counts):
    """Routes of a control plane that holds so many of each kind."""
    lists = {
        f"GET {'/'.join((PLANE_PATH, *kind.segments))}": page(
            *[
                {"id": f"{kind.name}-{number}", "name": "a", "prefix": "a"}
                for number in range(counts.get(kind.name, 0))
            ],
            paging=kind.paging,
        )
        for kind in CHILD_KINDS
    }
    return {**lists, f"GET {PLANES_PATH}": page(QUICKSTART), f"DELETE {PLANE_PATH}": (204, b"")}


@pytest.mark.parametrize("on_in_use", ["fail", "keep"])
def test_an_empty_control_plane_is_removed(server, organization, on_in_use):
    server.routes = holding()
    outcome = remove_control_plane(organization(), "quickstart", on_in_use)
    assert (outcome.changed, outcome.before, outcome.after) == (True, QUICKSTART, None)
    assert outcome.diff == {"before": {"name": "quickstart"}, "after": {}}
    assert server.sent()[-1] == f"DELETE {PLANE_PATH}"


def test_a_control_plane_of_a_type_without_some_kinds_is_removed(server, organization):
    server.routes = holding()
    del server.routes[f"GET {PLANE_PATH}/core-entities/upstreams"]
    assert remove_control_plane(organization(), "quickstart", "fail").changed


def test_a_control_plane_that_does_not_exist_is_no_change(server, organization):
    server.script = [page()]
    assert remove_control_plane(organization(), "quickstart", "fail") is ABSENT


def test_a_control_plane_that_holds_something_is_not_removed(server, organization):
    server.routes = holding(config_store=1, plugin=2)
    with pytest.raises(KonnectError, match="holds 1 config store, 2 plugins and was not removed.*on_in_use") as caught:
        remove_control_plane(organization(), "quickstart", "fail")
    assert (caught.value.code, caught.value.facts) == (
        "not_empty",
        {"holds": {"config stores": 1, "plugins": 2}},
    )
    assert removals(server) == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("data_plane_node", "data plane node"),
        ("data_plane_certificate", "data plane client certificate"),
        ("plugin_schema", "plugin schema"),
    ],
)
def test_what_data_planes_need_keeps_a_control_plane_too(server, organization, name, label):
    server.routes = holding(**{name: 2})
    with pytest.raises(KonnectError, match=f"holds 2 {label}s and was not removed") as caught:
        remove_control_plane(organization(), "quickstart", "fail")
    assert caught.value.facts == {"holds": {f"{label}s": 2}}
    assert removals(server) == []


def test_what_is_in_a_workspace_counts_and_what_is_shared_counts_once(server, organization):
    server.routes = holding(service=1, ca_certificate=1)
    # What is shared has no list of its own in a workspace, and some servers return it there again.
    team = {
        f"{route.replace(PLANE_PATH + '/core-entities', PLANE_PATH + '/core-entities/team')}": response
        for route, response in server.routes.items()
    }
    server.routes = {**team, **server.routes}
    server.routes[f"GET {PLANE_PATH}/core-entities/workspaces"] = page({"id": "w", "name": "team"})
    with pytest.raises(KonnectError) as caught:
        remove_control_plane(organization(), "quickstart", "fail")
    assert caught.value.facts == {"holds": {"services": 2, "CA certificates": 1}}


def test_plugin_schemas_are_counted_by_their_names(server, organization):
    server.routes = holding()
    schemas = [{"name": name, "lua_schema": "return {}"} for name in ("one", "two")]
    server.routes[f"GET {PLANE_PATH}/core-entities/plugin-schemas"] = page(*schemas, paging="items")
    with pytest.raises(KonnectError, match="holds 2 plugin schemas"):
        remove_control_plane(organization(), "quickstart", "fail")


def test_a_control_plane_that_holds_something_is_kept_when_the_task_says_so(server, organization):
    server.routes = holding(upstream=1)
    outcome = remove_control_plane(organization(), "quickstart", "keep")
    assert (outcome.changed, outcome.after) == (False, QUICKSTART)
    assert outcome.diff == {"before": {"name": "quickstart"}, "after": {"name": "quickstart"}}
    assert outcome.kept.kept()["message"] == "Control plane quickstart holds 1 upstream and was kept."


def test_a_control_plane_goes_with_all_that_it_holds_when_the_task_says_so(server, organization):
    server.routes = holding(upstream=1)
    assert remove_control_plane(organization(), "quickstart", "remove").changed
    assert len(server.requests) == 2


def test_check_mode_predicts_a_removal(server, organization):
    server.routes = holding()
    outcome = remove_control_plane(organization(check_mode=True), "quickstart", "fail")
    assert (outcome.changed, outcome.after, removals(server)) == (True, None, [])
