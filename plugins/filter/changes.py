# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._roles.changes import put_together

DOCUMENTATION = r"""
name: changes
short_description: Put together what several tasks changed
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Returns what M(community.konnect.konnect_wait_for_sync) needs to know of the changes of several tasks.
  - Tasks that were skipped, or changed nothing, do not matter.
options:
  _input:
    description: The registered results of the tasks. Those of loops may be among them.
    type: list
    elements: dict
    required: true
seealso:
  - module: community.konnect.konnect_wait_for_sync
"""

EXAMPLES = r"""
- name: Change a service
  community.konnect.konnect_service:
    control_plane: quickstart
    name: example-service
    url: http://httpbin.konghq.com/anything
  register: service

- name: Change a route of the service
  community.konnect.konnect_route:
    control_plane: quickstart
    name: example-route
    service: example-service
    paths: [/anything]
  register: route

- name: Wait until every data plane runs both changes
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    previous_hashes: "{{ both.expected_hashes }}"
    written_at: "{{ both.written_at }}"
  vars:
    both: "{{ [service, route] | community.konnect.changes }}"
"""

RETURN = r"""
_value:
  description:
    - C(changed) says whether any of the tasks changed something.
    - C(written_at) is when the last change was made, by Konnect's clock. Empty when nothing was written.
    - C(expected_hashes) are all that data planes were expected to run before these changes.
  type: dict
  sample:
    changed: true
    written_at: "2026-11-23T10:00:00Z"
    expected_hashes: [6f1d4c0b9a3e58274c1f0d9b8e7a6352]
"""


def changes(results: Any) -> dict[str, Any]:
    if isinstance(results, (str, Mapping)) or not isinstance(results, Sequence):
        raise AnsibleFilterError("changes: the input must be a list of results of tasks.")
    if not all(isinstance(result, Mapping) for result in results):
        raise AnsibleFilterError("changes: each entry of the input must be the result of a task.")
    return put_together(results)


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"changes": changes}
