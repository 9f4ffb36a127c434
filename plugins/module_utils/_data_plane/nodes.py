# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Reads the data plane nodes of a control plane, and the configuration that they should run.

Sources: Konnect OpenAPI control-planes-config v2, tag DP Nodes. ``config_sync`` and ``errors`` are not in it; their
fields are those of the nodes of AI Gateways in Kong's SDK (sdk-konnect-go, AIGatewayDataPlaneNode) and OpenAPI, and
``errors`` those of Kong's user interface for nodes too (public-ui-components). The times are those of Kong Gateway and
of koko, the control plane that Kong published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._entities.control_plane import ControlPlane
from .._entities.kinds import DATA_PLANE_NODE
from .._entities.timestamps import seconds
from .._errors import ApiError
from .._masking import mask_text
from .proof import Node, NodeError
from .versions import is_version

# A node pings every 30 seconds, so this is the third ping that is missing.
LIVE_SECONDS = 90
INCOMPATIBLE = "COMPATIBILITY_STATE_INCOMPATIBLE"
# The most of a node's own text that goes into a message.
MAX_ERROR_LENGTH = 500


@dataclass(frozen=True)
class Snapshot:
    """The nodes of a control plane at one moment, by hostname and id, and what Konnect expects of them.

    :param expected_hash: None when Konnect never computed one, because no node ever connected.
    :param expected_version: None when it was not read, because no node tracks versions, or when there is none.
    :param server_time: the server's clock, in seconds since 1970.
    """

    nodes: tuple[Node, ...]
    expected_hash: str | None
    expected_version: str | None
    server_time: float

    @property
    def expected_hashes(self) -> list[str]:
        """Everything that identifies the expected configuration, for a wait that comes after a later write."""
        return [text for text in (self.expected_hash, self.expected_version) if text is not None]


def read_snapshot(control_plane: ControlPlane) -> Snapshot:
    """The nodes, and after them what is expected of them, which a node cannot have been ahead of."""
    entities = [*control_plane.list(DATA_PLANE_NODE)]
    expected_hash = read_expected_hash(control_plane)
    server_time = control_plane.client.server_time
    read = (_node(entity, server_time, control_plane.task.secrets) for entity in entities)
    nodes = sorted(read, key=lambda node: (node.hostname, node.id))
    expected_version = None
    if any(node.is_live and node.is_incremental for node in nodes):
        expected_version = _text(control_plane.get("expected-config-version"), "expected_config_version")
    return Snapshot(tuple(nodes), expected_hash, expected_version, server_time)


def count_live_nodes(control_plane: ControlPlane) -> int | None:
    """How many nodes are live; None where only the group that the control plane belongs to could tell."""
    entities = control_plane.list_if_supported(DATA_PLANE_NODE)
    if not entities and is_group_member(control_plane):
        return None
    server_time = control_plane.client.server_time
    return sum(_is_live(seconds(entity.get("last_ping")), server_time) for entity in entities)


def read_expected_hash(control_plane: ControlPlane) -> str | None:
    """None when Konnect never computed one, because no node ever connected."""
    path, field = control_plane.product.expected
    return _text(control_plane.get(path), field)


def is_group_member(control_plane: ControlPlane) -> bool:
    """True when the control plane belongs to a group, which then has the nodes, and the token may see that.

    Source: Konnect OpenAPI control-planes v2, get-control-planes-id-group-member-status.
    """
    if not control_plane.product.has_groups:
        return False
    try:
        return bool((control_plane.get("group-member-status") or {}).get("is_member"))
    except ApiError:
        return False


def _is_live(last_ping: float, server_time: float) -> bool:
    return server_time - last_ping <= LIVE_SECONDS


def _node(entity: Mapping[str, Any], server_time: float, secrets: Collection[str]) -> Node:
    sync = entity.get("config_sync") or {}
    config_hash = _text(entity, "config_hash")
    state = _text(sync, "state")
    last_ping = seconds(entity.get("last_ping"))
    return Node(
        id=_text(entity, "id") or "",
        hostname=_text(entity, "hostname") or "",
        version=_text(entity, "version"),
        config_hash=config_hash,
        config_version=_text(sync, "version_id")
        or _text(entity, "config_version")
        or (config_hash if is_version(config_hash or "") else None),
        sync_state=state.removeprefix("STATE_") if state else None,
        last_ping=last_ping,
        is_live=_is_live(last_ping, server_time),
        errors=tuple(_errors(entity, secrets)),
        issues=_issues(entity.get("compatibility_status") or {}),
    )


def _errors(entity: Mapping[str, Any], secrets: Collection[str]) -> Iterator[NodeError]:
    for error in _objects(entity.get("errors")):
        details = [
            f"{part.get('entity_type')} {part.get('entity_name') or part.get('entity_id')}: "
            f"{detail.get('field') or detail.get('type')}: {detail.get('error_message')}"
            for part in _objects(error.get("flattened_errors"))
            for detail in _objects(part.get("errors"))
        ]
        text = "; ".join(details) or _text(error, "error_message") or _text(error, "name") or "an error without a text"
        # Masked first: of a secret that is cut, nothing would know the rest.
        yield NodeError(mask_text(text, secrets)[:MAX_ERROR_LENGTH], _text(error, "config_hash"))


def _issues(compatibility: Mapping[str, Any]) -> str | None:
    if compatibility.get("state") != INCOMPATIBLE:
        return None
    issues = _objects(compatibility.get("issues"))
    return "; ".join(f"{issue.get('code')}: {str(issue.get('description')).rstrip('.')}" for issue in issues)


def _objects(items: Any) -> list[Mapping[str, Any]]:
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _text(entity: Mapping[str, Any] | None, name: str) -> str | None:
    return str((entity or {}).get(name) or "") or None
