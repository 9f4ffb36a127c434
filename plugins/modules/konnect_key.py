#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_key
short_description: Manage keys of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes keys, public or private ones, for plugins that sign, check or decrypt.
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
  - community.konnect._check_references
  - community.konnect._literal_secrets
options:
  name:
    description: The name of the key, by which it is identified. Without one, O(kid) and O(set) identify it.
    type: str
  kid:
    description: The id of the key, which a JWK carries too. It is needed to create a key.
    type: str
  set:
    description: The key set that it belongs to, by its name or id, or the dict that a module returns for it.
    type: raw
  jwk:
    description: The key as a JWK, a text in JSON or a mapping, or a secret reference. It replaces O(pem).
    type: str
  pem:
    description: The key in PEM. It replaces O(jwk).
    type: dict
    suboptions:
      private_key:
        description: The private key, or a secret reference.
        type: str
      public_key:
        description: The public key, or a secret reference.
        type: str
  x5t:
    description: The thumbprint (SHA-1) of its X.509 certificate.
    type: str
seealso:
  - name: Key
    description: Kong's documentation.
    link: https://developer.konghq.com/gateway/entities/key/
"""

EXAMPLES = r"""
- name: Create a key whose private part is in a Config Store
  community.konnect.konnect_key:
    control_plane: quickstart
    name: example-key
    kid: "42"
    set: example-keys
    pem:
      private_key: "{vault://mysecretvault/example-private-key}"
"""

RETURN = r"""
gateway_key:
  description:
    - The key as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: example-key
    kid: "42"
    set:
      id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
created_by_collection:
  description: Whether this collection created it, as its id shows.
  returned: when it exists or existed
  type: bool
  sample: true
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

from ..module_utils._entities.kinds import KEY
from ..module_utils._module.argument_spec import ENTITY
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run

KEY_PAIR = {"private_key": {"type": "str", "no_log": True}, "public_key": {"type": "str", "no_log": False}}
FIELDS: dict[str, Any] = {
    "name": {"type": "str"},
    "kid": {"type": "str"},
    "set": ENTITY,
    "jwk": {"type": "str", "no_log": True},
    "pem": {"type": "dict", "options": KEY_PAIR},
    "x5t": {"type": "str"},
}
SPEC = entity_spec(KEY, FIELDS, required_one_of=[("name", "kid")])
handler = entity_handler(KEY, FIELDS)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
