# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A secret and its rotation as a value, and what each step of a plan makes of it, one write at a time.

An interrupted step leaves one of the states that it goes through, so following every state leads to everything that
interruptions can leave.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._entities.kind import Entity
from ansible_collections.community.konnect.plugins.module_utils._rotation.identity import Identity, Owner, find_owner
from ansible_collections.community.konnect.plugins.module_utils._rotation.plan import Step
from ansible_collections.community.konnect.plugins.module_utils._rotation.situation import Request, Situation
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Stage
from ansible_collections.community.konnect.plugins.module_utils._secrets.fingerprint import FingerprintKey

KEY, NEXT = "my-key", "my-key-next"
# Whose value an entry has.
OLD, NEW, ANOTHER = "old", "new", "of another client"
IDENTITY = Identity(FingerprintKey("89abcdef", b"fake-derived-key"), "store-1", KEY)


def text(time: int) -> str:
    """A time as Konnect lists it."""
    moment = datetime.datetime.fromtimestamp(time / 1000, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def metadata(key: str, time: int) -> Entity:
    return {"key": key, "updated_at": text(time)}


@dataclass(frozen=True)
class Held:
    """An entry with a value, and the time when it was written."""

    value: str
    time: int


@dataclass(frozen=True)
class State:
    """What a control plane holds of a secret and its rotation to NEW.

    :param claim: when the claim was written.
    :param marks: the stage entries.
    :param at_next: whether the references are at KEY-next.
    :param recorded: what the fingerprint record is of.
    :param worked: whether NEW was seen to work.
    :param earlier: the value that KEY had when the rotation was claimed.
    """

    secret: Held = Held(OLD, 1)
    next: Held | None = None
    claim: int | None = None
    marks: frozenset[tuple[Stage, int]] = frozenset()
    at_next: bool = False
    trial: bool = False
    recorded: Held = Held(OLD, 1)
    worked: bool = False
    earlier: str = OLD

    @property
    def live(self) -> str | None:
        """The value that live traffic uses; None when the reference leads nowhere."""
        if self.at_next:
            return self.next.value if self.next else None
        return self.secret.value

    @property
    def is_clean(self) -> bool:
        return not (self.next or self.claim or self.marks or self.at_next or self.trial)

    @property
    def now(self) -> int:
        """A time after everything that happened."""
        times = (self.secret.time, self.next.time if self.next else 0, self.claim or 0)
        return 1 + max(*times, *(time for _stage, time in self.marks))

    def normalize(self) -> State:
        """The same for every plan, with small times: what matters is which are equal, and whether KEY moved last."""
        moved = self.claim is not None and self.secret.time > self.claim
        claimed = {time: 0 for stage, time in self.marks if stage is Stage.CLAIMED}
        times = claimed | {self.secret.time: 4 if moved else 1} | ({self.next.time: 2} if self.next else {})
        secret = Held(self.secret.value, times[self.secret.time])
        return replace(
            self,
            secret=secret,
            next=Held(self.next.value, 2) if self.next else None,
            claim=3 if self.claim else None,
            marks=frozenset((stage, times.get(time, 5)) for stage, time in self.marks),
            recorded=secret if self.recorded == self.secret else Held(OLD, 0),
        )

    def mark(self, stage: Stage, time: int) -> State:
        return replace(self, marks=self.marks | {(stage, time)})

    def situation(self, request: Request) -> Situation:
        """As a task reads it that is given the value that the request says."""
        return Situation(
            secret=metadata(KEY, self.secret.time),
            next=metadata(NEXT, self.next.time) if self.next else None,
            claim=metadata(f"{KEY}.rotation", self.claim) if self.claim else None,
            owner=owner_of(self.marks, NEW if request.has_value else None) if self.claim else None,
            leftovers=bool(self.claim or self.marks),
            in_sync=request.has_value and self.holds(NEW),
            referring=0 if self.at_next else 1,
            referring_next=1 if self.at_next else 0,
            has_trial=self.trial,
        )

    def holds(self, value: str) -> bool:
        """True if the fingerprint tells that KEY holds this value."""
        return self.secret.value == value and self.recorded == self.secret


@functools.cache
def owner_of(marks: frozenset[tuple[Stage, int]], value: str | None) -> Owner | None:
    """The rotation that stage entries are of, found by their MACs."""
    claims = [IDENTITY.claimed(time, NEW) for stage, time in marks if stage is Stage.CLAIMED]
    later = [IDENTITY.later(claimed, *mark) for claimed in claims for mark in marks if mark[0] is not Stage.CLAIMED]
    return find_owner([IDENTITY], [*claims, *later], value)


class Rejected(Exception):
    """A probe found that the value does not work, or a node is not in sync."""


def carry_out(state: State, request: Request, steps: tuple[Step, ...], good: bool) -> Iterator[State]:
    """Every state that the steps go through, the last one included.

    :param good: whether NEW works.

    Raises Rejected where a step fails.
    """
    begun = state
    for step in steps:
        for after in EFFECTS[step](state, begun, request, good):
            state = after
            yield state


Effect = Callable[[State, State, Request, bool], Iterator[State]]


def _claim(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    # What an earlier rotation left is not of this one.
    state = replace(state, marks=frozenset())
    yield state
    state = state.mark(Stage.CLAIMED, begun.secret.time)
    yield state
    yield replace(state, claim=state.now, earlier=state.secret.value)


def _write_next(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    state = replace(state, next=Held(NEW, state.now))
    yield state
    yield state.mark(Stage.PREPARED, state.now - 1)


def _try(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    assert state.next, "the temporary route would refer to nothing"
    yield replace(state, trial=True)
    works = good if state.next.value == NEW else True
    state = replace(state, trial=False, worked=state.worked or (good and state.next.value == NEW))
    yield state
    if not works:
        raise Rejected
    yield state.mark(Stage.PROVED, state.next.time)


def _switch(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    assert state.next, "the references would refer to nothing"
    state = state.mark(Stage.SWITCHED, state.next.time)
    yield state
    yield replace(state, at_next=True)


def _overwrite(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    if Stage.OVERWRITTEN in begun.situation(request).stages:
        return
    state = state.mark(Stage.OVERWRITING, begun.secret.time)
    yield state
    state = replace(state, secret=Held(NEW, state.now))
    yield state
    yield state.mark(Stage.OVERWRITTEN, state.secret.time)


def _prove(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    state = replace(state, worked=state.worked or (good and state.live == NEW))
    yield state
    if request.phase == "rollback":
        return
    if not good:
        raise Rejected
    proved = state.next if request.strategy == "blue_green" else state.secret
    assert proved
    yield state.mark(Stage.PROVED, proved.time)


def _write_key(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    (claimed,) = {time for stage, time in begun.marks if stage is Stage.CLAIMED}
    state = state.mark(Stage.COMMITTING, claimed)
    yield state
    state = replace(state, secret=Held(NEW, state.now))
    yield state
    yield replace(state, recorded=state.secret)


def _restore(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    if state.holds(OLD):
        return
    state = replace(state, secret=Held(OLD, state.now))
    yield state
    yield replace(state, recorded=state.secret)


def _release(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    state = replace(state, claim=None)
    yield state
    yield replace(state, marks=frozenset(mark for mark in state.marks if mark[0] is not Stage.CLAIMED))
    yield replace(state, marks=frozenset())


def _sets(**fields: Any) -> Effect:
    def effect(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
        yield replace(state, **fields)

    return effect


def _record(state: State, begun: State, request: Request, good: bool) -> Iterator[State]:
    assert begun.secret
    state = state.mark(Stage.COMMITTING, begun.secret.time)
    yield state
    yield replace(state, recorded=state.secret)


EFFECTS: dict[Step, Effect] = {
    Step.CLAIM: _claim,
    Step.WRITE_NEXT: _write_next,
    Step.TRY: _try,
    Step.SWITCH: _switch,
    Step.OVERWRITE: _overwrite,
    Step.PROVE: _prove,
    Step.WRITE_KEY: _write_key,
    Step.RECORD: _record,
    Step.POINT_BACK: _sets(at_next=False),
    Step.RESTORE: _restore,
    Step.VERIFY: _sets(),
    Step.REMOVE_TRIAL: _sets(trial=False),
    Step.REMOVE_NEXT: _sets(next=None),
    Step.RELEASE: _release,
}
