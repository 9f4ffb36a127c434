#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_entity_info
short_description: List entities of a Kong Konnect control plane that have no module of their own
version_added: 1.0.0
description:
  - Lists core entities by the path of their list, without what looks secret by its name.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._sensitive_fields
options:
  kind:
    description:
      - The kind, by the path of its list below C(core-entities) of the Konnect API, for example V(cloned-plugins).
      - Below another entity, its name may stand in the place of its id, for example
        V(services/example-service/degraphql/routes).
    type: str
    required: true
  match:
    description: Return only entities with these values.
    type: dict
seealso:
  - module: community.konnect.konnect_entity
"""

EXAMPLES = r"""
- name: List the cloned plugins
  community.konnect.konnect_entity_info:
    control_plane: quickstart
    kind: cloned-plugins
"""

RETURN = r"""
entities:
  description: The entities, sorted by id.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      name: second-rate-limiting
      ref: rate-limiting
      priority: 800
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
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, SENSITIVE_FIELDS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.any_entity import list_any

SPEC = ArgumentSpec(options={"kind": {"type": "str", "required": True}, "match": {"type": "dict"}}).merge(
    CONNECTION, CONTROL_PLANE, SENSITIVE_FIELDS
)


def handler(parent: ControlPlane, options: dict) -> dict:
    return {"changed": False, "entities": list_any(parent, options)}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
