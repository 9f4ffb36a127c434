#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_key_auth
short_description: Manage key-auth credentials of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes the API keys with which consumers pass the plugin Key Auth.
  - A consumer may have several keys. Another O(key) is another credential beside the first; with O(id), it replaces
    the key of that one.
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
  id:
    description: The id of an existing credential, in the place of its key.
    type: str
  key:
    description:
      - The key, by which the credential of the consumer is identified.
      - Kong resolves no secret references here.
    type: str
  ttl:
    description: After how many seconds a new key expires. It runs down, and is not changed afterwards.
    type: int
seealso:
  - name: Key-auth credential
    description: Kong's documentation.
    link: https://developer.konghq.com/plugins/key-auth/
"""

EXAMPLES = r"""
- name: Give a consumer a key
  community.konnect.konnect_key_auth:
    control_plane: quickstart
    consumer: alice
    key: "{{ alice_key }}"
"""

RETURN = r"""
key_auth:
  description:
    - The key-auth credential as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    consumer:
      id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
    key: (not shown)
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

from ..module_utils._entities.kinds import KEY_AUTH
from ..module_utils._module.argument_spec import ENTITY
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run

FIELDS: dict[str, Any] = {
    "consumer": {**ENTITY, "required": True},
    "id": {"type": "str"},
    "key": {"type": "str", "no_log": True},
    "ttl": {"type": "int"},
}
SPEC = entity_spec(KEY_AUTH, FIELDS, required_one_of=[("id", "key")])
handler = entity_handler(KEY_AUTH, FIELDS)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
