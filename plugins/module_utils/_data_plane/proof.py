# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Decides from what was read whether the data plane nodes run what was written. Nothing here reads or waits.

Right after a write, the expected hash and those of the nodes are all old, and equal. Konnect computes a new hash within
a second or within half a minute, from a configuration that it loaded before that. So a hash holds everything that was
written when it is none of those from before, and either nothing has replaced it for a while or another one came before
it. A node proves that it runs such a configuration by a ping that it sent after the write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .options import Written
from .versions import is_at_least, is_version

# Konnect replaces a hash that it computed from a configuration without the last write within this time.
SETTLE_SECONDS = 5.0

Verdict = Literal["proved", "contradicted", "unknown"]
# Why: all nodes in sync, nodes with errors, nodes with another configuration, too few nodes, no change of the expected
# hash, nodes that do not show what they run, nodes that only the control plane group shows.
Cause = Literal["in_sync", "errors", "behind", "no_nodes", "no_change", "unclear", "group_member"]
Status = Literal["in_sync", "errors", "behind", "unclear", "lost"]

VERDICTS: dict[Cause, Verdict] = {
    "in_sync": "proved",
    "errors": "contradicted",
    "behind": "contradicted",
    "no_nodes": "unknown",
    "no_change": "unknown",
    "unclear": "unknown",
    "group_member": "unknown",
}


@dataclass(frozen=True)
class NodeError:
    """An error that a node reports.

    :param config_hash: the configuration that caused it; None when the node does not say.
    """

    message: str
    config_hash: str | None


@dataclass(frozen=True)
class Node:
    """A data plane node as of its last ping.

    :param version: that of Kong Gateway.
    :param config_version: the version of the configuration that it runs, where it tracks versions instead of hashes.
    :param sync_state: the state of incremental configuration sync, such as C(IN_SYNC); None when it shows none.
    :param last_ping: in seconds since 1970; 0 for never.
    :param is_live: whether that is recent.
    :param issues: why it cannot run all of the configuration; None when it can.
    """

    id: str
    hostname: str
    version: str | None
    config_hash: str | None
    config_version: str | None
    sync_state: str | None
    last_ping: float
    is_live: bool
    errors: tuple[NodeError, ...] = ()
    issues: str | None = None

    @property
    def is_incremental(self) -> bool:
        return self.config_version is not None or self.sync_state is not None


@dataclass(frozen=True)
class Reading:
    """The configuration that Konnect expected of the nodes at one moment.

    :param at: seconds since the wait began.
    :param expected_hash: None when Konnect never computed one, because no node ever connected.
    :param expected_version: None when it was not read, because no node tracks versions.
    """

    at: float
    expected_hash: str | None
    expected_version: str | None = None


@dataclass(frozen=True)
class Expectation:
    """The configurations that hold everything that was written.

    :param hashes, versions: how nodes report such a configuration; a later version will do too.
    :param changed: whether anything but what was expected before the write was expected since; None without a write.
    """

    hashes: frozenset[str]
    versions: frozenset[str]
    changed: bool | None


@dataclass(frozen=True)
class Decision:
    """The outcome so far.

    :param statuses: of each node, in their order.
    :param is_final: whether there is nothing left to wait for.
    """

    cause: Cause
    is_final: bool
    statuses: tuple[Status, ...]
    changed: bool | None

    @property
    def verdict(self) -> Verdict:
        return VERDICTS[self.cause]


def decide(
    history: Sequence[Reading],
    nodes: Sequence[Node],
    written: Written,
    minimum_nodes: int,
    hash_change_timeout: float,
) -> Decision:
    """The outcome of a wait as of its last reading.

    :param history: every reading of the wait, oldest first.
    :param nodes: as they were at the last one.
    """
    expected = expectation(history, written)
    statuses = tuple(status(node, expected, written) for node in nodes)
    live = [each for each in statuses if each != "lost"]
    enough = len(live) >= minimum_nodes

    def outcome(cause: Cause, is_final: bool = False) -> Decision:
        return Decision(cause, is_final, statuses, expected.changed)

    if "errors" in live:
        return outcome("errors", True)
    if "behind" in live:
        return outcome("behind")
    if not live or not enough:
        return outcome("no_nodes", enough)
    if "unclear" not in live:
        return outcome("in_sync", True)
    if expected.changed is False:
        return outcome("no_change", history[-1].at >= hash_change_timeout)
    return outcome("unclear")


def expectation(history: Sequence[Reading], written: Written) -> Expectation:
    """The configurations to compare nodes with; when nothing was written, that of the last reading."""
    hashes = [(reading.at, reading.expected_hash) for reading in history]
    versions = [(reading.at, reading.expected_version) for reading in history if reading.expected_version is not None]
    if not written.is_known:
        return Expectation(_present(hashes[-1:]), _present(versions[-1:]), None)
    before_hashes = _before(hashes, written, lambda text: not is_version(text))
    before_versions = _before(versions, written, is_version)
    changed = bool(_present(hashes) - before_hashes or _present(versions) - before_versions)
    return Expectation(accepted(hashes, before_hashes), accepted(versions, before_versions), changed)


def accepted(values: Iterable[tuple[float, str | None]], before: frozenset[str]) -> frozenset[str]:
    """The values that hold everything that was written.

    :param values: each with the time at which it was read, oldest first.
    :param before: the values from before the write; a return to one of them starts over.
    """
    found: set[str] = set()
    current: str | None = None
    since, changes = 0.0, -1  # the first value is no change
    for at, value in values:
        if value != current or changes < 0:
            current, since = value, at
            changes += 1
        if value is None or value in before:
            found.clear()
            changes = 0
        elif changes >= 2 or at - since >= SETTLE_SECONDS:
            found.add(value)
    return frozenset(found)


def status(node: Node, expected: Expectation, written: Written) -> Status:
    """The status of a node by its last ping."""
    if not node.is_live:
        return "lost"
    if written.at is not None and node.last_ping <= written.at:
        return "unclear"
    # An error from before the write is perhaps what the write corrects.
    if any(error.config_hash not in written.hashes for error in node.errors):
        return "errors"
    if node.is_incremental:
        return _status_by_version(node, expected.versions)
    if not expected.hashes:
        return "unclear"
    return "in_sync" if node.config_hash in expected.hashes else "behind"


def _status_by_version(node: Node, versions: frozenset[str]) -> Status:
    compared = {is_at_least(node.config_version, version) for version in versions} - {None}
    if not compared or node.sync_state == "UNSPECIFIED":
        return "unclear"
    return "in_sync" if True in compared and node.sync_state in (None, "IN_SYNC") else "behind"


def _before(
    values: Sequence[tuple[float, str | None]], written: Written, is_of_kind: Callable[[str], bool]
) -> frozenset[str]:
    """The values from before the write; when none is known, the first one may be from before it too."""
    if any(map(is_of_kind, written.hashes)):
        return written.hashes
    return written.hashes | _present(values[:1])


def _present(values: Iterable[tuple[float, str | None]]) -> frozenset[str]:
    return frozenset(value for _at, value in values if value is not None)
