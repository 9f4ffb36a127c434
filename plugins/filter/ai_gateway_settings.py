# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..plugin_utils._roles.ai_gateway import read_gateway_settings

DOCUMENTATION = r"""
name: ai_gateway_settings
short_description: Read the variables of the role ai_gateway
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Returns what the tasks of the role P(community.konnect.ai_gateway#role) need to know, or the first mistake in its
    variables.
  - What no variable sets is read from the environment, the provider's API key for example.
  - The result contains the API key. Do not show it.
options:
  _input:
    description:
      - The variables of the role, by their names without C(ai_gateway_).
      - Null and the empty string mean that a variable is not set.
    type: dict
    required: true
seealso:
  - plugin: community.konnect.vault_reference
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what is wrong with the variables
  ansible.builtin.debug:
    msg: "{{ ({'config_store': 'my-store'} | community.konnect.ai_gateway_settings).problem }}"
"""

RETURN = r"""
_value:
  description:
    - The settings. C(problem) is an empty string, or a sentence that says what to set, and then the only one.
  type: dict
  sample:
    problem: Set ai_gateway_target to the provider's name of a model, such as mistral-small-latest.
"""


def ai_gateway_settings(variables: Any) -> dict[str, Any]:
    if not isinstance(variables, Mapping):
        raise AnsibleFilterError("ai_gateway_settings: the input must be a dict of variables.")
    try:
        return {"problem": "", **read_gateway_settings(variables, os.environ)}
    except InvalidInput as error:
        return {"problem": error.message}


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"ai_gateway_settings": ai_gateway_settings}
