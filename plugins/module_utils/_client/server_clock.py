# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The time by the server's clock, as its responses give it, and that of the last write."""

from __future__ import annotations

import time
from collections.abc import Mapping

from .rate_limit import http_date


class ServerClock:
    """Times in seconds since 1970. Several threads may use it."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._written_at: float | None = None
        self._has_lost_write = False

    @property
    def is_known(self) -> bool:
        return self._last is not None

    @property
    def time(self) -> float:
        """The time of the last response; while there was none, that of this machine."""
        return time.time() if self._last is None else self._last

    @property
    def written_at(self) -> float | None:
        """The time of the last write; None when nothing was written.

        For a write whose response was lost, the time of the response after it, or before it while there is none.
        """
        return self.time if self._has_lost_write else self._written_at

    def note_response(self, *, wrote: bool, headers: Mapping[str, str]) -> None:
        """Take note of a response.

        :param wrote: whether its request changed something, or may have.
        """
        self._last = http_date(headers.get("Date")) or self._last
        if wrote or self._has_lost_write:
            self._has_lost_write = False
            self._written_at = max(self.time, self._written_at or 0)

    def note_lost_write(self) -> None:
        """Take note of a write that may have been carried out, and whose response did not arrive."""
        self._has_lost_write = True
