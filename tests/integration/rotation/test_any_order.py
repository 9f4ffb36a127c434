# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phases, deaths of the process, other clients and time in any order: what works stays live, and nothing is left."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, sampled_from

from support.control_plane import ControlPlaneHarness
from support.rotation_judge import SUCCESSES, Witness, digest, stored
from support.rotation_run import BAD, GOOD, KEY, OLD, VERY_FAST, Killed, Run, death, quick_rotator, traffic

HOUR = 3600
SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# At which write the process dies; 0: not at all. No rotation has more.
DEATHS = integers(0, 20)
NEW = sampled_from([GOOD, BAD])


class Rotations(RuleBasedStateMachine):
    """A secret in use, and everything that may happen to it.

    ``trusted`` is what a user takes for the value that is live: the one that a rotation or another client last wrote
    and that works.
    """

    def __init__(self, konnect: ControlPlaneHarness, strategy: str) -> None:
        super().__init__()
        self.konnect = konnect
        self.strategy = strategy
        self.trusted = OLD
        self.has_foreign_next = False
        self.witness = Witness(konnect, speed=VERY_FAST)
        self.witness.begin()
        self.chats = contextlib.ExitStack()
        self.chats.enter_context(traffic(konnect))

    def run(self, act: Any, at: int, after: bool, **options: Any) -> Any:
        """Run phases that may die, and note what is live then."""
        rotator = quick_rotator(self.konnect, self.strategy)
        if self.strategy == "in_place":
            options["old_value"] = self.trusted
        with contextlib.suppress(Killed):
            return act(rotator)(interruption=death(at, after=after) if at else None, **options)
        return None

    # What a user does

    @rule(value=NEW, at=DEATHS, after=booleans(), take_over=booleans())
    def rotate(self, value: str, at: int, after: bool, take_over: bool) -> None:
        run: Run | None = self.run(lambda it: it.rotate, at, after, value=value, take_over=take_over)
        if run is None:
            return
        if not run.failed:
            assert run.outcome in ("rotated", "unchanged", "cleaned_up")
            assert value == self.live() == GOOD
            self.assert_nothing_is_left()
        elif run.outcome in ("rolled_back", "probe_inconclusive"):
            assert self.live() != BAD
            self.assert_nothing_is_left()
        self.trust_what_is_live()

    @rule(phase=sampled_from(["prepare", "next", "commit"]), value=NEW, at=DEATHS, after=booleans())
    def run_phase(self, phase: str, value: str, at: int, after: bool) -> None:
        due = {"trial": "try"}.get(self.strategy, "switch") if phase == "next" else phase
        self.run(lambda it: it.attempt, at, after, phase=due, value=value)

    @rule(at=DEATHS, after=booleans())
    def roll_back(self, at: int, after: bool) -> None:
        result = self.run(lambda it: it.attempt, at, after, phase="rollback")
        if result is not None and result.get("next_phase") != "commit":
            self.assert_nothing_is_left()

    # What others do

    @rule()
    def let_an_hour_pass(self) -> None:
        self.konnect.emulator.advance(HOUR)

    @rule()
    def let_another_client_write_the_secret(self) -> None:
        self.konnect.write_secret(KEY, OLD)
        self.trusted = OLD

    @precondition(lambda self: not self.is_claimed() and f"{KEY}-next" not in stored(self.konnect))
    @rule()
    def let_another_client_create_the_key_of_the_trial(self) -> None:
        self.konnect.write_secret(f"{KEY}-next", "a value of another client")
        self.has_foreign_next = True

    @precondition(lambda self: self.has_foreign_next)
    @rule()
    def let_another_client_remove_the_key_of_the_trial(self) -> None:
        self.konnect.remove_secret(f"{KEY}-next")
        self.has_foreign_next = False

    # What always holds

    @invariant()
    def what_another_client_made_is_there(self) -> None:
        assert not self.has_foreign_next or f"{KEY}-next" in stored(self.konnect)

    @invariant()
    def live_requests_succeed(self) -> None:
        """Under trial always, and with other strategies whenever no rotation is pending."""
        if self.strategy == "trial":
            uses = [use for use in self.konnect.uses() if not use["trial"]]
            assert {use["status"] for use in uses} <= {200}
        elif not self.is_claimed():
            assert self.live() != BAD

    @invariant()
    def no_live_request_uses_an_unproved_value_under_trial(self) -> None:
        proofs = 0
        for use in self.konnect.uses() if self.strategy == "trial" else ():
            proofs += use["trial"] and (use["value"], use["status"]) == (digest(GOOD), 200)
            assert use["trial"] or use["value"] != digest(GOOD) or proofs >= SUCCESSES

    def teardown(self) -> None:
        """Whatever happened: a rollback, or the commit that it asks for, leaves nothing."""
        self.chats.close()
        result = quick_rotator(self.konnect, self.strategy, old_value=self.old_value).attempt("rollback")
        if result.get("next_phase") == "commit":
            quick_rotator(self.konnect, self.strategy).phase("commit", value=GOOD)
            assert self.live() == GOOD
        assert self.live() != BAD
        self.assert_nothing_is_left()

    # Means

    @property
    def old_value(self) -> str | None:
        return self.trusted if self.strategy == "in_place" else None

    def live(self) -> str:
        (found,) = set(self.witness.final().values())
        return {digest(value): value for value in (OLD, GOOD, BAD)}[found]

    def trust_what_is_live(self) -> None:
        self.trusted = self.live() if self.live() != BAD else self.trusted

    def is_claimed(self) -> bool:
        return any(entry == f"{KEY}.rotation" or ".rotation.takeover." in entry for entry in stored(self.konnect))

    def assert_nothing_is_left(self) -> None:
        found = [entry for entry in stored(self.konnect) if ".fingerprint." not in entry]
        assert found == [KEY, f"{KEY}-next"][: 1 + self.has_foreign_next]
        assert self.konnect.temporary() == []


STRATEGIES = ("trial", "blue_green", "in_place")


@pytest.mark.parametrize("strategy", ["trial"])
def test_what_works_stays_live_in_any_order(new_control_plane, strategy):
    few = settings(SETTINGS, max_examples=2, stateful_step_count=6)
    run_state_machine_as_test(lambda: Rotations(new_control_plane(), strategy), settings=few)


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_works_stays_live_in_many_orders(new_control_plane, strategy):
    many = settings(SETTINGS, max_examples=40, stateful_step_count=15)
    run_state_machine_as_test(lambda: Rotations(new_control_plane(), strategy), settings=many)
