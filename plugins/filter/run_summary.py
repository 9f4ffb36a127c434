# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..module_utils._variables import to_builtin
from ..plugin_utils._summary.ai_gateway import summarize_ai_gateway, summarize_ai_gateway_teardown
from ..plugin_utils._summary.move import summarize_move
from ..plugin_utils._summary.preflight import summarize_preflight
from ..plugin_utils._summary.rotation import summarize_rotation
from ..plugin_utils._summary.stat import build_stat
from ..plugin_utils._summary.summary import Summary
from ..plugin_utils._summary.tutorial import summarize_site, summarize_teardown

DOCUMENTATION = r"""
name: run_summary
short_description: Summarize a run of a playbook of this collection
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Makes the summary at the end of the playbooks of this collection, and the custom statistic that AWX keeps as the
    artifacts of the job.
  - It is for these playbooks. Its input may change at any time without notice.
positional: playbook
options:
  _input:
    description: The results of the tasks and the variables that the summary is about.
    type: dict
    required: true
  playbook:
    description: What was run.
    type: str
    choices: [preflight, site, rotation, audit, teardown, ai_gateway, ai_gateway_teardown, move]
    required: true
  control_plane:
    description: The name or the id of the control plane or AI Gateway.
    type: str
    required: true
  host:
    description: The host that the statistic is about.
    type: str
    required: true
  hosts:
    description: All hosts of the play. Their statistics together have at most 32 kB.
    type: list
    elements: str
    required: true
  check_mode:
    description: Whether the playbook runs in check mode.
    type: bool
    required: true
  error:
    description: The result of the task that failed, C(ansible_failed_result). Empty when none did.
    type: raw
"""

EXAMPLES = r"""
- name: Show the summary of a rotation
  ansible.builtin.debug:
    msg: >-
      {{ facts | community.konnect.run_summary('rotation', control_plane='quickstart', host=inventory_hostname,
         hosts=ansible_play_hosts_all, check_mode=ansible_check_mode) }}
  vars:
    facts:
      config_store: my-config-store
      key: mistral-key
      result: {}
"""

RETURN = r"""
_value:
  description:
    - C(lines) are for people. C(failure) says why the run failed, and is empty when it did not.
    - C(stat) is the statistic, a dict by host and control plane.
  type: dict
  sample:
    lines: ["quickstart, Config Store my-config-store: The rotation was not run."]
    failure: ""
    stat: {}
"""


def _summarize_audit(facts: Mapping[str, Any], control_plane: str, check_mode: bool, error: Any) -> Summary:
    # Here, because the other playbooks need none of what reads certificates and makes a report.
    from ..plugin_utils._summary.audit import summarize_audit

    return summarize_audit(facts, control_plane, check_mode, error)


SUMMARIES: dict[str, Callable[[Mapping[str, Any], str, bool, Any], Summary]] = {
    "preflight": summarize_preflight,
    "site": summarize_site,
    "rotation": summarize_rotation,
    "audit": _summarize_audit,
    "teardown": summarize_teardown,
    "ai_gateway": summarize_ai_gateway,
    "ai_gateway_teardown": summarize_ai_gateway_teardown,
    "move": summarize_move,
}


def run_summary(
    facts: Any,
    playbook: str,
    *,
    control_plane: str,
    host: str,
    hosts: Sequence[str],
    check_mode: bool,
    error: Any = None,
) -> dict[str, Any]:
    if playbook not in SUMMARIES:
        raise AnsibleFilterError(f"run_summary: playbook must be one of {', '.join(SUMMARIES)}.")
    try:
        summary = SUMMARIES[playbook](to_builtin(facts), str(control_plane), bool(check_mode), to_builtin(error))
    except InvalidInput as problem:
        raise AnsibleFilterError(f"run_summary: {problem.message}") from None
    stat = build_stat(str(host), [str(each) for each in hosts], summary.entries)
    return {"lines": list(summary.lines), "failure": summary.failure, "stat": stat}


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"run_summary": run_summary}
