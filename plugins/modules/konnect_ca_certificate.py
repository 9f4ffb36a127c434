#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ca_certificate
short_description: Manage CA certificates of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes the CA certificates by which the gateway checks others.
  - Options that are left out keep their value in Konnect.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
  - community.konnect._tags
  - community.konnect._on_in_use
options:
  cert:
    description: The certificate in PEM, by which it is identified.
    type: str
    required: true
seealso:
  - name: CA certificate
    description: Kong's documentation.
    link: https://developer.konghq.com/gateway/entities/ca-certificate/
"""

EXAMPLES = r"""
- name: Trust a CA
  community.konnect.konnect_ca_certificate:
    control_plane: quickstart
    cert: "{{ lookup('ansible.builtin.file', 'ca.pem') }}"
"""

RETURN = r"""
ca_certificate:
  description:
    - The CA certificate as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    cert: "-----BEGIN CERTIFICATE-----..."
    cert_digest: 9b8aaf19a276885f6c8a6bc48a30700fdb3a351d8b05374d153bfb7b178e2a9f
created_by_collection:
  description: Whether this collection created it, as its id shows.
  returned: when it exists or existed
  type: bool
  sample: true
kept:
  description:
    - Why it was kept.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) what uses it.
  returned: with O(on_in_use=keep), when it was not removed
  type: dict
  sample:
    code: in_use
    message: >-
      CA certificate example (5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27) is in use and was kept.
    referrers:
      - entity: plugin
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: rate-limiting
        field: consumer
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

from ..module_utils._entities.kinds import CA_CERTIFICATE
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run
from ..module_utils._resources.option_checks import check_ca_certificate

FIELDS: dict[str, Any] = {
    "cert": {"type": "str", "required": True},
}
SPEC = entity_spec(CA_CERTIFICATE, FIELDS)
handler = entity_handler(CA_CERTIFICATE, FIELDS, check_ca_certificate)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
