#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_target_info
short_description: List targets of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Lists the targets of a control plane, without secrets.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
options:
  id:
    description: Return only the target with this id or address.
    type: str
  upstream:
    description: Return only targets of this upstream.
    type: raw
  tags:
    description: Return only targets with all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_target
"""

EXAMPLES = r"""
- name: List the targets
  community.konnect.konnect_target_info:
    control_plane: quickstart
"""

RETURN = r"""
targets:
  description: The targets, sorted by name or id.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      upstream:
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
      target: 192.0.2.10:8080
      weight: 50
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

from ..module_utils._entities.kinds import TARGET
from ..module_utils._module.entity_module import entity_info_handler, entity_info_spec
from ..module_utils._module.runner import run

SPEC = entity_info_spec(TARGET)
handler = entity_info_handler(TARGET)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
