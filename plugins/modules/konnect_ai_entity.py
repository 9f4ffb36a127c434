#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_ai_entity
short_description: Manage entities of an AI Gateway of Kong Konnect that have no module of their own
version_added: 1.0.0
description:
  - Creates, updates and removes entities of an AI Gateway (beta) by the name of their list, such as agents, MCP
    servers, identity providers and consumer groups.
  - Nothing is checked but references, the fields that a new entity needs, and what Konnect checks. Where a module for
    the kind exists, use that.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_ai_gateway
  - community.konnect._connection
  - community.konnect._ai_gateway
  - community.konnect._state
  - community.konnect._check_references
  - community.konnect._sensitive_fields
  - community.konnect._write_only
options:
  kind:
    description: The kind, by the name of its list in Konnect's API, such as V(consumer-groups).
    type: str
    required: true
  name:
    description: The name of the entity, by which it is identified.
    type: str
    required: true
  body:
    description:
      - The other fields. Those that are left out keep their value in Konnect; in a mapping too.
      - A new entity that needs a C(display_name) has O(name) when there is none here.
      - An C(id) here must be that of the entity, and a C(name) must be O(name).
      - Where Konnect may hold secrets that it does not show, a change without them is refused, unless
        O(update_secret=on_create) says that there are none.
    type: dict
seealso:
  - module: community.konnect.konnect_ai_entity_info
"""

EXAMPLES = r"""
- name: Create a consumer group
  community.konnect.konnect_ai_entity:
    ai_gateway: my-gateway
    kind: consumer-groups
    name: team-a
    body:
      display_name: Team A
"""

RETURN = r"""
entity:
  description:
    - The entity as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    name: team-a
    display_name: Team A
created_by_collection:
  description: Whether this collection made it, as Konnect keeps it in C(managed_by); null where Konnect does not say.
  returned: success, when it exists
  type: bool
  sample: true
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
from ..module_utils._module.argument_spec import (
    AI_GATEWAY,
    CHECK_REFERENCES,
    CONNECTION,
    HIDDEN_VALUE,
    SENSITIVE_FIELDS,
    STATE,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._resources.ai_entity import ai_result, ensure_ai, remove_ai
from ..module_utils._resources.any_ai_entity import any_fields, any_options, hide_body, kind_explained

SPEC = ArgumentSpec(
    options={
        "kind": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "body": {"type": "dict"},
    },
    by_schema=["body"],
    keeps=["body"],
).merge(CONNECTION, AI_GATEWAY, STATE, CHECK_REFERENCES, SENSITIVE_FIELDS, HIDDEN_VALUE)


def handler(parent: ControlPlane, options: dict) -> dict:
    fields = any_fields(options)
    hide_body(parent, fields)
    change = ensure_ai if options["state"] == "present" else remove_ai
    with kind_explained(options["kind"]):
        return ai_result(parent, fields, change(parent, fields, any_options(options)), "entity")


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
