# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The data of the reference report: results of konnect_reference_info, checked, and what follows from them.

A report is one result: ``{"control_plane", "references", "secrets", "vaults", "certificates", "summary"}``. A row is an
entry of one of its lists; that of a certificate has its dates in place of its text. The names in it come from anyone
who may write to the control plane: none is trusted.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._errors import InvalidInput
from ...module_utils._variables import to_builtin
from .certificates import describe_certificate

Report = dict[str, Any]
Row = dict[str, Any]

# The states of a reference with their labels, the worst first.
STATES = {
    "dangling": "Dangling",
    "not_referenceable": "Not referenceable",
    "malformed": "Malformed",
    "other_backend": "Other backend",
    "ok": "OK",
}
# The counts in the totals with their labels.
TOTALS = {**STATES, "unused_secrets": "Unused secrets", "unused_vaults": "Unused vaults"}
PROBLEMS = ("dangling", "not_referenceable", "malformed")
# The kinds of entity that a plugin can be scoped to.
SCOPES = ("route", "service", "consumer", "consumer_group")
SECONDS_PER_DAY = 86400

_REFERENCE_FIELDS = (
    *("reference", "state", "problem", "message", "entity", "id", "name", "instance_name", "enabled", "field"),
    *(*SCOPES, "vault", "backend", "config_store", "secret", "property", "verified"),
)
_FIELDS = {
    "references": _REFERENCE_FIELDS,
    "secrets": ("key", "config_store", "created_at", "updated_at", "age", "vaults", "references", "in_use"),
    "vaults": ("id", "prefix", "backend", "config_store", "references", "in_use"),
    "certificates": ("entity", "id", "name", "field", "cert"),
}
_PARTS = ("control_plane", *_FIELDS, "summary")


def read_reports(results: Any, now: datetime.datetime | None = None) -> list[Report]:
    """Return the reports in a list of results of konnect_reference_info, without the keys that Ansible adds.

    :param now: from when on the days until certificates expire are counted.

    Raises InvalidInput if an entry is not such a result.
    """
    if not isinstance(results, Sequence) or isinstance(results, (str, bytes)):
        raise InvalidInput("The input must be a list of results of community.konnect.konnect_reference_info.")
    now = now or datetime.datetime.now(datetime.timezone.utc)
    return [_read_report(to_builtin(result), number, now) for number, result in enumerate(results, 1)]


def parse_time(value: Any) -> datetime.datetime:
    """Return a datetime, or an ISO 8601 string, as a datetime in UTC; without a time zone it counts as UTC.

    Raises InvalidInput if the value is neither.
    """
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", value))
        except ValueError:
            raise InvalidInput(f"generated_at is {value!r}, which is not an ISO 8601 time.") from None
    if not isinstance(value, datetime.datetime):
        raise InvalidInput("generated_at must be a time, such as the value of now(utc=true).")
    if value.tzinfo is None:
        return value.replace(tzinfo=datetime.timezone.utc)
    return value.astimezone(datetime.timezone.utc)


def totals(reports: Sequence[Report]) -> dict[str, int]:
    """Return the number of references in each state and of unused secrets and vaults, over all control planes."""
    rows = [row for report in reports for row in report["references"]]
    counts = {state: sum(row["state"] == state for row in rows) for state in reversed(STATES)}
    for part in ("secrets", "vaults"):
        counts[f"unused_{part}"] = sum(not row["in_use"] for report in reports for row in report[part])
    return counts


def sorted_references(reports: Sequence[Report]) -> list[tuple[Report, Row]]:
    """Return every reference with the report that it belongs to, the worst states first."""
    rank = {state: number for number, state in enumerate(STATES)}
    pairs = [(report, row) for report in reports for row in report["references"]]
    return sorted(pairs, key=lambda pair: rank[pair[1]["state"]])


def to_json(reports: Sequence[Report], generated_at: datetime.datetime) -> str:
    """Return ``{"generated_at", "control_planes": [report], "summary": totals}`` as indented JSON in ASCII."""
    data = {"generated_at": timestamp(generated_at), "control_planes": list(reports), "summary": totals(reports)}
    return json.dumps(data, indent=2) + "\n"


