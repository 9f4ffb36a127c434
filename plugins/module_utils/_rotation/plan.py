# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The decision about one phase of a rotation: from what is there, to the steps that are due."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from .._errors import ErrorCode
from .._rotation_entry import Stage
from .checks import (
    check_begin,
    check_next_is_free,
    check_strategy,
    check_written_by_nobody_else,
    describe_another,
    fail,
    fail_for_another,
    fail_out_of_order,
)
from .situation import BUSY_SECONDS, Phase, Request, Situation

Live = Literal["earlier", "new", "other"]


class Step(enum.Enum):
    """One step. Each may be repeated after an interruption."""

    TAKE_OVER = "take over the rotation of another run, and undo it"
    CLAIM = "claim the rotation"
    WRITE_NEXT = "write the new value into KEY-next"
    TRY = "try the new value beside the live traffic"
    SWITCH = "point the references at KEY-next"
    OVERWRITE = "write the new value into KEY, unproved"
    PROVE = "wait for the data planes, and probe what is live"
    WRITE_KEY = "write the proved value into KEY"
    RECORD = "record the proved value of KEY"
    POINT_BACK = "point the references at KEY"
    RESTORE = "write the old value into KEY"
    VERIFY = "wait for the data planes, and probe what is live; fail when a node is not in sync"
    REMOVE_TRIAL = "remove the temporary route"
    REMOVE_NEXT = "remove KEY-next"
    RELEASE = "remove the claim and the state"


@dataclass(frozen=True)
class Plan:
    """The decision.

    :param outcome: one of the outcomes that konnect_secret_rotation documents, if every step succeeds.
    :param next_phase: the phase that is due afterwards; None when the rotation is over.
    :param live: after a rollback, the value that KEY then holds: that from before the rotation, the new one, or one
        that was written since, and not known to be the new one.
    """

    steps: tuple[Step, ...] = ()
    outcome: str = "unchanged"
    next_phase: Phase | None = None
    live: Live = "earlier"


def make_plan(situation: Situation, request: Request) -> Plan:
    """Decide. Raises KonnectError when the phase must not run, before anything is written."""
    if situation.secret is None and request.phase != "rollback":
        fail(ErrorCode.NOT_FOUND, f"There is no secret {request.key}. Create it first with konnect_secret.")
    if request.phase == "prepare":
        return _prepare(situation, request)
    if request.phase == "rollback":
        return _rollback(situation, request)
    if not situation.claim or (request.check_mode and _may_take_over(situation, request)):
        return _unclaimed(situation, request)
    if not situation.owner and request.phase == "commit":
        fail(ErrorCode.VALUE_CHANGED, f"{describe_another(request)} is pending. Nothing was written.")
    if not situation.owner:
        fail_for_another(situation, request)
    due = _due(situation, request)
    if due == "commit" != request.phase:
        return Plan((), "pending", due)
    if due != request.phase and not request.check_mode:
        fail_out_of_order(request, due)
    check_begin(situation, request)
    return Plan(_steps_of(request, situation), *_after(request))


def _prepare(situation: Situation, request: Request) -> Plan:
    first: tuple[Step, ...] = ()
    if situation.claim and not situation.owner:
        if not _may_take_over(situation, request):
            fail_for_another(situation, request)
        first = (Step.TAKE_OVER,)
    elif situation.claim:
        due = _due(situation, request)
        if due != "prepare":
            return Plan((), "pending", due)
        return Plan((Step.WRITE_NEXT,), "pending", _next_of(request))
    if situation.in_sync or not request.due:
        return Plan((*first, Step.RELEASE), "cleaned_up") if first else _swept(situation)
    if not first:
        check_next_is_free(situation, request)
    check_begin(situation, request)
    write = () if request.strategy == "in_place" else (Step.WRITE_NEXT,)
    return Plan((*first, Step.CLAIM, *write), "pending", _next_of(request))


def _unclaimed(situation: Situation, request: Request) -> Plan:
    """A phase that comes after prepare, when there is no rotation, or in check mode would be none in the way."""
    if situation.in_sync and not situation.claim:
        return _swept(situation)
    if not request.check_mode:
        fail_out_of_order(request, "prepare")
    check_begin(situation, request)
    return Plan(_steps_of(request), *_after(request))


