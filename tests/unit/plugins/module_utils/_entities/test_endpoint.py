# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    CONSUMER_GROUP,
    PLUGIN,
    ROUTE,
    SECRET,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, page

ROUTES = f"{PLANE_PATH}/core-entities/routes"


@pytest.fixture
def routes(plane):
    return plane().endpoint(ROUTE)


def test_a_list_takes_a_query(server, routes):
    server.script = [page({"id": "1"})]
    assert list(routes.list({"tags": "a"})) == [{"id": "1"}]
    assert server.sent() == [f"GET {ROUTES}?tags=a&size=1000"]


def test_the_first_page_of_a_list_does_without_the_second(server, routes):
    server.script = [(200, {"data": [{"id": "1"}], "offset": "b"})]
    assert next(routes.pages()) == ([{"id": "1"}], False)
    assert len(server.requests) == 1


def test_what_check_mode_changes_stays_where_it_is_and_what_it_adds_comes_last(server, plane, tmp_path):
    task = Task(check_mode=True, predictions=Predictions(str(tmp_path / "facts.jsonl")))
    routes = plane(context=task).endpoint(ROUTE)
    for entity in ({"id": "2", "name": "changed"}, {"id": "4", "name": "new"}):
        routes.predict(entity)
    routes.delete("1")
    server.script = [(200, {"data": [{"id": "1"}], "offset": "b"}), page({"id": "2"}, {"id": "3"})]
    assert [entity["id"] for entity in routes.list()] == ["2", "3", "4"]


def test_a_kind_below_an_entity_is_read_in_its_own_pages(server, plane):
    password = {"key": "password", "updated_at": "2026-01-01T00:00:00Z"}
    server.script = [page(password)]
    secrets = plane().endpoint(CONFIG_STORE).below("store", SECRET)
    assert list(secrets.list()) == [password]
    assert server.sent() == [f"GET {PLANE_PATH}/config-stores/store/secrets?page%5Bsize%5D=100"]


@pytest.mark.parametrize("missing", [{}, {"name": None}])
def test_a_response_need_not_say_what_was_written(server, plane, missing):
    server.script = [(201, {"id": "1", **missing}), (200, {"id": "1", **missing})]
    plugins = plane().endpoint(PLUGIN)
    written = [
        plugins.create({"name": "http-log"}, lambda: None),
        plugins.replace("1", {"name": "http-log"}, lambda: None),
    ]
    assert written == [{"id": "1", "name": "http-log"}] * 2


def test_a_consumer_group_that_is_read_alone_is_in_an_envelope(server, plane):
    group = {"id": "1", "name": "gold"}
    server.script = [(200, {"consumer_group": group, "consumers": []}), (404, {}), (200, group)]
    groups = plane().endpoint(CONSUMER_GROUP)
    assert [groups.get("1"), groups.find("2"), groups.replace("1", {"name": "gold"}, lambda: None)] == [
        group,
        None,
        group,
    ]


def test_a_response_need_not_say_the_key_of_a_secret_that_its_path_has(server, plane):
    server.script = [(200, {"updated_at": "2026-01-01T00:00:00Z"})]
    secrets = plane().endpoint(CONFIG_STORE).below("store", SECRET)
    assert secrets.replace("password", {"value": "fake-value"}, lambda: None)["key"] == "password"


def test_an_entity_is_read_by_its_id(server, routes):
    server.script = [(200, {"id": "1"}), (200, {"id": "1"})]
    assert routes.get("1") == routes.find("1") == {"id": "1"}
    assert server.sent() == [f"GET {ROUTES}/1"] * 2


def test_an_entity_that_must_exist_is_an_error_when_it_does_not(server, routes):
    server.script = [(404, {})]
    with pytest.raises(ApiError):
        routes.get("1")


def test_an_entity_that_may_exist_is_none_when_it_does_not(server, routes):
    server.script = [(404, {})]
    assert routes.find("1") is None


def test_create_posts_to_the_list(server, routes):
    server.script = [(201, {"id": "1", "name": "orders"})]
    assert routes.create({"name": "orders"}, lambda: None) == {"id": "1", "name": "orders"}
    assert server.sent() == [f"POST {ROUTES}"]
    assert server.requests[0][3] == {"name": "orders"}


def test_replace_puts_to_the_entity(server, routes):
    server.script = [(200, {"id": "1", "name": "orders"})]
    assert routes.replace("1", {"name": "orders"}, lambda: None) == {"id": "1", "name": "orders"}
    assert server.sent() == [f"PUT {ROUTES}/1"]
    assert server.requests[0][3] == {"name": "orders"}


@pytest.mark.parametrize("write", ["create", "replace"])
def test_after_a_lost_response_what_is_read_back_counts(server, routes, write):
    server.script = ["reset"]
    entity = ["1"] if write == "replace" else []
    assert getattr(routes, write)(*entity, {"name": "orders"}, lambda: {"id": "1"}) == {"id": "1"}
    assert len(server.requests) == 1


def test_a_patch_is_repeated_after_a_lost_response(server, routes):
    server.script = ["reset", (200, {"id": "1"})]
    assert routes.patch("1", {"name": "orders"}) == {"id": "1"}
    assert server.sent() == [f"PATCH {ROUTES}/1"] * 2
    assert server.requests[1][3] == {"name": "orders"}


def test_delete_takes_a_query(server, routes):
    server.script = [(204, b"")]
    routes.delete("1", {"force": "true"})
    assert server.sent() == [f"DELETE {ROUTES}/1?force=true"]
