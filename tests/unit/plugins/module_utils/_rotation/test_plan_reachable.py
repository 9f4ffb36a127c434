# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of every phase in every state that interruptions, other clients and other strategies can lead to."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._rotation.plan import Plan, Step, make_plan
from ansible_collections.community.konnect.plugins.module_utils._rotation.situation import Request
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Stage
from ansible_collections.community.konnect.tests.unit.plugins.module_utils._rotation.rotation_model import (
    ANOTHER,
    KEY,
    NEW,
    OLD,
    Held,
    Rejected,
    State,
    carry_out,
)

# One worker makes the states once.
pytestmark = pytest.mark.xdist_group("rotation_plan")
STRATEGIES = ("trial", "blue_green", "in_place")
PHASES = ("prepare", "try", "switch", "commit", "rollback")


def requests() -> Iterator[Request]:
    for strategy, phase, has_value, has_old in itertools.product(STRATEGIES, PHASES, (True, False), (True, False)):
        needs_value = phase in ("prepare", "commit") or (phase, strategy) == ("switch", "in_place")
        if (phase == "try" and strategy != "trial") or (phase == "switch" and strategy == "trial"):
            continue
        if (needs_value and not has_value) or (has_old and strategy != "in_place"):
            continue
        yield Request(phase, KEY, strategy, has_value, "held" if has_old else "none", allow_no_rollback=not has_old)


REQUESTS = list(requests())


def asked(state: State, request: Request) -> Request:
    """A request with what is found out about its old value."""
    confirmed = request.old_value != "none" and state.holds(OLD)
    return replace(request, old_value="confirmed") if confirmed else request


@functools.cache
def plan_of(state: State, request: Request) -> Plan | None:
    """None when the phase is refused."""
    try:
        return make_plan(state.situation(request), asked(state, request))
    except KonnectError:
        return None


@functools.cache
def follow(state: State, request: Request, good: bool) -> tuple[list[State], Plan | None, bool]:
    """The states that a phase goes through, its plan, and whether it succeeded."""
    plan, states = plan_of(state, request), []
    try:
        for each in carry_out(state, request, plan.steps if plan else (), good):
            states.append(each)
    except Rejected:
        return states, plan, False
    return states, plan, plan is not None


def disturbed(state: State) -> Iterator[State]:
    """What another client makes of a state."""
    if state.secret.value != ANOTHER:
        yield replace(state, secret=Held(ANOTHER, state.now))
    if state.next and state.next.value != ANOTHER:
        yield replace(state, next=Held(ANOTHER, state.now))


@functools.cache
def reachable() -> tuple[State, ...]:
    found: set[State] = {State()}
    open_states = [State()]
    while open_states:
        state = open_states.pop()
        following = [*disturbed(state)]
        for request, good in itertools.product(REQUESTS, (True, False)):
            following += follow(state, request, good)[0]
        for each in following:
            each = each.normalize()
            if each not in found:
                found.add(each)
                open_states.append(each)
    return tuple(found)


def plans() -> Iterator[tuple[State, Request, Plan]]:
    for state, request in itertools.product(reachable(), REQUESTS):
        plan = plan_of(state, request)
        if plan:
            yield state, request, plan


# What a plan consists of


def wrong(check) -> list[str]:
    """The plans of reachable states for which a check does not hold."""
    return [
        f"{request.strategy} {request.phase}: {[step.name for step in plan.steps]} in {state}"
        for state, request, plan in plans()
        if not check(state, request, plan)
    ][:3]


def is_before(first: Step, second: Step, steps: tuple[Step, ...]) -> bool:
    return second not in steps or (first in steps and steps.index(first) < steps.index(second))


def test_every_plan_is_made_of_a_situation_that_is_reached():
    """Otherwise the tests below say nothing."""
    used = {(request.phase, request.strategy, step) for _state, request, plan in plans() for step in plan.steps}
    assert {step for _phase, _strategy, step in used} == set(Step) - {Step.TAKE_OVER}
    assert {request.phase for request in REQUESTS} == set(PHASES)


def test_key_is_written_only_with_a_value_that_is_proved():
    def check(state, request, plan):
        stages = state.situation(request).stages
        return Step.WRITE_KEY not in plan.steps or {Stage.PROVED, Stage.COMMITTING} & stages

    assert wrong(check) == []


def test_a_value_is_recorded_only_when_it_is_proved_where_it_is():
    def check(state, request, plan):
        return Step.RECORD not in plan.steps or {Stage.PROVED, Stage.OVERWRITTEN} <= state.situation(request).stages

    assert wrong(check) == []


def test_a_trial_never_changes_what_is_live():
    def check(state, request, plan):
        return request.strategy != "trial" or not {Step.SWITCH, Step.OVERWRITE, Step.RECORD} & {*plan.steps}

    assert wrong(check) == []


def test_key_next_is_removed_only_when_no_reference_is_at_it():
    def check(state, request, plan):
        return not state.at_next or is_before(Step.POINT_BACK, Step.REMOVE_NEXT, plan.steps)

    assert wrong(check) == []


