#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_config_store
short_description: Manage Config Stores of Kong Konnect
version_added: 0.1.0
description:
  - Creates and removes the Config Stores of a control plane, in which Konnect keeps secrets.
  - Konnect accepts several stores of one name. This module makes one, and refuses to choose when there are more.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
options:
  name:
    description:
      - The name of the store, 1 to 100 characters.
      - With O(state=absent) its id is taken as well, which tells stores of one name apart.
    type: str
    required: true
  force:
    description:
      - With O(state=absent), remove the store even when it holds secrets or a vault exposes it.
      - References to its secrets stop resolving at once.
    type: bool
    default: false
seealso:
  - module: community.konnect.konnect_secret
  - module: community.konnect.konnect_vault
  - name: Konnect Config Store
    description: Kong's documentation of the Config Store.
    link: https://developer.konghq.com/how-to/configure-the-konnect-config-store/
"""

EXAMPLES = r"""
- name: Keep the secrets of the quickstart control plane in a store of their own
  community.konnect.konnect_config_store:
    control_plane: quickstart
    name: my-config-store

- name: Remove the store when it is empty
  community.konnect.konnect_config_store:
    control_plane: quickstart
    name: my-config-store
    state: absent
"""

RETURN = r"""
config_store:
  description: The store as Konnect has it; in check mode what is known of it. With O(state=absent), as it was.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    name: my-config-store
    created_at: "2026-11-23T10:00:00.000Z"
    updated_at: "2026-11-23T10:00:00.000Z"
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
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ON_IN_USE, STATE, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.config_store import ensure_config_store, remove_config_store

SPEC = ArgumentSpec(options={"name": {"type": "str", "required": True}}).merge(
    CONNECTION, CONTROL_PLANE, STATE, ON_IN_USE
)


def handler(parent: ControlPlane, options: dict) -> dict:
    if options["state"] == "present":
        outcome = ensure_config_store(parent, options["name"])
    else:
        outcome = remove_config_store(parent, options["name"], options["on_in_use"])
    return outcome.result("config_store")


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
