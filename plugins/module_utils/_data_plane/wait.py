# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The wait until the data plane nodes of a control plane run what was written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .._entities.control_plane import ControlPlane
from .._errors import ErrorCode, KonnectError
from .messages import WaitEnd, incompatible, reason, rounded
from .nodes import is_group_member, read_snapshot
from .options import SyncOptions, Written
from .proof import Cause, Node, Reading, Status, Verdict, decide

CODES: dict[Cause, ErrorCode] = {
    "errors": ErrorCode.NOT_IN_SYNC,
    "behind": ErrorCode.NOT_IN_SYNC,
    "no_nodes": ErrorCode.NO_NODES,
    "no_change": ErrorCode.NOT_PROVED,
    "unclear": ErrorCode.NOT_PROVED,
    "group_member": ErrorCode.NOT_PROVED,
}


@dataclass(frozen=True)
class SyncResult:
    """The outcome of a wait.

    :param reason: a sentence or two for users.
    :param in_sync: whether that is proved, or no node is live and none was asked for.
    :param hash_changed: whether the expected hash changed from those before the write; None when nothing was written.
    :param nodes: ``[{id, hostname, version, config_hash, config_version, last_ping, live, in_sync}]``, by hostname and
        id.
    :param lost: those of them that are not live.
    :param lost_not_ignored: whether there are lost nodes beside those to ignore. They hold what they last received, so
        a value that was replaced may still be in use.
    :param concerned: the nodes that the verdict is due to.
    :param warnings: a sentence for each live node that cannot run all of the configuration.
    :param waited: seconds.
    """

    verdict: Verdict
    cause: Cause
    reason: str
    in_sync: bool
    hash_changed: bool | None
    expected_hash: str | None
    expected_hashes: list[str]
    nodes: list[dict[str, Any]]
    lost: list[dict[str, Any]]
    lost_not_ignored: bool
    concerned: list[dict[str, Any]]
    warnings: list[str]
    waited: float

    def to_dict(self) -> dict[str, Any]:
        """The result of konnect_wait_for_sync."""
        return {
            "changed": False,
            "expected_hash": self.expected_hash,
            "expected_hashes": self.expected_hashes,
            "hash_changed": self.hash_changed,
            "in_sync": self.in_sync,
            "lost_nodes": self.lost,
            "nodes": self.nodes,
            "reason": self.reason,
            "verdict": self.verdict,
            "waited": self.waited,
        }


def wait_for_sync(control_plane: ControlPlane, options: SyncOptions, written: Written) -> SyncResult:
    """Wait for a verdict on what was written. Raises no KonnectError for the verdict, only for what cannot be read.

    With a timeout of 0, or where no node has to be waited for, the nodes are read once, and taken as they are.
    """
    client = control_plane.client
    client.extend_deadline(options.timeout + client.connection.timeout)
    started = client.now()
    history: list[Reading] = []
    while True:
        seen = read_snapshot(control_plane)
        waited = client.now() - started
        history.append(Reading(waited, seen.expected_hash, seen.expected_version))
        decision = decide(history, seen.nodes, written, options.minimum_nodes, options.hash_change_timeout)
        if not seen.nodes and len(history) == 1 and is_group_member(control_plane):
            decision = replace(decision, cause="group_member", is_final=True)
        if decision.is_final or waited >= options.timeout or not options.waits_for(seen.nodes):
            label = control_plane.label
            label = f"{label[0].lower()}{label[1:]}"
            return _result(WaitEnd(label, seen, decision, options, written, waited))
        client.sleep(min(options.interval, options.timeout - waited))


def check_result(control_plane: ControlPlane, result: SyncResult, *, on_no_nodes: str, on_unknown: str) -> None:
    """Raise KonnectError or warn, as a task wants it, unless the nodes are in sync."""
    if result.in_sync:
        return
    reaction = on_no_nodes if result.cause == "no_nodes" else on_unknown if result.verdict == "unknown" else "fail"
    if reaction == "fail":
        advice = " Check that the data planes run and connect to this control plane, or set on_no_nodes."
        raise KonnectError(
            result.reason + (advice if result.cause == "no_nodes" else ""),
            code=CODES[result.cause],
            nodes=result.concerned,
        )
    if reaction == "warn":
        control_plane.task.warn(result.reason)


def _result(it: WaitEnd) -> SyncResult:
    cause, statuses = it.decision.cause, it.decision.statuses
    rows = [(status, _row(node, status)) for node, status in zip(it.seen.nodes, statuses, strict=True)]
    concerned = "unclear" if cause == "no_change" else cause
    return SyncResult(
        verdict=it.decision.verdict,
        cause=cause,
        reason=reason(it),
        in_sync=cause == "in_sync" or (cause == "no_nodes" and it.decision.is_final),
        hash_changed=it.decision.changed,
        expected_hash=it.seen.expected_hash,
        expected_hashes=it.seen.expected_hashes,
        nodes=[row for _status, row in rows],
        lost=[row for status, row in rows if status == "lost"],
        lost_not_ignored=bool(it.lost),
        concerned=[row for status, row in rows if status == concerned or cause == "no_nodes"],
        warnings=[incompatible(node) for node in it.live if node.issues is not None],
        waited=rounded(it.waited),
    )


def _row(node: Node, status: Status) -> dict[str, Any]:
    return {
        "id": node.id,
        "hostname": node.hostname,
        "version": node.version,
        "config_hash": node.config_hash,
        "config_version": node.config_version,
        "last_ping": int(node.last_ping) or None,
        "live": node.is_live,
        "in_sync": status == "in_sync",
    }
