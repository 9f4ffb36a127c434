# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parents whose ids earlier tasks of a run know."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    CONSUMER,
    ROUTE,
    SECRET,
    SERVICE,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._known_ids import KnownIds
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held, page

ORDERS = {"id": "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d", "name": "orders", "created_at": 1}
STORE = {"id": "2c9a5b1e-7f5e-4d9a-9c39-0f4a1b6d7e21", "name": "my-store", "created_at": "2026-11-23T10:00:00.000Z"}
PLANE = {"id": PLANE_ID, "name": "quickstart", "created_at": "2026-11-23T10:00:00.000Z", "config": {"x": 1}}
SECRETS = f"{PLANE_PATH}/config-stores/{STORE['id']}/secrets"


@pytest.fixture
def next_task(server, connect, tmp_path):
    """Make the control plane of one task more of the same run, with no requests before."""

    def make(*, check_mode=False, predictions=None):
        server.requests.clear()
        known_ids = KnownIds(str(tmp_path / "ids.jsonl"))
        task = Task(check_mode, known_ids=known_ids, predictions=predictions or Predictions())
        return ControlPlane(Organization(connect(read_only=check_mode), task), "quickstart")

    return make


@pytest.fixture
def konnect(server):
    """Routes with a control plane, and a service and a store in it."""
    server.routes = {"GET /v2/control-planes": page(PLANE), **held(SERVICE, ORDERS), **held(CONFIG_STORE, STORE)}
    return server


def test_a_parent_that_an_earlier_task_found_is_not_asked_for(konnect, next_task):
    next_task().resolve(SERVICE, "orders")
    later = next_task()
    found = later.resolve(SERVICE, "orders")
    assert (found.entity, later.label, konnect.requests) == (ORDERS, "Control plane quickstart", [])


def test_of_a_parent_only_id_name_and_time_are_kept(konnect, next_task, tmp_path):
    konnect.routes.update(held(SERVICE, {**ORDERS, "path": "/fake-secret-path", "client_certificate": None}))
    next_task().resolve(SERVICE, "orders")
    assert "fake-secret-path" not in (tmp_path / "ids.jsonl").read_text()


def test_one_that_was_given_by_its_id_is_known_by_its_id(konnect, next_task):
    next_task().resolve(SERVICE, ORDERS["id"])
    assert next_task().resolve(SERVICE, ORDERS["id"]).id == ORDERS["id"]
    assert konnect.requests == []


def test_a_name_that_looks_like_an_id_is_not_kept_as_one(konnect, next_task):
    like_an_id = {"id": ORDERS["id"], "name": "7c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"}
    konnect.routes[f"POST {PLANE_PATH}/core-entities/services"] = (201, like_an_id)
    next_task().endpoint(SERVICE).create(like_an_id, lambda: None)
    konnect.routes.update(held(SERVICE, like_an_id))
    next_task().resolve(SERVICE, like_an_id["name"])
    assert any("services" in line for line in konnect.sent())


def test_a_kind_that_may_be_renamed_is_asked_for_again(konnect, next_task):
    konnect.routes.update(held(CONSUMER, {"id": ORDERS["id"], "username": "ann"}))
    for _time in range(2):
        task = next_task()
        task.resolve(CONSUMER, "ann")
    assert len(konnect.requests) == 1


def test_what_a_task_made_is_known(konnect, next_task):
    konnect.routes[f"POST {PLANE_PATH}/config-stores"] = (201, {**STORE, "name": "new"})
    next_task().endpoint(CONFIG_STORE).create({"name": "new"}, lambda: None)
    assert next_task().resolve(CONFIG_STORE, "new").id == STORE["id"]
    assert konnect.requests == []


def test_what_a_task_removed_is_forgotten(konnect, next_task):
    next_task().resolve(CONFIG_STORE, "my-store")
    konnect.routes[f"DELETE {PLANE_PATH}/config-stores/{STORE['id']}"] = (204, b"")
    next_task().endpoint(CONFIG_STORE).delete(STORE["id"])
    konnect.routes.update(held(CONFIG_STORE))
    assert next_task().resolve_if_exists(CONFIG_STORE, "my-store") is None


def test_what_a_task_renamed_is_known_by_its_new_name_only(konnect, next_task):
    next_task().resolve(SERVICE, "orders")
    konnect.routes[f"PUT {PLANE_PATH}/core-entities/services/{ORDERS['id']}"] = (200, {**ORDERS, "name": "new"})
    next_task().endpoint(SERVICE).replace(ORDERS["id"], {"name": "new"}, lambda: None)
    konnect.routes.update(held(SERVICE, {**ORDERS, "name": "new"}))
    assert next_task().resolve_if_exists(SERVICE, "orders") is None
    assert next_task().resolve(SERVICE, "new").id == ORDERS["id"]
    assert konnect.requests == []


