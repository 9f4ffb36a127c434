# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The decision about one phase of a rotation: from what is there, to the steps that are due."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Literal, NoReturn

from .._errors import ErrorCode, KonnectError
from .._rotation_entry import Stage, next_key
from .situation import Situation

Strategy = Literal["trial", "blue_green", "in_place"]
Phase = Literal["prepare", "try", "switch", "commit", "rollback"]
# A rotation of which no entry moved for so many seconds is taken for one that was cut short.
BUSY_SECONDS = 3600


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
class Request:
    """The request of a task.

    :param has_value: whether it gives the new value.
    :param old_value: whether the old value is at hand, and the fingerprint tells that it is what KEY holds.
    :param refusal: why the strategy cannot work here; None when it can.
    :param due: whether the secret is old enough to be rotated.
    """

    phase: Phase
    key: str
    strategy: Strategy = "trial"
    has_value: bool = True
    old_value: Literal["none", "confirmed", "other"] = "none"
    allow_no_rollback: bool = False
    take_over: bool = False
    refusal: str | None = None
    due: bool = True
    check_mode: bool = False


@dataclass(frozen=True)
class Plan:
    """The decision.

    :param outcome: one of the outcomes that konnect_secret_rotation documents, if every step succeeds.
    :param next_phase: the phase that is due afterwards; None when the rotation is over.
    """

    steps: tuple[Step, ...] = field(default=())
    outcome: str = "unchanged"
    next_phase: Phase | None = None


def make_plan(situation: Situation, request: Request) -> Plan:
    """Decide. Raises KonnectError when the phase must not run, before anything is written."""
    if situation.secret is None and request.phase != "rollback":
        _fail(ErrorCode.NOT_FOUND, f"There is no secret {request.key}. Create it first with konnect_secret.")
    if request.phase == "prepare":
        return _prepare(situation, request)
    if request.phase == "rollback":
        return _rollback(situation, request)
    if request.phase == "commit" and situation.claim and not situation.owner:
        message = f"A rotation of {request.key} to another value is pending. Nothing was written."
        _fail(ErrorCode.VALUE_CHANGED, message)
    if not situation.claim:
        if situation.in_sync:
            return _swept(situation)
        if not request.check_mode:
            _out_of_order(request, "prepare")
        return Plan(_steps_of(request), *_after(request))
    if not situation.owner:
        _fail_for_another(situation, request)
    _check_strategy(situation, request)
    due = _due(situation, request)
    if due == request.phase:
        return Plan(_steps_of(request, situation), *_after(request))
    if due == "commit" and request.phase != "commit":
        return Plan((), "pending", due)
    if request.check_mode:
        return Plan(_steps_of(request, situation), *_after(request))
    return _out_of_order(request, due)


def _prepare(situation: Situation, request: Request) -> Plan:
    first: tuple[Step, ...] = ()
    if situation.claim and not situation.owner:
        if situation.idle < BUSY_SECONDS or not request.take_over:
            _fail_for_another(situation, request)
        first = (Step.TAKE_OVER,)
    elif situation.claim:
        _check_strategy(situation, request)
        due = _due(situation, request)
        if due != "prepare":
            return Plan((), "pending", due)
        return Plan((Step.WRITE_NEXT,), "pending", _next_of(request))
    elif situation.in_sync or not request.due:
        return _swept(situation)
    if request.refusal:
        _fail(ErrorCode.ROTATION_REFUSED, request.refusal)
    if situation.next and not first and request.strategy != "in_place":
        _fail(
            ErrorCode.ROTATION_REFUSED,
            f"A secret {next_key(request.key)} exists that no rotation made. Remove or rename it first: the new value "
            "is tried under this key.",
        )
    if request.strategy == "in_place" and request.old_value != "confirmed" and not request.allow_no_rollback:
        _fail(ErrorCode.ROTATION_REFUSED, _no_old_value(request))
    write = () if request.strategy == "in_place" else (Step.WRITE_NEXT,)
    return Plan((*first, Step.CLAIM, *write), "pending", _next_of(request))


