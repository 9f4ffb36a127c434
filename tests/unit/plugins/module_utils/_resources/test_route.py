# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import KINDS
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import Target
from ansible_collections.community.konnect.plugins.module_utils._resources.route import HOLD, held, released

FIELDS = {"name": "chat", "paths": ["/chat"]}
HEADERS = {"X-Tenant": ["one"]}


def route(fields):
    """The target of a route with these fields. Composing sends nothing, so it needs no control plane."""
    return Target(None, KINDS["route"], "chat", lambda entity: True, lambda current: {**(current or {}), **fields})


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
