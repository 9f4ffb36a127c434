# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput

DOCUMENTATION = r"""
name: reference_findings
short_description: List the findings of an audit of secret references
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Selects the problems from results of M(community.konnect.konnect_reference_info), one for each control plane, and
    describes each in a sentence.
positional: kinds
options:
  _input:
    description: The results, for example C(results) of a task that loops over control planes.
    type: list
    elements: dict
    required: true
  kinds:
    description:
      - The kinds of findings to list.
      - V(dangling), V(not_referenceable), V(malformed) and V(other_backend) are states of a reference.
      - V(unused_secrets) and V(unused_vaults) are secrets and Vaults to which nothing refers.
      - V(old_secrets) are secrets that were last written more than O(maximum_age_days) days ago.
      - V(expiring_certificates) are certificates that expire within O(expiry_days) days, or have expired. They are read
        with the Python library cryptography, on the controller. One that is in a secret cannot be read.
      - V(none) alone lists nothing. Null, the empty string and an empty list mean the default. A text is split at
        commas, or read as JSON.
    type: list
    elements: str
    choices:
      - dangling
      - not_referenceable
      - malformed
      - other_backend
      - unused_secrets
      - unused_vaults
      - old_secrets
      - expiring_certificates
      - none
    default: [dangling, not_referenceable, malformed]
  maximum_age_days:
    description: The maximum age of a secret in whole days. Required for V(old_secrets).
    type: int
  expiry_days:
    description: For V(expiring_certificates), within how many whole days a certificate expires.
    type: int
    default: 30
seealso:
  - plugin: community.konnect.reference_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Fail when a reference does not resolve
  ansible.builtin.assert:
    that: found.results | community.konnect.reference_findings(['dangling']) | length == 0
  vars:
    found:
      results: []
"""

RETURN = r"""
_value:
  description: The findings, in the order of the kinds.
  type: list
  elements: dict
  contains:
    finding:
      description: The kind of the finding.
      type: str
      returned: always
      sample: dangling
    control_plane:
      description: The name of the control plane.
      type: str
      returned: always
      sample: quickstart
    message:
      description: Where the problem is, and what it is.
      type: str
      returned: always
      sample: >-
        quickstart: plugin ai-proxy, route example-route, config.auth.header_value,
        {vault://mysecretvault/mistral-key}: Dangling.
"""


def reference_findings(
    results: Any, kinds: Any = None, maximum_age_days: Any = None, expiry_days: Any = None
) -> list[dict[str, Any]]:
    # Here, because Ansible imports all filters of a collection to find one, in the process of each task.
    from ..plugin_utils._report.findings import list_findings, read_days, read_kinds
    from ..plugin_utils._report.model import read_reports

    try:
        age, expiry = read_days(maximum_age_days, "maximum_age_days"), read_days(expiry_days, "expiry_days")
        return list_findings(read_reports(results), read_kinds(kinds), age, expiry)
    except InvalidInput as error:
        raise AnsibleFilterError(f"reference_findings: {error.message}") from None


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., list[dict[str, Any]]]]:
        return {"reference_findings": reference_findings}
