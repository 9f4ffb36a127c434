# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's clock, which may run faster than the machine's, so that a test need not wait for an hour to pass."""

from __future__ import annotations

import asyncio
import email.utils
import time


class Clock:
    """Starts with the machine's time and then runs ``speed`` times as fast. Everything that has a time gets it here.

    With speed 0 only ``advance`` moves it; what sleeps does so by the machine's time.
    """

    def __init__(self, speed: int = 1) -> None:
        self._speed = speed
        self._started_ns = time.time_ns()
        self._started_counter_ns = time.monotonic_ns()

    def advance(self, milliseconds: int) -> None:
        """Let a time pass at once. What sleeps is not woken."""
        self._started_ns += milliseconds * 1_000_000

    def now_ms(self) -> int:
        """Return the time in milliseconds since the epoch."""
        elapsed_ns = time.monotonic_ns() - self._started_counter_ns
        return (self._started_ns + elapsed_ns * self._speed) // 1_000_000

    def now_seconds(self) -> int:
        """Return the time in whole seconds since the epoch."""
        return self.now_ms() // 1000

    def http_date(self, seconds_ahead: int = 0) -> str:
        """Return the time in the form of a ``Date`` header."""
        return email.utils.formatdate(self.now_seconds() + seconds_ahead, usegmt=True)

    async def sleep_ms(self, milliseconds: int) -> None:
        """Wait for a time on this clock."""
        await asyncio.sleep(milliseconds / 1000 / (self._speed or 1))
