# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a scripted server says of data plane nodes."""

from __future__ import annotations

from typing import Any

DATE, NOW = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}, 1_795_428_000


def node(name: str = "a", config_hash: str | None = "old", age: float = 5, **fields: Any) -> dict[str, Any]:
    """A node as Konnect shows it, which pinged so many seconds ago."""
    return {
        "id": f"id-{name}",
        "hostname": name,
        "version": "3.15.0.0",
        "config_hash": config_hash,
        "last_ping": NOW - age,
        **fields,
    }


def nodes_page(*nodes: dict[str, Any]) -> tuple[Any, ...]:
    """The response with all nodes."""
    return 200, {"items": [*nodes], "page": {"total_count": len(nodes)}}, DATE


def responses(expected_hash: str | None, *nodes: dict[str, Any], version: str | None = None) -> list[Any]:
    """The responses with the nodes, the expected hash and, if given, the expected version."""
    second = (200, {"expected_hash": expected_hash}, DATE) if expected_hash else (404, {}, DATE)
    third = [(200, {"expected_config_version": version}, DATE)] if version else []
    return [nodes_page(*nodes), second, *third]
