# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The result of a phase: what happened, what is live, what to do next, in one sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._data_plane.wait import SyncResult
from .options import RotationOptions
from .plan import Live, Plan
from .prober import Verification
from .situation import Phase

SENTENCES = {
    "rotated": "{key} was rotated: the new value worked and is live.",
    "unchanged": "Nothing to do for {key}.",
    "pending": "The rotation of {key} is pending. Next is the phase {next_phase}.",
    "rolled_back": "{key} was not rotated. {live}",
    "rollback_unproved": "{key} was not rotated. {live} That it works could not be proved.",
    "nothing_works": "{key} was not rotated. {live} The provider rejects that value, too.",
    "not_in_sync": "The new value of {key} worked and was written, but not every data plane is proved to use it.",
    "probe_inconclusive": "Whether the new value of {key} works could not be told.",
    "cleaned_up": "{key} was not changed. What an earlier rotation left was removed.",
}
LIVE: dict[Live, str] = {
    "earlier": "The earlier value is live, as before.",
    "new": "It holds the new value, because no earlier one was given to go back to.",
    "other": "It holds a value that was written meanwhile, by another client or by an earlier run.",
}
WOULD = {
    "rotated": "{key} would be rotated, if the new value works.",
    "pending": "The rotation of {key} would be pending. Next would be the phase {next_phase}.",
    "rolled_back": "The rotation of {key} would be rolled back.",
    "rollback_unproved": "The rotation of {key} would be rolled back.",
    "cleaned_up": "What an earlier rotation of {key} left would be removed.",
}
NEXT_STEPS = {
    "rotated": "Revoke the old key.",
    "unchanged": "None.",
    "cleaned_up": "None.",
    "pending": "Run the phase {next_phase} with the same value, or the phase rollback.",
    "rolled_back": "Check the new value, then run the rotation again.",
    "rollback_unproved": "Check whether {key} works, then run the rotation again.",
    "nothing_works": "Run the rotation with a value that the provider accepts.",
    "probe_inconclusive": "Run the rotation again when the probe gets a response that decides.",
    "not_in_sync": "Look at the data plane nodes, then run the rotation again.",
    "rotation_busy": "Wait for the other run.",
    "rotation_pending": "Finish the other rotation, or run the phase rollback.",
    "refused": "See the message.",
}
# Outcomes of a phase after which it is not known whether the new value works.
UNDECIDED = ("probe_inconclusive", "not_in_sync")


@dataclass
class Report:
    """The report of a phase, as far as it got.

    :param is_another: whether the new value is known to be another one than the earlier one.
    :param doubt: of nodes in sync and of probes, why the nodes may not use the new value nevertheless.
    """

    key: str
    options: RotationOptions
    outcome: str = "unchanged"
    next_phase: Phase | None = None
    not_probed: list[dict[str, Any]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    probes: list[Verification] = field(default_factory=list)
    sync: SyncResult | None = None
    live: Live = "earlier"
    is_another: bool = True
    doubt: Callable[[SyncResult, Sequence[Verification]], str] = lambda sync, probes: ""

    def result(self, plan: Plan, check_mode: bool) -> dict[str, Any]:
        """The result of konnect_secret_rotation."""
        may_be_revoked, reason = self._may_be_revoked()
        sentences = {**SENTENCES, **WOULD} if check_mode and plan.steps else SENTENCES
        live = LIVE[self.live].format(key=self.key)
        message = sentences[self.outcome].format(key=self.key, next_phase=self.next_phase, live=live)
        outcome = self.outcome
        if outcome == "rotated" and not check_mode:
            message += f" {reason}"
        if self.options.because and outcome == "unchanged":
            outcome, message = self.options.failed_outcome, "Nothing had to be rolled back."
        elif outcome == "rolled_back" and self.options.failed_outcome in UNDECIDED:
            outcome = self.options.failed_outcome
        return {
            "changed": bool(plan.steps),
            "outcome": outcome,
            "next_phase": self.next_phase,
            "live_key": self.key,
            "removed": self.removed,
            "not_probed": self.not_probed,
            "probes": [each.result() for each in self.probes],
            "sync": self.sync.to_dict() if self.sync else None,
            "old_key_may_be_revoked": may_be_revoked,
            "old_key_reason": reason,
            "message": f"{self.options.because} {message}".strip(),
            "next_step": self._next_step(outcome, may_be_revoked),
        }

    def _next_step(self, outcome: str, may_be_revoked: bool) -> str:
        if outcome == "rotated" and not may_be_revoked and not self.is_another:
            return f"Revoke an old key only if it is another one than {self.key} holds."
        if outcome == "rotated" and not may_be_revoked:
            return "Revoke the old key only when every data plane node is known to use the new value."
        return NEXT_STEPS[outcome].format(key=self.key, next_phase=self.next_phase)

    def _may_be_revoked(self) -> tuple[bool, str]:
        """True if no data plane uses the earlier value any more, and a sentence that says so or why not."""
        if self.outcome in ("unchanged", "cleaned_up"):
            return False, "Nothing is known of an earlier value."
        if self.outcome not in ("rotated", "not_in_sync"):
            return False, "The earlier value is still needed."
        failing = [each for each in self.probes if each.verdict != "good"]
        if failing:
            return False, f"Keep the old key for now: at the end, {failing[0].probe.safe_url} {failing[0].reason}."
        if self.sync is None:
            return False, "Keep the old key for now: whether every data plane uses the new value was not checked."
        if self.sync.verdict != "proved":
            return False, f"Keep the old key for now: {self.sync.reason}"
        if self.sync.lost_not_ignored:
            names = ", ".join(str(node["hostname"]) for node in self.sync.lost[:10])
            return False, f"Keep the old key for now: lost data plane nodes may still use it ({names})."
        doubt = self.doubt(self.sync, self.probes)
        if doubt:
            return False, f"Keep the old key for now: {doubt}"
        if not self.is_another:
            return False, "No fingerprint tells whether it is another value than before: the old key may be this one."
        return True, "The old key may be revoked."
