#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_gateway_info
short_description: List AI Gateways of Kong Konnect
version_added: 1.0.0
description:
  - Lists the AI Gateways (beta) that the token may see.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_konnect
  - community.konnect._connection
options:
  name:
    description: Return only the AI Gateway of this name or id.
    type: str
seealso:
  - module: community.konnect.konnect_ai_gateway
"""

EXAMPLES = r"""
- name: List AI Gateways
  community.konnect.konnect_ai_gateway_info:
  register: found
"""

RETURN = r"""
ai_gateways:
  description: The AI Gateways as Konnect returns them, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
      name: my-gateway
      display_name: My gateway
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

from ..module_utils._entities.control_plane import Organization
from ..module_utils._module.argument_spec import CONNECTION, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_gateway import list_ai_gateways

SPEC = ArgumentSpec(options={"name": {"type": "str"}}).merge(CONNECTION)


def handler(parent: Organization, options: dict) -> dict:
    return {"changed": False, "ai_gateways": list_ai_gateways(parent, options)}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
