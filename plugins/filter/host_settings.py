# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..plugin_utils._roles.host import read_host

DOCUMENTATION = r"""
name: host_settings
short_description: Read how a host of the inventory plugin is reached
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Returns what the playbooks of this collection hand to their modules for a host, or what is wrong with its variables.
  - The result contains the token. Do not show it.
options:
  _input:
    description:
      - The variables of the host as P(community.konnect.konnect#inventory) sets them, its name as C(host), and as
        C(options) the connection options that win over them.
      - Null and the empty string mean that a variable is not set.
    type: dict
    required: true
seealso:
  - plugin: community.konnect.konnect
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Show at which URL the data planes of a host accept requests
  ansible.builtin.debug:
    msg: "{{ ({'konnect_proxy_url': 'http://localhost:8000'} | community.konnect.host_settings).proxy_url }}"
"""

RETURN = r"""
_value:
  description:
    - C(options) of the modules, C(proxy_url), C(ai_gateway_url) and C(environment) of the tasks, C(parent), the control
      plane or AI Gateway, and C(chat), how often to send the chat request.
    - C(problem) is an empty string, or a sentence that says what to set, and then the others are empty.
  type: dict
  sample:
    problem: ""
    options:
      konnect_region: eu
    proxy_url: http://localhost:8000
    ai_gateway_url: ""
    parent:
      control_plane: quickstart
      ai_gateway: ""
      proxy_url: http://localhost:8000
      name: quickstart
    environment:
      KONNECT_PROXY_URL: http://localhost:8000
    chat:
      retries: 60
      delay: 1.0
      use_proxy:
        proxy_url: false
        ai_gateway_url: true
"""


def host_settings(variables: Any) -> dict[str, Any]:
    if not isinstance(variables, Mapping):
        raise AnsibleFilterError("host_settings: the input must be a dict of variables.")
    try:
        return {"problem": "", **read_host(variables, os.environ)}
    except InvalidInput as error:
        return {
            "problem": error.message,
            "options": {},
            "proxy_url": "",
            "ai_gateway_url": "",
            "parent": {},
            "environment": {},
            "chat": {},
        }


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"host_settings": host_settings}
