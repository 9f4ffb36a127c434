# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Checks whether a phase of a rotation may run, before anything is written."""

from __future__ import annotations

from typing import NoReturn

from .._errors import ErrorCode, KonnectError
from .._rotation_entry import Stage, next_key
from .situation import BUSY_SECONDS, Phase, Request, Situation


def check_next_is_free(situation: Situation, request: Request) -> None:
    """Only then KEY-next belongs to the rotation, whatever interrupts it."""
    key = next_key(request.key)
    if situation.next:
        fail(
            ErrorCode.ROTATION_REFUSED,
            f"A secret {key} exists that no rotation made. Remove or rename it first: a rotation keeps the new value "
            "under this key until it is proved.",
        )
    if situation.referring_next:
        fail(
            ErrorCode.ROTATION_REFUSED,
            f"A reference to the secret {key} exists, which does not. Correct it first: a rotation keeps the new value "
            "under this key until it is proved.",
        )


def check_begin(situation: Situation, request: Request) -> None:
    """Refuse what cannot work, or could not be undone, as long as no live traffic is concerned."""
    if request.phase == "commit" or {Stage.OVERWRITING, Stage.OVERWRITTEN} & situation.reached:
        return
    if request.refusal:
        fail(ErrorCode.ROTATION_REFUSED, request.refusal)
    if request.strategy == "in_place" and request.old_value != "confirmed" and not request.allow_no_rollback:
        fail(ErrorCode.ROTATION_REFUSED, _no_old_value(request))


def check_strategy(situation: Situation, request: Request) -> None:
    """Refuse to go on with a rotation that began with another strategy."""
    reached, begun = situation.reached, ""
    if {Stage.OVERWRITING, Stage.OVERWRITTEN} & reached:
        begun = "" if request.strategy == "in_place" else "in_place"
    elif Stage.SWITCHED in reached:
        begun = "" if request.strategy == "blue_green" else "blue_green"
    elif request.strategy == "in_place" and (situation.next or Stage.PREPARED in reached):
        begun = "trial or blue_green"
    if begun:
        fail(
            ErrorCode.ROTATION_PENDING,
            f"A rotation of {request.key} is pending that began with the strategy {begun}. Go on with it, or roll it "
            "back first.",
        )


def check_written_by_nobody_else(situation: Situation, request: Request) -> None:
    """Refuse to write over what another client wrote since the rotation began."""
    reached, key = situation.reached, ""
    if Stage.COMMITTING in situation.stages:
        return
    unwritten = not {Stage.OVERWRITING, Stage.OVERWRITTEN} & reached
    if (situation.secret_moved and unwritten) or situation.overwritten_by_another:
        key = request.key
    elif Stage.SWITCHED in reached - situation.stages and situation.referring_next:
        key = next_key(request.key)
    if key:
        fail(
            ErrorCode.CONCURRENT_CHANGE,
            f"{key} was written since the rotation of {request.key} began, by another client or by a rollback that was "
            "interrupted. Roll the rotation back first.",
        )


def fail_for_another(situation: Situation, request: Request) -> NoReturn:
    minutes = int(situation.idle // 60)
    if situation.idle < BUSY_SECONDS:
        fail(
            ErrorCode.ROTATION_BUSY,
            f"{describe_another(request)} was active {minutes} minutes ago. Nothing was written. If it is known "
            "to have ended, run the phase rollback without a value first.",
        )
    fail(
        ErrorCode.ROTATION_PENDING,
        f"{describe_another(request)} was active {minutes} minutes ago, and did not finish. Nothing was "
        "written. Run the phase rollback without a value first, or set take_over.",
    )


def describe_another(request: Request) -> str:
    return f"A rotation of {request.key} to another value, or under another fingerprint key,"


def fail_out_of_order(request: Request, due: Phase) -> NoReturn:
    fail(
        ErrorCode.OUT_OF_ORDER,
        f"The phase {request.phase} of the rotation of {request.key} is not due. Due is {due}. Nothing was written.",
        next_phase=due,
    )


def _no_old_value(request: Request) -> str:
    if request.old_value == "other":
        return (
            f"old_value is not known to be what {request.key} holds: its fingerprint does not match. Give the value "
            "that is stored, or set allow_no_rollback. Nothing was written."
        )
    return (
        f"The strategy in_place writes over the live value of {request.key}, and Konnect returns none to go back to. "
        "Give old_value, or set allow_no_rollback. Nothing was written."
    )


def fail(code: ErrorCode, message: str, **facts: object) -> NoReturn:
    raise KonnectError(message, code=code, **facts)
