# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The summary at the end of a playbook: what is where now, what changed, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._chat_response import assess_chat

# The most that a message of a failed task adds to the summary and the statistic, in characters.
MAX_MESSAGE = 2000

# The result of a task as Ansible registers it; empty when the task did not run.
TaskResult = Mapping[str, Any]


@dataclass(frozen=True)
class Summary:
    """The outcome of a playbook in a control plane, or in several of an audit.

    :param entries: by control plane, what the custom statistic has of it.
    :param lines: for people. Of a run that failed, what else there is to know.
    :param failure: why the run failed, in a sentence; empty when it did not.
    """

    entries: Mapping[str, Mapping[str, Any]]
    lines: Sequence[str] = field(default_factory=list)
    failure: str = ""


def failure_of(error: Any) -> str:
    """The message of the task that failed; empty when none did."""
    if not isinstance(error, Mapping) or not error:
        return ""
    message = str(_cause(error).get("msg") or "A task failed. Its output has the reason.").strip()
    return message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]}..."


def _cause(error: TaskResult) -> TaskResult:
    """Of a loop, of which Ansible says no more than that something failed, the first item that did."""
    rows = error.get("results")
    failed = [row for row in rows if isinstance(row, Mapping) and row.get("failed")] if isinstance(rows, list) else []
    return failed[0] if failed and failed[0].get("msg") else error


def base_entry(
    changed: bool, check_mode: bool, error: Any, message: str, rotation: TaskResult | None = None
) -> dict[str, Any]:
    """The part of a statistic that every playbook has; code is that of a failed module.

    :param rotation: of the role rotate_secret, which rolls back and fails with a task that has no code.
    """
    causes = [_cause(each) for each in (rotation, error) if isinstance(each, Mapping)]
    failed = [each for each in causes if each.get("failure")]
    failure = failed[0]["failure"] if failed else None
    return {
        "changed": changed,
        "check_mode": check_mode,
        "failed": bool(failure_of(error)),
        "code": failure.get("code") if isinstance(failure, Mapping) else None,
        "message": message,
    }


def name_of(entity: Any) -> str:
    """The name in a variable that holds a name, a mapping with one, or that as JSON; empty when there is none."""
    if isinstance(entity, str) and entity.lstrip().startswith("{"):
        try:
            entity = json.loads(entity)
        except ValueError:
            return ""
    if isinstance(entity, Mapping):
        entity = entity.get("name")
    return str(entity or "")


def reply_of(facts: TaskResult) -> str:
    """The text with which a model replied; empty when none did.

    :param facts: C(chat), the result of the chat request, and C(settings) of the role, whose secrets are left out.
    """
    settings = facts.get("settings") or {}
    secrets = [str(settings[name]) for name in ("secret_value", "key") if settings.get(name)]
    return assess_chat(facts.get("chat") or {}, secrets).text


def did_change(result: TaskResult) -> bool:
    return bool(result.get("changed"))


def enumerate_names(names: Sequence[str]) -> str:
    """For example ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
