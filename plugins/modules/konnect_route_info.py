#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_route_info
short_description: List routes of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Lists the routes of a control plane.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
options:
  name:
    description: Return only the route with this name or id.
    type: str
  service:
    description: Return only routes of the service with this name or id.
    type: raw
  tags:
    description: Return only routes with all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_route
  - name: Route entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/route/
"""

EXAMPLES = r"""
- name: List the routes of a service
  community.konnect.konnect_route_info:
    control_plane: quickstart
    service: example-service
"""

RETURN = r"""
routes:
  description:
    - The routes, sorted by name.
    - C(created_by_collection) is true when this collection created the route, as its id shows.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      name: example-route
      paths: [/anything]
      protocols: [http, https]
      service:
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
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
from ..module_utils._entities.kinds import ROUTE, SERVICE
from ..module_utils._entities.listing import parent_filter, read_entities
from ..module_utils._entities.managed_entity import entity_row
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ENTITY, TAGS, ArgumentSpec
from ..module_utils._module.runner import run

SPEC = ArgumentSpec(options={"name": {"type": "str"}, "service": ENTITY}).merge(CONNECTION, CONTROL_PLANE, TAGS)


def handler(parent: ControlPlane, options: dict) -> dict:
    keep = parent_filter(parent, SERVICE, options["service"])
    routes = read_entities(parent, ROUTE, name=options["name"], tags=options["tags"], keep=keep)
    return {"changed": False, "routes": [entity_row(parent, ROUTE, route) for route in routes]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
