# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Many secrets at once: every item is checked before the first write, one listing, and then parallel writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial
from typing import Any

from .._client.session import MAX_PARALLEL
from .._entities.usage import OnInUse, Usage, check_usage
from .._errors import ErrorCode, InvalidInput, KonnectError, PartialFailure
from .._secret_text import is_secret_value
from .plan import Listing, Plan, SecretOutcome, check_claims
from .secret import FingerprintKeys, Wanted, as_text
from .store import SecretStore, as_subject, lost_keys

Job = Callable[[], SecretOutcome]

# What fails every request alike: to go on with the other secrets would only repeat it.
FATAL_CODES = {
    ErrorCode.UNAUTHORIZED,
    ErrorCode.FORBIDDEN,
    ErrorCode.TLS,
    ErrorCode.REDIRECT,
    ErrorCode.UNREACHABLE,
    ErrorCode.DEADLINE,
}
MAX_ERRORS = 10


def check_batch(options: Mapping[str, Any]) -> tuple[list[Wanted], FingerprintKeys]:
    """The secrets of a task, all of them checked.

    :param options: of konnect_secrets.

    Raises one InvalidInput that names every item that cannot be written.
    """
    keys = FingerprintKeys.from_options(options)
    wanted: list[Wanted] = []
    errors: dict[str, KonnectError] = {}
    for number, item in enumerate(options["secrets"], 1):
        try:
            one = Wanted(item["key"], as_text(item["value"]), options["update_secret"], item["value_version"])
            keys.check(one)
            wanted.append(one)
        except InvalidInput as error:
            errors[f"number {number}" if is_secret_value(item["key"]) else item["key"]] = error
    counts = Counter(item["key"] for item in options["secrets"])
    for key in [key for key, count in counts.items() if count > 1]:
        errors[key] = InvalidInput(f"The key occurs {counts[key]} times in the list.")
    if errors:
        message = f"{len(errors)} of {len(counts)} secrets cannot be written, so none was. {_listed(errors)}"
        raise InvalidInput(message, code=_common_code(errors, len(counts)) or ErrorCode.INVALID_INPUT)
    if options["purge"] and not wanted and not options["allow_empty"]:
        raise InvalidInput(
            "purge with an empty list would remove every secret of the store. If that is meant, set allow_empty."
        )
    if not 1 <= options["parallel"] <= MAX_PARALLEL:
        raise InvalidInput(f"parallel must be a number from 1 to {MAX_PARALLEL}.")
    return wanted, keys


