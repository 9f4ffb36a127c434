# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation beside other clients: other rotations, other writers of the secret, a broken connection."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness
from support.rotation_judge import Witness, digest, judge, stored
from support.rotation_run import (
    BAD,
    FINGERPRINT_KEY,
    GOOD,
    KEY,
    OLD,
    VERY_FAST,
    Killed,
    death,
    lost_response,
    meanwhile,
    quick_rotator,
)

STRATEGIES = ("trial", "blue_green", "in_place")
FIRST = ("trial", pytest.param("blue_green", marks=pytest.mark.exhaustive))
OTHER_FINGERPRINT_KEY = "another-fake-fingerprint-key-of-32-characters"
HOUR = 3600


def witness_of(konnect: ControlPlaneHarness) -> Witness:
    witness = Witness(konnect, speed=VERY_FAST)
    witness.begin()
    return witness


def live(konnect: ControlPlaneHarness) -> set[str]:
    return set(Witness(konnect, speed=VERY_FAST).final().values())


def abandoned(konnect: ControlPlaneHarness, value: str, strategy: str, at: int) -> None:
    """Begin a rotation that dies."""
    with pytest.raises(Killed):
        quick_rotator(konnect, strategy).rotate(value, death(at, after=True))


def entries(konnect: ControlPlaneHarness) -> list[str]:
    return [entry for entry in stored(konnect) if ".fingerprint." not in entry]


# Broken connections


def with_a_lost_response(konnect: ControlPlaneHarness, strategy: str, value: str, at: int) -> tuple[list[str], bool]:
    """Return what is wrong, and whether the rotation came to that write."""
    lost, witness = lost_response(at, konnect.emulator), witness_of(konnect)
    evidence = witness.evidence(value, strategy, quick_rotator(konnect, strategy).rotate(value, lost))
    konnect.emulator.faults()
    if evidence.run.outcome == {GOOD: "rotated", BAD: "rolled_back"}[value]:
        return judge(evidence), lost.happened
    # Whoever created an entry is not known then, so nothing was written to it, and the next run goes on.
    wrong = judge(evidence) if evidence.run.outcome == "refused" else [f"the outcome is {evidence.result}"]
    again = witness.evidence(value, strategy, quick_rotator(konnect, strategy).rotate(value))
    return [*wrong, *judge(again)], lost.happened


@pytest.mark.exhaustive
@pytest.mark.parametrize("value", [GOOD, BAD], ids=["good", "bad"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_lost_response_does_not_matter(new_control_plane, strategy, value):
    wrong = {}
    for at in itertools.count(1):
        found, happened = with_a_lost_response(new_control_plane(), strategy, value, at)
        if found:
            wrong[at] = found
        if not happened:
            break
    assert at > 10
    assert wrong == {}


@pytest.mark.parametrize("at", [2, 3, 11])  # the claim, the value on trial, the live value
def test_a_lost_response_of_what_matters_most_does_not_matter(konnect, at):
    assert with_a_lost_response(konnect, "trial", GOOD, at) == ([], True)


# Other rotations


def test_of_two_rotations_at_once_one_wins_and_the_other_leaves_nothing(konnect):
    witness = witness_of(konnect)
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda value: quick_rotator(konnect).rotate(value), [GOOD, BAD]))
    outcomes = [run.outcome for run in runs]
    assert outcomes in (["rotated", "rotation_busy"], ["rotation_busy", "rolled_back"])
    value, run = (GOOD, runs[0]) if outcomes[0] == "rotated" else (BAD, runs[1])
    assert judge(witness.evidence(value, "trial", run)) == []


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_rotation_that_begins_between_the_first_writes_of_another_is_told_apart(konnect, at):
    others: list[dict[str, Any]] = []
    other = meanwhile(at, lambda: others.append(quick_rotator(konnect).attempt("prepare", value=BAD)))
    run = quick_rotator(konnect).rotate(GOOD, other)
    first, second = run.outcome, others[0]["outcome"]
    assert (first, second) in [("rotated", "rotation_busy"), ("rotation_busy", "pending")]
    quick_rotator(konnect).attempt("rollback")
    assert entries(konnect) == [KEY]
    assert live(konnect) == {digest(GOOD if first == "rotated" else OLD)}


