#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_gateway
short_description: Manage AI Gateways of Kong Konnect
version_added: 1.0.0
description:
  - Creates, updates and removes AI Gateways, a product of Konnect that is in beta.
  - Options that are left out keep their value in Konnect.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_konnect
  - community.konnect._connection
  - community.konnect._state
options:
  name:
    description:
      - The name of the gateway, 1 to 256 lower-case letters, digits and dashes. The id of an existing one is accepted
        too.
    type: str
    required: true
  display_name:
    description: The name for people. A new one has O(name) when this is left out.
    type: str
  description:
    description: A description; V("") removes it.
    type: str
  proxy_urls:
    description: The URLs at which data planes can be reached, for information. Replaces all there are.
    type: list
    elements: dict
    suboptions:
      host:
        description: The host.
        type: str
        required: true
      port:
        description: The port.
        type: int
        required: true
      protocol:
        description: The protocol, such as V(https).
        type: str
        required: true
  labels:
    description: Labels, each a text of 1 to 63 characters. Replaces all there are; V({}) removes them.
    type: dict
  on_in_use:
    description:
      - With O(state=absent), what to do when something is in the gateway.
      - V(fail) fails. V(keep) keeps the gateway without failing, and returns RV(kept). V(remove) removes it with all
        that is in it.
    type: str
    choices: [fail, keep, remove]
    default: fail
seealso:
  - module: community.konnect.konnect_ai_model
"""

EXAMPLES = r"""
- name: Create an AI Gateway
  community.konnect.konnect_ai_gateway:
    name: my-gateway
    display_name: My gateway

- name: Remove it, and fail unless it is empty
  community.konnect.konnect_ai_gateway:
    name: my-gateway
    state: absent
"""

RETURN = r"""
ai_gateway:
  description:
    - The AI Gateway as Konnect returns it. In check mode, what is known of it.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    name: my-gateway
    display_name: My gateway
    endpoints:
      configuration: https://acfe5f253f.cp.konghq.com
      telemetry: https://acfe5f253f.tp0.konghq.com
    config_version: "1"
kept:
  description: Why it was kept, with the C(code) V(not_empty) and a C(message).
  returned: with O(on_in_use=keep), when it was not removed
  type: dict
  sample:
    code: not_empty
    message: AI Gateway my-gateway holds 1 config store and was kept.
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

from ..module_utils._entities.control_plane import Organization
from ..module_utils._module.argument_spec import CONNECTION, ON_IN_USE, STATE, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_entity import ai_result
from ..module_utils._resources.ai_gateway import FIELDS, account, ensure_ai_gateway, remove_ai_gateway

PROXY_URL = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "protocol": {"type": "str", "required": True},
}
OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "display_name": {"type": "str"},
    "description": {"type": "str"},
    "proxy_urls": {"type": "list", "elements": "dict", "options": PROXY_URL},
    "labels": {"type": "dict"},
}
SPEC = ArgumentSpec(options=OPTIONS).merge(CONNECTION, STATE, ON_IN_USE)


def handler(parent: Organization, options: dict) -> dict:
    change = ensure_ai_gateway if options["state"] == "present" else remove_ai_gateway
    return ai_result(account(parent), FIELDS, change(parent, options))


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
