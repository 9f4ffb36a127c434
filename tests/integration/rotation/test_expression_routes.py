# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation where the live route matches by an expression, so that its temporary route does too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support import engine
from support.control_plane import ControlPlaneHarness
from support.emulator import Emulator
from support.rotation_judge import Witness, judge
from support.rotation_run import BAD, GOOD, VERY_FAST, arguments, connect, quick_rotator, set_up

ANYTHING = 'http.path ^= "/anything"'


def by_expression(konnect: ControlPlaneHarness, expression: str = ANYTHING, priority: int = 7) -> None:
    """Let the live route match by an expression instead of its path."""
    (route,) = konnect.list("core-entities/routes")
    body = {name: value for name, value in route.items() if name not in ("paths", "regex_priority")}
    konnect.call("PUT", f"core-entities/routes/{route['id']}", {**body, "expression": expression, "priority": priority})


# The second of them binds tighter than what a trial adds to it, unless it is in parentheses.
@pytest.mark.parametrize(
    "expression", [ANYTHING, f'{ANYTHING} || http.path == "/"', f'{ANYTHING} && !(http.path == "/")']
)
@pytest.mark.parametrize(("value", "outcome"), [(GOOD, "rotated"), (BAD, "rolled_back")], ids=["good", "bad"])
def test_the_trial_of_a_value_reaches_no_client(konnect, expression, value, outcome):
    by_expression(konnect, expression)
    witness = Witness(konnect, speed=VERY_FAST)
    witness.begin()
    run = quick_rotator(konnect).rotate(value)
    assert run.outcome == outcome
    assert judge(witness.evidence(value, "trial", run)) == []


def test_where_the_data_planes_know_no_expressions_nothing_is_written(emulators: Callable[..., Emulator]):
    konnect = ControlPlaneHarness.create(
        emulators(*arguments(VERY_FAST), "--set", "router_flavor=traditional_compatible")
    )
    set_up(konnect)
    connect(konnect)
    by_expression(konnect)
    with pytest.raises(engine.KonnectError) as caught:
        quick_rotator(konnect).phase("prepare", value=GOOD)
    assert caught.value.code == "probe_inconclusive"
    assert "404 from Kong itself" in caught.value.message
