#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_hmac_auth
short_description: Manage hmac-auth credentials of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes the usernames and secrets with which consumers sign requests for the plugin HMAC Auth.
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
  - community.konnect._hidden_value
options:
  consumer:
    description: The consumer that it belongs to, by its username or id, or the dict that a module returns for it.
    type: raw
    required: true
  username:
    description: The username, by which the credential is identified.
    type: str
    required: true
  secret:
    description:
      - The secret. When left out for a new credential, Konnect makes one, which no result shows. It is needed to change
        anything.
    type: str
seealso:
  - name: Hmac-auth credential
    description: Kong's documentation.
    link: https://developer.konghq.com/plugins/hmac-auth/
"""

EXAMPLES = r"""
- name: Let a consumer sign its requests
  community.konnect.konnect_hmac_auth:
    control_plane: quickstart
    consumer: alice
    username: alice
    secret: "{{ alice_hmac_secret }}"
"""

RETURN = r"""
hmac_auth:
  description:
    - The hmac-auth credential as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    consumer:
      id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
    username: alice
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

from ..module_utils._entities.kinds import HMAC_AUTH
from ..module_utils._module.argument_spec import ENTITY
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run

FIELDS: dict[str, Any] = {
    "consumer": {**ENTITY, "required": True},
    "username": {"type": "str", "required": True},
    "secret": {"type": "str", "no_log": True},
}
SPEC = entity_spec(HMAC_AUTH, FIELDS)
handler = entity_handler(HMAC_AUTH, FIELDS)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
