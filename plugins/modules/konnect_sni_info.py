#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_sni_info
short_description: List SNIs of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Lists the SNIs of a control plane, without secrets.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
options:
  name:
    description: Return only the SNI with this name or id.
    type: str
  certificate:
    description: Return only SNIs of the certificate with this id, or with this SNI.
    type: raw
  tags:
    description: Return only SNIs with all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_sni
"""

EXAMPLES = r"""
- name: List the SNIs
  community.konnect.konnect_sni_info:
    control_plane: quickstart
"""

RETURN = r"""
snis:
  description: The SNIs, sorted by name or id.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      name: www.example.com
      certificate:
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
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

from ..module_utils._entities.kinds import SNI
from ..module_utils._module.entity_module import entity_info_handler, entity_info_spec
from ..module_utils._module.runner import run

SPEC = entity_info_spec(SNI)
handler = entity_info_handler(SNI)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
