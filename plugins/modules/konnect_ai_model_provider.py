#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_model_provider
short_description: Manage model providers of an AI Gateway of Kong Konnect
version_added: 1.0.0
description:
  - Creates, updates and removes the providers of an AI Gateway (beta), which serve its models.
  - Options that are left out keep their value in Konnect. Konnect never returns the secrets in O(config), and is not
    known to keep those that a change leaves out, so a change without them is refused.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
  - community.konnect._state
  - community.konnect._on_in_use
  - community.konnect._check_references
  - community.konnect._write_only
options:
  name:
    description: The name of the model provider, by which it is identified. The id of an existing one is accepted too.
    type: str
    required: true
  type:
    description: The type of the provider. Required to create one; it cannot be changed.
    type: str
    choices: [anthropic, azure, bedrock, cerebras, cohere, dashscope, databricks, deepseek, gemini, huggingface,
      kimi, llama2, mistral, ollama, openai, sagemaker, vercel, vllm, xai]
  display_name:
    description: The name for people. A new one has O(name) when this is left out.
    type: str
  config:
    description:
      - The settings, with C(auth) as in Konnect's API. Fields that the O(type) does not have are refused.
      - Secrets are best given as references, such as C({vault://my-vault/mistral-key}). A reference must be the whole
        value, so the secret itself contains C(Bearer).
    type: dict
  labels:
    description: Labels, each a text of 1 to 63 characters. Replaces all there are; V({}) removes them.
    type: dict
seealso:
  - module: community.konnect.konnect_ai_model
"""

EXAMPLES = r"""
- name: Create a provider whose key is in the Config Store
  community.konnect.konnect_ai_model_provider:
    ai_gateway: my-gateway
    name: mistral
    type: mistral
    config:
      auth:
        type: basic
        headers:
          - name: Authorization
            value: "{vault://my-vault/mistral-key}"

- name: Remove it
  community.konnect.konnect_ai_model_provider:
    ai_gateway: my-gateway
    name: mistral
    state: absent
"""

RETURN = r"""
ai_model_provider:
  description:
    - The model provider as Konnect returns it, without secrets. In check mode, what is known of it.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    name: mistral
    type: mistral
    display_name: mistral
    config:
      auth:
        type: basic
        headers:
          - name: Authorization
            value: "{vault://my-vault/mistral-key}"
created_by_collection:
  description: Whether this collection made it, as Konnect keeps it in C(managed_by); null where Konnect does not say.
  returned: success, when it exists
  type: bool
  sample: true
kept:
  description: Why it was kept, with a C(code) and a C(message).
  returned: with O(on_in_use=keep), when it was not removed
  type: dict
  sample:
    code: in_use
    message: Model provider mistral is in use by ai_model chat and was kept.
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

from ..module_utils._entities.ai_kinds import PROVIDERS
from ..module_utils._module.ai_module import ai_handler, ai_spec
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_fields import PROVIDER

FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": [*PROVIDERS]},
    "display_name": {"type": "str"},
    "config": {"type": "dict"},
    "labels": {"type": "dict"},
}
SPEC = ai_spec(PROVIDER, FIELDS)
handler = ai_handler(PROVIDER)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
