#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_plugin
short_description: Manage plugins of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes plugins. The scope of a plugin is a route, a service, a consumer, a consumer group, a
    combination of these, or the whole control plane.
  - A plugin is identified by its name and its scope, or by its O(instance_name).
  - Defaults that Konnect adds to a configuration are read from the plugin's live schema, and never count as a change.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._check_references
  - community.konnect._literal_secrets
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._keep_secrets
  - community.konnect._sensitive_fields
  - community.konnect._state
  - community.konnect._tags
options:
  name:
    description: The name of the plugin, for example V(ai-proxy).
    type: str
    required: true
  instance_name:
    description:
      - A name for this instance of the plugin, unique in the control plane.
      - It identifies the plugin whatever its scope. A scope that is set moves the plugin there, and V({}) takes it off
        that scope. When no plugin has this instance name, the plugin with O(name) and the scope gets it.
      - With O(state=absent), only a plugin with this instance name is removed.
    type: str
  route:
    description: The name or the id of the route on which the plugin runs.
    type: raw
  service:
    description: The name or the id of the service on which the plugin runs.
    type: raw
  consumer:
    description: The username or the id of the consumer for which the plugin runs.
    type: raw
  consumer_group:
    description: The name or the id of the consumer group for which the plugin runs.
    type: raw
  config:
    description:
      - The configuration. A field that the plugin's schema does not have is an error.
      - A deprecated name of a field is converted as Kong converts it. One that has no effect any more, or that
        contradicts the current name beside it, is an error. Results have the current names.
      - When left out, the configuration stays as it is.
    type: dict
  config_mode:
    description:
      - V(replace) makes O(config) the complete configuration. Fields that are left out get Konnect's defaults.
      - V(merge) changes only the fields in O(config). Lists are replaced.
      - In both, a null is a value. It is sent where the schema has a default, which it replaces, and elsewhere it means
        that the field has no value.
      - In both, a value that Konnect itself generates is kept when the field is left out, such as the C(secret) of the
        plugin session and the C(namespace) of rate-limiting-advanced.
    type: str
    choices: [replace, merge]
    default: replace
  partials:
    description:
      - The partials from which the plugin takes parts of its configuration, such as the connection to Redis.
      - When left out, the links stay as they are. An empty list removes all links.
      - Settings that come from a partial must not be in O(config) too, and never count as a change of the plugin.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name or the id of the partial. It or O(partials[].id) is required.
        type: raw
      id:
        description: The id of the partial, as Konnect returns it.
        type: str
      path:
        description:
          - The place in the configuration that the partial fills, for example V(config.redis).
          - Needed only when the plugin accepts partials of that type in several places.
        type: str
  enabled:
    description: Whether the plugin runs.
    type: bool
  protocols:
    description: The protocols of the requests for which the plugin runs. Which are possible depends on the plugin.
    type: list
    elements: str
  ordering:
    description: The plugins before and after which this one runs, as Kong's API expects it. V({}) removes it.
    type: dict
  condition:
    description: An expression that selects the requests for which the plugin runs. An empty string removes it.
    type: str
seealso:
  - module: community.konnect.konnect_route
  - module: community.konnect.konnect_secret
  - plugin: community.konnect.vault_reference
    plugin_type: filter
  - name: Plugin entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/plugin/
"""

EXAMPLES = r"""
- name: Proxy chat requests on the route to a Mistral model
  community.konnect.konnect_plugin:
    control_plane: quickstart
    name: ai-proxy
    route: example-route
    config:
      route_type: llm/v1/chat
      auth:
        header_name: Authorization
        header_value: "{{ 'mistral-key' | community.konnect.vault_reference('mysecretvault') }}"
      model:
        provider: mistral
        name: mistral-tiny
        options:
          mistral_format: openai

- name: Change one field, and leave the others as they are
  community.konnect.konnect_plugin:
    control_plane: quickstart
    name: ai-proxy
    route: example-route
    config_mode: merge
    config:
      logging:
        log_statistics: true

- name: Limit the requests on the route, and take the Redis connection from a partial
  community.konnect.konnect_plugin:
    control_plane: quickstart
    name: rate-limiting
    route: example-route
    config:
      minute: 60
      policy: redis
    partials:
      - name: shared-redis

- name: Remove the plugin from the route
  community.konnect.konnect_plugin:
    control_plane: quickstart
    name: ai-proxy
    route: example-route
    state: absent
"""

RETURN = r"""
plugin:
  description:
    - The plugin as Konnect returns it. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
    - In fields that can contain a secret, references are shown and literals are not.
    - C(partials) contains a link for each partial, with the id of the partial and the path in the configuration.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: key-auth
    enabled: true
    protocols: [grpc, grpcs, http, https, ws, wss]
    route:
      id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
    config:
      hide_credentials: true
      key_names: [apikey]
    created_at: 1795428000
    updated_at: 1795428000
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
    CHECK_REFERENCES,
    CONNECTION,
    CONTROL_PLANE,
    ENTITY,
    KEEP_SECRETS,
    LITERAL_SECRETS,
    SENSITIVE_FIELDS,
    STATE,
    TAGS,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._plugins.plugin import SCOPES, ensure_plugin, remove_plugin

SPEC = ArgumentSpec(
    options={
        "name": {"type": "str", "required": True},
        "instance_name": {"type": "str"},
        **dict.fromkeys(SCOPES, ENTITY),
        "config": {"type": "dict"},
        "config_mode": {"type": "str", "choices": ["replace", "merge"], "default": "replace"},
        "enabled": {"type": "bool"},
        "protocols": {"type": "list", "elements": "str"},
        "ordering": {"type": "dict"},
        "condition": {"type": "str"},
        "partials": {
            "type": "list",
            "elements": "dict",
            "options": {"name": ENTITY, "id": {"type": "str"}, "path": {"type": "str"}},
            "required_one_of": [("name", "id")],
        },
    },
    by_schema=["config"],
).merge(CONNECTION, CONTROL_PLANE, STATE, TAGS, CHECK_REFERENCES, LITERAL_SECRETS, SENSITIVE_FIELDS, KEEP_SECRETS)


def handler(parent: ControlPlane, options: dict) -> dict:
    return ensure_plugin(parent, options) if options["state"] == "present" else remove_plugin(parent, options)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
