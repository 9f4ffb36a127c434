# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The sentences of a wait for data plane nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .nodes import Snapshot
from .options import SyncOptions, Written
from .proof import SETTLE_SECONDS, Cause, Decision, Node, Status

MAX_NAMED = 10


@dataclass(frozen=True)
class WaitEnd:
    """The end of a wait, as its sentences need it.

    :param label: the control plane, for the middle of a sentence, such as ``control plane quickstart``.
    :param waited: seconds.
    """

    label: str
    seen: Snapshot
    decision: Decision
    options: SyncOptions
    written: Written
    waited: float

    def of(self, *statuses: Status) -> list[Node]:
        """The nodes of these statuses."""
        rows = zip(self.seen.nodes, self.decision.statuses, strict=True)
        return [node for node, status in rows if status in statuses]

    @property
    def live(self) -> list[Node]:
        return [node for node in self.seen.nodes if node.is_live]

    @property
    def lost(self) -> list[Node]:
        """The nodes that are not live, without those to ignore."""
        return [
            node
            for node in self.of("lost")
            if not self.options.ignores({node.id, node.hostname}, self.seen.server_time - node.last_ping)
        ]

    @property
    def after(self) -> str:
        return f"After {rounded(self.waited)} seconds"


def reason(it: WaitEnd) -> str:
    """Why the verdict is what it is, and which nodes are lost."""
    sentence = _REASONS[it.decision.cause](it)
    if not it.lost:
        return sentence
    return f"{sentence} Not live, because their last ping is too old: {_described(it.lost, it)}."


def incompatible(node: Node) -> str:
    """A warning of a node that cannot run all of the configuration."""
    what = f"Data plane node {_named(node)} is incompatible with the configuration"
    return f"{': '.join(filter(None, [what, node.issues]))}."


def rounded(seconds: float) -> float:
    return round(seconds, 1)


def _in_sync(it: WaitEnd) -> str:
    if len(it.live) == 1:
        return f"The only live data plane node of {it.label} runs {_wanted(it)}."
    return f"All {len(it.live)} live data plane nodes of {it.label} run {_wanted(it)}."


def _errors(it: WaitEnd) -> str:
    return (
        f"{_share(it, 'errors')} report an error in the configuration: "
        f"{_listed([f'{_named(node)}: {node.errors[0].message}' for node in it.of('errors')])}."
    )


def _behind(it: WaitEnd) -> str:
    return (
        f"{it.after} {_share(it, 'behind')} do not run {_wanted(it)}: {_described(it.of('behind'), it)}. See the logs "
        "of these nodes, or raise timeout."
    )


def _no_nodes(it: WaitEnd) -> str:
    return (
        f"{it.after} {it.label} has {len(it.live)} live data plane nodes, and minimum_nodes is "
        f"{it.options.minimum_nodes}."
    )


def _no_change(it: WaitEnd) -> str:
    return (
        f"{it.after} the expected hash of {it.label} is still {it.seen.expected_hash or 'not known'}, as before the "
        "change. Perhaps no data plane uses what was changed, or it was changed to what it was before."
    )


def _unclear(it: WaitEnd) -> str:
    tracks_versions = any(node.is_incremental for node in it.of("unclear"))
    advice = " Where nodes track versions, previous_hashes also needs the expected version from before the change."
    return (
        f"{it.after} {_share(it, 'unclear')} do not show whether they run {_wanted(it)}: "
        f"{_described(it.of('unclear'), it)}. A node shows it by a ping after the change, once Konnect has expected "
        f"the same configuration for {SETTLE_SECONDS:.0f} seconds.{advice if tracks_versions else ''}"
    )


def _group_member(it: WaitEnd) -> str:
    return (
        f"{it.label[:1].upper()}{it.label[1:]} is a member of a control plane group, and only the group shows its data "
        "plane nodes. Wait with control_plane set to the group, and with previous_hashes of the group from before the "
        "change."
    )


_REASONS: dict[Cause, Callable[[WaitEnd], str]] = {
    "in_sync": _in_sync,
    "errors": _errors,
    "behind": _behind,
    "no_nodes": _no_nodes,
    "no_change": _no_change,
    "unclear": _unclear,
    "group_member": _group_member,
}


def _wanted(it: WaitEnd) -> str:
    known = it.seen.expected_hash or "(none is known yet)"
    return f"{'the change, as of' if it.written.is_known else 'the expected'} configuration {known}"


def _share(it: WaitEnd, status: Status) -> str:
    return f"{len(it.of(status))} of {len(it.live)} live data plane nodes of {it.label}"


def _described(nodes: Sequence[Node], it: WaitEnd) -> str:
    return _listed([_description(node, it.seen.server_time) for node in nodes])


def _listed(texts: Sequence[str]) -> str:
    more = [f"and {len(texts) - MAX_NAMED} more"] if len(texts) > MAX_NAMED else []
    return "; ".join([*texts[:MAX_NAMED], *more])


def _description(node: Node, server_time: float) -> str:
    state = f" in state {node.sync_state}" if node.sync_state not in (None, "IN_SYNC") else ""
    pinged = f"pinged {max(0, int(server_time - node.last_ping))} seconds ago" if node.last_ping else "never pinged"
    return f"{_named(node)} runs {node.config_version or node.config_hash or 'no configuration'}{state} and {pinged}"


def _named(node: Node) -> str:
    return f"{node.hostname} ({node.id}, version {node.version})"
