#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_jwt
short_description: Manage JWT credentials of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes the issuers and secrets by which the plugin JWT checks the tokens of consumers.
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
options:
  consumer:
    description: The consumer that it belongs to, by its username or id, or the dict that a module returns for it.
    type: raw
    required: true
  key:
    description: The issuer that tokens name, by which the credential is identified. It is no secret.
    type: str
    required: true
  algorithm:
    description: The algorithm of the signature.
    type: str
    choices:
      - ES256
      - ES256K
      - ES384
      - ES512
      - ESB256
      - ESB320
      - ESB384
      - ESB512
      - ESP256
      - ESP384
      - ESP512
      - Ed25519
      - Ed448
      - EdDSA
      - HS256
      - HS384
      - HS512
      - PS256
      - PS384
      - PS512
      - RS256
      - RS384
      - RS512
  rsa_public_key:
    description: The public key in PEM, for algorithms that need one.
    type: str
  secret:
    description:
      - The secret, for algorithms with a shared one. When left out for a new credential, Konnect makes one.
      - Kong resolves no secret references here.
      - Where Konnect does not show it, a change of it alone is not noticed.
    type: str
seealso:
  - name: JWT credential
    description: Kong's documentation.
    link: https://developer.konghq.com/plugins/jwt/
"""

EXAMPLES = r"""
- name: Let a consumer sign tokens with a secret
  community.konnect.konnect_jwt:
    control_plane: quickstart
    consumer: alice
    key: alice-issuer
    secret: "{{ alice_jwt_secret }}"
"""

RETURN = r"""
jwt:
  description:
    - The JWT credential as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    consumer:
      id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
    key: alice-issuer
    algorithm: HS256
    secret: (not shown)
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

from ..module_utils._entities.kinds import JWT
from ..module_utils._module.argument_spec import ENTITY
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run

ALGORITHMS = [
    *(f"{family}{bits}" for family in ("ES", "HS", "PS", "RS") for bits in (256, 384, 512)),
    *("ES256K", "ESB256", "ESB320", "ESB384", "ESB512", "ESP256", "ESP384", "ESP512", "Ed25519", "Ed448", "EdDSA"),
]
FIELDS: dict[str, Any] = {
    "consumer": {**ENTITY, "required": True},
    "key": {"type": "str", "required": True, "no_log": False},
    "algorithm": {"type": "str", "choices": ALGORITHMS},
    "rsa_public_key": {"type": "str", "no_log": False},
    "secret": {"type": "str", "no_log": True},
}
SPEC = entity_spec(JWT, FIELDS)
handler = entity_handler(JWT, FIELDS)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
