#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_model
short_description: Manage models of an AI Gateway of Kong Konnect
version_added: 1.0.0
description:
  - Creates, updates and removes the models of an AI Gateway (beta), each an alias that applications ask for, with the
    targets that serve them.
  - Options that are left out keep their value in Konnect. In O(config) and O(targets), so do fields that are left out.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
  - community.konnect._state
  - community.konnect._check_references
  - community.konnect._write_only
options:
  name:
    description: The name of the model, by which it is identified. The id of an existing one is accepted too.
    type: str
    required: true
  type:
    description: V(model) serves requests, V(api) takes batches and files. Required to create one, and stays.
    type: str
    choices: [api, model]
  display_name:
    description: The name for people. A new one has O(name) when this is left out.
    type: str
  enabled:
    description: Whether the gateway serves the model. Konnect's default is V(true).
    type: bool
  capabilities:
    description: What it can do, such as V(generate). Required to create one.
    type: list
    elements: str
  formats:
    description: The format of requests, one entry such as C({"type":"openai"}). Required to create one.
    type: list
    elements: dict
  targets:
    description:
      - What serves it, each with C(name), C(provider) (a name or an id), and C(config) with a C(type).
      - Required to create one.
      - Fields that the type of a target does not have are refused.
    type: list
    elements: dict
  config:
    description: The settings, with C(route), as in Konnect's API. Required to create one.
    type: dict
  access:
    description: Who may use it, with C(acls) and C(identity_providers).
    type: dict
  policies:
    description: The policies that apply, by name or id. Replaces all there are.
    type: list
    elements: str
  labels:
    description: Labels, each a text of 1 to 63 characters. Replaces all there are; V({}) removes them.
    type: dict
seealso:
  - module: community.konnect.konnect_ai_model_provider
"""

EXAMPLES = r"""
- name: Create a model that applications know as chat
  community.konnect.konnect_ai_model:
    ai_gateway: my-gateway
    name: chat
    type: model
    capabilities: [generate]
    formats:
      - type: openai
    targets:
      - name: mistral-small-latest
        provider: mistral
        config:
          type: mistral
          format: openai
    config:
      route:
        paths: [/v1]
        model:
          body_param: model
          values: [chat]

- name: Remove it
  community.konnect.konnect_ai_model:
    ai_gateway: my-gateway
    name: chat
    state: absent
"""

RETURN = r"""
ai_model:
  description:
    - The model as Konnect returns it, without secrets. In check mode, what is known of it.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    name: chat
    type: model
    display_name: chat
    capabilities: [generate]
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

from ..module_utils._module.ai_module import ai_handler, ai_spec
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_fields import MODEL

FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": ["api", "model"]},
    "display_name": {"type": "str"},
    "enabled": {"type": "bool"},
    "capabilities": {"type": "list", "elements": "str"},
    "formats": {"type": "list", "elements": "dict"},
    "targets": {"type": "list", "elements": "dict"},
    "config": {"type": "dict"},
    "access": {"type": "dict"},
    "policies": {"type": "list", "elements": "str"},
    "labels": {"type": "dict"},
}
SPEC = ai_spec(MODEL, FIELDS)
handler = ai_handler(MODEL)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
