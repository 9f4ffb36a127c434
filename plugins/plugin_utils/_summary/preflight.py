# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The summary of preflight.yml: each check, and what to do about those that do not pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .summary import Summary, base_entry, enumerate_names, failure_of

MARKS = {"ok": "OK", "warning": "WARNING", "failed": "FAILED", "skipped": "not checked"}


def summarize_preflight(facts: Mapping[str, Any], control_plane: str, check_mode: bool, error: Any) -> Summary:
    """Of a preflight.

    :param facts: C(checks) as konnect_preflight returns them.
    """
    failure = failure_of(error)
    if failure:
        return Summary({control_plane: base_entry(False, check_mode, error, failure)}, [], failure)
    checks = facts["checks"]
    failed = [check for check in checks if check["outcome"] == "failed"]
    message = f"Not ready: {enumerate_names([check['check'] for check in failed])}." if failed else "Ready."
    entry = {
        **base_entry(False, check_mode, None, message),
        "failed": bool(failed),
        "checks": {check["check"]: check["outcome"] for check in checks},
        "remedies": [f"{check['check']}: {check['remedy']}" for check in failed],
    }
    lines = [_line(check) for check in checks]
    if failed:
        return Summary({control_plane: entry}, lines, f"{control_plane}: {message} What to do is said above.")
    playbook = "ai_gateway" if any(check["check"] == "ai_gateway" for check in checks) else "site"
    return Summary({control_plane: entry}, [*lines, f"Ready. Next: ansible-playbook community.konnect.{playbook}."])


def _line(check: Mapping[str, str]) -> str:
    remedy = f" {check['remedy']}" if check["outcome"] in ("warning", "failed") else ""
    return f"{MARKS[check['outcome']]} {check['check']}: {check['message']}{remedy}"
