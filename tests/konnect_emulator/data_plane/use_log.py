# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which key the data plane used for which request: what a test needs to judge what a client says about it.

A key is recorded as a digest, never as itself.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import deque
from dataclasses import dataclass
from typing import Any

DIGEST_DIGITS = 12
MAX_USES = 100_000


@dataclass
class Use:
    """What became of one request to the data plane.

    ``time`` is the emulator's, in milliseconds, when the request came. ``worker`` counts from 0, as Kong's do.
    ``route`` is the name of the route, if it has one; ``trial`` says that the route asks for headers. ``value`` is the
    digest of the header with the key that AI Proxy sent to the provider, or of the empty text if it sent none;
    ``status`` is that of the provider's response, None if there was none. A request that got no further than the data
    plane has no ``value``, and the ``status`` of the data plane's own response.
    """

    time: int
    node: str
    worker: int
    path: str
    route: str | None = None
    trial: bool = False
    value: str | None = None
    status: int | None = None


def digest(value: bytes) -> str:
    """Return the first hex digits of the SHA-256 of a header's value."""
    return hashlib.sha256(value).hexdigest()[:DIGEST_DIGITS]


class UseLog:
    """The uses since the start, or since it was cleared; the oldest are dropped after MAX_USES."""

    def __init__(self) -> None:
        self._uses: deque[Use] = deque(maxlen=MAX_USES)

    def add(self, use: Use) -> None:
        """Append a use."""
        self._uses.append(use)

    def clear(self) -> None:
        """Forget all uses."""
        self._uses.clear()

    def rows(self) -> list[dict[str, Any]]:
        """Return each use as an object, in the order in which they ended."""
        return [dataclasses.asdict(use) for use in self._uses]
