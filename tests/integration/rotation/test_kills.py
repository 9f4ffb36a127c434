# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation that was killed anywhere is finished or undone by the next run, as if nothing had happened.

A request that only reads leaves nothing behind, so being killed at one is being killed after the write before it.
"""

from __future__ import annotations

import itertools

import pytest

from support.control_plane import ControlPlaneHarness
from support.rotation_judge import Witness, judge
from support.rotation_run import BAD, GOOD, VERY_FAST, Interruption, Killed, Run, death, quick_rotator

STRATEGIES = ("trial", "blue_green", "in_place")
VALUES = {"good": GOOD, "bad": BAD}
# Of each strategy the kills that leave most: what was written last is in the state, beside it, or on the way.
SHORT = [
    ("trial", "good", 2, "again"),
    ("trial", "good", 3, "rollback"),
    ("trial", "good", 7, "again"),
    ("trial", "good", 11, "again"),
    ("trial", "bad", 6, "again"),
    ("blue_green", "good", 6, "again"),
    ("blue_green", "bad", 6, "rollback"),
    ("blue_green", "good", 14, "again"),
    ("in_place", "good", 4, "again"),
    ("in_place", "bad", 4, "again"),
    ("in_place", "bad", 4, "rollback"),
]


def after_a_kill(
    konnect: ControlPlaneHarness, strategy: str, key: str, kill: Interruption, following: str
) -> list[str]:
    """Return what is wrong after a kill and the following run; empty, too, when the rotation ended before it."""
    rotator, witness, value = quick_rotator(konnect, strategy), Witness(konnect, speed=VERY_FAST), VALUES[key]
    witness.begin()
    try:
        rotator.rotate(value, kill)
        return []
    except Killed:
        pass
    if following == "again":
        run = rotator.rotate(value)
        expected = {"rotated", "unchanged", "cleaned_up"} if key == "good" else {"rolled_back"}
    else:
        result = rotator.attempt("rollback")
        run = Run(result, "msg" in result)
        expected = {"rolled_back", "unchanged", "cleaned_up"}
    evidence = witness.evidence(value, strategy, run)
    written = following == "rollback" and (run.outcome, run.result.get("next_phase")) == ("pending", "commit")
    if written and evidence.new in evidence.final.values():
        return judge(evidence)  # It says that the new value is to be kept.
    wrong = [] if run.outcome in expected else [f"the outcome is {run.outcome}: {run.result}"]
    if following == "again" and (evidence.new in evidence.final.values()) != (key == "good"):
        wrong.append("the value that is live in the end is the wrong one")
    return [*wrong, *judge(evidence)]


@pytest.mark.parametrize(("strategy", "key", "at", "following"), SHORT)
def test_the_run_after_a_kill_ends_as_if_nothing_had_happened(new_control_plane, strategy, key, at, following):
    kill = death(at, after=True)
    assert after_a_kill(new_control_plane(), strategy, key, kill, following) == []
    assert kill.happened


@pytest.mark.exhaustive
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("following", ["again", "rollback"])
@pytest.mark.parametrize("key", VALUES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_run_after_any_kill_ends_as_if_nothing_had_happened(new_control_plane, strategy, key, following, after):
    wrong = {}
    for at in itertools.count(1):
        kill = death(at, after=after)
        found = after_a_kill(new_control_plane(), strategy, key, kill, following)
        if found:
            wrong[at] = found
        if not kill.happened:
            break
    assert at > 10
    assert wrong == {}
