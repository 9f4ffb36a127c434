#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_config_store_info
short_description: List Config Stores of Kong Konnect
version_added: 1.0.0
description:
  - Lists the Config Stores of a control plane.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
options:
  name:
    description: Return only the stores with this name, or the store with this id.
    type: str
seealso:
  - module: community.konnect.konnect_config_store
  - name: Configure the Konnect Config Store
    description: Kong's how-to guide.
    link: https://developer.konghq.com/how-to/configure-the-konnect-config-store/
"""

EXAMPLES = r"""
- name: List the Config Stores of a control plane
  community.konnect.konnect_config_store_info:
    control_plane: quickstart
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.config_stores | map(attribute='name', default='(no name)') }}"
"""

RETURN = r"""
config_stores:
  description: The stores, sorted by name. A store may have no name, and several may have the same.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
      name: my-config-store
      created_at: "2026-11-23T10:00:00.000Z"
      updated_at: "2026-11-23T10:00:00.000Z"
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
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._entities.listing import read_entities
from ..module_utils._module.argument_spec import CONNECTION, PARENT, ArgumentSpec
from ..module_utils._module.runner import run

SPEC = ArgumentSpec(options={"name": {"type": "str"}}).merge(CONNECTION, PARENT)


def handler(parent: ControlPlane, options: dict) -> dict:
    return {"changed": False, "config_stores": read_entities(parent, CONFIG_STORE, name=options["name"])}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