def _rollback(situation: Situation, request: Request) -> Plan:
    if situation.claim and not situation.owner and request.has_value:
        return Plan()  # That of another value is not ours to undo.
    stages = situation.stages
    trial = (Step.REMOVE_TRIAL,) if situation.has_trial else ()
    if not situation.claim:
        return _swept(situation)
    if Stage.COMMITTING in stages and situation.secret_moved:
        return Plan((), "pending", "commit")
    rest = (*trial, *((Step.REMOVE_NEXT,) if situation.next else ()), Step.RELEASE)
    if situation.referring_next:
        return Plan((Step.POINT_BACK, Step.PROVE, *rest), "rolled_back")
    if {Stage.OVERWRITING, Stage.OVERWRITTEN} & stages and situation.secret_moved:
        if request.old_value == "none" or situation.overwritten_by_another:
            return Plan((*trial, Step.RELEASE), "rollback_unproved")
        return Plan((Step.RESTORE, Step.PROVE, *trial, Step.RELEASE), "rolled_back")
    return Plan(rest, "rolled_back")


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
    return (*write, *trial, Step.REMOVE_NEXT, Step.RELEASE, Step.VERIFY)


def _after(request: Request) -> tuple[str, Phase | None]:
    """The outcome of a phase whose turn it was, and the phase after it."""
    return ("rotated", None) if request.phase == "commit" else ("pending", "commit")


def _due(situation: Situation, request: Request) -> Phase:
    stages = situation.stages
    if {Stage.PROVED, Stage.COMMITTING} & stages:
        if request.strategy != "in_place" and Stage.COMMITTING not in stages and situation.secret_moved:
            _fail(
                ErrorCode.CONCURRENT_CHANGE,
                f"Another client has written {request.key} since the rotation began, and its value is live. Roll the "
                "rotation back, then find the other client.",
            )
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


def _check_strategy(situation: Situation, request: Request) -> None:
    """Refuse to go on with a rotation that began with another strategy and changed live traffic already."""
    stages = situation.stages
    begun = "in_place" if {Stage.OVERWRITING, Stage.OVERWRITTEN} & stages else None
    begun = "blue_green" if Stage.SWITCHED in stages else begun
    if begun and begun != request.strategy:
        _fail(
            ErrorCode.ROTATION_PENDING,
            f"A rotation of {request.key} is pending that began with the strategy {begun}. Go on with it, or roll it "
            "back first.",
        )


def _fail_for_another(situation: Situation, request: Request) -> NoReturn:
    key, minutes = request.key, int(situation.idle // 60)
    if situation.idle < BUSY_SECONDS:
        _fail(
            ErrorCode.ROTATION_BUSY,
            f"Another run rotates {key} to another value; it was active {minutes} minutes ago. Nothing was written. "
            "If that run is known to have ended, run the phase rollback first.",
        )
    _fail(
        ErrorCode.ROTATION_PENDING,
        f"A rotation of {key} to another value was begun {minutes} minutes ago and not finished. Nothing was written. "
        "Run the phase rollback first, or set take_over.",
    )


def _out_of_order(request: Request, due: Phase) -> NoReturn:
    _fail(
        ErrorCode.OUT_OF_ORDER,
        f"The phase {request.phase} of the rotation of {request.key} is not due. Due is {due}. Nothing was written.",
        next_phase=due,
    )


def _no_old_value(request: Request) -> str:
    if request.old_value == "other":
        return (
            f"old_value is not what {request.key} holds: its fingerprint tells. Give the value that is stored, or set "
            "allow_no_rollback. Nothing was written."
        )
    return (
        f"The strategy in_place writes over the live value of {request.key}, and Konnect returns none to go back to. "
        "Give old_value, or set allow_no_rollback. Nothing was written."
    )


def _fail(code: ErrorCode, message: str, **facts: object) -> NoReturn:
    raise KonnectError(message, code=code, **facts)
