# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The summaries of ai_gateway.yml, which sets a model of an AI Gateway up, and of the playbook that removes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._vault_reference import build_reference
from .summary import Summary, TaskResult, base_entry, did_change, enumerate_names, failure_of, reply_of

# The results of the role ai_gateway, and how people call what each is about.
PARTS = {
    "gateway": "AI Gateway",
    "config_store": "Config Store",
    "vault": "Vault",
    "secret": "secret",
    "provider": "provider",
    "model": "model",
}
Facts = Mapping[str, Any]


def summarize_ai_gateway(facts: Facts, gateway: str, check_mode: bool, error: Any) -> Summary:
    """Of ai_gateway.yml.

    :param facts: C(names) and C(results) by the names in PARTS, C(chat) and C(settings) see ``reply_of``, C(url) where
        chats go, empty where that is not known.
    """
    created, changed = _changed(facts, created=True), _changed(facts, created=False)
    done = [*created, *changed]
    create, change = ("Would create", "Would change") if check_mode else ("Created", "Changed")
    lines = [f"{verb} {enumerate_names(names)}." for verb, names in ((create, created), (change, changed)) if names]
    failure = failure_of(error)
    if failure:
        entry = {**base_entry(bool(done), check_mode, error, failure), "done": done}
        return Summary(
            {gateway: entry}, [f"Before that: {line}" for line in lines] if done else [], f"{gateway}: {failure}"
        )
    lines = lines or ["Nothing has to be changed." if check_mode else "Nothing had to be changed."]
    lines = [" ".join(["Nothing was written.", *lines])] if check_mode else [_place(facts, gateway), *lines]
    reply = reply_of(facts)
    lines += [f"The model replied: {reply}"] if reply else []
    if not check_mode and not facts.get("url"):
        lines.append("No chat request was sent, because konnect_ai_gateway_url is not set.")
    entry = {**base_entry(bool(done), check_mode, None, " ".join(lines)), "done": done, "reference": _reference(facts)}
    following = "run the playbook without --check" if check_mode else "ask for the model by its alias"
    return Summary({gateway: entry}, [*lines, f"Next: {following}."])


def summarize_ai_gateway_teardown(facts: Facts, gateway: str, check_mode: bool, error: Any) -> Summary:
    """Of ai_gateway_teardown.yml. For C(facts) see ``summarize_ai_gateway``."""
    results = {part: _result(part, facts) for part in reversed(PARTS)}
    removed = [_label(part, facts) for part, result in results.items() if did_change(result)]
    kept = [str(row["kept"]["message"]) for row in results.values() if isinstance(row.get("kept"), Mapping)]
    verb = "Would remove" if check_mode else "Removed"
    first = f"{verb} {enumerate_names(removed)}." if removed else "Nothing of it exists." if not kept else ""
    lines = [f"{gateway}: {first}"] if first else []
    lines += [f"Kept: {message}" for message in kept]
    failure = failure_of(error)
    base = base_entry(bool(removed), check_mode, error, failure or " ".join(lines))
    entries = {gateway: {**base, "removed": removed, "kept": kept}}
    if failure:
        return Summary(entries, [f"Before that: {first}"] if removed else [], f"{gateway}: {failure}")
    return Summary(entries, lines)


def _place(facts: Facts, gateway: str) -> str:
    names = facts["names"]
    return (
        f"{gateway}: the API key is the secret {names['secret']} in Config Store {names['config_store']}. Provider "
        f"{names['provider']} reads it by {_reference(facts)}."
    )


def _reference(facts: Facts) -> str:
    return build_reference(facts["names"]["secret"], facts["names"]["vault"])


def _label(part: str, facts: Facts) -> str:
    return f"{PARTS[part]} {facts['names'][part]}"


def _result(part: str, facts: Facts) -> TaskResult:
    return facts["results"].get(part) or {}


def _changed(facts: Facts, *, created: bool) -> list[str]:
    rows = {part: _result(part, facts) for part in PARTS}
    return [
        _label(part, facts)
        for part, row in rows.items()
        if did_change(row) and (not (row.get("diff") or {}).get("before")) == created
    ]
