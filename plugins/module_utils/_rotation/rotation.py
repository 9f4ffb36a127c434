# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""One phase of the rotation of a secret: read, decide, do."""

from __future__ import annotations

import contextlib
from typing import Any

from .._errors import ErrorCode, KonnectError, PartialFailure
from .._rotation_entry import Stage, next_key
from .options import RotationOptions
from .plan import Plan, Step, make_plan
from .prober import Patience, Prober
from .proof import Proof
from .reading import Reading, Subject
from .refusal import refusal
from .report import NEXT_STEPS, SENTENCES, Report
from .situation import Request, Situation
from .steps import Steps
from .trials import trial_of

BASELINE = Patience(deadline=60)
# The outcomes of a phase that did not begin, or found out that it must not go on.
REFUSALS = {
    ErrorCode.ROTATION_BUSY: "rotation_busy",
    ErrorCode.ROTATION_PENDING: "rotation_pending",
    ErrorCode.PROBE_INCONCLUSIVE: "probe_inconclusive",
    ErrorCode.ROTATION_REFUSED: "refused",
    ErrorCode.OUT_OF_ORDER: "refused",
    ErrorCode.VALUE_CHANGED: "refused",
    ErrorCode.CONCURRENT_CHANGE: "refused",
}


def run_phase(subject: Subject, options: RotationOptions, prober: Prober | None = None) -> dict[str, Any]:
    """The result of konnect_secret_rotation.

    Raises KonnectError before anything was written, and PartialFailure with the result when a step failed.
    """
    control_plane = subject.control_plane
    client = control_plane.client
    trial = trial_of(control_plane, subject.store.id, subject.key)
    reading = Reading(subject, trial, options.probes, options.proxy_url)
    proof = Proof(control_plane, trial, prober or Prober(client.now, client.sleep), options.sync)
    try:
        situation = reading.situation(options.phase)
        plan = make_plan(situation, _request(subject, options, reading, situation))
        not_probed = _not_probed(subject, options, reading) if plan.steps else []
        if Step.CLAIM in plan.steps and not control_plane.check_mode:
            _check_baseline(subject, reading, proof)
    except KonnectError as error:
        if error.code not in REFUSALS:
            raise
        raise _refusal(error, subject, options, proof) from error
    report = Report(
        *(subject.key, options, plan.outcome, plan.next_phase, not_probed),
        live=plan.live,
        is_another=_is_another_value(reading, plan, situation),
        doubt=trial.doubt,
    )
    if not plan.steps or (control_plane.check_mode and not _may_predict(subject, options, plan, situation)):
        return report.result(plan, control_plane.check_mode)
    steps = Steps(subject, options, reading, situation, trial, proof, report, situation.owner)
    done: list[Step] = []
    try:
        for step in plan.steps:
            steps.run(step)
            done.append(step)
    except KonnectError as error:
        done += _end(error, steps, plan, options, done)
        raise _failure(error, plan, report, proof, options, done) from error
    report.probes, report.sync = proof.probes, proof.sync
    return report.result(plan, control_plane.check_mode)


def _is_another_value(reading: Reading, plan: Plan, situation: Situation) -> bool:
    """False if the new value may be the earlier one. Once it is recorded, nothing tells."""
    if plan.outcome != "rotated" or situation.owner is None or Stage.COMMITTING in situation.stages:
        return True
    return reading.is_another_value(situation.owner)


def _may_predict(subject: Subject, options: RotationOptions, plan: Plan, situation: Situation) -> bool:
    """True if later tasks in check mode can go on from the steps: those in the middle need what the first ones made."""
    is_prepared = situation.owner is not None and (situation.next is not None or options.strategy == "in_place")
    may = options.phase in ("commit", "rollback") or Step.CLAIM in plan.steps or is_prepared
    return may and subject.control_plane.task.predictions.file is not None


def _end(error: KonnectError, steps: Steps, plan: Plan, options: RotationOptions, done: list[Step]) -> list[Step]:
    """End the rotation where a failed phase leaves nothing to go on with. Returns the steps that were carried out."""
    last: list[Step] = []
    if options.phase == "prepare" and Step.CLAIM in done:
        # Nothing but what this run made: the next run begins anew, with any value.
        is_theirs = error.code is ErrorCode.CONCURRENT_CHANGE  # KEY-next, which another client created
        last = [Step.RELEASE] if is_theirs else [Step.REMOVE_NEXT, Step.RELEASE]
    elif options.strategy == "trial" and plan.steps[len(done) :] == (Step.VERIFY, Step.RELEASE):
        # All is written, and what is left is up to the data planes.
        last = [Step.RELEASE] if error.code is ErrorCode.NOT_IN_SYNC else []
    carried_out = []
    with contextlib.suppress(KonnectError):
        for step in last:
            steps.run(step)
            carried_out.append(step)
    return carried_out


