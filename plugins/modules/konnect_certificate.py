#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_certificate
short_description: Manage certificates of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes the certificates that the gateway serves, or presents to upstreams.
  - Its key is best a secret reference, for example V({vault://my-vault/my-key}). The certificate itself is public.
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
  - community.konnect._check_references
  - community.konnect._literal_secrets
options:
  id:
    description: The id of an existing certificate.
    type: str
  cert:
    description:
      - The certificate in PEM, followed by the intermediate ones, or a secret reference. It identifies the certificate
        when neither O(id) nor O(snis) is given.
    type: str
  key:
    description: The key in PEM, or a secret reference. One that belongs to another certificate than O(cert) is refused.
    type: str
  cert_alt:
    description: Another certificate, with a key of another type, in PEM or as a secret reference.
    type: str
  key_alt:
    description: Its key, in PEM or as a secret reference.
    type: str
  snis:
    description:
      - The host names for which it is served. A certificate with any of them is the one that is meant.
      - A name that is not listed is removed, an empty list removes all. When left out, they stay as they are.
    type: list
    elements: str
seealso:
  - name: Certificate
    description: Kong's documentation.
    link: https://developer.konghq.com/gateway/entities/certificate/
"""

EXAMPLES = r"""
- name: Serve a certificate whose key is in a Config Store
  community.konnect.konnect_certificate:
    control_plane: quickstart
    cert: "{{ lookup('ansible.builtin.file', 'example.com.pem') }}"
    key: "{vault://mysecretvault/example-com-key}"
    snis: [example.com]
"""

RETURN = r"""
certificate:
  description:
    - The certificate as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    cert: "-----BEGIN CERTIFICATE-----..."
    key: "{vault://mysecretvault/example-com-key}"
    snis: [example.com]
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
      Certificate example (5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27) is in use and was kept.
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

from ..module_utils._entities.kinds import CERTIFICATE
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run
from ..module_utils._resources.option_checks import check_pairs

FIELDS: dict[str, Any] = {
    "id": {"type": "str"},
    "cert": {"type": "str"},
    "key": {"type": "str", "no_log": True},
    "cert_alt": {"type": "str"},
    "key_alt": {"type": "str", "no_log": True},
    "snis": {"type": "list", "elements": "str"},
}
SPEC = entity_spec(CERTIFICATE, FIELDS, required_one_of=[("id", "snis", "cert")])
handler = entity_handler(CERTIFICATE, FIELDS, check_pairs)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
