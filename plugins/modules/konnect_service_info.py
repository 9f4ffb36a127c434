#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_service_info
short_description: List services of a Kong Konnect control plane
version_added: 0.1.0
description:
  - Lists the Gateway Services of a control plane.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
options:
  name:
    description: Only the service of this name or id.
    type: str
  tags:
    description: Only those that carry all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_service
  - name: Gateway Service entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/service/
"""

EXAMPLES = r"""
- name: List the services that carry a tag
  community.konnect.konnect_service_info:
    control_plane: quickstart
    tags: [team-a]
"""

RETURN = r"""
services:
  description: The services, by name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      name: example-service
      protocol: http
      host: httpbin.konghq.com
      port: 80
      path: /anything
failure:
  description: What went wrong, to branch on.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - One word, such as V(unauthorized), V(forbidden), V(not_found), V(ambiguous), V(invalid_input), V(invalid),
          V(conflict), V(in_use), V(rate_limited), V(unreachable) or V(concurrent_change).
      type: str
      returned: always
      sample: unauthorized
    status:
      description: The HTTP status of Konnect's answer, or null when there was none.
      type: int
      returned: always
      sample: 401
    fields:
      description: The reason for each field that Konnect refused.
      type: list
      elements: dict
      returned: always
      sample: []
    trace:
      description: What Konnect's support asks for, or null.
      type: str
      returned: always
      sample: "konnect:trace:8405749052424858251"
"""

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import SERVICE
from ..module_utils._entities.listing import read_entities
from ..module_utils._entities.named_entity import named_row
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, TAGS, ArgumentSpec
from ..module_utils._module.runner import run

SPEC = ArgumentSpec(options={"name": {"type": "str"}}).merge(CONNECTION, CONTROL_PLANE, TAGS)


def handler(parent: ControlPlane, options: dict) -> dict:
    services = read_entities(parent, SERVICE, name=options["name"], tags=options["tags"])
    return {"changed": False, "services": [named_row(parent, SERVICE, service) for service in services]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
