# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import Organization
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._predictions import is_stand_in
from ansible_collections.community.konnect.plugins.module_utils._resources.control_plane import (
    ensure_control_plane,
    read_control_planes,
)
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID

PLANE_PATH = f"/v2/control-planes/{PLANE_ID}"
CONFIG = {
    "control_plane_endpoint": "https://cp.example.com",
    "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE",
    "auth_type": "pinned_client_certs",
    "cloud_gateway": False,
    "proxy_urls": [],
}


def control_plane(name="quickstart", *, plane_id=PLANE_ID, labels=None, description=None, **config):
    return {
        "id": plane_id,
        "name": name,
        "description": description,
        "labels": labels or {},
        "config": {**CONFIG, **config},
    }


def page(*entities):
    return 200, {"data": [*entities]}


@pytest.fixture
def organization(connect):
    """Make the organization of the scripted server."""

    def make(*, check_mode=False):
        return Organization(connect(read_only=check_mode), Task(check_mode))

    return make


def options(**given):
    names = ("description", "labels", "auth_type", "proxy_urls", "cluster_type", "cloud_gateway")
    return {"name": "quickstart", **dict.fromkeys(names), **given}


def writes(server):
    """The bodies that were written."""
    return [body for method, _path, _headers, body in server.requests if method != "GET"]


# Creation


def test_a_control_plane_is_created_with_what_the_task_gives(server, organization):
    server.script = [page(), (201, control_plane())]
    outcome = ensure_control_plane(
        organization(), options(labels={"team": "ai", "year": 2026, "live": True}, cloud_gateway=False)
    )
    assert (outcome.changed, outcome.before, outcome.after) == (True, None, control_plane())
    labels = {"team": "ai", "year": "2026", "live": "true"}
    assert writes(server) == [{"name": "quickstart", "labels": labels, "cloud_gateway": False}]
    assert outcome.diff == {"before": {}, "after": {"name": "quickstart", "labels": labels}}


def test_check_mode_predicts_a_creation(server, organization):
    server.script = [page()]
    outcome = ensure_control_plane(organization(check_mode=True), options(description="Try it"))
    assert (outcome.changed, outcome.before) == (True, None)
    after = outcome.after
    assert is_stand_in(after["id"])
    assert (after["name"], after["description"], after["config"]["cloud_gateway"]) == ("quickstart", "Try it", False)
    assert outcome.diff == {"before": {}, "after": {"name": "quickstart", "description": "Try it"}}


def test_an_id_that_does_not_exist_is_not_created(server, organization):
    server.script = [page(), (404, {})]
    with pytest.raises(KonnectError, match=f"no control plane with the id {PLANE_ID}") as caught:
        ensure_control_plane(organization(), options(name=PLANE_ID))
    assert caught.value.code == "not_found"


def test_a_control_plane_that_another_client_created(server, organization):
    server.script = [page(), (409, {})]
    with pytest.raises(KonnectError, match="Another client created control plane quickstart") as caught:
        ensure_control_plane(organization(), options())
    assert caught.value.code == "concurrent_change"


def test_any_other_error_of_the_creation(server, organization):
    server.script = [page(), (400, {"title": "Bad Request"})]
    with pytest.raises(ApiError) as caught:
        ensure_control_plane(organization(), options())
    assert caught.value.code == "invalid"


def test_a_control_plane_is_found_after_a_lost_response(server, organization):
    server.script = [page(), "reset", page(control_plane())]
    outcome = ensure_control_plane(organization(), options())
    assert (outcome.changed, outcome.after) == (True, control_plane())
    assert len(writes(server)) == 1


@pytest.mark.parametrize("value", [None, {}, []])
def test_a_label_that_is_no_text(server, organization, value):
    server.script = [page()]
    with pytest.raises(InvalidInput, match="label team must be a text. To remove a label, leave it out"):
        ensure_control_plane(organization(), options(labels={"team": value}))


# Changes


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"description": "", "labels": {}, "proxy_urls": []},
        {"auth_type": "pinned_client_certs", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE", "cloud_gateway": False},
    ],
)
def test_a_control_plane_in_sync_is_no_change(server, organization, given):
    server.script = [page(control_plane())]
    outcome = ensure_control_plane(organization(), options(**given))
    assert (outcome.changed, outcome.before, outcome.after) == (False, control_plane(), control_plane())
    assert outcome.diff == {"before": {"name": "quickstart"}, "after": {"name": "quickstart"}}
    assert writes(server) == []


def test_a_given_id_means_the_control_plane_of_that_id(server, organization):
    server.script = [page(), (200, control_plane())]
    assert not ensure_control_plane(organization(), options(name=PLANE_ID)).changed


def test_proxy_urls_have_no_order(server, organization):
    one, two = ({"host": host, "port": 443, "protocol": "https"} for host in ("a.example.com", "b.example.com"))
    server.script = [page(control_plane(proxy_urls=[one, two]))]
    assert not ensure_control_plane(organization(), options(proxy_urls=[two, one])).changed


