# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._roles.host import secret_of

DOCUMENTATION = r"""
name: secret_names
short_description: Choose the names of the tutorial's secret by product
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Returns the names of the secret that a playbook of this collection means on a control plane or an AI Gateway.
positional: control_plane, ai_gateway
options:
  _input:
    description: C(parent) as P(community.konnect.host_settings#filter) returns it.
    type: dict
    required: true
  control_plane:
    description: The names on a control plane.
    type: dict
    required: true
  ai_gateway:
    description:
      - The names on an AI Gateway (beta), where they are others.
      - Null and the empty string mean that one is not set.
    type: dict
    required: true
seealso:
  - plugin: community.konnect.host_settings
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the key of the secret
  ansible.builtin.debug:
    msg: "{{ ({'ai_gateway': 'gw'} | community.konnect.secret_names({'key': 'one'}, {'key': 'two'})).key }}"
"""

RETURN = r"""
_value:
  description: The names.
  type: dict
  sample:
    key: two
"""


def secret_names(parent: Any, control_plane: Any, ai_gateway: Any) -> dict[str, Any]:
    if not all(isinstance(each, Mapping) for each in (parent, control_plane, ai_gateway)):
        raise AnsibleFilterError("secret_names: the input and the names must be dicts.")
    return secret_of(parent, control_plane, ai_gateway)


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"secret_names": secret_names}
