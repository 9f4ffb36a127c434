# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput

DOCUMENTATION = r"""
name: reference_report
short_description: Report on the secret references of control planes
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Turns results of M(community.konnect.konnect_reference_info), one for each control plane, into a report to read or
    to process.
  - The report never contains the value of a secret. It does contain the names of secrets, and where they are used.
positional: form, generated_at
options:
  _input:
    description: The results, for example C(results) of a task that loops over control planes.
    type: list
    elements: dict
    required: true
  form:
    description:
      - V(html) is a single self-contained page with a map, and with tables to sort and filter.
      - V(markdown) is a text with tables.
      - V(json) is an object with C(generated_at), C(control_planes) (the results) and C(summary) (their totals).
    type: str
    choices: [html, markdown, json]
    required: true
  generated_at:
    description: The time at which the results were read, as a datetime or in ISO 8601. UTC unless it has an offset.
    type: raw
    required: true
seealso:
  - plugin: community.konnect.reference_findings
    plugin_type: filter
  - module: community.konnect.konnect_reference_info
"""

EXAMPLES = r"""
- name: Show an empty report
  ansible.builtin.debug:
    msg: "{{ [] | community.konnect.reference_report('markdown', now(utc=true)) }}"

- name: Write a report from the results of a loop over control planes
  ansible.builtin.copy:
    content: "{{ found.results | community.konnect.reference_report('html', now(utc=true)) }}"
    dest: /tmp/konnect-audit.html
    mode: "0600"
  vars:
    found:
      results: []
"""

RETURN = r"""
_value:
  description: The report.
  type: str
  sample: "# Secret references in Kong Konnect"
"""


def reference_report(results: Any, form: Any, generated_at: Any) -> str:
    # Here, because Ansible imports all filters of a collection to find one, in the process of each task.
    from ..plugin_utils._report.markdown import render_markdown
    from ..plugin_utils._report.model import parse_time, read_reports, to_json
    from ..plugin_utils._report.page import render_page

    forms = {"html": render_page, "markdown": render_markdown, "json": to_json}
    if form not in forms:
        raise AnsibleFilterError(f"reference_report: the form must be one of {', '.join(forms)}, not {form!r}.")
    try:
        time = parse_time(generated_at)
        return forms[form](read_reports(results, time), time)
    except InvalidInput as error:
        raise AnsibleFilterError(f"reference_report: {error.message}") from None


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"reference_report": reference_report}
