# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._roles import variables

DOCUMENTATION = r"""
name: connection_options
short_description: Keep the connection options that are set
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Returns the connection options that a role or a task sets, to be used as C(module_defaults) over those of the play.
  - When one of C(konnect_region) and C(konnect_url) is set, the other one is returned as an empty string, so that the
    play cannot set it.
  - The result may contain the token. Do not show it.
options:
  _input:
    description:
      - The options. Others than connection options are left out.
      - Null and the empty string mean that one is not set.
    type: dict
    required: true
seealso:
  - plugin: community.konnect.host_settings
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show which options are used over those of the play
  ansible.builtin.debug:
    msg: "{{ {'konnect_url': 'https://konnect.example.com', 'ca_path': none} | community.konnect.connection_options }}"
"""

RETURN = r"""
_value:
  description: The options.
  type: dict
  sample:
    konnect_region: ""
    konnect_url: https://konnect.example.com
"""


def connection_options(options: Any) -> dict[str, Any]:
    if not isinstance(options, Mapping):
        raise AnsibleFilterError("connection_options: the input must be a dict of options.")
    return variables.connection_options(options)


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"connection_options": connection_options}