@pytest.mark.parametrize("at", [1, pytest.param(2, marks=pytest.mark.exhaustive)])
def test_of_two_rotations_to_one_value_at_once_one_leaves_the_other_alone(konnect, at):
    other = meanwhile(at, lambda: quick_rotator(konnect).phase("prepare", value=GOOD))
    assert quick_rotator(konnect).rotate(GOOD, other).outcome == "rotation_busy"
    assert quick_rotator(konnect).attempt("try")["outcome"] == "pending"
    assert quick_rotator(konnect).attempt("commit", value=GOOD)["outcome"] == "rotated"
    assert entries(konnect) == [KEY]


def test_a_value_that_another_run_removes_while_it_is_tried_was_not_rejected(konnect):
    at = 5  # the first write of the trial
    run = quick_rotator(konnect).rotate(GOOD, meanwhile(at, lambda: quick_rotator(konnect).phase("rollback")))
    assert dict(run.phases)["try"]["failure"]["code"] == "concurrent_change"
    assert (entries(konnect), live(konnect)) == ([KEY], {digest(OLD)})


@pytest.mark.parametrize("strategy", FIRST)
def test_a_rotation_of_another_value_keeps_a_rotation_out_for_an_hour(konnect, strategy):
    abandoned(konnect, GOOD, strategy, 6)
    before = entries(konnect)
    assert quick_rotator(konnect, strategy, take_over=True).rotate(BAD).outcome == "rotation_busy"
    konnect.emulator.advance(HOUR)
    assert quick_rotator(konnect, strategy).rotate(BAD).outcome == "rotation_pending"
    assert entries(konnect) == before


@pytest.mark.parametrize("value", [GOOD, BAD], ids=["good", "bad"])
@pytest.mark.parametrize("strategy", FIRST)
def test_a_rotation_that_was_abandoned_can_be_taken_over(konnect, strategy, value):
    abandoned(konnect, "Bearer fake-abandoned-key", strategy, 6)
    konnect.emulator.advance(HOUR)
    witness = witness_of(konnect)
    evidence = witness.evidence(value, strategy, quick_rotator(konnect, strategy, take_over=True).rotate(value))
    assert judge(evidence) == []
    assert evidence.run.outcome == ("rotated" if value == GOOD else "rolled_back")


@pytest.mark.parametrize("at", [1, 2])  # what it rotates to, and the claim of the run that takes over
def test_a_lost_response_while_a_rotation_is_taken_over_does_not_matter(konnect, at):
    abandoned(konnect, "Bearer fake-abandoned-key", "trial", 6)
    konnect.emulator.advance(HOUR)
    lost, witness = lost_response(at, konnect.emulator), witness_of(konnect)
    evidence = witness.evidence(GOOD, "trial", quick_rotator(konnect, "trial", take_over=True).rotate(GOOD, lost))
    assert lost.happened
    assert evidence.run.outcome == "rotated"
    assert judge(evidence) == []


@pytest.mark.parametrize("at", [1, 2, 3])
def test_of_two_runs_that_take_over_at_once_one_wins(konnect, at):
    abandoned(konnect, "Bearer fake-abandoned-key", "trial", 6)
    konnect.emulator.advance(HOUR)
    others: list[dict[str, Any]] = []
    rival = meanwhile(at, lambda: others.append(quick_rotator(konnect, take_over=True).attempt("prepare", value=BAD)))
    run = quick_rotator(konnect, take_over=True).rotate(GOOD, rival)
    assert (run.outcome, others[0]["outcome"]) in [("rotated", "rotation_busy"), ("rotation_busy", "pending")]
    quick_rotator(konnect).attempt("rollback")
    assert entries(konnect) == [KEY]


