# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables at the end of a run.

One says how much of what Kong says was tried, and how much of it was as Kong says: a test adds to one of its rows with
``record_property("tally", [row, tried, right])``. The other one has a row for each of Kong's how-tos:
``record_property("howto", [name, entities, requests, result])``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any


def _properties(terminalreporter: Any, wanted: str) -> list[Any]:
    """Return the values of a property of all tests."""
    # Of a test, that of its end has all properties; one that passed has no category.
    ended = (report for report in terminalreporter.getreports("") if report.when == "teardown")
    return [value for report in ended for name, value in report.user_properties if name == wanted]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print each table, as Markdown, if a test of the run added to it."""
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row, tried, right in _properties(terminalreporter, "tally"):
        rows[row] = [rows[row][0] + tried, rows[row][1] + right]
    if rows:
        terminalreporter.section("True to Kong")
        terminalreporter.write_line("| what | tried | as Kong says |\n|---|---:|---:|")
    for row in sorted(rows):
        terminalreporter.write_line(f"| {row} | {rows[row][0]} | {rows[row][1]} |")
    howtos = sorted(_properties(terminalreporter, "howto"))
    if howtos:
        terminalreporter.section("How-tos")
        terminalreporter.write_line("| how-to | entities | requests | result |\n|---|---|---|---|")
    for name, *cells in howtos:
        terminalreporter.write_line(f"| [{name}]({name}.yml) | {' | '.join(cells)} |")
