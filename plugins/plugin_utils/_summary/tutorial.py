# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The summaries of the tutorial's playbooks: site.yml, which sets AI Proxy up, and teardown.yml, which removes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._vault_reference import build_reference
from .summary import Summary, TaskResult, base_entry, did_change, enumerate_names, failure_of, name_of, reply_of

# The results of the role ai_proxy, and how people call what each is about. The name of the variable that has its name,
# which may hold a mapping; empty for AI Proxy, of which there is one on the route.
PARTS = {
    "config_store": ("Config Store", "ai_proxy_config_store"),
    "vault": ("Vault", "ai_proxy_vault_prefix"),
    "secret": ("secret", "ai_proxy_secret_key"),
    "service": ("service", "ai_proxy_service"),
    "route": ("route", "ai_proxy_route"),
    "plugin": ("AI Proxy", ""),
}
Facts = Mapping[str, Any]


def summarize_site(facts: Facts, control_plane: str, check_mode: bool, error: Any) -> Summary:
    """Of site.yml.

    :param facts: C(names) has the variables of the role, C(results) by the names in PARTS the results of its tasks,
        C(chat) and C(settings) see ``reply_of``, C(sync) a result of konnect_wait_for_sync, C(proxy_url) where chat
        requests go, empty where that is not known.
    """
    rotation = facts.get("rotation") or {}
    created, changed = _changed_parts(facts, created=True), _changed_parts(facts, created=False)
    done = [*created, *changed] + (["the rotation"] if did_change(rotation) else [])
    failure = failure_of(error)
    lines = _what_was_done(created, changed, check_mode) if any(facts["results"].values()) else []
    lines += [str(rotation["message"])] if rotation.get("message") else []
    if failure:
        return Summary(
            {control_plane: {**base_entry(bool(done), check_mode, error, failure, rotation), "done": done}},
            [f"Before that: {line}" for line in lines] if done else [],
            f"{control_plane}: {failure}",
        )
    reply, sync = reply_of(facts), facts.get("sync") or {}
    lines = [" ".join(["Nothing was written.", *lines])] if check_mode else [_place(facts, control_plane), *lines]
    lines += [f"The model replied: {reply}"] if reply else []
    if not check_mode and facts.get("proxy_url") == "":
        lines.append("No chat request was sent, because konnect_proxy_url is not set.")
    lines += _data_planes(sync, bool(reply))
    entry = {
        **base_entry(bool(done), check_mode, None, " ".join(lines)),
        "done": done,
        "reference": _reference(facts),
        "data_planes": sync.get("verdict"),
    }
    return Summary({control_plane: entry}, [*lines, _next_after_site(facts, check_mode)])


def _place(facts: Facts, control_plane: str) -> str:
    names = facts["names"]
    return (
        f"{control_plane}: the API key is the secret {names['ai_proxy_secret_key']} in Config Store "
        f"{names['ai_proxy_config_store']}. AI Proxy on route {name_of(names['ai_proxy_route'])} reads it by "
        f"{_reference(facts)}."
    )


def _reference(facts: Facts) -> str:
    return build_reference(facts["names"]["ai_proxy_secret_key"], facts["names"]["ai_proxy_vault_prefix"])


def _next_after_site(facts: Facts, check_mode: bool) -> str:
    if check_mode:
        return "Next: run the playbook without --check."
    return (
        "Next: send chat requests through the route. For a new API key run community.konnect.rotate, for the "
        "references of the control plane community.konnect.audit, and to remove everything community.konnect.teardown."
    )


def _data_planes(sync: TaskResult, replied: bool) -> list[str]:
    """A sentence about the data planes; of the only one, its reply says more than its pings do."""
    if replied and sync.get("verdict") == "unknown" and len(sync.get("nodes") or []) == 1:
        return ["The only data plane node runs it, as the reply shows."]
    return [str(sync["reason"])] if sync.get("reason") else []


def _label(part: str, facts: Facts) -> str:
    label, variable = PARTS[part]
    return f"{label} {name_of(facts['names'].get(variable))}" if variable else label


def _result(part: str, facts: Facts) -> TaskResult:
    return facts["results"].get(part) or {}


def _was_created(result: TaskResult) -> bool:
    diff = result.get("diff")
    return isinstance(diff, Mapping) and not diff.get("before")


def _changed_parts(facts: Facts, *, created: bool) -> list[str]:
    results = {part: _result(part, facts) for part in PARTS}
    return [
        _label(part, facts)
        for part, result in results.items()
        if did_change(result) and _was_created(result) == created
    ]


def _what_was_done(created: list[str], changed: list[str], check_mode: bool) -> list[str]:
    create, change, nothing = (
        ("Would create", "Would change", "Nothing has to be changed.")
        if check_mode
        else ("Created", "Changed", "Nothing had to be changed.")
    )
    lines = [f"{verb} {enumerate_names(names)}." for verb, names in ((create, created), (change, changed)) if names]
    return [" ".join(lines) or nothing]


def summarize_teardown(facts: Facts, control_plane: str, check_mode: bool, error: Any) -> Summary:
    """Of teardown.yml. For C(facts) see ``summarize_site``; C(results) may have C(rotation), too."""
    results = {part: _result(part, facts) for part in (*reversed(PARTS), "rotation")}
    removed = [
        _label(part, facts) if part in PARTS else "what a rotation left"
        for part, result in results.items()
        if did_change(result)
    ]
    kept = [
        str(result["kept"]["message"])
        for result in results.values()
        if not did_change(result) and isinstance(result.get("kept"), Mapping)
    ]
    verb = "Would remove" if check_mode else "Removed"
    first = f"{verb} {enumerate_names(removed)}." if removed else "Nothing of it exists." if not kept else ""
    lines = [f"{control_plane}: {first}"] if first else []
    lines += [f"Kept: {message}" for message in kept]
    failure = failure_of(error)
    base = base_entry(bool(removed), check_mode, error, failure or " ".join(lines))
    entries = {control_plane: {**base, "removed": removed, "kept": kept}}
    if failure:
        return Summary(entries, [f"Before that: {first}"] if removed else [], f"{control_plane}: {failure}")
    return Summary(entries, [*lines, _next_after_teardown(bool(removed), kept, check_mode)])


def _next_after_teardown(removed: bool, kept: list[str], check_mode: bool) -> str:
    if check_mode and removed:
        return "Next: run the playbook without --check."
    if kept:
        return "Next: remove what still uses the kept ones, then run the playbook again."
    return "Next: nothing. Revoke the provider's key if nothing else uses it."
