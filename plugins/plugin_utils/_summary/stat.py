# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The custom statistic of a playbook, which AWX keeps as the artifacts of a job and hands on in a workflow.

The statistics of several hosts are merged into one, and all of it must stay small.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

# In bytes, of all hosts together.
MAX_BYTES = 32_000
# The least room that makes sense for a control plane. Where there are more of them than have it, some are left out.
LEAST_BYTES = 200
SHORTEST_TEXT = 40
ELLIPSIS = "..."

Entry = dict[str, Any]


def build_stat(host: str, hosts: Sequence[str], entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The share of a host: ``{host: {control plane: entry}}``, or nothing where there are too many hosts.

    Of too many control planes, those that failed come first.

    :param hosts: every host of the play, with which it shares the room.
    """
    most_hosts = MAX_BYTES // LEAST_BYTES
    position = hosts.index(host) if host in hosts else 0
    if position >= most_hosts:
        return {}
    share = MAX_BYTES // min(max(len(hosts), 1), most_hosts) - _size({host: {}})
    kept = sorted(entries, key=lambda name: not entries[name].get("failed"))[: max(share // LEAST_BYTES, 1)]
    found = {name: _fit(entries[name], share // len(kept) - _size({name: None})) for name in kept}
    fitting = {name: entry for name, entry in found.items() if entry is not None}
    return {host: fitting} if fitting else {}


def _size(data: Any) -> int:
    return len(json.dumps(data))


def _fit(given: Mapping[str, Any], limit: int) -> Entry | None:
    """An entry in so many bytes: its longest parts are halved, then left out. None when even flags have no room."""
    entry = dict(given)
    while _size(entry) > limit:
        field = max(entry, key=lambda name: _size(entry[name]), default="")
        shorter = _half(entry.get(field))
        if shorter is not None:
            entry[field] = shorter
        elif entry and not isinstance(entry[field], bool):
            del entry[field]
        else:
            return None
    return entry


def _half(value: Any) -> Any:
    """Half of a long text or list; None of anything else."""
    if isinstance(value, str) and len(value) > SHORTEST_TEXT:
        return value[: max(len(value) // 2, SHORTEST_TEXT) - len(ELLIPSIS)] + ELLIPSIS
    if isinstance(value, list) and value:
        return value[: len(value) // 2]
    return None