def timestamp(time: datetime.datetime) -> str:
    """Return the ISO 8601 form of a time in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def printable(text: str) -> str:
    """Return the text with escapes for what does not print, such as a line break or a change of writing direction."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def display_name(entity: Mapping[str, Any]) -> str:
    """Return the name of an entity, or its id if it has no name."""
    return str(entity["name"] or entity["id"])


def parent_name(report: Report) -> str:
    """Return the name of the control plane that a report is about, or of the AI Gateway, which is called so."""
    name = display_name(report["control_plane"])
    return f"AI Gateway {name}" if _is_ai_gateway(report) else name


def parent_label(report: Report) -> str:
    """Return for example ``control plane quickstart``."""
    return parent_name(report) if _is_ai_gateway(report) else f"control plane {parent_name(report)}"


def parent_heading(reports: Sequence[Report], ending: str = "") -> str:
    """Return the heading of a column of parents, and with the ending C(s) that of a list."""
    kinds = {"AI Gateway" if _is_ai_gateway(report) else "Control plane" for report in reports} or {"Control plane"}
    return " or ".join(f"{kind}{ending}" for kind in sorted(kinds, reverse=True))


def count_parents(reports: Sequence[Report]) -> str:
    """Return for example ``2 control planes and 1 AI Gateway``."""
    gateways = sum(map(_is_ai_gateway, reports))
    counts = {"control plane": len(reports) - gateways, "AI Gateway": gateways}
    return " and ".join(pluralize(count, noun) for noun, count in counts.items() if count)


def _is_ai_gateway(report: Report) -> bool:
    return report["control_plane"].get("kind") == "ai_gateway"


def referrer_name(reference: Row) -> str:
    """Return the kind and names of the entity that a reference stands in, such as ``plugin ai-proxy (chat)``."""
    instance = f" ({reference['instance_name']})" if reference["instance_name"] else ""
    return f"{reference['entity']} {display_name(reference)}{instance}{_in_workspace(reference)}"


def store_name(row: Row) -> str:
    """Return the name of the Config Store of a reference, a secret or a vault, or an empty string."""
    return f"{display_name(row['config_store'])}{_in_workspace(row)}" if row["config_store"] else ""


def certificate_name(row: Row) -> str:
    """Return the name of a certificate, or its id if it has no name."""
    return f"{display_name(row)}{_in_workspace(row)}"


def _in_workspace(row: Row) -> str:
    name = row.get("workspace", "default")
    return "" if name == "default" else f" in workspace {name}"


def scopes(reference: Row) -> list[tuple[str, str]]:
    """Return what the entity of a reference applies to, as pairs of kind and name."""
    return [(scope.replace("_", " "), display_name(reference[scope])) for scope in SCOPES if reference[scope]]


def age_in_days(secret: Row) -> int | None:
    """Return the number of whole days since a secret was last written, or None if that is not known."""
    return None if secret["age"] is None else int(secret["age"] // SECONDS_PER_DAY)


def pluralize(number: int, noun: str) -> str:
    """Return for example ``1 secret`` or ``2 secrets``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _read_report(result: Any, number: int, now: datetime.datetime) -> Report:
    def error(reason: str) -> InvalidInput:
        return InvalidInput(f"Item {number} is not a result of community.konnect.konnect_reference_info: {reason}.")

    if not isinstance(result, dict):
        raise error("it is not a dictionary")
    missing = [part for part in _PARTS if part not in result]
    if missing:
        raise error(f"it does not contain {', '.join(missing)}")
    for part, fields in _FIELDS.items():
        for row in result[part]:
            missing = [field for field in fields if field not in row]
            if missing:
                raise error(f"an entry of {part} does not contain {', '.join(missing)}")
    for row in result["references"]:
        if row["state"] not in STATES:
            raise error(f"a reference is in the unknown state {row['state']}")
    certificates = [describe_certificate(row, now) for row in result["certificates"]]
    return {**{part: result[part] for part in _PARTS}, "certificates": certificates}
