#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_consumer
short_description: Manage consumers of an AI Gateway of Kong Konnect
version_added: 1.0.0
description:
  - Creates, updates and removes the consumers of an AI Gateway (beta), and their keys.
  - Options that are left out keep their value in Konnect. A consumer that is removed takes its keys with it.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
  - community.konnect._state
  - community.konnect._write_only
options:
  name:
    description: The name of the consumer, by which it is identified. The id of an existing one is accepted too.
    type: str
    required: true
  type:
    description: How it proves who it is. Required to create one.
    type: str
    choices: [api-key, oauth]
  display_name:
    description: The name for people. A new one has O(name) when this is left out.
    type: str
  custom_id:
    description: Its id in another system.
    type: str
  policies:
    description: The policies that apply, by name or id. Replaces all there are.
    type: list
    elements: str
  credentials:
    description:
      - The keys of the consumer. Replaces all there are; V([]) removes them. When left out, they stay.
      - Konnect cannot change a key. A credential whose key or C(ttl) changed is removed and made again, so that the old
        key ends. To give applications time, add one of another name first.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the credential, by which it is identified.
        type: str
        required: true
      api_key:
        description: The key.
        type: str
        required: true
      display_name:
        description: The name for people of a new credential.
        type: str
      ttl:
        description: The seconds after which it ends.
        type: int
  labels:
    description: Labels, each a text of 1 to 63 characters. Replaces all there are; V({}) removes them.
    type: dict
seealso:
  - module: community.konnect.konnect_ai_model
"""

EXAMPLES = r"""
- name: Create a consumer
  community.konnect.konnect_ai_consumer:
    ai_gateway: my-gateway
    name: app
    type: api-key
    credentials:
      - name: first
        api_key: "{{ app_key }}"

- name: Remove it
  community.konnect.konnect_ai_consumer:
    ai_gateway: my-gateway
    name: app
    state: absent
"""

RETURN = r"""
ai_consumer:
  description:
    - The consumer as Konnect returns it, without secrets. In check mode, what is known of it.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    name: app
    type: api-key
    display_name: app
credentials:
  description: The keys of the consumer, without their values.
  returned: with O(credentials)
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-4d8e-8f8e-0a4d1c6b8f27
      name: first
created_by_collection:
  description: Whether this collection made it, as Konnect keeps it in C(managed_by); null where Konnect does not say.
  returned: success, when it exists
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

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._module.ai_module import ai_spec
from ..module_utils._module.argument_spec import HIDDEN_VALUE
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_credentials import check_credentials, credential_row, ensure_credentials
from ..module_utils._resources.ai_entity import ai_result, ensure_ai, remove_ai
from ..module_utils._resources.ai_fields import CONSUMER

CREDENTIAL: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "api_key": {"type": "str", "required": True, "no_log": True},
    "display_name": {"type": "str"},
    "ttl": {"type": "int"},
}
FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": ["api-key", "oauth"]},
    "display_name": {"type": "str"},
    "custom_id": {"type": "str"},
    "policies": {"type": "list", "elements": "str"},
    "credentials": {"type": "list", "elements": "dict", "no_log": False, "options": CREDENTIAL},
    "labels": {"type": "dict"},
}
SPEC = ai_spec(CONSUMER, FIELDS).merge(HIDDEN_VALUE)


def handler(parent: ControlPlane, options: dict) -> dict:
    check_credentials(options)
    if options["state"] == "absent":
        return ai_result(parent, CONSUMER, remove_ai(parent, CONSUMER, options))
    outcome = ensure_ai(parent, CONSUMER, options)
    if options["credentials"] is None:
        return ai_result(parent, CONSUMER, outcome)
    outcome, credentials = ensure_credentials(parent, outcome, options)
    result = ai_result(parent, CONSUMER, outcome)
    return {**result, "credentials": [credential_row(row) for row in credentials]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
