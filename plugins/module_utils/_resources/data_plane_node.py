# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Data plane nodes: the configuration they should run, the one they do run, and the wait until they are the same.

Source: Konnect OpenAPI control-planes-config v2, tag DP Nodes; the times are those of Kong Gateway and of koko, the
control plane that Kong published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._entities.control_plane import ControlPlane
from .._entities.kinds import DATA_PLANE_NODE
from .._entities.timestamps import seconds
from .._errors import ErrorCode, InvalidInput, KonnectError

# A node pings every 30 seconds, so this is the third ping that is missing.
LIVE_SECONDS = 90
# Konnect collects changes about once a second. An expected hash that did not change for longer holds all that was
# written.
SETTLE_SECONDS = 1.5
INCOMPATIBLE = "COMPATIBILITY_STATE_INCOMPATIBLE"


@dataclass(frozen=True)
class Sync:
    """The options of a wait. Times in seconds.

    :param since: the expected hash before the change; None when it is not known.
    """

    timeout: float
    interval: float
    minimum_nodes: int
    on_no_nodes: str
    since: str | None
    movement_timeout: float

    @classmethod
    def from_options(cls, params: Mapping[str, Any]) -> Sync:
        """Raises InvalidInput for numbers that cannot work."""
        for name in ("timeout", "minimum_nodes", "movement_timeout"):
            if params[name] < 0:
                raise InvalidInput(f"{name} is {params[name]}; it must not be negative.")
        if not params["interval"] > 0:
            raise InvalidInput(f"interval is {params['interval']}; it must be more than 0 seconds.")
        options = {name: params[name] for name in cls.__dataclass_fields__}
        return cls(**{**options, "since": params["since"] or None})


@dataclass(frozen=True)
class Snapshot:
    """The nodes of a control plane at one moment.

    :param expected_hash: None when Konnect never computed one, because no node ever connected.
    :param nodes: ``[{id, hostname, version, config_hash, last_ping, live, in_sync}]``, by hostname and id.
    :param incompatible: a sentence for each live node that cannot run all of the configuration.
    :param server_time: the server's clock, in seconds since 1970.
    """

    expected_hash: str | None
    nodes: list[dict[str, Any]]
    incompatible: list[str]
    server_time: float

    @property
    def live(self) -> list[dict[str, Any]]:
        return [node for node in self.nodes if node["live"]]

    @property
    def behind(self) -> list[dict[str, Any]]:
        return [node for node in self.live if not node["in_sync"]]

    def in_sync(self, minimum_nodes: int) -> bool:
        return len(self.live) >= minimum_nodes and not self.behind


def read_nodes(control_plane: ControlPlane) -> Snapshot:
    """Two reads: the nodes, and after them the expected hash, which a node cannot have been ahead of."""
    nodes = list(control_plane.list(DATA_PLANE_NODE))
    expected_hash = (control_plane.get("expected-config-hash") or {}).get("expected_hash") or None
    server_time = control_plane.client.server_time
    rows = [_row(node, expected_hash, server_time) for node in nodes]
    live = {row["id"] for row in rows if row["live"]}
    return Snapshot(
        expected_hash,
        sorted(rows, key=lambda row: (row["hostname"], row["id"])),
        [_incompatible(node) for node in nodes if node.get("id") in live and _state(node) == INCOMPATIBLE],
        server_time,
    )