def nothing_left(key: str, options: RotationOptions) -> dict[str, Any]:
    """The result of a rollback where not even the config store exists."""
    return Report(key, options).result(Plan(), False)


def _request(subject: Subject, options: RotationOptions, reading: Reading, situation: Situation) -> Request:
    # Once live traffic is concerned, what cannot work shows by itself.
    begins = {
        "prepare": not situation.owner and not situation.in_sync,
        "try": True,
        "switch": not {Stage.SWITCHED, Stage.OVERWRITING} & situation.reached,
    }.get(options.phase, False)
    keys = [subject.key, *([next_key(subject.key)] if situation.claim else [])]
    return Request(
        phase=options.phase,
        key=subject.key,
        strategy=options.strategy,
        has_value=subject.wanted is not None,
        old_value=reading.old_value(situation.owner),
        allow_no_rollback=options.allow_no_rollback,
        take_over=options.take_over,
        refusal=refusal(reading, keys, options) if begins and situation.secret else None,
        due=_is_due(subject, options, reading),
        busy=options.failed_outcome == "rotation_busy",
        check_mode=subject.control_plane.check_mode,
    )


def _is_due(subject: Subject, options: RotationOptions, reading: Reading) -> bool:
    secret = subject.store.describe(reading.listing).get(subject.key)
    if options.max_age is None or secret is None:
        return True
    # A value without a fingerprint was written by another client.
    return not secret["fingerprinted"] or secret["age"] >= options.max_age


def _not_probed(subject: Subject, options: RotationOptions, reading: Reading) -> list[dict[str, Any]]:
    if options.strategy != "trial" or options.phase == "rollback" or not reading.probes:
        return []
    probed = {entity_id for row in reading.tried(subject.key) for entity_id in row.using}
    return [
        {
            "entity": row.kind.name,
            "id": row.entity["id"],
            "name": row.kind.display(row.entity),
            "field": row.finding.field,
            "workspace": row.control_plane.workspace,
        }
        for row in reading.references_to(subject.key)
        if row.entity["id"] not in probed
    ]


def _check_baseline(subject: Subject, reading: Reading, proof: Proof) -> None:
    """Refuse to begin while what is live cannot be told to work or not: then neither can the new value."""
    unclear = [each for each in proof.live(reading.probes, BASELINE) if each.verdict == "unknown"]
    if unclear:
        raise KonnectError(
            f"The rotation of {subject.key} did not begin, and nothing was written: the probe of "
            f"{unclear[0].probe.safe_url} {unclear[0].reason}, so whether a value works could not be told.",
            code=ErrorCode.PROBE_INCONCLUSIVE,
        )


def _refusal(error: KonnectError, subject: Subject, options: RotationOptions, proof: Proof) -> PartialFailure:
    report = Report(subject.key, options, probes=proof.probes)
    result = {
        **report.result(Plan(), False),
        "outcome": REFUSALS[error.code],
        "next_step": NEXT_STEPS[REFUSALS[error.code]],
        "next_phase": error.facts.get("next_phase"),
        "message": error.message,
    }
    return PartialFailure(error.message, code=error.code, result=result, **error.facts)


def _failure(
    error: KonnectError, plan: Plan, report: Report, proof: Proof, options: RotationOptions, done: list[Step]
) -> PartialFailure:
    is_over = options.phase == "commit" and Step.RELEASE in done
    report.probes, report.sync = proof.probes, proof.sync
    # Once the claim is removed, the new value is live, and only the look at the data planes can have failed.
    outcome = (
        "not_in_sync" if is_over else {**REFUSALS, ErrorCode.NOT_IN_SYNC: "not_in_sync"}.get(error.code, "pending")
    )
    report.outcome = outcome if outcome in SENTENCES else "pending"
    undone = options.phase == "prepare" and outcome != "pending"
    report.next_phase = None if undone or is_over else options.phase
    message = f"{options.because} {error.message}".strip()
    result = {**report.result(plan, False), "changed": bool(done), "outcome": outcome, "message": message}
    result["next_step"] = NEXT_STEPS[outcome].format(key=report.key, next_phase=report.next_phase)
    return PartialFailure(error.message, code=error.code, result=result, **error.facts)
