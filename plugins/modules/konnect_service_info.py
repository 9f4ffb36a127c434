#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_service_info
short_description: List services of a Kong Konnect control plane
version_added: 1.0.0
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
    description: Return only the service with this name or id.
    type: str
  tags:
    description: Return only services with all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_service
  - name: Gateway Service entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/service/
"""

EXAMPLES = r"""
- name: List the services with a tag
  community.konnect.konnect_service_info:
    control_plane: quickstart
    tags: [team-a]
"""

RETURN = r"""
services:
  description:
    - The services, sorted by name.
    - C(created_by_collection) is true when this collection created the service, as its id shows.
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
      created_by_collection: true
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
from ..module_utils._entities.kinds import SERVICE
from ..module_utils._entities.listing import read_entities
from ..module_utils._entities.managed_entity import entity_row
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, TAGS, ArgumentSpec
from ..module_utils._module.runner import run

SPEC = ArgumentSpec(options={"name": {"type": "str"}}).merge(CONNECTION, CONTROL_PLANE, TAGS)


def handler(parent: ControlPlane, options: dict) -> dict:
    services = read_entities(parent, SERVICE, name=options["name"], tags=options["tags"])
    return {"changed": False, "services": [entity_row(parent, SERVICE, service) for service in services]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
