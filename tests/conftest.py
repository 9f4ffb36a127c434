# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table at the end of a run: how much of what Kong says was tried, and how much of it was as Kong says.

A test adds to a row with ``record_property("tally", [row, tried, right])``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, as Markdown, if a test of the run added to it."""
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    # Of a test, that of its end has all properties; one that passed has no category.
    for report in terminalreporter.getreports(""):
        for name, value in report.user_properties if report.when == "teardown" else ():
            if name == "tally":
                row, tried, right = value
                rows[row] = [rows[row][0] + tried, rows[row][1] + right]
    if rows:
        terminalreporter.section("True to Kong")
        terminalreporter.write_line("| what | tried | as Kong says |\n|---|---:|---:|")
    for row in sorted(rows):
        terminalreporter.write_line(f"| {row} | {rows[row][0]} | {rows[row][1]} |")
