#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_custom_plugin_info
short_description: List custom plugins of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Lists the custom plugins of a control plane, those that are streamed and those with a schema alone.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
options:
  name:
    description: Return only the plugin with this name.
    type: str
  tags:
    description: Return only plugins with all of these tags, which only those have that are streamed.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_custom_plugin
"""

EXAMPLES = r"""
- name: List the custom plugins
  community.konnect.konnect_custom_plugin_info:
    control_plane: quickstart
"""

RETURN = r"""
custom_plugins:
  description: The plugins, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - name: my-plugin
      schema: return { name = "my-plugin", fields = {} }
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
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, TAGS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.custom_plugin import list_custom_plugins

SPEC = ArgumentSpec(options={"name": {"type": "str"}}).merge(CONNECTION, CONTROL_PLANE, TAGS)


def handler(parent: ControlPlane, options: dict) -> dict:
    return {"changed": False, "custom_plugins": list_custom_plugins(parent, options)}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
