# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Carries out the steps of a phase. Each step may be repeated after an interruption."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from .._audit.rewrite import rewrite_references
from .._data_plane.wait import SyncResult
from .._entities.kind import Entity
from .._entities.timestamps import milliseconds
from .._errors import ErrorCode, KonnectError
from .._rotation_entry import Claim, Stage, StageEntry, next_key
from .._secrets.secret import Wanted
from .entries import Entries, is_takeover
from .identity import Owner, find_owner
from .live import look_at_live
from .options import RotationOptions
from .plan import Step
from .prober import Patience, Verification
from .proof import Proof, require_good
from .reading import Reading, Subject
from .report import Report
from .situation import Situation
from .trial import Trial

# The value was proved before, so one look at what is live is enough.
AT_THE_END = Patience(deadline=30)
# The steps that send probes or wait for data planes.
PROOFS = (Step.TRY, Step.PROVE, Step.VERIFY)


@dataclass
class Steps:
    """The steps of one phase.

    :param owner: the rotation of this task, once it is claimed.
    """

    subject: Subject
    options: RotationOptions
    reading: Reading
    situation: Situation
    trial: Trial
    proof: Proof
    report: Report
    owner: Owner | None

    @cached_property
    def _entries(self) -> Entries:
        return Entries(self.subject)

    def run(self, step: Step) -> None:
        """Raises KonnectError when the step fails; then the next run repeats it. In check mode, what is tried works."""
        actions: Mapping[Step, Callable[[], None]] = {
            Step.TAKE_OVER: self._take_over,
            Step.CLAIM: self._claim,
            Step.WRITE_NEXT: self._write_next,
            Step.TRY: self._try,
            Step.SWITCH: self._switch,
            Step.OVERWRITE: self._overwrite,
            Step.PROVE: self._prove,
            Step.WRITE_KEY: self._write_key,
            Step.RECORD: self._record,
            Step.POINT_BACK: self._point_back,
            Step.RESTORE: self._restore,
            Step.VERIFY: self._verify,
            Step.REMOVE_TRIAL: self.trial.remove,
            Step.REMOVE_NEXT: self._remove_next,
            Step.RELEASE: lambda: self._entries.release(self.situation.claim),
            **(dict.fromkeys(PROOFS, self._assume) if self.subject.control_plane.check_mode else {}),
        }
        actions[step]()

    # Claim and state

    def _take_over(self) -> None:
        """Win the claim of a rotation that was interrupted, and undo that rotation."""
        known = [found for found, _entry in self.reading.entries]
        if not self._entries.take_over(self.situation.claim or {}, self._claimed, known):
            raise self._busy()
        if self.situation.referring_next:
            self._point_back()
        self.trial.remove()
        self._remove_next()
        self._entries.delete(found.entry for found in known)
        self.situation = replace(self.situation, next=None)

    def _claim(self) -> None:
        """Claim the rotation: say first to which value, then create what only one run can create."""
        subject, claimed = self.subject, self._claimed
        self._entries.put(claimed.entry)
        state, claim = self._entries.create(Claim(subject.key).entry)
        if state == "created":
            self.owner = Owner(subject.identities[0], claimed)
            # Of runs that did not get as far, or that did not remove all of theirs.
            others = [found.entry for found, _entry in self.reading.entries if isinstance(found, StageEntry)]
        else:
            stages = [found for found in self._entries.read() if isinstance(found, StageEntry)]
            self.owner = find_owner(subject.identities, stages, subject.value)
            claim, others = self._entries.find(Claim(subject.key).entry), [claimed.entry]
            if self.owner is None:
                self._entries.delete(others)
            if self.owner is None or state == "exists":
                raise self._busy()
        self._entries.delete(entry for entry in others if entry != self.owner.claimed.entry)
        if self.situation.claim:  # of a rotation that was taken over
            self._entries.delete(found.entry for found in self._entries.read() if is_takeover(found))
        self.situation = replace(self.situation, claim=claim)

    @property
    def _claimed(self) -> StageEntry:
        """The first stage of the rotation of this task."""
        written = milliseconds((self.situation.secret or {})["updated_at"])
        return self.subject.identities[0].claimed(written, str(self.subject.value))

    def _busy(self) -> KonnectError:
        return KonnectError(
            f"Another run began to rotate {self.subject.key} at the same time. This run changed nothing.",
            code=ErrorCode.ROTATION_BUSY,
        )

    def _mark(self, stage: Stage, time: int) -> None:
        if self.owner:
            self._entries.put(self.owner.entry(stage, time).entry)

    # Values

    def _write_next(self) -> None:
        """Write KEY-next. One that appeared since the claim was looked for is not ours."""
        key, value = next_key(self.subject.key), self._wanted.value
        state, written = self._entries.create(key, value) if self.situation.owner is None else ("unknown", None)
        if state == "exists":
            raise KonnectError(
                f"Another client created {key} at the same time. This run changed nothing.",
                code=ErrorCode.CONCURRENT_CHANGE,
            )
        if written is None:
            written = self._entries.put(key, value)
        self._mark(Stage.PREPARED, milliseconds(written["updated_at"]))

    def _overwrite(self) -> None:
        if Stage.OVERWRITTEN in self.situation.stages:
            return
        self.proof.note_hash()
        self._mark(Stage.OVERWRITING, milliseconds((self.situation.secret or {})["updated_at"]))
        written = self._entries.put(self.subject.key, self._wanted.value)
        self.situation = replace(self.situation, secret=written)
        self._mark(Stage.OVERWRITTEN, milliseconds(written["updated_at"]))

    def _write_key(self) -> None:
        """Write the proved value, verified; at first only if nobody wrote KEY since the rotation began."""
        self.proof.note_hash()
        if self.owner and not self.situation.secret_moved:
            committing = self.owner.entry(Stage.COMMITTING, self.owner.claimed.time).entry
            self._entries.put(committing)
            if replace(self.situation, secret=self._entries.find(self.subject.key)).secret_moved:
                self._entries.delete([committing])
                raise KonnectError(
                    f"Another client has written {self.subject.key} just now, so this run did not.",
                    code=ErrorCode.CONCURRENT_CHANGE,
                )
        self.subject.store.carry_out(self.reading.plan_for(self._wanted))

    def _record(self) -> None:
        plan = self.reading.plan_for(self._wanted)
        # From here on the record of the old value is gone, so that no rollback could confirm it.
        self._mark(Stage.COMMITTING, milliseconds((self.situation.secret or {})["updated_at"]))
        self.subject.store.carry_out(replace(plan, reason=plan.reason or "recorded", value_matches=True))

    def _restore(self) -> None:
        if (old := self.subject.old) is not None and not self.reading.holds(old):
            self.proof.note_hash()
            self._mark(Stage.RESTORING, milliseconds((self.situation.secret or {})["updated_at"]))
            self.subject.store.carry_out(self.reading.plan_for(old))

    def _remove_next(self) -> None:
        if self._entries.find(key := next_key(self.subject.key)) is not None:
            self._entries.delete([key])
            self.report.removed.append(key)

    # References

    def _switch(self) -> None:
        self.proof.note_hash()
        self._mark(Stage.SWITCHED, milliseconds((self.situation.next or {})["updated_at"]))
        self._point(self.subject.key, next_key(self.subject.key))

    def _point_back(self) -> None:
        self.proof.note_hash()
        self._point(next_key(self.subject.key), self.subject.key)

    def _point(self, key: str, new_key: str) -> None:
        rewrite_references(self.subject.control_plane, self.subject.store.id, key, new_key, None)

    # Proof

    def _assume(self) -> None:
        tried = self.situation.secret if self.options.strategy == "in_place" else self.situation.next
        if tried and self.options.phase in ("try", "switch"):
            self._mark(Stage.PROVED, milliseconds(tried["updated_at"]))

    def _try(self) -> None:
        key = self.subject.key
        found = self.proof.trial(
            self.reading.tried(key),
            self.options.patience,
            lambda entity: self.reading.to_next.apply_to(entity, entity["id"], ""),
        )
        self._require_good(next_key(key), self.situation.next, found)
        self._mark(Stage.PROVED, milliseconds((self.situation.next or {})["updated_at"]))

    def _require_good(self, key: str, tried: Entity | None, found: Sequence[Verification]) -> None:
        """Raise KonnectError unless every probe proved that the value works. One that another client removed or wrote
        meanwhile was not rejected.

        :param tried: the metadata of the key before, None when the key was written by this phase.
        """
        if any(each.verdict != "good" for each in found):
            now = self._entries.find(key)
            if now is None or (tried and now["updated_at"] != tried["updated_at"]):
                raise KonnectError(
                    f"Another client removed or wrote {key} while the new value of {self.subject.key} was tried, so "
                    "whether it works could not be told.",
                    code=ErrorCode.CONCURRENT_CHANGE,
                )
        require_good(self.subject.key, found)

    def _prove(self) -> None:
        """Prove what is live. After a switch, anything but a proof is an error; on the way back it is the outcome."""
        returning = self.options.phase == "rollback"
        switched = self.options.strategy == "blue_green" and not returning
        entry = self.situation.next if switched else self.situation.secret
        key = next_key(self.subject.key) if switched else self.subject.key
        sync, reached = look_at_live(self.proof, self.reading, key, self.options.patience, self.options.patience)
        proved = reached if sync is None else sync.verdict == "proved" or (reached and sync.verdict == "unknown")
        if returning:
            self._report_rollback(proved)
            return
        if reached:
            self._require_good(key, self.situation.next if switched else None, self.proof.probes)
        if sync is not None and not proved:
            raise KonnectError(
                f"Whether the data planes use the new value of {self.subject.key} could not be told: {sync.reason}",
                code=ErrorCode.NOT_IN_SYNC,
            )
        self._require_good(key, self.situation.next if switched else None, self.proof.probes)
        self._mark(Stage.PROVED, milliseconds((entry or {})["updated_at"]))

    def _report_rollback(self, in_sync: bool) -> None:
        verdicts = {each.verdict for each in self.proof.probes}
        if in_sync and verdicts == {"bad"}:
            self.report.outcome = "nothing_works"
        elif not in_sync or verdicts != {"good"}:
            self.report.outcome = "rollback_unproved"

    def _verify(self) -> None:
        """Tell at the end whether the data planes run the new value, and whether live requests work."""
        unfinished = False
        sync: SyncResult | None
        patience = self.options.patience
        if self.options.strategy == "in_place":
            # The phase switch proved it; nothing that data planes get was written since.
            sync = self.proof.wait()
        elif self.options.strategy == "blue_green":
            # Without a trial, the hash does not change: the same value is used under another key.
            sync, _reached = look_at_live(self.proof, self.reading, self.subject.key, patience, patience)
            unfinished = sync is None or (sync.verdict == "unknown" and sync.cause != "no_change")
        else:
            # A change of the hash may be due to what was written before the value, such as the trial. A response of a
            # trial that was written after the value proves that Konnect has got to it.
            short = replace(patience, successes=1, spread=0)
            sync, reached = look_at_live(self.proof, self.reading, self.subject.key, short, patience)
            if not reached:
                self.proof.live(self.reading.probes, AT_THE_END)
        unproved = self.trial.proves_live and self.proof.failing
        if unfinished or unproved or (sync is not None and sync.verdict == "contradicted"):
            reason = unproved or (sync.reason if sync else self.proof.failing)
            raise KonnectError(
                f"The new value of {self.subject.key} worked and was written, but not every data plane is proved to "
                f"use it: {reason}",
                code=ErrorCode.NOT_IN_SYNC,
            )

    @property
    def _wanted(self) -> Wanted:
        if self.subject.wanted is None:
            raise AssertionError("the module checks that the value is given")
        return self.subject.wanted