# Other writers of the secret


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("phase", ["next", "commit"])
def test_a_value_that_another_client_wrote_between_phases_stays(konnect, strategy, phase):
    rotator = quick_rotator(konnect, strategy)
    phases = {"next": ("try", "switch"), "commit": ("commit",)}[phase]
    rotator.between = lambda name: konnect.write_secret(KEY, OLD) if name in phases else None
    run = rotator.rotate(GOOD)
    assert run.failed
    assert live(konnect) == {digest(OLD)}
    assert entries(konnect) == [KEY]


def test_a_value_that_another_client_writes_while_the_commit_begins_stays(konnect):
    at = 10  # the last write before that of the live value
    run = quick_rotator(konnect).rotate(GOOD, meanwhile(at, lambda: konnect.write_secret(KEY, OLD)))
    assert (run.failed, live(konnect)) == (True, {digest(OLD)})
    assert entries(konnect) == [KEY]


def test_a_secret_under_the_key_of_the_trial_that_another_client_just_created_stays(konnect):
    at = 3  # where the rotation would create it
    run = quick_rotator(konnect).rotate(GOOD, meanwhile(at, lambda: konnect.write_secret(f"{KEY}-next", "theirs")))
    assert run.outcome == "refused"
    assert entries(konnect) == [KEY, f"{KEY}-next"]


def test_a_secret_under_the_key_of_the_trial_that_no_rotation_made_stays(konnect):
    konnect.write_secret(f"{KEY}-next", "a-value-of-the-user")
    run = quick_rotator(konnect).rotate(GOOD)
    assert run.outcome == "refused"
    assert entries(konnect) == [KEY, f"{KEY}-next"]


# Fingerprint keys and old values


def test_another_fingerprint_key_does_not_go_on_with_a_rotation(konnect):
    rotator = quick_rotator(konnect)
    rotator.phase("prepare", value=GOOD)
    before = entries(konnect)
    other = quick_rotator(konnect, fingerprint_key=OTHER_FINGERPRINT_KEY)
    assert other.attempt("commit", value=GOOD)["failure"]["code"] == "value_changed"
    assert other.rotate(GOOD).failed
    assert (entries(konnect), live(konnect)) == (before, {digest(OLD)})
    assert rotator.rotate(GOOD).outcome == "rotated"


def test_a_rotation_goes_on_under_a_new_fingerprint_key_that_names_the_earlier_one(konnect):
    quick_rotator(konnect).phase("prepare", value=GOOD)
    keys = {"fingerprint_key": OTHER_FINGERPRINT_KEY, "previous_fingerprint_keys": [FINGERPRINT_KEY]}
    witness = witness_of(konnect)
    evidence = witness.evidence(GOOD, "trial", quick_rotator(konnect, **keys).rotate(GOOD))
    assert (evidence.run.outcome, judge(evidence)) == ("rotated", [])


@pytest.mark.parametrize("strategy", [*FIRST, pytest.param("in_place", marks=pytest.mark.exhaustive)])
def test_the_same_value_under_another_fingerprint_key_is_no_old_key_to_revoke(konnect, strategy):
    """Nothing tells that it is the same one."""
    options = {"fingerprint_key": OTHER_FINGERPRINT_KEY, "old_value": None, "allow_no_rollback": True}
    run = quick_rotator(konnect, strategy, **options).rotate(OLD)
    assert (run.outcome, run.result["old_key_may_be_revoked"]) == ("rotated", False)
    assert run.result["next_step"] == "Revoke an old key only if it is another one than mistral-key holds."


def test_a_wrong_old_value_is_refused_before_anything_is_written(konnect):
    konnect.emulator.writes()
    run = quick_rotator(konnect, "in_place", old_value="Bearer fake-wrong-old-key").rotate(GOOD)
    assert (run.outcome, konnect.emulator.writes(), live(konnect)) == ("refused", [], {digest(OLD)})
