# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The summary of a move to an AI Gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .summary import Summary, base_entry, did_change, enumerate_names, failure_of

# The results of the tasks, most of which are loops over names, and how people call what each is about.
PARTS = {
    "gateway": "AI Gateway",
    "stores": "Config Store",
    "secrets": "the secrets of Config Store",
    "vaults": "Vault",
    "providers": "provider",
    "models": "model",
}
Facts = Mapping[str, Any]


def summarize_move(facts: Facts, control_plane: str, check_mode: bool, error: Any) -> Summary:
    """Of move_to_ai_gateway.yml.

    :param facts: C(plan) of the filter ai_gateway_move, empty where there is none, C(results) by the names in PARTS,
        the name of the C(gateway), and C(is_new), whether it is to be created.
    """
    plan = facts.get("plan") or {}
    done = [name for part in PARTS for name in _changed(part, facts)]
    failure = failure_of(error)
    needs, left = plan.get("needs") or [], plan.get("left") or []
    verb = "Would create" if check_mode else "Created"
    first = f"{verb} {enumerate_names(done)}." if done else ""
    entry = {
        **base_entry(bool(done), check_mode, error, failure or first),
        "done": done,
        "needs": needs,
        "left": [f"{row['what']}: {row['reason']}" for row in left],
    }
    if failure:
        return Summary({control_plane: entry}, [f"Before that: {first}"] if done else [], f"{control_plane}: {failure}")
    lines = [f"From {control_plane} to AI Gateway {facts['gateway']}, of which nothing is removed."]
    lines += ["Nothing was written."] if check_mode else []
    lines += _planned(plan, facts) if needs else [first or "Nothing has to be created."]
    lines += [f"Needs the values of {', '.join(needs)}, in move_values or KONNECT_SECRET_VALUES."] if needs else []
    lines += [f"There already, and left as it is: {', '.join(plan['kept'])}."] if plan.get("kept") else []
    lines += [f"No counterpart: {text}" for text in entry["left"]]
    lines += plan.get("notes") or []
    return Summary({control_plane: entry}, [*lines, f"Next: {_following(bool(needs), check_mode)}."])


def _planned(plan: Facts, facts: Facts) -> list[str]:
    """A sentence on the whole plan, where nothing could be tried because values are missing."""
    names = [
        *([f"{PARTS['gateway']} {facts['gateway']}"] if facts["is_new"] else []),
        *(f"Config Store {name}" for name in plan["stores"]),
        *(f"secret {name}/{row['key']}" for name, rows in plan["secrets"].items() for row in rows),
        *(f"{PARTS[part]} {name}" for part in ("vaults", "providers", "models") for name in plan[part]),
    ]
    return [f"Would create {enumerate_names(names)}."]


def _changed(part: str, facts: Facts) -> list[str]:
    result = facts["results"].get(part) or {}
    if part == "gateway":
        return [f"{PARTS[part]} {facts['gateway']}"] if did_change(result) else []
    return [f"{PARTS[part]} {row['item']}" for row in result.get("results") or () if did_change(row)]


def _following(is_missing: bool, check_mode: bool) -> str:
    if is_missing:
        return "give these values"
    if check_mode:
        return "run the playbook without --check"
    return "ask for the models at the URL of the AI Gateway's data plane, and then move applications to it"
