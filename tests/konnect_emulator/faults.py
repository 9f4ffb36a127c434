# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that can be injected: what a network and a busy server do to requests.

A fault is written ``WHICH=WHAT``. WHICH is the number of a request, counted from 1 since the faults were set, or
``METHOD:REGEX`` for every request whose path (below /v2) the regular expression finds. WHAT is one of KINDS, or
``delay-MS``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FAULTS_PATH = "/_emulator/faults"
KINDS = (
    "reset-before",  # the connection breaks and the server has not acted
    "reset-after",  # the server has acted and the connection breaks
    "truncated",  # the server has acted and half of the response arrives
    "wrong-type",  # the server has acted and the response is HTML, not JSON
    "401",
    "429",
    "429-retry-after",
    "429-date",
    "500",
    "502",
    "503",
)


def describe_faults() -> str:
    """Return the faults as lines for ``--help``."""
    return (
        "faults: WHICH is the number of a request to the API, counted from 1, or METHOD:REGEX on its path below /v2;\n"
        f"  WHAT is {', '.join(KINDS)} or delay-MS.\n"
        f"  PUT {FAULTS_PATH} with a JSON list replaces the faults of a running emulator."
    )


@dataclass(frozen=True)
class Fault:
    """One parsed ``WHICH=WHAT``: WHICH is a number, or a method and a pattern."""

    what: str
    number: int | None = None
    method: str = ""
    path: re.Pattern[str] | None = None

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Parse ``WHICH=WHAT``; raises ValueError."""
        which, equals, what = text.rpartition("=")
        if not equals or not (what in KINDS or re.fullmatch(r"delay-\d+", what)):
            raise ValueError(f"{text!r} is not a fault: WHICH=WHAT, where WHAT is {', '.join(KINDS)} or delay-MS")
        if which.isdigit():
            return cls(what, number=int(which))
        method, colon, pattern = which.partition(":")
        if not colon or method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            raise ValueError(f"{text!r} is not a fault: WHICH is a number or METHOD:REGEX")
        return cls(what, method=method, path=re.compile(pattern))

    def applies_to(self, number: int, method: str, path: str) -> bool:
        """Return True if this fault is injected into the request."""
        if self.path is None:
            return number == self.number
        return method == self.method and self.path.search(path.removeprefix("/v2")) is not None
