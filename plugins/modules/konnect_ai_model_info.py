#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_model_info
short_description: List models of an AI Gateway of Kong Konnect
version_added: 1.0.0
description:
  - Lists the models of an AI Gateway (beta), without secrets.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
options:
  name:
    description: Return only the model of this name or id.
    type: str
seealso:
  - module: community.konnect.konnect_ai_model
"""

EXAMPLES = r"""
- name: List the models of an AI Gateway
  community.konnect.konnect_ai_model_info:
    ai_gateway: my-gateway
  register: found
"""

RETURN = r"""
ai_models:
  description: The models as Konnect returns them, sorted by name, each with C(created_by_collection).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
      name: chat
      type: model
      display_name: chat
      capabilities: [generate]
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

from ..module_utils._module.ai_module import ai_info_handler, ai_info_spec
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_fields import MODEL

SPEC = ai_info_spec(MODEL)
handler = ai_info_handler(MODEL, "ai_models")


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
