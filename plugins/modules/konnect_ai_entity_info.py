#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_entity_info
short_description: List entities of an AI Gateway of Kong Konnect that have no module of their own
version_added: 1.0.0
description:
  - Lists entities of an AI Gateway (beta) by the name of their list. Texts whose names look secret are hidden.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
  - community.konnect._sensitive_fields
options:
  kind:
    description: The kind, by the name of its list in Konnect's API, such as V(consumer-groups).
    type: str
    required: true
  name:
    description: Return only the entity of this name or id.
    type: str
seealso:
  - module: community.konnect.konnect_ai_entity
"""

EXAMPLES = r"""
- name: List the consumer groups of an AI Gateway
  community.konnect.konnect_ai_entity_info:
    ai_gateway: my-gateway
    kind: consumer-groups
  register: found
"""

RETURN = r"""
entities:
  description: The entities as Konnect returns them, sorted by name, each with C(created_by_collection).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
      name: team-a
      display_name: Team A
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

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._module.argument_spec import AI_GATEWAY, CONNECTION, SENSITIVE_FIELDS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.any_ai_entity import list_any_ai

SPEC = ArgumentSpec(options={"kind": {"type": "str", "required": True}, "name": {"type": "str"}}).merge(
    CONNECTION, AI_GATEWAY, SENSITIVE_FIELDS
)


def handler(parent: ControlPlane, options: dict) -> dict:
    return {"changed": False, "entities": list_any_ai(parent, options)}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
