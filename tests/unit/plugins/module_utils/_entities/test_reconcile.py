# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find, compare, predict, remove. The writes themselves are in test_reconcile_writes.py."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.comparison import overlay
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import ROUTE
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import (
    ABSENT,
    Outcome,
    Target,
    ensure,
    remove,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.usage import Usage
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._hidden_fields import BY_NAME, EVERYTHING
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held

ROUTES = f"{PLANE_PATH}/core-entities/routes"
VALIDATE = f"POST {PLANE_PATH}/core-entities/schemas/route/validate"
ROUTE_1 = {"id": "1", "name": "orders", "paths": ["/orders"], "created_at": 1, "updated_at": 2}
UNCHANGED = {"before": {"name": "orders", "paths": ["/orders"]}, "after": {"name": "orders", "paths": ["/orders"]}}
USAGE = Usage("Route orders", "is in use by plugin ai-proxy")


def target(control_plane, options=(), **more):
    """The route orders, with these options."""
    return Target(
        control_plane,
        ROUTE,
        natural_key="orders",
        matches=lambda entity: entity.get("name") == "orders",
        compose=lambda current: overlay(current, {"name": "orders", **dict(options)}),
        **more,
    )


# Outcome


def test_a_result_has_the_entity_under_its_name():
    outcome = Outcome(True, {"a": 1}, {"a": 2}, {"before": {"a": 1}, "after": {"a": 2}})
    assert outcome.result("route") == {
        "changed": True,
        "route": {"a": 2},
        "diff": {"before": {"a": 1}, "after": {"a": 2}},
    }


@pytest.mark.parametrize(("before", "expected"), [({"a": 1}, {"a": 1}), (None, {})])
def test_a_result_without_a_state_after_has_the_one_before(before, expected):
    assert Outcome(True, before, None).result("route")["route"] == expected


def test_a_result_is_masked_with_the_earlier_state_for_what_comes_after():
    outcome = Outcome(True, {"a": 1}, {"a": 2}, {"before": {"a": 3}, "after": {"a": 4}})
    result = outcome.result("route", lambda entity, before: {"masked": entity, "earlier": before})
    assert result["route"] == {"masked": {"a": 2}, "earlier": {}}
    assert result["diff"] == {
        "before": {"masked": {"a": 3}, "earlier": {}},
        "after": {"masked": {"a": 4}, "earlier": {"a": 3}},
    }


def test_what_is_absent_has_an_empty_result():
    assert ABSENT.result("route") == {"changed": False, "route": {}, "diff": {"before": {}, "after": {}}}


def test_a_result_says_why_the_entity_was_kept():
    result = Outcome(False, {"a": 1}, {"a": 1}, kept=USAGE).result("route")
    assert result["kept"] == {"code": "in_use", "message": "Route orders is in use by plugin ai-proxy and was kept."}


# Find


def test_the_entity_that_matches_is_found(server, plane):
    server.routes = held(ROUTE, {"id": "2", "name": "invoices"}, ROUTE_1)
    assert target(plane()).find() == ROUTE_1


def test_nothing_is_found(server, plane):
    server.routes = held(ROUTE, {"id": "2", "name": "invoices"})
    assert target(plane()).find() is None


def test_the_filter_of_the_server_is_used(server, plane):
    server.routes = held(ROUTE)
    target(plane(), query={"tags": "a"}).find()
    assert server.sent() == [f"GET {ROUTES}?tags=a&size=1000"]


def test_a_known_id_needs_no_list(server, plane):
    server.routes = held(ROUTE, ROUTE_1)
    assert target(plane(), entity_id="1").find() == ROUTE_1
    assert server.sent() == [f"GET {ROUTES}/1"]


def test_two_entities_that_match_are_an_error(server, plane):
    server.routes = held(ROUTE, {**ROUTE_1, "id": "2"}, ROUTE_1)
    with pytest.raises(KonnectError) as caught:
        target(plane()).find()
    assert caught.value.code == "ambiguous"
    assert caught.value.message == "More than one route is meant: 1, 2."


# Compare


def test_an_entity_as_it_should_be_is_unchanged(server, plane):
    server.routes = held(ROUTE, ROUTE_1)
    assert ensure(target(plane(), {"paths": ["/orders"]})) == Outcome(False, ROUTE_1, ROUTE_1, UNCHANGED)
    assert server.sent() == [f"GET {ROUTES}?size=1000"]


def test_equal_means_equal_in_the_normal_form(server, plane):
    server.routes = held(ROUTE, ROUTE_1)
    changed = target(plane(), {"paths": ["/other"]}, normalizer=lambda entity: {"name": entity["name"]})
    assert ensure(changed).changed is False


def test_an_entity_is_as_it_should_be_when_composing_it_changes_nothing(plane):
    desired = target(plane(), {"paths": ["/orders"]})
    assert desired.is_desired(ROUTE_1)
    assert not desired.is_desired({**ROUTE_1, "paths": ["/other"]})


def test_the_label_names_kind_and_key(plane):
    assert target(plane()).label == "route orders"


def test_the_id_of_a_new_entity_follows_from_the_key(plane):
    assert target(plane()).deterministic_id == plane().deterministic_id(ROUTE, "orders")


def test_a_diff_leaves_out_the_defaults_of_the_server(plane):
    before = {"name": "orders", "strip_path": True, "regex_priority": 0, "preserve_host": False}
    after = {"name": "orders", "strip_path": False, "regex_priority": 1}
    assert target(plane()).diff(before, after) == {
        "before": {"name": "orders"},
        "after": {"name": "orders", "strip_path": False, "regex_priority": 1},
    }


def test_a_diff_of_nothing_is_empty(plane):
    assert target(plane()).diff(None, None) == {"before": {}, "after": {}}


def test_a_diff_shows_the_view_of_the_normal_form(plane):
    shown = target(plane(), view=lambda entity: {"view of": entity})
    assert shown.diff(None, {"id": "1", "name": "orders", "strip_path": True})["after"] == {
        "view of": {"name": "orders"}
    }


# Predict


def test_check_mode_predicts_a_creation(server, plane):
    server.routes = {**held(ROUTE), VALIDATE: (200, {})}
    predicted = target(plane(check_mode=True), {"paths": ["/orders"]})
    body = {"name": "orders", "paths": ["/orders"]}
    after = {**body, "id": predicted.deterministic_id}
    assert ensure(predicted) == Outcome(True, None, after, {"before": {}, "after": body})
    assert server.sent() == [f"GET {ROUTES}?size=1000", VALIDATE]
    assert server.requests[1][3] == body


def test_check_mode_predicts_an_update(server, plane):
    server.routes = {**held(ROUTE, ROUTE_1), VALIDATE: (200, {})}
    outcome = ensure(target(plane(check_mode=True), {"paths": ["/new"]}))
    body = {"name": "orders", "paths": ["/new"]}
    after = {**body, "id": ROUTE_1["id"]}
    assert outcome == Outcome(True, ROUTE_1, after, {"before": UNCHANGED["before"], "after": body})


def test_check_mode_fails_with_what_the_server_would_refuse(server, plane):
    server.routes = {**held(ROUTE), VALIDATE: (400, {"message": "paths is wrong"})}
    with pytest.raises(ApiError, match="paths is wrong"):
        ensure(target(plane(check_mode=True)))


def test_check_mode_does_not_validate_what_depends_on_a_prediction(server, plane):
    server.routes = held(ROUTE)
    assert ensure(target(plane(check_mode=True), can_validate=False)).changed is True
    assert server.sent() == [f"GET {ROUTES}?size=1000"]


# Predict over a play


@pytest.fixture
def play(plane, tmp_path):
    """Make the control plane of another task of the same play in check mode."""
    predictions = Predictions(str(tmp_path / "facts.jsonl"), "fake-seal-key")
    return lambda: plane(context=Task(check_mode=True, predictions=predictions))


def test_what_an_earlier_task_would_make_is_unchanged(server, play):
    server.routes = {**held(ROUTE), VALIDATE: (200, {})}
    options = {"paths": ["/orders"], "strip_path": True}
    outcomes = [ensure(target(play(), options, hidden={})) for _time in range(2)]
    assert [outcome.changed for outcome in outcomes] == [True, False]


def test_a_default_that_an_earlier_task_left_out_is_unchanged(server, play):
    server.routes = {**held(ROUTE), VALIDATE: (200, {})}
    ensure(target(play(), hidden={}))
    assert ensure(target(play(), {"strip_path": True}, hidden={})).changed is False
    assert ensure(target(play(), {"strip_path": False}, hidden={})).changed is True


@pytest.mark.parametrize("hidden", [{"headers": BY_NAME}, EVERYTHING])
def test_a_secret_is_compared_and_not_kept(server, play, tmp_path, hidden):
    server.routes = {**held(ROUTE), VALIDATE: (200, {})}
    given = [{"headers": {"X-Api-Key": [f"fake-{word}"]}} for word in ("one", "one", "two")]
    assert [ensure(target(play(), each, hidden=hidden)).changed for each in given] == [True, False, True]
    assert "fake-" not in (tmp_path / "facts.jsonl").read_text()


def test_what_keeps_a_secret_that_is_only_predicted_is_not_validated(server, play):
    server.routes = {**held(ROUTE), VALIDATE: (200, {})}
    hidden = {"headers": BY_NAME}
    ensure(target(play(), {"headers": {"X-Api-Key": ["fake-one"]}}, hidden=hidden))
    ensure(target(play(), {"paths": ["/orders"]}, hidden=hidden))
    assert server.sent().count(VALIDATE) == 1


def test_what_an_earlier_task_would_remove_is_absent(server, play):
    server.routes = held(ROUTE, ROUTE_1)
    assert [remove(target(play())).changed for _time in range(2)] == [True, False]


# Remove


def test_what_does_not_exist_is_absent_already(server, plane):
    server.routes = held(ROUTE)
    assert remove(target(plane())) == ABSENT


def test_an_entity_is_removed_by_its_id(server, plane):
    server.routes = {**held(ROUTE, ROUTE_1), f"DELETE {ROUTES}/1": (204, b"")}
    outcome = remove(target(plane()))
    assert outcome == Outcome(True, ROUTE_1, None, {"before": UNCHANGED["before"], "after": {}})
    assert server.sent()[-1] == f"DELETE {ROUTES}/1"


def test_what_must_go_before_is_removed_first(server, plane):
    server.routes = {**held(ROUTE, ROUTE_1), f"DELETE {ROUTES}/1": (204, b"")}
    sent_before = []
    remove(target(plane()), before_removal=lambda entity, note: sent_before.append((entity, server.sent())))
    assert sent_before == [(ROUTE_1, [f"GET {ROUTES}?size=1000"])]


def test_check_mode_predicts_a_removal(server, plane):
    server.routes = held(ROUTE, ROUTE_1)
    outcome = remove(target(plane(check_mode=True)))
    assert outcome == Outcome(True, ROUTE_1, None, {"before": UNCHANGED["before"], "after": {}})
    assert server.sent() == [f"GET {ROUTES}?size=1000"]


@pytest.mark.parametrize("check_mode", [False, True])
def test_an_entity_in_use_is_kept_when_it_is_to_be_kept(server, plane, check_mode):
    server.routes = held(ROUTE, ROUTE_1)
    asked = []
    outcome = remove(target(plane(check_mode=check_mode)), "keep", lambda entity: asked.append(entity) or USAGE)
    assert outcome == Outcome(False, ROUTE_1, ROUTE_1, UNCHANGED, USAGE)
    assert asked == [ROUTE_1]


def test_an_entity_in_use_is_an_error_when_that_is_to_fail(server, plane):
    server.routes = held(ROUTE, ROUTE_1)
    with pytest.raises(KonnectError) as caught:
        remove(target(plane()), "fail", lambda entity: USAGE)
    assert caught.value.code == "in_use"


def test_an_entity_that_is_not_in_use_is_removed(server, plane):
    server.routes = {**held(ROUTE, ROUTE_1), f"DELETE {ROUTES}/1": (204, b"")}
    assert remove(target(plane()), "fail").changed is True


def test_by_default_an_entity_is_removed_whether_it_is_in_use_or_not(server, plane):
    server.routes = {**held(ROUTE, ROUTE_1), f"DELETE {ROUTES}/1": (204, b"")}
    assert remove(target(plane()), find_usage=lambda entity: USAGE).changed is True


def test_without_options_a_target_is_what_it_is(server, plane):
    """Enough to remove an entity."""
    unspecified = Target(plane(), ROUTE, "orders", matches=lambda entity: True)
    assert unspecified.compose(ROUTE_1) == ROUTE_1
    assert unspecified.compose(None) == {}


# The check before a write


@pytest.mark.parametrize(("held_paths", "asked"), [(["/orders"], False), (["/old"], True), (None, True)])
def test_what_is_refused_before_a_write_is_not_written(server, plane, held_paths, asked):
    current = {**ROUTE_1, "paths": held_paths} if held_paths else None
    server.routes[f"GET {ROUTES}"] = (200, {"data": [current] if current else []})
    seen = []

    def refuse(body, before):
        seen.append((body["paths"], (before or {}).get("paths")))
        raise KonnectError("It is refused.", code="refused")

    made = target(plane(), {"paths": ["/orders"]}, before_write=refuse)
    if asked:
        with pytest.raises(KonnectError, match="It is refused"):
            ensure(made)
    else:
        assert not ensure(made).changed
    assert seen == ([(["/orders"], held_paths)] if asked else [])
    assert [request for request in server.sent() if not request.startswith("GET")] == []
