# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The findings that an audit can fail on: one message for each problem in the reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...module_utils._errors import InvalidInput
from ...module_utils._variables import as_names
from .certificates import EXPIRY_DAYS, expires_within, missing_library
from .model import (
    PROBLEMS,
    SECONDS_PER_DAY,
    STATES,
    Report,
    Row,
    age_in_days,
    certificate_name,
    parent_name,
    pluralize,
    printable,
    referrer_name,
    scopes,
    store_name,
)

FINDINGS = (*PROBLEMS, "other_backend", "unused_secrets", "unused_vaults", "old_secrets", "expiring_certificates")


def read_kinds(kinds: Any) -> list[str]:
    """The kinds of findings in a variable, which may be a text or unset; C(none) alone is no kind.

    Raises InvalidInput for anything else than names.
    """
    try:
        names = as_names(PROBLEMS if kinds in (None, "", []) else kinds)
    except InvalidInput as error:
        raise InvalidInput(f"kinds {error.message}.") from None
    return [] if names == ["none"] else names


def read_days(days: Any, name: str) -> int | None:
    """The days in a variable, which may be a text; None when it is not set. Raises InvalidInput, which names it."""
    try:
        return None if days in (None, "") else int(days)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} must be a whole number.") from None


def list_findings(
    reports: Sequence[Report],
    kinds: Sequence[str],
    maximum_age_days: int | None = None,
    expiry_days: int | None = None,
) -> list[Row]:
    """Return the findings of these kinds, in the order of the kinds.

    Returns ``[{"finding": one of FINDINGS, "control_plane": name, "message": a sentence}]``. Raises InvalidInput for an
    unknown kind, for old_secrets without a maximum age, and for expiring_certificates where none can be read.
    """
    unknown = [kind for kind in kinds if kind not in FINDINGS]
    if unknown:
        names = ", ".join(printable(str(kind)) for kind in unknown)
        raise InvalidInput(f"Unknown finding {names}. Choose from {', '.join(FINDINGS)}.")
    if "old_secrets" in kinds and maximum_age_days is None:
        raise InvalidInput("The finding old_secrets needs a maximum age in days.")
    missing = missing_library(row for report in reports for row in report["certificates"])
    if "expiring_certificates" in kinds and missing:
        raise InvalidInput(f"The finding expiring_certificates needs the dates of certificates. {missing}")
    days = {
        "old_secrets": maximum_age_days or 0,
        "expiring_certificates": EXPIRY_DAYS if expiry_days is None else expiry_days,
    }
    found = []
    for kind in dict.fromkeys(kinds):
        for report in reports:
            name = parent_name(report)
            for message in _messages(report, kind, days.get(kind, 0)):
                found.append({"finding": kind, "control_plane": name, "message": printable(f"{name}: {message}")})
    return found


def _messages(report: Report, kind: str, days: int) -> list[str]:
    if kind == "unused_vaults":
        return [f"vault {vault['prefix']} is not used." for vault in report["vaults"] if not vault["in_use"]]
    if kind == "unused_secrets":
        return [f"{_secret(secret)} is not used." for secret in report["secrets"] if not secret["in_use"]]
    if kind == "old_secrets":
        return [
            f"{_secret(secret)} was last written {pluralize(age_in_days(secret) or 0, 'day')} ago."
            for secret in report["secrets"]
            if secret["age"] is not None and secret["age"] > days * SECONDS_PER_DAY
        ]
    if kind == "expiring_certificates":
        return [_certificate(row) for row in report["certificates"] if expires_within(row, days)]
    return [_reference(row) for row in report["references"] if row["state"] == kind]


def _secret(secret: Row) -> str:
    return f"secret {secret['key']} in Config Store {store_name(secret)}"


def _certificate(row: Row) -> str:
    days = row["days_left"]
    when = f"expired {pluralize(-days, 'day')} ago" if days < 0 else f"expires in {pluralize(days, 'day')}"
    kind = row["entity"].replace("_", " ").replace("ca ", "CA ")
    return f"{kind} {certificate_name(row)}, {row['field']}: It {when}, at {row['expires_at']}."


def _reference(row: Row) -> str:
    reason = row["message"] or f"{STATES[row['state']]}."
    scope = "".join(f", {kind} {name}" for kind, name in scopes(row))
    # Most messages name the field and the reference themselves.
    place = "".join(f", {part}" for part in (row["field"], row["reference"]) if part not in reason)
    return f"{referrer_name(row)}{scope}{place}: {reason}"
