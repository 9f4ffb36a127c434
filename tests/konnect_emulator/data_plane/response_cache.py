# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache in front of AI Proxy, as Proxy Cache or AI Semantic Cache are (``--set cached_responses=true``).

Names of headers and the time to live are those of Kong's proxy-cache.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from starlette.responses import Response

from ..clock import Clock

TTL_MS = 300_000
STATUS, KEY = "X-Cache-Status", "X-Cache-Key"


class _Entry(NamedTuple):
    stored_ms: int
    content: bytes
    headers: dict[str, str]


def _key(route_id: str, raw: bytes) -> str:
    return hashlib.sha256(route_id.encode() + raw).hexdigest()


class ResponseCache:
    """The good responses of a node, by route and body. No change of the configuration removes any."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    def find(self, route_id: str, raw: bytes) -> Response | None:
        """Return the first good response to the same request, or None."""
        key = _key(route_id, raw)
        entry = self._entries.get(key)
        now = self._clock.now_ms()
        if entry is None or now - entry.stored_ms > TTL_MS:
            return None
        age = str((now - entry.stored_ms) // 1000)
        return Response(entry.content, headers={**entry.headers, STATUS: "Hit", KEY: key, "Age": age})

    def store(self, route_id: str, raw: bytes, response: Response) -> None:
        """Keep a response if it is good and whole, and mark it as one that was not in the cache."""
        key = _key(route_id, raw)
        if response.status_code == 200 and isinstance(getattr(response, "body", None), bytes):
            self._entries[key] = _Entry(self._clock.now_ms(), bytes(response.body), dict(response.headers))
        response.headers[STATUS] = "Miss"
        response.headers[KEY] = key
