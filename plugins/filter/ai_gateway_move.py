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
from ..plugin_utils._move.reading import read_move

DOCUMENTATION = r"""
name: ai_gateway_move
short_description: Plan what carries a control plane over to an AI Gateway (beta)
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Decides which Config Stores, secrets, Vaults, providers and models an AI Gateway needs to do what a control plane
    does with AI Proxy, and lists what has no counterpart there.
  - It is for the playbook C(community.konnect.move_to_ai_gateway). Its input may change at any time without notice.
  - The result contains the secrets that were given. Do not show it.
positional: check_mode
options:
  _input:
    description: What the info modules found, and the variables of the playbook.
    type: dict
    required: true
  check_mode:
    description: Whether values may be missing.
    type: bool
    required: true
"""

EXAMPLES = r"""
- name: Show what an empty control plane needs
  ansible.builtin.debug:
    msg: "{{ (facts | community.konnect.ai_gateway_move(true)).needs }}"
  vars:
    facts:
      source: {}
      gateway: {}
      ai_gateway:
        name: ai-quickstart
        exists: false
"""

RETURN = r"""
_value:
  description:
    - The plan. C(problem) is an empty string, or a sentence that says what to do, and then the only one.
  type: dict
  sample:
    problem: ""
    needs: [my-config-store/mistral-key]
"""


def ai_gateway_move(facts: Any, check_mode: bool) -> dict[str, Any]:
    if not isinstance(facts, Mapping):
        raise AnsibleFilterError("ai_gateway_move: the input must be a dict.")
    try:
        return {"problem": "", **read_move(to_builtin(facts), os.environ, check_mode=bool(check_mode))}
    except InvalidInput as error:
        return {"problem": error.message}


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"ai_gateway_move": ai_gateway_move}
