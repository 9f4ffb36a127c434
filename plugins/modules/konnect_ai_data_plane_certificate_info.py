#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_data_plane_certificate_info
short_description: List data plane certificates of an AI Gateway of Kong Konnect
version_added: 1.0.0
description:
  - Lists the data plane certificates of an AI Gateway (beta), without secrets.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
options:
  title:
    description: Return only the data plane certificate of this title or id.
    type: str
seealso:
  - module: community.konnect.konnect_ai_data_plane_certificate
"""

EXAMPLES = r"""
- name: List the data plane certificates of an AI Gateway
  community.konnect.konnect_ai_data_plane_certificate_info:
    ai_gateway: my-gateway
  register: found
"""

RETURN = r"""
ai_data_plane_certificates:
  description: The data plane certificates as Konnect returns them, sorted by title.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
      title: node-2026
      cert: "-----BEGIN CERTIFICATE-----\n..."
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
from ..module_utils._resources.ai_fields import DATA_PLANE_CERTIFICATE

SPEC = ai_info_spec(DATA_PLANE_CERTIFICATE)
handler = ai_info_handler(DATA_PLANE_CERTIFICATE, "ai_data_plane_certificates")


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
