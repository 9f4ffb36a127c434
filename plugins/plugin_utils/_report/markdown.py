# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The reference report as Markdown with tables, for GitHub and GitLab."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from .certificates import UNKNOWN_DATES, by_expiry, missing_library
from .model import (
    PROBLEMS,
    STATES,
    TOTALS,
    Report,
    Row,
    age_in_days,
    certificate_name,
    parent_heading,
    parent_name,
    printable,
    referrer_name,
    scopes,
    sorted_references,
    store_name,
    timestamp,
    totals,
)


def render_markdown(reports: Sequence[Report], generated_at: datetime.datetime) -> str:
    """Return the whole report: summary, problems, references, secrets, vaults and certificates."""
    names = ", ".join(_control_plane(report) for report in reports) or "none"
    blocks = [
        "# Secret references in Kong Konnect",
        f"Generated at {timestamp(generated_at)}. {parent_heading(reports, 's')}: {names}.",
        "## Summary",
        _summary(reports),
        "## Problems",
        _problems(reports),
        "## References",
        _references(reports),
        "## Secrets",
        _secrets(reports),
        "## Vaults",
        _vaults(reports),
        "## Certificates",
        _certificates(reports),
    ]
    return "\n\n".join(blocks) + "\n"


def escape(value: str) -> str:
    """Return text for a cell of a table in which no markup, link or mention has an effect."""
    special = r"[&<>|`\\*\[\]~@#]|(?<!vault):(?=//)|(?<=www)\.|(?<!\w)_|_(?!\w)"
    return re.sub(special, lambda match: f"&#{ord(match.group())};", printable(value)).strip()


def code(value: str | None) -> str:
    """Return a name as code, or as text if a cell cannot hold it as code, or nothing for None."""
    if not value:
        return ""
    return escape(value) if re.search(r"[|`\\]|^ | $", printable(value)) else f"`{printable(value)}`"


def _summary(reports: Sequence[Report]) -> str:
    counts = totals(reports)
    return _table(["", "Number"], [[label, str(counts[name])] for name, label in TOTALS.items()])


def _problems(reports: Sequence[Report]) -> str:
    heads = ["State", parent_heading(reports), "Entity", "Applies to", "Field", "Reference", "What is wrong"]
    rows = [
        [
            STATES[row["state"]],
            _control_plane(report),
            _entity(row),
            _scopes(row),
            code(row["field"]),
            code(row["reference"]),
            escape(row["message"] or ""),
        ]
        for report, row in sorted_references(reports)
        if row["state"] in PROBLEMS
    ]
    return _table(heads, rows)


def _references(reports: Sequence[Report]) -> str:
    heads = ["State", "Reference", "Entity", "Field", "Applies to", "Vault", "Config Store", parent_heading(reports)]
    rows = [
        [
            STATES[row["state"]] + ("" if row["verified"] else " (not verified)"),
            code(row["reference"]),
            _entity(row),
            code(row["field"]),
            _scopes(row),
            code(row["vault"]),
            code(store_name(row)),
            _control_plane(report),
        ]
        for report, row in sorted_references(reports)
    ]
    return _table(heads, rows)


def _secrets(reports: Sequence[Report]) -> str:
    heads = [
        "Secret",
        "Config Store",
        "Vaults",
        "References",
        "Last written",
        "Age (days)",
        "In use",
        parent_heading(reports),
    ]
    rows = [
        [
            code(secret["key"]),
            code(store_name(secret)),
            ", ".join(map(code, secret["vaults"])),
            str(secret["references"]),
            escape(secret["updated_at"] or ""),
            _age(secret),
            _in_use(secret),
            _control_plane(report),
        ]
        for report in reports
        for secret in report["secrets"]
    ]
    return _table(heads, rows)


def _vaults(reports: Sequence[Report]) -> str:
    heads = ["Prefix", "Backend", "Config Store", "References", "In use", parent_heading(reports)]
    rows = [
        [
            code(vault["prefix"]),
            code(vault["backend"]),
            code(store_name(vault)),
            str(vault["references"]),
            _in_use(vault),
            _control_plane(report),
        ]
        for report in reports
        for vault in report["vaults"]
    ]
    return _table(heads, rows)


def _certificates(reports: Sequence[Report]) -> str:
    heads = ["Certificate", "Kind", "Field", "Expires", "Days left", parent_heading(reports)]
    pairs = by_expiry(reports)
    rows = [
        [
            code(certificate_name(row)),
            row["entity"].replace("_", " "),
            code(row["field"]),
            row["expires_at"] or UNKNOWN_DATES[row["problem"]],
            "" if row["days_left"] is None else str(row["days_left"]),
            _control_plane(report),
        ]
        for report, row in pairs
    ]
    missing = missing_library(row for _report, row in pairs)
    return f"{missing}\n\n{_table(heads, rows)}" if missing else _table(heads, rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    if not lines:
        return "None."
    return "\n".join([f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}", *lines])


def _control_plane(report: Report) -> str:
    return code(parent_name(report))


def _entity(row: Row) -> str:
    return code(referrer_name(row)) + (" (disabled)" if row["enabled"] is False else "")


def _scopes(row: Row) -> str:
    return ", ".join(f"{kind} {code(name)}" for kind, name in scopes(row))


def _age(secret: Row) -> str:
    age = age_in_days(secret)
    return "" if age is None else str(age)


def _in_use(row: Row) -> str:
    return "yes" if row["in_use"] else "**no**"
