# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..module_utils._variables import to_builtin
from ..plugin_utils._roles.audit import read_scope

DOCUMENTATION = r"""
name: audit_scope
short_description: Tell which control planes and AI Gateways an audit reads
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Decides by the variables of the playbook C(community.konnect.audit), those of the host, and the environment.
  - It is for this playbook. Its input may change at any time without notice.
positional: listed
options:
  _input:
    description: The variables by their names. Null and the empty string mean that one is not set.
    type: dict
    required: true
  listed:
    description: The control planes and AI Gateways that Konnect lists, by C(control_plane) and C(ai_gateway).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show what would be read
  ansible.builtin.debug:
    msg: "{{ ({'audit_control_planes': 'orders, payments'} | community.konnect.audit_scope).names }}"
"""

RETURN = r"""
_value:
  description:
    - C(parents) to read, each with its options and a C(label), C(all) the options whose list has to be read first, and
      C(names) for people. C(problem) is an empty string, or a sentence that says what to set.
  type: dict
  sample:
    problem: ""
    all: []
    parents:
      - control_plane: orders
        ai_gateway: ""
        label: orders
    names: orders
"""


def audit_scope(variables: Any, listed: Any = None) -> dict[str, Any]:
    if not isinstance(variables, Mapping) or not isinstance(listed, (Mapping, type(None))):
        raise AnsibleFilterError("audit_scope: the input and its argument must be dicts.")
    try:
        return {"problem": "", **read_scope(to_builtin(variables), os.environ, to_builtin(listed or {}))}
    except InvalidInput as error:
        return {"problem": error.message, "all": [], "parents": [], "names": ""}


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"audit_scope": audit_scope}
