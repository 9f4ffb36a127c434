# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges a rotation by what the data planes did, and not by what the collection says of it.

The evidence is which value each node sent to the provider for which request, and what Konnect holds in the end. Each
function of CHECKS returns what is wrong, a sentence each.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from support import engine
from support.control_plane import ControlPlaneHarness
from support.emulator import Emulator
from support.rotation_run import GOOD, KEY, OLD, SPEED, Run

# Outcomes of a rotation that has not ended, or of which something is left on purpose.
UNFINISHED = {"pending", "not_in_sync", "rotation_busy", "rotation_pending"}
SUCCESSES = 3


def digest(value: str) -> str:
    """Return how the emulator names a value."""
    return hashlib.sha256(value.encode()).hexdigest()[:12]


NAMES = {digest(OLD): "the old value", digest(GOOD): "the new value"}


@dataclass(frozen=True)
class Evidence:
    """What is known of a rotation and of the time until every node runs what it is going to run.

    :param working: the digests of the values that the provider takes.
    :param uses: see tests/konnect_emulator/data_plane/use_log.py.
    :param writes: when each write of the API was received, in milliseconds of the emulator, and what it was.
    :param ended: when the last request of the rotation was received.
    :param final: the digest of the value that each node used in the end.
    :param lost, stuck: hostnames of nodes.
    :param entries: the keys of the config store in the end.
    :param leftovers: names of what a trial left.
    """

    value: str
    strategy: str
    run: Run
    uses: Sequence[dict[str, Any]]
    writes: Sequence[tuple[int, str]]
    ended: int
    final: dict[str, str]
    entries: Sequence[str]
    leftovers: Sequence[str]
    working: frozenset[str] = frozenset({digest(OLD), digest(GOOD)})
    lost: frozenset[str] = frozenset()
    stuck: frozenset[str] = frozenset()

    @property
    def result(self) -> dict[str, Any]:
        return self.run.result

    @property
    def new(self) -> str:
        return digest(self.value)

    @property
    def live_nodes(self) -> list[str]:
        """The nodes that get what Konnect sends."""
        return [node for node in self.final if node not in self.lost | self.stuck]

    def live_uses(self) -> Iterator[dict[str, Any]]:
        """The requests of clients, not those of a trial."""
        return (use for use in self.uses if not use["trial"] and use["value"])

    def successes(self, before: float) -> list[dict[str, Any]]:
        """The requests that succeeded with the new value before a time."""
        return [use for use in self.uses if (use["value"], use["status"]) == (self.new, 200) and use["time"] <= before]


def bad_value_left_live(it: Evidence) -> Iterator[str]:
    """Never is a value that did not work left live while one that worked was at hand."""
    for node in it.live_nodes:
        if it.final[node] not in it.working and digest(OLD) in it.working:
            yield f"{node} is left with a value that does not work"


def unused_value_committed(it: Evidence) -> Iterator[str]:
    """Never is a value committed that no data plane used with success."""
    if it.new not in {it.final[node] for node in it.live_nodes}:
        return
    path = f"/{KEY}" if it.strategy != "in_place" else f"/{KEY}.rotation"
    method = "PUT" if it.strategy != "in_place" else "DELETE"
    committed = [at for at, line in it.writes if line.startswith(method) and line.endswith(path)]
    if committed and not it.successes(committed[-1]):
        yield "the new value was committed, and no data plane had used it with success"


def unproved_value_used(it: Evidence) -> Iterator[str]:
    """Under trial no live request ever uses a value before it was proved."""
    if it.strategy != "trial":
        return
    for use in it.live_uses():
        proofs = sum(success["trial"] for success in it.successes(use["time"]))
        if use["value"] == it.new and proofs < SUCCESSES:
            yield f"{use['node']} used the new value for a live request before it was proved"
            return


