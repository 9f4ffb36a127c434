#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_entity
short_description: Manage entities of a Kong Konnect control plane that have no module of their own
version_added: 1.0.0
description:
  - Creates, updates and removes core entities by the path of their list, such as cloned plugins, GraphQL routes and
    the costs of GraphQL queries.
  - Nothing is checked but what Konnect checks. Where a module for the kind exists, use that.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
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
    description: The fields that tell the entity from the others in the list. A new entity gets them, too.
    type: dict
    required: true
  fields:
    description:
      - The other fields. Those that are left out keep their value in Konnect; in a mapping too.
      - The password of a basic-auth credential and the secret of an hmac-auth one, which Konnect does not return, are
        left to the modules of these kinds.
    type: dict
seealso:
  - module: community.konnect.konnect_entity_info
"""

EXAMPLES = r"""
- name: Run a second copy of a plugin, under a name and a priority of its own
  community.konnect.konnect_entity:
    control_plane: quickstart
    kind: cloned-plugins
    match:
      name: second-rate-limiting
    fields:
      ref: rate-limiting
      priority: 800

- name: Turn a GraphQL query into a path
  community.konnect.konnect_entity:
    control_plane: quickstart
    kind: services/example-service/degraphql/routes
    match:
      uri: /users
    fields:
      query: query { users { email } }

- name: Create a workspace
  community.konnect.konnect_entity:
    control_plane: quickstart
    kind: workspaces
    match:
      name: team-payments
"""

RETURN = r"""
entity:
  description:
    - The entity as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: second-rate-limiting
    ref: rate-limiting
    priority: 800
written_at:
  description:
    - When the task made its last write, by Konnect's clock.
    - For O(community.konnect.konnect_wait_for_sync#module:written_at).
  returned: when something was written
  type: str
  sample: "2026-11-23T10:00:00Z"
expected_hashes:
  description:
    - The hash of the configuration that data planes should run, from before the first write of the task. Empty when
      there was none, and when it could not be read.
    - For O(community.konnect.konnect_wait_for_sync#module:previous_hashes).
  returned: when something was written
  type: list
  elements: str
  sample: [6f1d4c0b9a3e58274c1f0d9b8e7a6352]
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
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, SENSITIVE_FIELDS, STATE, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.any_entity import ensure_any, remove_any

SPEC = ArgumentSpec(
    options={
        "kind": {"type": "str", "required": True},
        "match": {"type": "dict", "required": True},
        "fields": {"type": "dict"},
    },
    by_schema=["fields"],
    keeps=["fields"],
).merge(CONNECTION, CONTROL_PLANE, STATE, SENSITIVE_FIELDS)


def handler(parent: ControlPlane, options: dict) -> dict:
    return ensure_any(parent, options) if options["state"] == "present" else remove_any(parent, options)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
