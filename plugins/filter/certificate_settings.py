# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..module_utils._variables import to_builtin

DOCUMENTATION = r"""
name: certificate_settings
short_description: Read the variables of the role certificate_secret
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Checks a certificate and its private key, and returns what the tasks of the role
    P(community.konnect.certificate_secret#role) need to know, or the first mistake.
  - The result contains the private key. Do not show it.
requirements:
  - cryptography (Python library, on the controller)
options:
  _input:
    description:
      - The variables of the role, by their names without C(certificate_secret_).
      - Null and the empty string mean that a variable is not set.
      - C(certificates), C(node_certificates) and C(entries) are what the info modules returned.
    type: dict
    required: true
seealso:
  - plugin: community.konnect.vault_reference
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what is wrong with the variables
  ansible.builtin.debug:
    msg: "{{ ({'config_store': 'certificates'} | community.konnect.certificate_settings).problem }}"
"""

RETURN = r"""
_value:
  description:
    - The settings. C(problem) is an empty string, or a sentence that says what to change, and then the only one.
  type: dict
  sample:
    problem: Set certificate_secret_vault_prefix.
"""


def certificate_settings(variables: Any) -> dict[str, Any]:
    # Here, because Ansible imports all filters of a collection to find one, in the process of each task.
    from ..plugin_utils._roles.certificate_secret import read_settings

    if not isinstance(variables, Mapping):
        raise AnsibleFilterError("certificate_settings: the input must be a dict of variables.")
    try:
        now = datetime.datetime.now(datetime.timezone.utc)
        return {"problem": "", **read_settings(to_builtin(variables), now)}
    except InvalidInput as error:
        return {"problem": error.message}


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"certificate_settings": certificate_settings}
