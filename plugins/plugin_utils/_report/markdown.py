# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The reference report as Markdown with tables, as GitHub and GitLab read it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from ansible_collections.community.konnect.plugins.plugin_utils._report.model import (
    PROBLEMS,
    STATES,
    Report,
    Row,
    days,
    entity_title,
    references,
    scopes,
    timestamp,
    title,
    totals,
    visible,
)


def markdown(reports: Sequence[Report], generated_at: datetime.datetime) -> str:
    """The whole report: summary, problems, references, secrets and vaults."""
    rows = references(reports)
    counts = totals(reports)
    planes = ", ".join(code(title(report["control_plane"])) for report in reports) or "none"
    labels = {**STATES, "unused_secrets": "Unused secrets", "unused_vaults": "Unused vaults"}
    blocks = [
        "# Secret references in Kong Konnect",
        f"{timestamp(generated_at)}. Control planes: {planes}.",
        "## Summary",
        _table(("", "Number"), ((label, str(counts[name])) for name, label in labels.items())),
        "## Problems",
        _table(
            ("State", "Control plane", "Entity", "Applies to", "Field", "Reference", "What is wrong"),
            (
                (
                    *(STATES[row["state"]], _plane(report), _entity(row), _scopes(row), code(row["field"])),
                    *(code(row["reference"]), text(row["message"] or "")),
                )
                for report, row in rows
                if row["state"] in PROBLEMS
            ),
        ),
        "## References",
        _table(
            ("State", "Reference", "Entity", "Field", "Applies to", "Vault", "Config Store", "Control plane"),
            (
                (
                    *(STATES[row["state"]], code(row["reference"]), _entity(row), code(row["field"]), _scopes(row)),
                    *(code(row["vault"]), _store(row), _plane(report)),
                )
                for report, row in rows
            ),
        ),
        "## Secrets",
        _table(
            (
                "Secret",
                "Config Store",
                "Vaults",
                "References",
                "Last written",
                "Age in days",
                "In use",
                "Control plane",
            ),
            (
                (
                    *(code(secret["key"]), _store(secret), ", ".join(map(code, secret["vaults"]))),
                    *(str(secret["references"]), text(secret["updated_at"] or ""), _number(days(secret))),
                    *("yes" if secret["in_use"] else "**no**", _plane(report)),
                )
                for report in reports
                for secret in report["secrets"]
            ),
        ),
        "## Vaults",
        _table(
            ("Prefix", "Backend", "Config Store", "References", "In use", "Control plane"),
            (
                (
                    *(code(vault["prefix"]), code(vault["backend"]), _store(vault), str(vault["references"])),
                    *("yes" if vault["in_use"] else "**no**", _plane(report)),
                )
                for report in reports
                for vault in report["vaults"]
            ),
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def text(value: str) -> str:
    """Text that stands for itself in a cell of a table: no markup, no link and no mention in it has an effect."""
    escaped = re.sub(r"[&<>|`\\*\[\]~@#]|(?<!vault):(?=//)|(?<=www)\.|(?<!\w)_|_(?!\w)", _entity_of, visible(value))
    return escaped.strip()


def code(value: str | None) -> str:
    """A name as code, or as text where a cell cannot hold it as code; nothing for None."""
    if not value:
        return ""
    return text(value) if re.search(r"[|`\\]|^ | $", visible(value)) else f"`{visible(value)}`"


def _entity_of(match: re.Match[str]) -> str:
    return f"&#{ord(match.group())};"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    if not lines:
        return "None."
    return "\n".join([f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}", *lines])


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _plane(report: Report) -> str:
    return code(title(report["control_plane"]))


def _entity(row: Row) -> str:
    return code(entity_title(row)) + (" (disabled)" if row["enabled"] is False else "")


def _scopes(row: Row) -> str:
    return ", ".join(f"{kind} {code(name)}" for kind, name in scopes(row))


def _store(row: Row) -> str:
    return code(title(row["config_store"])) if row["config_store"] else ""
