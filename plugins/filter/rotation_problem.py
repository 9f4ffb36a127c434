# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..plugin_utils._roles.rotate_secret import check_variables

DOCUMENTATION = r"""
name: rotation_problem
short_description: Check the variables of the role rotate_secret
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Returns what is wrong with the variables of the role P(community.konnect.rotate_secret#role).
options:
  _input:
    description:
      - The variables of the role, by their names without C(rotate_secret_), with C(phases) as a list.
      - Null and the empty string mean that a variable is not set.
    type: dict
    required: true
seealso:
  - module: community.konnect.konnect_secret_rotation
"""

EXAMPLES = r"""
- name: Show what is wrong with the variables
  ansible.builtin.debug:
    msg: "{{ {'config_store': 'my-config-store', 'take_over': 'maybe'} | community.konnect.rotation_problem }}"
"""

RETURN = r"""
_value:
  description: An empty string, or a sentence for each mistake, without the value.
  type: str
  sample: rotate_secret_take_over must be true or false.
"""


def rotation_problem(variables: Any) -> str:
    if not isinstance(variables, Mapping):
        raise AnsibleFilterError("rotation_problem: the input must be a dict of variables.")
    try:
        check_variables(variables)
    except InvalidInput as error:
        return error.message
    return ""


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"rotation_problem": rotation_problem}
