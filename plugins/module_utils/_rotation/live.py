# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The last look: do the data planes use what is live now, and does it work?"""

from __future__ import annotations

from .._data_plane.wait import SyncResult
from .._errors import InvalidInput
from .prober import Patience
from .proof import Proof
from .reading import Reading


def look_at_live(
    proof: Proof, reading: Reading, key: str, patience: Patience, full_patience: Patience
) -> tuple[SyncResult | None, bool]:
    """Wait for the data planes, and probe what is live and refers to a key.

    Where the probes reach what refers to the key, they go through a trial that leads to what is live: it was written
    last, so a response of it proves that the data plane has everything that was written before.

    :param patience: of the probes through the trial.
    :param full_patience: of those of what is live, where only they prove a value.

    Returns what came of the wait, None when a probe had shown before that it was not worth it, and whether every probe
    went through a trial.
    """
    try:
        tried = reading.renewed().tried(key)
    except InvalidInput:  # What the probes reach is not clear any more.
        tried = []
    if tried and all(row.using for row in tried):
        proof.sync = None
        proof.trial(tried, patience)
        if reading.trial.proves_live and proof.sync is not None:
            proof.live([row.probe for row in tried], full_patience)
        return proof.sync, True
    sync = proof.wait()
    if sync.verdict == "proved":
        proof.live(reading.probes, patience)
    return sync, False
