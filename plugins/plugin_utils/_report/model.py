# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""What every form of the reference report shares: what it is made from, its totals, and what there is to complain of.

A report is one result of konnect_reference_info: ``{"control_plane", "references", "secrets", "vaults", "summary"}``.
Names in it were given by whoever may write to the control plane, so none of them is trusted.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput

Report = dict[str, Any]
Row = dict[str, Any]

# The states of a reference and their names for people, the worst first.
STATES = {
    "dangling": "Dangling",
    "not_referenceable": "Not referenceable",
    "malformed": "Malformed",
    "other_backend": "Other backend",
    "ok": "OK",
}
PROBLEMS = ("dangling", "not_referenceable", "malformed")
# What an audit can be told to fail on.
FINDINGS = (*PROBLEMS, "other_backend", "unused_secrets", "unused_vaults", "old_secrets")
# What a plugin can be scoped to.
SCOPES = ("route", "service", "consumer", "consumer_group")
DAY = 86400

_FIELDS = {
    "references": (
        *("reference", "state", "problem", "message", "entity", "id", "name", "instance_name", "enabled", "field"),
        *(*SCOPES, "vault", "backend", "config_store", "secret", "property"),
    ),
    "secrets": ("key", "config_store", "created_at", "updated_at", "age", "vaults", "references", "in_use"),
    "vaults": ("id", "prefix", "backend", "config_store", "references", "in_use"),
}


def read_reports(results: Any) -> list[Report]:
    """The reports in a list of results of konnect_reference_info, as plain data and without what Ansible adds.

    Raises InvalidInput when it is anything else.
    """
    if not isinstance(results, Sequence) or isinstance(results, (str, bytes)):
        raise InvalidInput("What is reported on must be a list of results of community.konnect.konnect_reference_info.")
    return [_read_report(_plain(result), number) for number, result in enumerate(results, 1)]


def read_moment(value: Any) -> datetime.datetime:
    """A time, or its ISO 8601 form, in UTC; a time without a zone is taken for UTC. Raises InvalidInput."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", value))
        except ValueError:
            raise InvalidInput(f"generated_at is {value!r}, which is not an ISO 8601 time.") from None
    if not isinstance(value, datetime.datetime):
        raise InvalidInput("generated_at must be a time, such as that of now(utc=true).")
    if value.tzinfo is None:
        return value.replace(tzinfo=datetime.timezone.utc)
    return value.astimezone(datetime.timezone.utc)


def totals(reports: Sequence[Report]) -> dict[str, int]:
    """How many references are in each state, and how many secrets and vaults are unused, over all control planes."""
    rows = [row for report in reports for row in report["references"]]
    counts = {state: sum(row["state"] == state for row in rows) for state in reversed(STATES)}
    for things in ("secrets", "vaults"):
        counts[f"unused_{things}"] = sum(not thing["in_use"] for report in reports for thing in report[things])
    return counts


def references(reports: Sequence[Report]) -> list[tuple[Report, Row]]:
    """Every reference with the report that it stands in, the worst states first."""
    rank = {state: number for number, state in enumerate(STATES)}
    pairs = [(report, row) for report in reports for row in report["references"]]
    return sorted(pairs, key=lambda pair: rank[pair[1]["state"]])


def findings(reports: Sequence[Report], kinds: Sequence[str], maximum_age_days: int | None = None) -> list[Row]:
    """What of these kinds was found, in the order of the kinds.

    Returns ``[{"finding": one of FINDINGS, "control_plane": name, "message": a sentence}]``. Raises InvalidInput for an
    unknown kind, and for old_secrets without an age in days.
    """
    unknown = [kind for kind in kinds if kind not in FINDINGS]
    if unknown:
        names = ", ".join(visible(str(kind)) for kind in unknown)
        raise InvalidInput(f"There is no such finding as {names}. Those known are {', '.join(FINDINGS)}.")
    if "old_secrets" in kinds and maximum_age_days is None:
        raise InvalidInput("The finding old_secrets needs a maximum age in days.")
    return [
        {"finding": kind, "control_plane": title(report["control_plane"]), "message": visible(message)}
        for kind in dict.fromkeys(kinds)
        for report in reports
        for message in _messages(report, kind, maximum_age_days)
    ]


def to_json(reports: Sequence[Report], generated_at: datetime.datetime) -> str:
    """``{"generated_at", "control_planes": [report], "summary": totals}`` as indented JSON in ASCII."""
    data = {"generated_at": timestamp(generated_at), "control_planes": list(reports), "summary": totals(reports)}
    return json.dumps(data, indent=2) + "\n"


def timestamp(moment: datetime.datetime) -> str:
    """The ISO 8601 form of a time in UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def visible(text: str) -> str:
    """The text with escapes for what does not print, such as a new line or a mark that turns the writing direction."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def title(thing: Mapping[str, Any]) -> str:
    """The name of a thing, or its id when it has none."""
    return str(thing["name"] or thing["id"])


def entity_title(row: Row) -> str:
    """For example ``plugin ai-proxy (chat)``, the instance's name in parentheses."""
    instance = f" ({row['instance_name']})" if row["instance_name"] else ""
    return f"{row['entity']} {title(row)}{instance}"