class SecretBatch:
    """The work on the secrets of one store, and what came of it.

    Every finished secret gives the task another request_deadline: that bounds how long it may get nowhere, not how
    much work it may have.
    """

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._client = store.control_plane.client
        self._task = store.control_plane.task
        self._outcomes: dict[str, SecretOutcome] = {}
        self._failures: dict[str, KonnectError] = {}
        self._progress: list[dict[str, Any]] = []
        self._kept: Usage | None = None

    def run(
        self, wanted: list[Wanted], keys: FingerprintKeys, *, purge: bool, on_in_use: OnInUse, parallel: int
    ) -> dict[str, Any]:
        """Make the store hold these secrets, and with ``purge`` no others.

        Returns the result of konnect_secrets. Raises PartialFailure when some secrets failed; the next run does what is
        missing.
        """
        listing = self._store.read()
        plans = self._store.plan(wanted, keys, listing)
        check_claims(plans, listing)
        surplus = self._surplus(plans, listing, on_in_use) if purge else []
        pending = [plan for plan in plans if plan.reason]
        self._outcomes |= {plan.wanted.key: self._store.carry_out(plan) for plan in plans if not plan.reason}
        jobs: dict[str, Job] = {plan.wanted.key: partial(self._store.carry_out, plan) for plan in pending}
        # What is removed goes last: an interrupted run has removed nothing while something was missing.
        jobs |= {key: partial(self._store.remove_unchanged, key, listing) for key in surplus}
        if self._task.check_mode:
            self._outcomes |= {key: job() for key, job in jobs.items()}
            return self.result()
        self._work(jobs, parallel)
        self._warn_of_kept()
        if self._failures:
            raise self._failure(len(jobs))
        return self.result()

    def result(self) -> dict[str, Any]:
        """The result of konnect_secrets, as documented there."""
        changed = {key: outcome for key, outcome in sorted(self._outcomes.items()) if outcome.changed}
        unchanged = [key for key, outcome in self._outcomes.items() if outcome.reason is None]
        return {
            "changed": bool(changed),
            "created": [key for key, outcome in changed.items() if outcome.secret and not outcome.before],
            "updated": [key for key, outcome in changed.items() if outcome.secret and outcome.before],
            "unchanged": sorted(unchanged),
            "removed": [key for key, outcome in changed.items() if not outcome.secret],
            "reasons": {key: outcome.reason for key, outcome in changed.items()},
            "failures": {key: error.message for key, error in sorted(self._failures.items())},
            "requests": self._client.requests_sent,
            "elapsed": round(self._client.now() - self._client.started, 3),
            "progress": self._progress,
            "diff": {
                "before": {key: "(not shown)" for key, outcome in changed.items() if outcome.before},
                "after": {
                    key: f"(not shown, written: {outcome.reason})" if outcome.before else "(not shown)"
                    for key, outcome in changed.items()
                    if outcome.secret
                },
            },
            **({"kept": self._kept.kept()} if self._kept else {}),
        }

    def _surplus(self, plans: list[Plan], listing: Listing, on_in_use: OnInUse) -> list[str]:
        """The keys to remove: those that the task does not name, but for what is in use and to be kept."""
        named = {plan.wanted.key for plan in plans}
        surplus = (listing.secrets.keys() | listing.records.keys() | listing.rotations.keys()) - named
        # A rotation is about to write these, or tries its new value under them.
        surplus = {key for key in surplus if not listing.is_claimed(key)}
        secrets = sorted(listing.secrets.keys() & surplus)
        self._kept = check_usage(on_in_use, lambda: self._store.usage(secrets)) if secrets else None
        used = {row["secret"] for row in self._kept.facts["referrers"]} if self._kept else set()
        lost = [key for key in secrets if key not in used and self._store.is_lost(key)]
        if lost:
            self._task.warn(lost_keys(lost))
        return sorted(surplus - used - set(lost))

    def _work(self, jobs: Mapping[str, Job], parallel: int) -> None:
        started = self._client.now()
        pool = ThreadPoolExecutor(parallel)
        futures = {pool.submit(job): key for key, job in jobs.items()}
        try:
            for done, future in enumerate(as_completed(futures), 1):
                if not self._goes_on(futures[future], future):
                    break
                if done * 10 // len(jobs) > (done - 1) * 10 // len(jobs):
                    elapsed = round(self._client.now() - started, 3)
                    self._progress.append({"done": done, "total": len(jobs), "elapsed": elapsed})
                    self._task.report(f"{done} of {len(jobs)} secrets after {elapsed:.1f} s")
        finally:
            pool.shutdown(cancel_futures=True)
        for future, key in futures.items():
            if not future.cancelled():
                self._goes_on(key, future)

    def _goes_on(self, key: str, future: Future[SecretOutcome]) -> bool:
        """Keep the outcome of a secret; whether it makes sense to go on."""
        try:
            self._outcomes[key] = future.result()
        except KonnectError as error:
            self._failures[key] = error
            return error.code not in FATAL_CODES
        self._client.extend_deadline(self._client.connection.deadline)
        return True

    def _warn_of_kept(self) -> None:
        kept = [
            key
            for key, outcome in self._outcomes.items()
            if not outcome.changed and outcome.reason == "changed_outside"
        ]
        if kept:
            self._task.warn(f"{as_subject(kept)} not removed: another client modified it since the store was listed.")

    def _failure(self, total: int) -> PartialFailure:
        errors = self._failures
        fatal = [error for error in errors.values() if error.code in FATAL_CODES]
        code = fatal[0].code if fatal else _common_code(errors, total)
        if fatal:
            done = sum(outcome.reason is not None for outcome in self._outcomes.values())
            message = f"{fatal[0].message} {done} of {total} secrets were done."
        else:
            message = f"{len(errors)} of {total} secrets failed. {_listed(errors)}"
        facts = next(error.facts for error in errors.values() if error.code == code) if code else {}
        message += " Run the task again: it does what is missing."
        return PartialFailure(message, code=code or ErrorCode.SOME_FAILED, result=self.result(), **facts)


def _listed(errors: Mapping[str, KonnectError]) -> str:
    """Every key that has an error, and what the first errors are."""
    first = [f"{key}: {error.message}" for key, error in list(errors.items())[:MAX_ERRORS]]
    others = list(errors)[MAX_ERRORS:]
    return " ".join([*first, f"More errors: {', '.join(others)}."] if others else first)


def _common_code(errors: Mapping[str, KonnectError], total: int) -> ErrorCode | None:
    """The code of the errors if everything failed, and failed alike."""
    codes = {error.code for error in errors.values()}
    return codes.pop() if len(codes) == 1 and len(errors) == total else None
