# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create and update: what is sent, what comes back, and what becomes of it when a response is lost or others write."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.comparison import overlay
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import ROUTE
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import Outcome, Target, ensure
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, KonnectError, UnknownOutcome
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, page

ROUTES = f"{PLANE_PATH}/core-entities/routes"
ORDERS = {"name": "orders", "paths": ["/orders"]}
OLD = {"id": "1", "name": "orders", "paths": ["/old"], "updated_at": 1}
NEW = {"id": "1", "name": "orders", "paths": ["/orders"], "updated_at": 2}
DIFF = {"before": {"name": "orders", "paths": ["/old"]}, "after": ORDERS}
GONE = (404, {})


@pytest.fixture
def target(plane):
    """The route orders with the path /orders."""
    return Target(
        plane(),
        ROUTE,
        natural_key="orders",
        matches=lambda entity: entity.get("name") == "orders",
        compose=lambda current: overlay(current, ORDERS),
    )


@pytest.fixture
def created(target):
    """The route as the server returns it after it was created."""
    return {**ORDERS, "id": target.deterministic_id, "created_at": 1}


def methods(server):
    return [line.split("?")[0].replace(ROUTES, "") for line in server.sent()]


def taken(field):
    """The response to a create whose value for the field another entity has."""
    return 400, {"details": [{"field": field, "messages": [f"{field} (type: unique) constraint failed"]}]}


# Create


def test_what_does_not_exist_is_created_with_the_id_of_the_collection(server, target, created):
    server.script = [page(), (201, created)]
    assert ensure(target) == Outcome(True, None, created, {"before": {}, "after": ORDERS})
    assert server.requests[1][:2] == ("POST", ROUTES)
    assert server.requests[1][3] == {**ORDERS, "id": target.deterministic_id}


@pytest.mark.parametrize(
    "response", [{"id": "1", "name": "orders", "paths": ["/other"]}, {"id": "1", "name": "orders"}]
)
def test_a_created_entity_with_other_values_than_asked_for_is_an_error(server, target, response):
    server.script = [page(), (201, response)]
    with pytest.raises(KonnectError) as caught:
        ensure(target)
    assert caught.value.code == "not_applied"
    assert caught.value.message == (
        "Konnect accepted route orders but returned other values than asked for, in paths. See what it holds now, and "
        "write the task as Konnect stores it."
    )


WITHOUT_ENTITY = [(201, b""), (204, b""), (201, []), (201, "orders"), (201, {"name": "orders"}), (201, b"<html>")]


@pytest.mark.parametrize("response", WITHOUT_ENTITY)
def test_after_a_creation_without_the_entity_in_its_response_it_is_looked_up(server, target, response):
    server.script = [page(), response, page(NEW)]
    assert ensure(target).after == NEW
    assert methods(server) == ["GET ", "POST ", "GET "]


def test_a_creation_that_never_shows_the_entity_is_an_error(server, target):
    server.script = [page(), *[(201, []), page()] * 5]
    with pytest.raises(UnknownOutcome) as caught:
        ensure(target)
    assert caught.value.code == "unexpected_response"
    assert "sent 201 with a list instead of a route. Whether" in caught.value.message


def test_a_creation_that_the_server_refuses_is_an_error(server, target):
    server.script = [page(), (400, {"message": "paths is wrong"})]
    with pytest.raises(ApiError, match="paths is wrong"):
        ensure(target)
    assert methods(server) == ["GET ", "POST "]


# Create, while another client does


def test_the_same_entity_of_another_client_is_taken_unchanged(server, target):
    server.script = [page(), taken("name"), page(NEW), page(NEW)]
    assert ensure(target) == Outcome(False, NEW, NEW, {"before": ORDERS, "after": ORDERS})


def test_another_entity_of_another_client_is_updated(server, target):
    server.script = [page(), taken("name"), page(OLD), page(OLD), (200, OLD), (200, NEW)]
    assert ensure(target) == Outcome(True, OLD, NEW, DIFF)


def test_an_id_that_another_entity_has_is_left_to_the_server(server, target):
    server.script = [page(), taken("id"), page(), (201, NEW)]
    assert ensure(target) == Outcome(True, None, NEW, {"before": {}, "after": ORDERS})
    assert server.requests[3][3] == ORDERS


def test_a_value_that_another_entity_has_is_an_error(server, target):
    server.script = [page(), taken("paths"), page()]
    with pytest.raises(ApiError) as caught:
        ensure(target)
    assert caught.value.code == "conflict"
    assert methods(server) == ["GET ", "POST ", "GET "]


def test_a_creation_that_never_succeeds_is_given_up_after_three_attempts(server, target):
    server.script = [page(), *[taken("name"), page(NEW), page()] * 3]
    with pytest.raises(KonnectError) as caught:
        ensure(target)
    assert caught.value.code == "concurrent_change"
    assert server.script == []


def test_a_creation_may_succeed_at_the_third_attempt(server, target, created):
    server.script = [page(), *[taken("name"), page(NEW), page()] * 2, (201, created)]
    assert ensure(target).after == created


# Create, when the response is lost


@pytest.mark.parametrize("lost", ["reset", (503, {})])
def test_a_creation_that_was_carried_out_is_adopted(server, target, created, lost):
    server.script = [page(), lost, page(created)]
    assert ensure(target) == Outcome(True, None, created, {"before": {}, "after": ORDERS})
    assert methods(server) == ["GET ", "POST ", "GET "]


