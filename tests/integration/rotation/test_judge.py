# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation breaks nothing and says the truth, whatever Konnect, data planes, other clients and the provider do."""

from __future__ import annotations

import time
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness
from support.emulator import Emulator, emulator
from support.pairs import all_pairs
from support.rotation_judge import Evidence, Witness, judge
from support.rotation_run import BAD, GOOD, LIMITED, OLD, SPEED, Rotator, arguments, set_up, traffic

VALUES = {"good": GOOD, "bad": BAD, "limited": LIMITED}
# lag: from a write to the new expected hash, in seconds; so long no data plane gets it.
# other_writer: another client changes something every second.
# nodes: three of them where it is not said, the last of which may be lost or stuck.
# workers: of a node, of which the last one follows the first after five seconds.
# ping: the seconds between the pings of a node; 0: it pings all the time.
# sync: how nodes get changes; where they get them incrementally, they report versions instead of hashes.
CHOICES: dict[str, list[Any]] = {
    "lag": [0, 3, 10, 22, 60],
    "other_writer": [False, True],
    "nodes": ["1", "3", "lost", "stuck"],
    "key": ["good", "bad", "limited"],
    "strategy": ["trial", "blue_green", "in_place"],
    "workers": [1, 3],
    "ping": [0, 15],
    "sync": ["full", "incremental"],
}
# In the other order, other combinations hold the pairs.
PAIRS = [*all_pairs(CHOICES), *all_pairs({name: choices[::-1] for name, choices in CHOICES.items()})]
SHORT = [
    dict(zip(CHOICES, values, strict=True))
    for values in [
        (0, False, "3", "good", "trial", 1, 0, "incremental"),
        (22, True, "3", "good", "trial", 1, 0, "full"),
        (3, True, "lost", "bad", "trial", 3, 0, "full"),
        (3, False, "stuck", "good", "trial", 1, 0, "full"),
        (10, False, "3", "bad", "blue_green", 1, 0, "full"),
        (3, True, "1", "limited", "in_place", 1, 15, "full"),
    ]
]


def name(case: dict[str, Any]) -> str:
    shown = {"other_writer": {True: "writer", False: "alone"}}
    return "-".join(str(shown.get(choice, {}).get(value, value)) for choice, value in case.items())


def cases(*combinations: dict[str, Any], marks: Any = ()) -> list[Any]:
    return [pytest.param(case, id=name(case), marks=marks) for case in combinations]


def switches(case: dict[str, Any]) -> list[str]:
    """Return what the emulator is like."""
    found = {
        "expected_hash_lag_ms": case["lag"] * 1000,
        "node_count": 1 if case["nodes"] == "1" else 3,
        "other_writer_ms": 1000 if case["other_writer"] else 0,
        "workers": case["workers"],
        "worker_lag_ms": 5000 if case["workers"] > 1 else 0,
        "ping_interval_ms": case["ping"] * 1000,
        "sync": case["sync"],
    }
    return [word for switch, value in found.items() for word in ("--set", f"{switch}={value}")]


def rotate(case: dict[str, Any], konnect: Emulator) -> tuple[Evidence, Rotator]:
    """Rotate while a client chats, and return the evidence."""
    control_plane, settle = ControlPlaneHarness.first(konnect), case["lag"] + case["ping"] + 8.0
    set_up(control_plane)
    time.sleep(settle / SPEED)
    last = list(konnect.control("GET", "nodes"))[-1:] if case["nodes"] in ("lost", "stuck") else []
    konnect.set_nodes(dict.fromkeys(last, case["nodes"]))
    witness = Witness(control_plane, settle=settle)
    setattr(witness, case["nodes"] if last else "lost", frozenset(last))
    witness.begin()
    options = {"strategy": case["strategy"], "probe_deadline": case["lag"] + 60, "sync_timeout": case["lag"] + 60}
    if case["strategy"] == "in_place":
        options["old_value"] = OLD
    rotator, value = Rotator(control_plane, options), VALUES[case["key"]]
    with traffic(control_plane):
        run = rotator.rotate(value)
        return witness.evidence(value, case["strategy"], run), rotator


def expected_outcomes(case: dict[str, Any]) -> set[str]:
    """Return what may be said in the end."""
    found = {"good": "rotated", "bad": "rolled_back", "limited": "probe_inconclusive"}[case["key"]]
    is_trial = case["strategy"] == "trial"
    if case["nodes"] == "stuck" and not is_trial:
        found = "rollback_unproved"
    elif case["nodes"] == "stuck" and found == "rotated":
        found = "not_in_sync"
    if case["other_writer"] and (not is_trial or found == "rotated"):
        # A hash that stands for a second only may be missed, and then nothing is proved.
        # After KEY was written it is then not taken back, and the next run goes on with the commit.
        written = {"pending"} if (case["strategy"], found) == ("blue_green", "rotated") else set()
        return {found, "not_in_sync", "rollback_unproved", *written}
    return {found}


@pytest.mark.parametrize("case", [*cases(*SHORT), *cases(*PAIRS, marks=pytest.mark.exhaustive)])
def test_a_rotation_breaks_nothing_and_says_the_truth(case):
    with emulator(*arguments(), *switches(case)) as konnect:
        evidence, rotator = rotate(case, konnect)
        assert judge(evidence) == []
        assert evidence.run.outcome in expected_outcomes(case), evidence.run.phases
        if evidence.new in evidence.final.values() and evidence.run.outcome != "pending":
            konnect.writes()
            again = rotator.rotate(evidence.value)
            assert (again.outcome, again.result["changed"], konnect.writes()) == ("unchanged", False, [])
