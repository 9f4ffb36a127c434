# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Puts the results of several tasks together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def put_together(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return ``{changed, written_at, expected_hashes}`` of all of them.

    :param results: as they are registered, those of loops with ``results`` of their own.
    """
    rows = [row for result in results for row in (result, *(result.get("results") or ()))]
    hashes = [value for row in rows for value in row.get("expected_hashes") or ()]
    return {
        "changed": any(row.get("changed") for row in rows),
        "written_at": max((row.get("written_at") or "" for row in rows), default=""),
        "expected_hashes": list(dict.fromkeys(hashes)),
    }