def test_key_next_is_removed_only_after_a_proof_when_live_traffic_used_it():
    def check(state, request, plan):
        proof = Step.PROVE if request.phase == "rollback" else Step.VERIFY
        switched = Stage.SWITCHED in state.situation(request).reached
        return not switched or is_before(proof, Step.REMOVE_NEXT, plan.steps)

    assert wrong(check) == []


def test_the_claim_is_removed_last():
    def check(state, request, plan):
        return Step.RELEASE not in plan.steps[:-1] or plan.steps[-2:] == (Step.RELEASE, Step.VERIFY)

    assert wrong(check) == []


def test_the_value_of_another_is_not_undone():
    for request in REQUESTS:
        if request.phase == "rollback" and request.has_value:
            for state in reachable():
                situation = replace(state.situation(request), owner=None)
                assert not situation.claim or make_plan(situation, request) == Plan()


# What comes of it


def changes() -> Iterator[tuple[State, State, Request]]:
    """Every single write of a phase: the state before and after it."""
    for state, request in itertools.product(reachable(), REQUESTS):
        for good in (True, False):
            states = [state, *follow(state, request, good)[0]]
            yield from ((one, other, request) for one, other in itertools.pairwise(states))


def test_no_live_request_uses_an_unproved_value_under_a_trial():
    found = [
        (request, after)
        for before, after, request in changes()
        if request.strategy == "trial" and before.live != after.live == NEW and not after.worked
        if request.phase != "rollback"
    ]
    assert found[:3] == []


def test_key_never_gets_an_unproved_value_unless_it_is_written_in_place():
    found = [
        (request, after)
        for before, after, request in changes()
        if request.strategy != "in_place" and before.secret != after.secret and after.secret.value == NEW
        if not after.worked
    ]
    assert found[:3] == []


def test_no_reference_ever_leads_to_nothing():
    assert [(request, after) for before, after, request in changes() if before.live and not after.live][:3] == []


def test_the_value_of_another_client_is_not_overwritten():
    """But for when the rotation was about to write, and was interrupted: then whose value it is cannot be told."""
    about = {Stage.OVERWRITING, Stage.COMMITTING}
    found = [
        (request, before)
        for before, after, request in changes()
        if before.secret.value == ANOTHER != after.secret.value
        if not about & {stage for stage, _time in before.marks}
    ]
    assert found[:3] == []


def ends(phase: str) -> Iterator[tuple[State, State, Plan, Request]]:
    """What each phase that succeeds ends with."""
    for state, request in itertools.product(reachable(), REQUESTS):
        for good in (True, False):
            states, plan, succeeds = follow(state, request, good)
            if request.phase == phase and plan and succeeds:
                yield state, (states or [state])[-1], plan, request


def test_rotated_means_that_a_value_that_worked_is_live_and_nothing_is_left():
    found = [
        (request, state)
        for _before, state, plan, request in ends("commit")
        if plan.outcome == "rotated" and not (state.is_clean and state.holds(NEW) and state.worked)
    ]
    assert found[:3] == []


def test_a_rollback_tells_which_value_is_live():
    found = [
        (request, plan.live, state)
        for _before, state, plan, request in ends("rollback")
        if plan.outcome in ("rolled_back", "rollback_unproved") and plan.live != "other"
        if state.live not in {"earlier": (state.earlier, OLD), "new": (NEW,)}[plan.live]
    ]
    assert found[:3] == []


def test_a_rollback_leaves_nothing():
    found = [
        (request, state)
        for _before, state, plan, request in ends("rollback")
        if plan.outcome in ("rolled_back", "rollback_unproved") and not state.is_clean
    ]
    assert found[:3] == []


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_that_is_done_is_unchanged(phase):
    for _before, state, plan, request in ends(phase):
        again = plan_of(state.normalize(), request)
        assert again is not None, (request, state)
        assert (again.steps, again.next_phase) == ((), plan.next_phase), (request, state)


def outcome_of(state: State) -> tuple[object, ...]:
    return state.secret.value, state.live, state.at_next, state.claim is None, bool(state.next), state.worked


@pytest.mark.parametrize("phase", PHASES)
def test_an_interrupted_phase_ends_in_the_same_way_when_it_is_run_again(phase):
    for state, request in itertools.product(reachable(), REQUESTS):
        if request.phase != phase:
            continue
        states, plan, _succeeds = follow(state, request, True)
        for interrupted in states[:-1]:
            again, _plan, succeeds = follow(interrupted.normalize(), request, True)
            assert succeeds, (request, state, interrupted)
            assert outcome_of((again or [interrupted])[-1]) == outcome_of(states[-1]), (request, state, interrupted)


def run(state: State, phases: list[str], **fields: object) -> State:
    for phase in phases:
        made = Request(phase, KEY, has_value=phase == "commit", allow_no_rollback=True)  # type: ignore[arg-type]
        states, _plan, _succeeds = follow(state, replace(made, **fields), True)  # type: ignore[arg-type]
        state = (states or [state])[-1].normalize()
    return state


def test_there_is_a_way_out_of_every_state():
    """A rollback, or where the new value was written already, the commit that is due."""
    stuck = [
        state
        for state in reachable()
        if not run(state, ["rollback"]).is_clean
        and not any(run(state, ["commit"], strategy=strategy).is_clean for strategy in STRATEGIES)
    ]
    assert stuck[:3] == []