def _rollback(situation: Situation, request: Request) -> Plan:
    if not situation.claim:
        return _swept(situation)
    if request.busy or (not situation.owner and request.has_value):
        return Plan()  # That of another run or another value is not ours to undo.
    reached, stages = situation.reached, situation.stages
    is_proved_and_written = Stage.COMMITTING in stages and situation.secret_moved
    if is_proved_and_written and situation.is_in_use:
        return Plan((), "pending", "commit")
    in_place = bool({Stage.OVERWRITING, Stage.OVERWRITTEN} & reached)
    trial = (Step.REMOVE_TRIAL,) if situation.has_trial else ()
    following = (Step.REMOVE_NEXT,) if situation.next and not in_place else ()
    rest = (*trial, *following, Step.RELEASE)
    if is_proved_and_written:
        return Plan(rest, "cleaned_up")
    if situation.referring_next or (Stage.SWITCHED in reached and situation.next and situation.is_in_use):
        live: Live = "other" if situation.secret_moved else "earlier"
        return Plan((Step.POINT_BACK, Step.PROVE, *rest), "rolled_back", live=live)
    if not situation.secret_moved:
        return Plan(rest, "rolled_back")
    by_another = situation.overwritten_by_another and Stage.RESTORING not in reached
    if not in_place or (by_another and request.old_value != "confirmed"):
        return Plan(rest, "rollback_unproved", live="other")
    if request.old_value not in ("confirmed", "held"):
        return Plan(rest, "rollback_unproved", live="new" if Stage.OVERWRITTEN in stages else "other")
    return Plan((Step.RESTORE, Step.PROVE, *rest), "rolled_back")


def _steps_of(request: Request, situation: Situation | None = None) -> tuple[Step, ...]:
    """The steps of a phase whose turn it is."""
    if request.phase == "try":
        return (Step.TRY,)
    if request.phase == "switch":
        return (Step.SWITCH if request.strategy == "blue_green" else Step.OVERWRITE, Step.PROVE)
    trial = (Step.REMOVE_TRIAL,) if situation and situation.has_trial else ()
    if request.strategy == "in_place":
        return (Step.RECORD, *trial, Step.RELEASE, Step.VERIFY)
    write = () if situation and situation.in_sync else (Step.WRITE_KEY,)
    if request.strategy == "blue_green":
        return (*write, Step.POINT_BACK, Step.VERIFY, *trial, Step.REMOVE_NEXT, Step.RELEASE)
    # Another client may have pointed a reference at KEY-next meanwhile.
    back = (Step.POINT_BACK,) if situation and situation.referring_next else ()
    return (*write, *trial, *back, Step.REMOVE_NEXT, Step.VERIFY, Step.RELEASE)


def _after(request: Request) -> tuple[str, Phase | None]:
    """The outcome of a phase whose turn it was, and the phase after it."""
    return ("rotated", None) if request.phase == "commit" else ("pending", "commit")


def _due(situation: Situation, request: Request) -> Phase:
    """The phase of a pending rotation that is due. Raises KonnectError when only a rollback makes sense."""
    check_strategy(situation, request)
    check_written_by_nobody_else(situation, request)
    stages = situation.stages
    if {Stage.PROVED, Stage.COMMITTING} & stages:
        return "commit"
    if request.strategy == "in_place":
        return "switch"
    return _next_of(request) if Stage.PREPARED in stages else "prepare"


def _next_of(request: Request) -> Phase:
    """The phase after prepare."""
    return "try" if request.strategy == "trial" else "switch"


def _swept(situation: Situation) -> Plan:
    """Remove what is left of a rotation that is over."""
    steps = ((Step.REMOVE_TRIAL,) if situation.has_trial else ()) + ((Step.RELEASE,) if situation.leftovers else ())
    return Plan(steps, "cleaned_up" if steps else "unchanged")


def _may_take_over(situation: Situation, request: Request) -> bool:
    is_of_another = situation.claim is not None and situation.owner is None
    return is_of_another and request.take_over and situation.idle >= BUSY_SECONDS
