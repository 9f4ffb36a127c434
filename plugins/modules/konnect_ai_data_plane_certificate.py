#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_data_plane_certificate
short_description: Manage data plane certificates of an AI Gateway of Kong Konnect
version_added: 1.0.0
description:
  - Creates and removes the certificates with which data plane nodes connect to an AI Gateway (beta).
  - Konnect cannot change one. To renew it, create one with another title, move the nodes to it, and remove the old
    one.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
  - community.konnect._state
options:
  title:
    description: The title of the certificate, by which it is identified. The id of an existing one is accepted too.
    type: str
    required: true
  cert:
    description: The certificate in PEM. Required to create one.
    type: str
  description:
    description: A description.
    type: str
seealso:
  - module: community.konnect.konnect_ai_gateway
"""

EXAMPLES = r"""
- name: Let the nodes with this certificate connect
  community.konnect.konnect_ai_data_plane_certificate:
    ai_gateway: my-gateway
    title: node-2026
    cert: "{{ lookup('ansible.builtin.file', 'node.crt') }}"

- name: Remove it
  community.konnect.konnect_ai_data_plane_certificate:
    ai_gateway: my-gateway
    title: node-2026
    state: absent
"""

RETURN = r"""
ai_data_plane_certificate:
  description:
    - The data plane certificate as Konnect returns it, without secrets. In check mode, what is known of it.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    title: node-2026
    cert: "-----BEGIN CERTIFICATE-----\n..."
written_at:
  description:
    - When the task made its last write, by Konnect's clock.
    - For O(community.konnect.konnect_wait_for_sync#module:written_at).
  returned: when something was written
  type: str
  sample: "2026-11-23T10:00:00Z"
expected_hashes:
  description:
    - The hash of the configuration that data planes should run, from before the first write of the task. Empty when
      there was none, and when it could not be read.
    - For O(community.konnect.konnect_wait_for_sync#module:previous_hashes).
  returned: when something was written
  type: list
  elements: str
  sample: [6f1d4c0b9a3e58274c1f0d9b8e7a6352]
failure:
  description:
    Why the task failed, with an error code to branch on.
    See U(https://github.com/ansible-collections/community.konnect/blob/main/docs/error_codes.md).
  returned: on failure
  type: dict
  sample:
    code: unauthorized
    status: 401
    fields: []
    trace: "konnect:trace:8405749052424858251"
"""

from typing import Any

from ..module_utils._module.ai_module import ai_handler, ai_spec
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_fields import DATA_PLANE_CERTIFICATE

FIELDS: dict[str, Any] = {
    "title": {"type": "str", "required": True},
    "cert": {"type": "str"},
    "description": {"type": "str"},
}
SPEC = ai_spec(DATA_PLANE_CERTIFICATE, FIELDS)
handler = ai_handler(DATA_PLANE_CERTIFICATE)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