class SyncWait:
    """The wait until every live node runs the expected configuration.

    Right after a write the expected hash and those of the nodes are all old, and equal. So with ``since`` equality is
    believed only once the expected hash differs from it and did not change for SETTLE_SECONDS, or did not move for
    ``movement_timeout``.
    """

    def __init__(self, control_plane: ControlPlane, sync: Sync) -> None:
        self._control_plane = control_plane
        self._client = control_plane.client
        self._sync = sync
        self._started = self._unchanged_since = self._client.now()
        self._waited = 0.0
        self._seen = Snapshot(None, [], [], 0.0)
        self._moved = None if sync.since is None else False

    def run(self, *, once: bool = False) -> dict[str, Any]:
        """The result of konnect_wait_for_sync. Raises KonnectError with the codes not_in_sync and no_nodes.

        :param once: read the nodes once, and take what they are.
        """
        self._client.extend_deadline(self._sync.timeout + self._client.connection.timeout)
        self._read()
        while not once and not self._is_over():
            self._client.sleep(self._pause())
            self._read()
        for warning in self._seen.incompatible:
            self._control_plane.task.warn(warning)
        if not once:
            self._warn_of_no_movement()
            self._check_result()
        return {
            "changed": False,
            "expected_hash": self._seen.expected_hash,
            "in_sync": self._in_sync,
            "moved": self._moved,
            "nodes": self._seen.nodes,
            "waited": _rounded(self._waited),
        }

    @property
    def _in_sync(self) -> bool:
        return self._seen.in_sync(self._sync.minimum_nodes)

    @property
    def _unchanged_for(self) -> float:
        return self._started + self._waited - self._unchanged_since

    def _read(self) -> None:
        seen = read_nodes(self._control_plane)
        now = self._client.now()
        if seen.expected_hash != self._seen.expected_hash:
            self._unchanged_since = now
        self._seen, self._waited = seen, now - self._started
        if self._moved is False:
            self._moved = seen.expected_hash not in (None, self._sync.since)

    def _is_over(self) -> bool:
        return self._waited >= self._sync.timeout or (self._is_believed() and self._in_sync)

    def _is_believed(self) -> bool:
        """True if equal hashes mean that the nodes run what was written."""
        if self._moved is None:
            return True
        return self._unchanged_for >= SETTLE_SECONDS if self._moved else self._waited >= self._sync.movement_timeout

    def _pause(self) -> float:
        pause = min(self._sync.interval, self._sync.timeout - self._waited)
        if self._moved and self._in_sync:
            pause = min(pause, SETTLE_SECONDS - self._unchanged_for)
        return pause

    def _warn_of_no_movement(self) -> None:
        if self._moved is False and self._seen.expected_hash is not None:
            self._control_plane.task.warn(
                f"The expected hash was still that of since, {self._sync.since}, after {_rounded(self._waited)} "
                "seconds. Perhaps nothing that data planes get was changed. The nodes were judged by the hash as it is."
            )

    def _check_result(self) -> None:
        """Raise or warn when the nodes are not in sync. A node that is behind says more than one that is missing."""
        seen, minimum = self._seen, self._sync.minimum_nodes
        when, where = f"After {_rounded(self._waited)} seconds", self._control_plane.label
        if seen.behind:
            raise KonnectError(
                f"{when} {len(seen.behind)} of {len(seen.live)} live data plane nodes of {where[0].lower()}{where[1:]} "
                f"do not run the expected configuration {seen.expected_hash or '(none is known yet)'}: "
                f"{'; '.join(_described(node, seen.server_time) for node in seen.behind)}. See the logs of these "
                "nodes, or raise timeout.",
                code=ErrorCode.NOT_IN_SYNC,
                nodes=seen.behind,
            )
        if len(seen.live) >= minimum:
            return
        gone = [_described(node, seen.server_time) for node in seen.nodes if not node["live"]]
        message = (
            f"{when} {where[0].lower()}{where[1:]} has {len(seen.live)} live data plane nodes, and minimum_nodes is "
            f"{minimum}." + (f" Not live, because their last ping is too old: {'; '.join(gone)}." if gone else "")
        )
        if self._sync.on_no_nodes == "fail":
            advice = " Check that the data planes run and connect to this control plane, or set on_no_nodes."
            raise KonnectError(message + advice, code=ErrorCode.NO_NODES, nodes=seen.nodes)
        if self._sync.on_no_nodes == "warn":
            self._control_plane.task.warn(message)


def _row(node: Mapping[str, Any], expected_hash: str | None, server_time: float) -> dict[str, Any]:
    return {
        "id": str(node.get("id") or ""),
        "hostname": str(node.get("hostname") or ""),
        "version": node.get("version"),
        "config_hash": node.get("config_hash"),
        "last_ping": node.get("last_ping"),
        "live": server_time - seconds(node.get("last_ping")) <= LIVE_SECONDS,
        "in_sync": expected_hash is not None and node.get("config_hash") == expected_hash,
    }


def _described(node: Mapping[str, Any], server_time: float) -> str:
    pinged = seconds(node["last_ping"])
    return f"{_named(node)} runs {node['config_hash'] or 'no configuration'} and " + (
        f"pinged {max(0, int(server_time - pinged))} seconds ago" if pinged else "never pinged"
    )


def _named(node: Mapping[str, Any]) -> str:
    return f"{node.get('hostname')} ({node.get('id')}, version {node.get('version')})"


def _state(node: Mapping[str, Any]) -> Any:
    return (node.get("compatibility_status") or {}).get("state")


def _incompatible(node: Mapping[str, Any]) -> str:
    issues = [issue for issue in node["compatibility_status"].get("issues") or [] if isinstance(issue, Mapping)]
    reasons = [f"{issue.get('code')}: {str(issue.get('description')).rstrip('.')}" for issue in issues]
    what = f"Data plane node {_named(node)} is incompatible with the configuration"
    return f"{': '.join(filter(None, [what, '; '.join(reasons)]))}."


def _rounded(seconds: float) -> float:
    return round(seconds, 1)
