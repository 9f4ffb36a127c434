# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Data plane nodes: the configuration they should run, the one they do run, and the wait until it is the same.

Source: Konnect OpenAPI control-planes-config v2, tag DP Nodes; the times are those of Kong Gateway and of koko, the
control plane that Kong published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import CONTROL_PLANE, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._times import seconds

# A node pings every 30 seconds, so this is the third ping that is missing.
LIVE_SECONDS = 90
# Konnect gathers changes about once a second. An expected hash that stood still for longer holds all that was written.
SETTLE_SECONDS = 1.5
INCOMPATIBLE = "COMPATIBILITY_STATE_INCOMPATIBLE"


@dataclass(frozen=True)
class Sync:
    """What to wait for, as the options of the same names say. Times in seconds.

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
class Look:
    """What one look at a control plane showed.

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


def look(client: KonnectClient, control_plane_id: str) -> Look:
    """Two reads: the nodes, and after them the expected hash, which a node cannot have been ahead of."""
    path = ("control-planes", control_plane_id)
    nodes = list(client.list((*path, "nodes"), "items"))
    expected_hash = (client.find((*path, "expected-config-hash")) or {}).get("expected_hash") or None
    server_time = client.server_time
    rows = [_row(node, expected_hash, server_time) for node in nodes]
    live = {row["id"] for row in rows if row["live"]}
    return Look(
        expected_hash,
        sorted(rows, key=lambda row: (row["hostname"], row["id"])),
        [_incompatible(node) for node in nodes if node.get("id") in live and _state(node) == INCOMPATIBLE],
        server_time,
    )


def wait_for_sync(
    client: KonnectClient, control_plane: Entity, sync: Sync, *, look_only: bool = False
) -> dict[str, Any]:
    """Look until every live node runs the expected configuration, or until the timeout.

    Right after a write the expected hash and those of the nodes are all old, and equal. So with ``since`` equality is
    believed only once the expected hash differs from it and stood still for SETTLE_SECONDS, or did not move for
    ``movement_timeout``.

    :param look_only: look once, and take what is there.
    :return: the result of the module. Raises KonnectError with the codes not_in_sync and no_nodes.
    """
    client.extend_deadline(sync.timeout + client.connection.timeout)
    started = still_since = client.now()
    expected_hash = None
    moved = None if sync.since is None else False
    while True:
        seen = look(client, control_plane["id"])
        now = client.now()
        if seen.expected_hash != expected_hash:
            expected_hash, still_since = seen.expected_hash, now
        waited = now - started
        if moved is False:
            moved = expected_hash not in (None, sync.since)
        if moved is None:
            believed = True
        elif moved:
            believed = now - still_since >= SETTLE_SECONDS
        else:
            believed = waited >= sync.movement_timeout
        if look_only or waited >= sync.timeout or (believed and seen.in_sync(sync.minimum_nodes)):
            break
        pause = min(sync.interval, sync.timeout - waited)
        if moved and seen.in_sync(sync.minimum_nodes):
            pause = min(pause, SETTLE_SECONDS - (now - still_since))
        client.sleep(pause)
    client.warnings += seen.incompatible
    if not look_only:
        if moved is False and expected_hash is not None:
            client.warnings.append(
                f"The expected hash was still that of since, {sync.since}, after {_rounded(waited)} seconds. Perhaps "
                "nothing that data planes get was changed. The nodes were judged by the hash as it is."
            )
        _judge(client, control_plane, sync, seen, waited)
    return {
        "changed": False,
        "expected_hash": expected_hash,
        "in_sync": seen.in_sync(sync.minimum_nodes),
        "moved": moved,
        "nodes": seen.nodes,
        "waited": _rounded(waited),
    }


def _judge(client: KonnectClient, control_plane: Entity, sync: Sync, seen: Look, waited: float) -> None:
    """Raise or warn for what a wait did not bring about. A node that is there and behind says more than one missing."""
    name = CONTROL_PLANE.display(control_plane)
    if seen.behind:
        raise KonnectError(
            f"After {_rounded(waited)} seconds {len(seen.behind)} of {len(seen.live)} live data plane nodes of control "
            f"plane {name} do not run the expected configuration {seen.expected_hash or '(none is known yet)'}: "
            f"{'; '.join(_described(node, seen.server_time) for node in seen.behind)}. See the logs of these nodes, "
            "or raise timeout.",
            code="not_in_sync",
            nodes=seen.behind,
        )
    if len(seen.live) < sync.minimum_nodes:
        gone = [_described(node, seen.server_time) for node in seen.nodes if not node["live"]]
        message = (
            f"After {_rounded(waited)} seconds control plane {name} has {len(seen.live)} live data plane nodes, and "
            f"minimum_nodes is {sync.minimum_nodes}."
            + (f" Not live, because their last ping is too old: {'; '.join(gone)}." if gone else "")
        )
        if sync.on_no_nodes == "fail":
            advice = " Check that the data planes run and connect to this control plane, or set on_no_nodes."
            raise KonnectError(message + advice, code="no_nodes", nodes=seen.nodes)
        if sync.on_no_nodes == "warn":
            client.warnings.append(message)


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