def untrue_result(it: Evidence) -> Iterator[str]:
    """What is said at the end is true of the data planes."""
    later = [use for use in it.live_uses() if use["time"] > it.ended]
    old = sorted({use["node"] for use in later if use["value"] == digest(OLD)})
    new = sorted({use["node"] for use in later if use["value"] == it.new})
    outcome, said = it.result["outcome"], it.result["message"]
    if it.result["live_key"] != KEY:
        yield f"live_key is {it.result['live_key']}"
    if it.result["old_key_may_be_revoked"] and old:
        yield f"the old value may be revoked, it says, but {', '.join(old)} used it afterwards"
    if it.result["old_key_may_be_revoked"] != ("may be revoked" in said):
        yield f"old_key_may_be_revoked is {it.result['old_key_may_be_revoked']}, but it says: {said}"
    final = {it.final[node] for node in it.live_nodes}
    if (outcome == "rotated" or "worked and was written" in said) and final != {it.new}:
        yield f"not every node ends with the new value, but it says: {said}"
    if (outcome == "rolled_back" or "earlier value is live" in said) and final != {digest(OLD)}:
        yield f"not every node ends with the old value, but it says: {said}"
    if outcome == "rolled_back" and new:
        yield f"it was rolled back, it says, but {', '.join(new)} used the new value afterwards"


def something_left(it: Evidence) -> Iterator[str]:
    """Nothing of ours is left but the secret and its fingerprint."""
    if it.result["outcome"] in UNFINISHED and it.result["outcome"] != "not_in_sync":
        return
    records = [entry for entry in it.entries if (record := engine.parse_record(entry)) and record.key == KEY]
    others = sorted(set(it.entries) - {KEY, *records})
    if len(records) != 1:
        yield f"the secret has {len(records)} fingerprints"
    if others or it.leftovers:
        yield f"left are {', '.join([*others, *it.leftovers])}"


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    bad_value_left_live,
    unused_value_committed,
    unproved_value_used,
    untrue_result,
    something_left,
)


def judge(evidence: Evidence) -> list[str]:
    """Return all that is wrong."""
    return [problem for check in CHECKS for problem in check(evidence)]


@dataclass
class Witness:
    """Gathers the evidence of the rotations in a control plane.

    :param settle: the seconds until every node runs what was written.
    """

    konnect: ControlPlaneHarness
    settle: float = 1.0
    speed: float = SPEED
    lost: frozenset[str] = frozenset()
    stuck: frozenset[str] = frozenset()
    working: frozenset[str] = frozenset({digest(OLD), digest(GOOD)})

    def begin(self) -> None:
        """Forget what was before."""
        self._emulator.forget_uses()
        self._emulator.requests()

    def evidence(self, value: str, strategy: str, run: Run) -> Evidence:
        """Return what happened since the beginning, once it has settled."""
        rows = self._emulator.requests()
        ended = max((_milliseconds(row["time"]) for row in rows), default=0)
        final = self.final()
        return Evidence(
            value=value,
            strategy=strategy,
            run=run,
            uses=self.konnect.uses(),
            writes=[(_milliseconds(row["time"]), f"{row['method']} {row['path']}") for row in rows],
            ended=ended,
            final=final,
            entries=stored(self.konnect),
            leftovers=self.konnect.temporary(),
            working=self.working,
            lost=self.lost,
            stuck=self.stuck,
        )

    def final(self) -> dict[str, str]:
        """The digest of the value that each node uses once everything has settled."""
        time.sleep(self.settle / self.speed)
        for url in self.konnect.proxy_urls:
            self.konnect.chat_at(url)
        return {use["node"]: use["value"] for use in self.konnect.uses() if not use["trial"]}

    @property
    def _emulator(self) -> Emulator:
        return self.konnect.emulator


def stored(konnect: ControlPlaneHarness) -> list[str]:
    """Return the key of every entry of the config store."""
    (store,) = konnect.list("config-stores")
    return [entry["key"] for entry in konnect.list(f"config-stores/{store['id']}/secrets")]


def _milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
