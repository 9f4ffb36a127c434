# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The summary of rotate.yml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .summary import Summary, base_entry, did_change, failure_of

# Of the result of konnect_secret_rotation, what the statistic has of it.
FIELDS = ("outcome", "next_phase", "next_step", "live_key", "old_key_may_be_revoked", "old_key_reason")


def summarize_rotation(facts: Mapping[str, Any], control_plane: str, check_mode: bool, error: Any) -> Summary:
    """Of a rotation.

    :param facts: C(result) is rotate_secret_result; C(config_store) and C(key) say of which secret.
    """
    result = facts.get("result") or {}
    failure = failure_of(error)
    message = failure or str(result.get("message") or "The rotation was not run.")
    following = str(result.get("next_step") or "")
    base = base_entry(did_change(result), check_mode, error, message, result if failure else None)
    entry = {
        **base,
        "config_store": facts["config_store"],
        "key": facts["key"],
        **{field: result.get(field) for field in FIELDS},
    }
    where = f"{control_plane}, Config Store {facts['config_store']}"
    lines = [f"Next: {_sentence(following)}"] if following else []
    if check_mode and did_change(result):
        lines = ["Next: run the playbook without --check."]
    if failure:
        return Summary({control_plane: entry}, lines, f"{where}: {failure}")
    return Summary({control_plane: entry}, [f"{where}: {message}", *lines])


def _sentence(text: str) -> str:
    return "nothing." if text == "None." else f"{text[:1].lower()}{text[1:]}"
