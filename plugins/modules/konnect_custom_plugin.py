#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_custom_plugin
short_description: Manage custom plugins of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Uploads, updates and removes custom plugins.
  - With O(schema) alone, Konnect knows the configuration of a plugin whose code is on the data plane nodes. With
    O(handler) too, Konnect streams the code to them.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
  - community.konnect._tags
  - community.konnect._on_in_use
options:
  name:
    description: The name of the plugin, by which it is identified, and which its schema says too.
    type: str
    required: true
  schema:
    description: The Lua code of the schema. It is needed to create a plugin.
    type: str
  handler:
    description: The Lua code of the handler, for a plugin that is streamed.
    type: str
seealso:
  - module: community.konnect.konnect_plugin
  - name: Custom plugins
    description: Kong's documentation.
    link: https://developer.konghq.com/custom-plugins/
"""

EXAMPLES = r"""
- name: Let Konnect know the configuration of a plugin
  community.konnect.konnect_custom_plugin:
    control_plane: quickstart
    name: my-plugin
    schema: "{{ lookup('ansible.builtin.file', 'my-plugin/schema.lua') }}"

- name: Stream a plugin to the data plane nodes
  community.konnect.konnect_custom_plugin:
    control_plane: quickstart
    name: set-header
    schema: "{{ lookup('ansible.builtin.file', 'set-header/schema.lua') }}"
    handler: "{{ lookup('ansible.builtin.file', 'set-header/handler.lua') }}"
"""

RETURN = r"""
custom_plugin:
  description:
    - The plugin as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    name: my-plugin
    schema: return { name = "my-plugin", fields = {} }
created_by_collection:
  description: Whether this collection created it, as its id shows.
  returned: when it is or was streamed
  type: bool
  sample: true
kept:
  description:
    - Why it was kept.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) what uses it.
  returned: with O(on_in_use=keep), when it was not removed
  type: dict
  sample:
    code: in_use
    message: >-
      Custom plugin my-plugin (5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27) is in use and was kept.
    referrers:
      - entity: plugin
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: rate-limiting
        field: consumer
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
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ON_IN_USE, STATE, TAGS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.custom_plugin import ensure_custom_plugin, remove_custom_plugin

SPEC = ArgumentSpec(
    options={
        "name": {"type": "str", "required": True},
        "schema": {"type": "str"},
        "handler": {"type": "str"},
    }
).merge(CONNECTION, CONTROL_PLANE, STATE, TAGS, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    act = ensure_custom_plugin if options["state"] == "present" else remove_custom_plugin
    return act(parent, options)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
