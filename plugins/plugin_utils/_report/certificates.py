# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""When the certificates of a report expire, read with the Python library cryptography where the controller has it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ...module_utils._errors import InvalidInput
from ...module_utils._vault_reference import is_reference
from .._certificates import parsed
from .._certificates.checks import utc

# Why the dates of a certificate are not known; empty when they are.
Problem = Literal["", "in_secret", "no_library", "unreadable"]
UNKNOWN_DATES: dict[Problem, str] = {
    "in_secret": "in a secret",
    "no_library": "not read",
    "unreadable": "cannot be read",
}
EXPIRY_DAYS = 30


def describe_certificate(row: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """A row of konnect_reference_info with its dates in place of its text.

    Returns ``{"entity", "id", "name", "field", "workspace", "names", "fingerprint", "expires_at", "days_left",
    "problem"}``; the last but one is a number of whole days, negative when it has expired. What is not known is None or
    empty.
    """
    known = {name: row[name] for name in ("entity", "id", "name", "field", "workspace") if name in row}
    unknown = {**known, "names": [], "fingerprint": None, "expires_at": None, "days_left": None}
    if is_reference(row["cert"]):
        return {**unknown, "problem": "in_secret"}
    if not parsed.HAS_CRYPTOGRAPHY:
        return {**unknown, "problem": "no_library"}
    try:
        certificate = parsed.read_certificates(row["cert"], "cert")[0]
    except InvalidInput:
        return {**unknown, "problem": "unreadable"}
    return {
        **known,
        "names": list(certificate.names),
        "fingerprint": certificate.fingerprint,
        "expires_at": utc(certificate.not_after),
        "days_left": (certificate.not_after - now) // datetime.timedelta(days=1),
        "problem": "",
    }


def by_expiry(reports: Sequence[Mapping[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each certificate with the report that it belongs to, those that expire first at the beginning."""
    pairs = [(dict(report), row) for report in reports for row in report["certificates"]]
    return sorted(pairs, key=lambda pair: math.inf if pair[1]["days_left"] is None else pair[1]["days_left"])


def expires_within(row: Mapping[str, Any], days: int) -> bool:
    """True if a certificate expires within so many days, or has expired."""
    return row["days_left"] is not None and row["days_left"] < days


def missing_library(rows: Iterable[Mapping[str, Any]]) -> str:
    """Say what to install for the dates of these certificates; empty when nothing is missing."""
    return parsed.MISSING if any(row["problem"] == "no_library" for row in rows) else ""