def test_a_creation_that_was_not_carried_out_is_repeated(server, target, created):
    server.script = [page(), "reset", page(), (201, created)]
    assert ensure(target).after == created
    assert methods(server) == ["GET ", "POST ", "GET ", "POST "]


def test_what_another_client_created_in_the_meantime_is_compared_and_updated(server, target):
    server.script = [page(), "reset", page(OLD), page(OLD), (200, OLD), (200, NEW)]
    assert ensure(target) == Outcome(True, OLD, NEW, DIFF)
    assert methods(server) == ["GET ", "POST ", "GET ", "GET ", "GET /1", "PUT /1"]


def test_a_creation_of_which_nothing_is_ever_known_is_an_error(server, target):
    server.script = [page(), *["reset", page()] * 5]
    with pytest.raises(UnknownOutcome):
        ensure(target)


# Update


def test_what_differs_is_updated_with_the_whole_body(server, target):
    old = {**OLD, "hosts": ["kept.example.com"], "created_at": 1}
    new = {**old, "paths": ["/orders"]}
    server.script = [page(old), (200, old), (200, new)]
    outcome = ensure(target)
    assert (outcome.changed, outcome.before, outcome.after) == (True, old, new)
    assert outcome.diff["after"] == {**ORDERS, "hosts": ["kept.example.com"]}
    assert server.requests[2][:2] == ("PUT", f"{ROUTES}/1")
    assert server.requests[2][3] == {**ORDERS, "hosts": ["kept.example.com"]}


@pytest.mark.parametrize("response", [OLD, {**NEW, "paths": None}])
def test_an_updated_entity_with_other_values_than_asked_for_is_an_error(server, target, response):
    server.script = [page(OLD), (200, OLD), (200, response)]
    with pytest.raises(KonnectError) as caught:
        ensure(target)
    assert caught.value.code == "not_applied"
    assert "in paths." in caught.value.message


@pytest.mark.parametrize("response", WITHOUT_ENTITY)
def test_after_an_update_without_the_entity_in_its_response_it_is_read(server, target, response):
    server.script = [page(OLD), (200, OLD), response, (200, NEW)]
    assert ensure(target).after == NEW


def test_nulls_that_come_and_go_are_no_change_of_another_client(server, target):
    server.script = [page({**OLD, "hosts": None}), (200, OLD), (200, NEW)]
    assert ensure(target).after == NEW


# Update, while another client writes


def test_a_change_of_another_client_before_the_write_is_kept(server, target):
    changed = {**OLD, "hosts": ["new.example.com"], "updated_at": 5}
    server.script = [page(OLD), (200, changed), (200, changed), (200, {**changed, "paths": ["/orders"]})]
    outcome = ensure(target)
    assert outcome.before == changed
    assert server.requests[-1][3] == {**ORDERS, "hosts": ["new.example.com"]}


def test_what_another_client_changed_to_the_desired_state_is_unchanged(server, target):
    server.script = [page(OLD), (200, NEW)]
    assert ensure(target) == Outcome(False, NEW, NEW, {"before": ORDERS, "after": ORDERS})


def test_what_another_client_removed_is_created_again(server, target, created):
    server.script = [page(OLD), GONE, (201, created)]
    assert ensure(target) == Outcome(True, None, created, {"before": {}, "after": ORDERS})


def test_an_entity_that_changes_again_and_again_is_given_up_after_three_attempts(server, target):
    server.script = [page(OLD), *[(200, {**OLD, "updated_at": number}) for number in (2, 3, 4)]]
    with pytest.raises(KonnectError) as caught:
        ensure(target)
    assert caught.value.code == "concurrent_change"
    assert caught.value.message == (
        "Another client keeps modifying route orders at the same time. Find out which, then run the task again."
    )
    assert methods(server) == ["GET ", "GET /1", "GET /1", "GET /1"]


def test_an_update_may_succeed_at_the_third_attempt(server, target):
    second, third = ({**OLD, "updated_at": number} for number in (2, 3))
    server.script = [page(OLD), (200, second), (200, third), (200, third), (200, NEW)]
    assert ensure(target) == Outcome(True, third, NEW, DIFF)


# Update, when the response is lost


@pytest.mark.parametrize("lost", ["reset", (503, {})])
def test_an_update_that_was_carried_out_is_adopted(server, target, lost):
    server.script = [page(OLD), (200, OLD), lost, (200, NEW)]
    assert ensure(target) == Outcome(True, OLD, NEW, DIFF)
    assert methods(server) == ["GET ", "GET /1", "PUT /1", "GET /1"]


def test_an_update_that_was_not_carried_out_is_repeated(server, target):
    server.script = [page(OLD), (200, OLD), "reset", (200, {**OLD, "hosts": None}), (200, NEW)]
    assert ensure(target) == Outcome(True, OLD, NEW, DIFF)
    assert methods(server) == ["GET ", "GET /1", "PUT /1", "GET /1", "PUT /1"]


@pytest.mark.parametrize("now", [GONE, (200, {**OLD, "paths": ["/other"], "updated_at": 3})])
def test_what_another_client_made_of_it_after_a_lost_update_is_an_error(server, target, now):
    server.script = [page(OLD), (200, OLD), "reset", now]
    with pytest.raises(KonnectError) as caught:
        ensure(target)
    assert caught.value.code == "concurrent_change"
