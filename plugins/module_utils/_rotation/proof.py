# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The proof of what is live: the data plane nodes run it, and probes tell whether it works."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from .._data_plane.nodes import read_snapshot
from .._data_plane.options import SyncOptions, Written
from .._data_plane.wait import SyncResult, wait_for_sync
from .._entities.control_plane import ControlPlane
from .._errors import ErrorCode, KonnectError
from .probe import ANY_PROVIDER, Marker, Probe
from .prober import Patience, Prober, Verification
from .trial import Rewrite, Trial, Tried


class Proof:
    """Collects what is known of the writes of a phase, and what came of its waits and probes."""

    def __init__(self, control_plane: ControlPlane, trial: Trial, prober: Prober, sync: SyncOptions) -> None:
        self._control_plane = control_plane
        self._trial = trial
        self._prober = prober
        self._options = sync
        self._hashes: set[str] = set()
        self.probes: list[Verification] = []
        self.sync: SyncResult | None = None

    def note_hash(self) -> None:
        """Read the expected hash before a write, and the version where nodes track one, to know them for old ones."""
        with contextlib.suppress(KonnectError):
            self._hashes.update(read_snapshot(self._control_plane).expected_hashes)

    def wait(self) -> SyncResult:
        """Wait for the data planes to run what was written until now; compare them at once when nothing was."""
        at = self._control_plane.client.server_time
        written = Written(frozenset(self._hashes), at) if self._hashes else Written()
        self.sync = wait_for_sync(self._control_plane, self._options, written)
        return self.sync

    def live(self, probes: Sequence[Probe], patience: Patience) -> list[Verification]:
        """Send each probe to what is live."""
        self.probes = [self._run(probe, patience) for probe in probes]
        return self.probes

    def trial(self, tried: Sequence[Tried], patience: Patience, rewrite: Rewrite | None = None) -> list[Verification]:
        """Send each probe through the trial beside what it reaches, which exists only meanwhile.

        :param rewrite: an entity with its references pointed at the value on trial. Without it, the trial leads to what
            is live. If that works, the data planes are waited for while it is there: it changes the expected hash, also
            where what was written before resolves to what was there.
        """
        using = [row for row in tried if row.using]
        self._trial.remove()
        self._check_no_response(using)
        try:
            self._trial.create(using, rewrite)
            found = [self._run(self._trial.probe(row), patience, self._trial.mark) for row in using]
            # What is shown is the probe of the task.
            self.probes = [replace(each, probe=row.probe) for each, row in zip(found, using, strict=True)]
            if rewrite is None and all(each.verdict == "good" for each in self.probes):
                self.wait()
        finally:
            self._trial.remove()
        return self.probes

    def _check_no_response(self, tried: Sequence[Tried]) -> None:
        """Where nothing marks the responses of a trial, check that without it there are none."""
        for row in tried if self._trial.mark == ANY_PROVIDER else ():
            if self._prober.gets_response(self._trial.probe(row), ANY_PROVIDER):
                raise KonnectError(
                    f"The probe of {row.probe.safe_url} got a response from the provider to an alias that no model "
                    "has, so a trial would show nothing. Choose another strategy by name.",
                    code=ErrorCode.PROBE_INCONCLUSIVE,
                )

    @property
    def failing(self) -> str:
        """A sentence about the first probe that did not prove that the value works; empty when there is none."""
        found = next((each for each in self.probes if each.verdict != "good"), None)
        return f"The probe of {found.probe.safe_url} {found.reason}." if found else ""

    def _run(self, probe: Probe, patience: Patience, marker: Marker | None = None) -> Verification:
        client = self._control_plane.client
        client.extend_deadline(patience.deadline + probe.timeout + client.connection.timeout)
        return self._prober.run(probe, patience, marker)


def require_good(key: str, found: Sequence[Verification]) -> None:
    """Raise KonnectError unless every probe proved that the value works."""
    if not found:
        raise KonnectError(
            f"No probe reaches what refers to {key}, so whether the new value works could not be told.",
            code=ErrorCode.PROBE_INCONCLUSIVE,
        )
    bad = [each for each in found if each.verdict == "bad"]
    if bad:
        raise KonnectError(
            f"The provider rejected the new value of {key}: the probe of {bad[0].probe.safe_url} {bad[0].reason}.",
            code=ErrorCode.KEY_REJECTED,
        )
    unclear = [each for each in found if each.verdict == "unknown"]
    if unclear:
        url, reason = unclear[0].probe.safe_url, unclear[0].reason
        raise KonnectError(
            f"Whether the new value of {key} works could not be told: the probe of {url} {reason}.",
            code=ErrorCode.PROBE_INCONCLUSIVE if unclear[0].arrived else ErrorCode.NOT_IN_SYNC,
        )