def test_only_what_differs_is_sent(server, organization):
    changed = control_plane(description="New", labels={"team": "ai"}, auth_type="pki_client_certs")
    server.script = [page(control_plane(description="Old", labels={"team": "ai"})), (200, changed)]
    given = {"description": "New", "labels": {"team": "ai"}, "auth_type": "pki_client_certs"}
    outcome = ensure_control_plane(organization(), options(**given))
    assert (outcome.changed, outcome.after) == (True, changed)
    assert server.sent()[-1] == f"PATCH {PLANE_PATH}"
    assert writes(server) == [{"description": "New", "auth_type": "pki_client_certs"}]
    same = {"name": "quickstart", "labels": {"team": "ai"}}
    assert outcome.diff == {
        "before": {**same, "description": "Old"},
        "after": {**same, "description": "New", "auth_type": "pki_client_certs"},
    }


def test_check_mode_predicts_a_change_where_konnect_keeps_it(server, organization):
    server.script = [page(control_plane())]
    outcome = ensure_control_plane(
        organization(check_mode=True), options(description="New", auth_type="pki_client_certs")
    )
    assert outcome.after == control_plane(description="New", auth_type="pki_client_certs")
    assert (outcome.changed, writes(server)) == (True, [])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"cluster_type": "CLUSTER_TYPE_SERVERLESS"},
            "has cluster_type CLUSTER_TYPE_CONTROL_PLANE, which Konnect cannot change to CLUSTER_TYPE_SERVERLESS",
        ),
        ({"cloud_gateway": True}, "has cloud_gateway False, which Konnect cannot change to True"),
    ],
)
def test_what_konnect_cannot_change(server, organization, given, message):
    server.script = [page(control_plane())]
    with pytest.raises(InvalidInput, match=f"{message}. Create another control plane") as caught:
        ensure_control_plane(organization(), options(**given))
    assert caught.value.code == "immutable"


def test_labels_that_were_merged_are_taken_out(server, organization):
    server.script = [
        page(control_plane(labels={"old": "1", "team": "ml"})),
        (200, control_plane(labels={"old": "1", "team": "ai"})),
        (200, control_plane(labels={"team": "ai"})),
    ]
    outcome = ensure_control_plane(organization(), options(labels={"team": "ai"}))
    assert outcome.after["labels"] == {"team": "ai"}
    assert writes(server) == [{"labels": {"team": "ai"}}, {"labels": {"team": "ai", "old": None}}]


def test_labels_that_the_task_does_not_give_stay(server, organization):
    changed = control_plane(labels={"old": "1"}, description="New")
    server.script = [page(control_plane(labels={"old": "1"})), (200, changed)]
    assert ensure_control_plane(organization(), options(description="New")).after == changed
    assert len(writes(server)) == 1


def test_a_change_that_konnect_did_not_apply(server, organization):
    server.script = [page(control_plane()), (200, control_plane(description="New"))]
    given = {"description": "New", "auth_type": "pki_client_certs"}
    with pytest.raises(KonnectError, match="quickstart but did not apply auth_type") as caught:
        ensure_control_plane(organization(), options(**given))
    assert caught.value.code == "not_applied"


# Reading


def test_control_planes_are_read_in_the_order_of_their_names(server, organization):
    server.script = [page(control_plane("b"), control_plane("a", plane_id="1"))]
    found = read_control_planes(organization(), None, {}, None)
    assert [entity["name"] for entity in found] == ["a", "b"]
    assert "labels" not in server.requests[0][1]


def test_control_planes_are_read_by_name(server, organization):
    server.script = [page(control_plane(), control_plane("other", plane_id="1"))]
    assert read_control_planes(organization(), "quickstart", {}, None) == [control_plane()]


def test_control_planes_are_read_by_all_of_the_labels(server, organization):
    fitting = control_plane(labels={"team": "ai", "year": "2026", "more": "1"})
    server.script = [page(fitting, control_plane("other", plane_id="1", labels={"team": "ai"}))]
    assert read_control_planes(organization(), None, {"team": "ai", "year": 2026}, None) == [fitting]
    assert "labels=team%3Aai%2Cyear%3A2026" in server.requests[0][1]


def test_control_planes_without_labels_have_none_of_them(server, organization):
    server.script = [page({**control_plane(), "labels": None})]
    assert read_control_planes(organization(), None, {"team": "ai"}, None) == []


def test_control_planes_are_read_by_their_type(server, organization):
    serverless = control_plane("b", cluster_type="CLUSTER_TYPE_SERVERLESS")
    server.script = [page(control_plane("a", plane_id="1"), serverless)]
    assert read_control_planes(organization(), None, {}, "CLUSTER_TYPE_SERVERLESS") == [serverless]
