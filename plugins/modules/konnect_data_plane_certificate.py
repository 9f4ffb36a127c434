#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_data_plane_certificate
short_description: Manage data plane client certificates of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Adds and removes the certificates with which data plane nodes connect to the control plane.
  - A node reads the key from its own files; no secret reference helps here.
  - Options that are left out keep their value in Konnect.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
options:
  cert:
    description: The certificate in PEM, by which it is identified.
    type: str
    required: true
  title:
    description: A title of the certificate.
    type: str
seealso:
  - name: Data plane client certificate
    description: Kong's documentation.
    link: https://developer.konghq.com/gateway/data-plane-certificates/
"""

EXAMPLES = r"""
- name: Let nodes connect with a certificate
  community.konnect.konnect_data_plane_certificate:
    control_plane: quickstart
    cert: "{{ lookup('ansible.builtin.file', 'cluster.pem') }}"
    title: cluster 2026
"""

RETURN = r"""
data_plane_certificate:
  description:
    - The data plane client certificate as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    cert: "-----BEGIN CERTIFICATE-----..."
    title: cluster 2026
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

from ..module_utils._entities.kinds import DATA_PLANE_CERTIFICATE
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run
from ..module_utils._resources.option_checks import check_node_certificate

FIELDS: dict[str, Any] = {
    "cert": {"type": "str", "required": True},
    "title": {"type": "str"},
}
SPEC = entity_spec(DATA_PLANE_CERTIFICATE, FIELDS)
handler = entity_handler(DATA_PLANE_CERTIFICATE, FIELDS, check_node_certificate)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