def test_in_check_mode_one_that_would_be_gone_is_gone(konnect, next_task, tmp_path):
    next_task().resolve(SERVICE, "orders")
    predictions = Predictions(str(tmp_path / "facts.jsonl"))
    next_task(check_mode=True, predictions=predictions).endpoint(SERVICE).delete(ORDERS["id"], name="orders")
    assert next_task(check_mode=True, predictions=predictions).resolve_if_exists(SERVICE, "orders") is None


def test_in_check_mode_one_that_would_be_made_is_not_kept(konnect, next_task, tmp_path):
    predictions = Predictions(str(tmp_path / "facts.jsonl"))
    new = {"id": "check-mode-" + "0" * 32, "name": "new"}
    next_task(check_mode=True, predictions=predictions).endpoint(CONFIG_STORE).predict(new)
    next_task(check_mode=True, predictions=predictions).resolve(CONFIG_STORE, "new")
    assert "check-mode" not in (tmp_path / "ids.jsonl").read_text()


def test_the_preflight_reads_the_whole_control_plane(konnect, next_task):
    assert next_task().id == PLANE_ID
    assert next_task().read() == PLANE
    assert len(konnect.requests) == 1


# What another client removed or replaced meanwhile


@pytest.fixture
def replaced(konnect, next_task):
    """A task whose store another client has replaced since an earlier task found it."""
    next_task().resolve(CONFIG_STORE, "my-store")
    konnect.routes.update(held(CONFIG_STORE, {**STORE, "id": ORDERS["id"]}))
    task = next_task()
    store = task.resolve(CONFIG_STORE, "my-store")
    assert store.id == STORE["id"]
    task.endpoint(CONFIG_STORE).below(store.id, SECRET).find("my-key")  # 404
    return task


def test_after_a_404_a_parent_that_is_another_one_now_is_resolved_anew(replaced):
    renewed = replaced.renewed(failed=True)
    assert renewed.resolve(CONFIG_STORE, "my-store").id == ORDERS["id"]


def test_once_something_was_written_the_task_is_not_begun_anew_and_the_next_one_asks(konnect, replaced, next_task):
    konnect.routes[f"POST {PLANE_PATH}/core-entities/routes"] = (201, {"id": "1", "name": "r"})
    replaced.endpoint(ROUTE).create({"name": "r"}, lambda: None)
    assert replaced.renewed(failed=True) is None
    assert next_task().resolve(CONFIG_STORE, "my-store").id == ORDERS["id"]


def test_where_something_was_written_without_a_failure_no_parent_is_asked_for(konnect, replaced):
    konnect.routes[f"POST {PLANE_PATH}/core-entities/routes"] = (201, {"id": "1", "name": "r"})
    replaced.endpoint(ROUTE).create({"name": "r"}, lambda: None)
    asked = len(konnect.requests)
    assert replaced.renewed(failed=False) is None
    assert len(konnect.requests) == asked


def test_that_there_are_no_workspaces_says_nothing_about_a_parent(konnect, next_task):
    assert next_task().id == PLANE_ID
    task = next_task()
    assert [view.workspace for view in task.everywhere()] == ["default"]
    asked = len(konnect.requests)
    assert task.renewed(failed=False) is None
    assert len(konnect.requests) == asked


def test_after_a_404_below_what_is_still_there_nothing_is_begun_anew(konnect, next_task):
    next_task().resolve(CONFIG_STORE, "my-store")
    task = next_task()
    task.endpoint(CONFIG_STORE).below(task.resolve(CONFIG_STORE, "my-store").id, SECRET).find("my-key")
    assert task.renewed(failed=True) is None
    assert [line.partition("?")[0] for line in konnect.sent()[1:]] == [
        "GET /v2/control-planes",
        f"GET {PLANE_PATH}/config-stores",
    ]


def test_without_a_404_nothing_is_asked_for_again(konnect, next_task):
    next_task().resolve(SERVICE, "orders")
    task = next_task()
    task.resolve(SERVICE, "orders")
    assert (task.renewed(failed=True), konnect.requests) == (None, [])


def test_a_control_plane_that_is_gone_is_an_error_that_says_so(konnect, next_task):
    assert next_task().id == PLANE_ID
    konnect.routes = {"GET /v2/control-planes": page()}
    task = next_task()
    assert list(task.list_if_supported(SERVICE)) == []
    with pytest.raises(KonnectError) as caught:
        str(task.renewed(failed=True).id)
    assert caught.value.code == "not_found"
