# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.identity import NAME
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import ROUTE
from ansible_collections.community.konnect.plugins.module_utils._entities.managed_entity import entity_target
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import Target
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._resources.route import (
    HOLD,
    WITHOUT_EXPRESSION,
    check_matchers,
    held,
    released,
    warn_of_old_paths,
)
from ansible_collections.community.konnect.plugins.module_utils._task import Task

FIELDS = {"name": "chat", "paths": ["/chat"]}
HEADERS = {"X-Tenant": ["one"]}
NOTHING = {**dict.fromkeys(WITHOUT_EXPRESSION), "protocols": None, "expression": None}
EXPRESSION = 'http.path ^= "/a" || http.path ^= "/b"'


# Matchers


@pytest.mark.parametrize("name", WITHOUT_EXPRESSION)
def test_an_expression_goes_with_no_other_matcher(name):
    with pytest.raises(InvalidInput, match=f"expression does not go with {name}"):
        check_matchers({**NOTHING, "expression": EXPRESSION, name: ["a"]})


@pytest.mark.parametrize(
    "fields", [{"expression": EXPRESSION}, {"paths": ["/a"]}, {"expression": EXPRESSION, "paths": []}]
)
def test_one_way_to_match_is_accepted(fields):
    check_matchers({**NOTHING, **fields})


def test_no_protocols_are_refused():
    with pytest.raises(InvalidInput, match="protocols cannot be empty"):
        check_matchers({**NOTHING, "protocols": []})


@pytest.mark.parametrize("path", ["/users/(\\d+)", "/a/.*", "/a|/b", "/a$", "/[a-z]"])
def test_a_regular_expression_of_kong_2_is_warned_of(path):
    task = Task()
    warn_of_old_paths(task, [path])
    (warning,) = task.warnings
    assert f"~{path}" in warning


@pytest.mark.parametrize("path", ["/a", "/a.b/c-d_e~f", "/caf\u00e9", "/a%20b", "~/users/(\\d+)$"])
def test_other_paths_are_not_warned_of(path):
    task = Task()
    warn_of_old_paths(task, [path])
    assert task.warnings == []


# Routes that are held


@pytest.fixture
def target(plane):
    return entity_target(plane(), ROUTE, {"name": "my-route", "expression": EXPRESSION, "priority": 5})


def test_an_expression_is_held_so_that_no_request_meets_it(target):
    body = held(target).compose(None)
    assert body["expression"].startswith(f"({EXPRESSION}) && http.headers.x_konnect_hold == ")
    assert "headers" not in body
    assert body["priority"] == 5


def test_a_held_expression_is_released(plane, target):
    now = held(target).compose(None)
    unchanged = entity_target(plane(), ROUTE, {"name": "my-route", "expression": None})
    assert released(unchanged).compose(now)["expression"] == EXPRESSION


def route(fields):
    """The target of a route with these fields. Composing sends nothing, so it needs no control plane."""
    return Target(None, ROUTE, "chat", lambda entity: True, lambda current: {**(current or {}), **fields})


def test_a_new_route_is_held_by_a_header_that_nobody_can_guess():
    first, second = (held(route({**FIELDS, "headers": HEADERS})).compose(None) for _again in range(2))
    assert first["headers"].keys() == {"X-Tenant", HOLD}
    (value,) = first["headers"][HOLD]
    assert len(value) == 32
    assert first["headers"][HOLD] != second["headers"][HOLD]


def test_a_route_that_exists_is_not_held():
    current = {"name": "chat", "paths": ["/other"]}
    assert held(route(FIELDS)).compose(current) == current


def test_a_held_route_is_released_as_its_fields_say():
    current = {**FIELDS, "headers": {HOLD: ["0" * 32]}}
    assert released(route({})).compose(current) == FIELDS


def test_the_other_headers_of_a_held_route_stay():
    current = {**FIELDS, "headers": {**HEADERS, HOLD: ["0" * 32]}}
    assert released(route({})).compose(current) == {**FIELDS, "headers": HEADERS}


def test_a_route_that_is_not_held_stays_as_it_is():
    for headers in (None, {}, HEADERS):
        current = {**FIELDS, "headers": headers, "snis": None}
        assert released(route({})).compose(current) == current


# Names


@pytest.mark.parametrize("name", ["a", "stra\u00dfe", "\u8def\u7531", "\u0663", "a.b-c_d~e"])
def test_a_name_has_letters_and_digits_of_every_script(name):
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["a b", "a/b", "a,b", "", "a" * 129, "\u2603"])
def test_other_characters_are_in_no_name(name):
    assert not NAME.fullmatch(name)
