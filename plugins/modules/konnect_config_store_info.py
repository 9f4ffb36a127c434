#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_config_store_info
short_description: List Config Stores of Kong Konnect
version_added: 0.1.0
description:
  - Lists the Config Stores of a control plane.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
options:
  name:
    description: Only the stores of this name, or the store of this id.
    type: str
seealso:
  - module: community.konnect.konnect_config_store
  - name: Configure the Konnect Config Store
    description: Kong's how-to.
    link: https://developer.konghq.com/how-to/configure-the-konnect-config-store/
"""

EXAMPLES = r"""
- name: List the stores of a control plane
  community.konnect.konnect_config_store_info:
    control_plane: quickstart
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.config_stores | map(attribute='name', default='(no name)') }}"
"""

RETURN = r"""
config_stores:
  description: The stores, by name. A store may lack a name, and several may share one.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
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
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._entities.listing import read_entities
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ArgumentSpec
from ..module_utils._module.runner import run

SPEC = ArgumentSpec(options={"name": {"type": "str"}}).merge(CONNECTION, CONTROL_PLANE)


def handler(parent: ControlPlane, options: dict) -> dict:
    return {"changed": False, "config_stores": read_entities(parent, CONFIG_STORE, name=options["name"])}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