def scopes(row: Row) -> list[tuple[str, str]]:
    """What the entity of a reference applies to, as pairs of kind and name."""
    return [(kind.replace("_", " "), title(row[kind])) for kind in SCOPES if row[kind]]


def days(secret: Row) -> int | None:
    """Whole days since a secret was last written; None when that is not known."""
    return None if secret["age"] is None else int(secret["age"] // DAY)


def count(number: int, noun: str) -> str:
    """For example ``1 secret`` and ``2 secrets``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _messages(report: Report, kind: str, maximum_age_days: int | None) -> Iterator[str]:
    place = title(report["control_plane"])
    for row in report["references"]:
        if row["state"] == kind:
            applies = "".join(f", {scope} {name}" for scope, name in scopes(row))
            reason = row["message"] or f"{STATES[kind]}."
            # Most messages name the field and the reference themselves.
            where = "".join(f", {part}" for part in (row["field"], row["reference"]) if part not in reason)
            yield f"{place}: {entity_title(row)}{applies}{where}: {reason}"
    for secret in report["secrets"]:
        name = f"secret {secret['key']} in Config Store {title(secret['config_store'])}"
        if kind == "unused_secrets" and not secret["in_use"]:
            yield f"{place}: {name} is not used."
        age = days(secret)
        if kind == "old_secrets" and age is not None and secret["age"] > (maximum_age_days or 0) * DAY:
            yield f"{place}: {name} was last written {count(age, 'day')} ago."
    for vault in report["vaults"]:
        if kind == "unused_vaults" and not vault["in_use"]:
            yield f"{place}: vault {vault['prefix']} is not used."


def _read_report(result: Any, number: int) -> Report:
    what = f"Result {number} is not one of community.konnect.konnect_reference_info"
    if not isinstance(result, dict):
        raise InvalidInput(f"{what}: it is no dictionary.")
    missing = [name for name in ("control_plane", *_FIELDS, "summary") if name not in result]
    if missing:
        raise InvalidInput(f"{what}: it has no {', '.join(missing)}.")
    for name, fields in _FIELDS.items():
        for row in result[name]:
            missing = [field for field in fields if field not in row]
            if missing:
                raise InvalidInput(f"{what}: an entry of its {name} has no {', '.join(missing)}.")
            if name == "references" and row["state"] not in STATES:
                raise InvalidInput(f"{what}: a reference has the unknown state {row['state']}.")
    return {name: result[name] for name in ("control_plane", *_FIELDS, "summary")}


def _plain(value: Any) -> Any:
    # Ansible's own kinds of strings, dictionaries and lists do more than JSON and string functions expect.
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    return value
