#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_plugin_info
short_description: List plugins of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Lists the plugins of a control plane.
  - In fields that can contain a secret, literals are not shown. Each plugin's live schema tells which fields these are.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._sensitive_fields
options:
  name:
    description: Return only plugins with this name, for example V(ai-proxy).
    type: str
  instance_name:
    description: Return only the plugin with this instance name.
    type: str
  route:
    description: Return only plugins on the route with this name or id.
    type: raw
  service:
    description: Return only plugins on the service with this name or id.
    type: raw
  consumer:
    description: Return only plugins for the consumer with this username or id.
    type: raw
  consumer_group:
    description: Return only plugins for the consumer group with this name or id.
    type: raw
  tags:
    description: Return only plugins with all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_plugin
  - name: Plugin entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/plugin/
"""

EXAMPLES = r"""
- name: List the plugins on a route
  community.konnect.konnect_plugin_info:
    control_plane: quickstart
    route: example-route
"""

RETURN = r"""
plugins:
  description:
    - The plugins, sorted by name.
    - C(partials) contains a link for each partial, with the id of the partial and the path in the configuration.
    - C(created_by_collection) is true when this collection created the plugin, as its id shows.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      name: key-auth
      enabled: true
      route:
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
      config:
        hide_credentials: true
        key_names: [apikey]
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

from functools import partial

from ..module_utils._client.side_by_side import side_by_side
from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import KINDS, PLUGIN
from ..module_utils._entities.listing import parent_filter, read_entities
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ENTITY, SENSITIVE_FIELDS, TAGS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._plugins.config import PluginConfig
from ..module_utils._plugins.plugin import SCOPES, plugin_row

SPEC = ArgumentSpec(
    options={
        "name": {"type": "str"},
        "instance_name": {"type": "str"},
        **dict.fromkeys(SCOPES, ENTITY),
    }
).merge(CONNECTION, CONTROL_PLANE, TAGS, SENSITIVE_FIELDS)


def handler(parent: ControlPlane, options: dict) -> dict:
    in_scope = [parent_filter(parent, KINDS[kind], options[scope]) for scope, kind in PLUGIN.parents.items()]

    def keep(plugin: dict) -> bool:
        is_named = options["instance_name"] in (None, plugin.get("instance_name"))
        return is_named and all(matches(plugin) for matches in in_scope)

    plugins = read_entities(parent, PLUGIN, name=options["name"], tags=options["tags"], keep=keep)
    names = sorted({plugin["name"] for plugin in plugins})
    hidden = options["sensitive_fields"] or ()
    lookups = [partial(PluginConfig, parent, name, must_exist=False, sensitive_fields=hidden) for name in names]
    configs = dict(zip(names, side_by_side(parent.client, lookups), strict=True))
    return {"changed": False, "plugins": [plugin_row(parent, configs[plugin["name"]], plugin) for plugin in plugins]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
