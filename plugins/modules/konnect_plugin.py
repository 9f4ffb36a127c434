#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_plugin
short_description: Manage plugins of a Kong Konnect control plane
version_added: 0.1.0
description:
  - Creates, changes and removes plugins, on a route, a service, a consumer, a consumer group, or several of these
    together, or for the whole control plane.
  - A plugin is known by its name and its scope, or by its O(instance_name).
  - The defaults that Konnect fills into a configuration are read from the plugin's live schema, and are never a change.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._check_references
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
  - community.konnect._tags
options:
  name:
    description: The name of the plugin, for example V(ai-proxy).
    type: str
    required: true
  instance_name:
    description:
      - A name for this very instance, unique in the control plane.
      - The plugin that carries it is meant wherever it is; a scope that is given moves it there, and an empty string
        takes it off that scope. When none carries it, the plugin with O(name) and scope gets it.
      - With O(state=absent), only a plugin that carries it is removed.
    type: str
  route:
    description: The name or the id of the route that the plugin is for.
    type: str
  service:
    description: The name or the id of the service that the plugin is for.
    type: str
  consumer:
    description: The username or the id of the consumer that the plugin is for.
    type: str
  consumer_group:
    description: The name or the id of the consumer group that the plugin is for.
    type: str
  config:
    description:
      - The configuration. A field that is misspelt is refused.
      - When left out, it stays as it is.
    type: dict
  config_mode:
    description:
      - V(replace) makes O(config) the whole truth. What it leaves out, or sets to null, gets the default of the server.
      - V(merge) changes only the fields in O(config). A null takes a field back to its default, and lists are replaced.
    type: str
    choices: [replace, merge]
    default: replace
  literal_secrets:
    description:
      - What to do when O(config) holds a secret itself where a reference to one belongs. Such are the fields that the
        plugin's schema calls both encrypted and referenceable.
      - V(warn) writes it and warns, V(fail) refuses it before any write, V(allow) does not look. It is shown nowhere.
    type: str
    choices: [warn, fail, allow]
    default: warn
  partials:
    description:
      - The partials from which the plugin takes parts of its configuration, such as the connection to Redis.
      - When left out, they stay as they are. An empty list takes the plugin off all of them.
      - What comes from a partial must not be in O(config) too, and is never a change of the plugin.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name or the id of the partial.
        type: str
        required: true
      path:
        description:
          - Where in the configuration it goes, for example V(config.redis).
          - Needed only when the plugin takes partials of that type in several places.
        type: str
  enabled:
    description: Whether the plugin runs.
    type: bool
  protocols:
    description: The protocols of the requests that the plugin runs for. Which are possible depends on the plugin.
    type: list
    elements: str
  ordering:
    description: Which plugins this one runs before or after, in the form of Kong's API. V({}) removes it.
    type: dict
  condition:
    description: An expression that says for which requests the plugin runs. An empty string removes it.
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
- name: Answer chats on the route with a Mistral model
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

- name: Change one field and leave the others
  community.konnect.konnect_plugin:
    control_plane: quickstart
    name: ai-proxy
    route: example-route
    config_mode: merge
    config:
      logging:
        log_statistics: true

- name: Limit the requests on the route, counted in the Redis of a partial
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
    - The plugin as Konnect has it; in check mode as it would be sent. With O(state=absent), as it was.
    - A literal in a field that may hold a secret is not shown; a reference is.
    - Its C(partials) are the links to them, each with the id of the partial and the path in the configuration.
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
from ..module_utils._module.argument_spec import (
    CHECK_REFERENCES,
    CONNECTION,
    CONTROL_PLANE,
    STATE,
    TAGS,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._plugins.plugin import ensure_plugin, remove_plugin

SPEC = ArgumentSpec(
    options={
        "name": {"type": "str", "required": True},
        "instance_name": {"type": "str"},
        **{scope: {"type": "str"} for scope in ("service", "route", "consumer", "consumer_group")},
        "config": {"type": "dict"},
        "config_mode": {"type": "str", "choices": ["replace", "merge"], "default": "replace"},
        "literal_secrets": {"type": "str", "choices": ["warn", "fail", "allow"], "default": "warn", "no_log": False},
        "enabled": {"type": "bool"},
        "protocols": {"type": "list", "elements": "str"},
        "ordering": {"type": "dict"},
        "condition": {"type": "str"},
        "partials": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str", "required": True}, "path": {"type": "str"}},
        },
    },
).merge(CONNECTION, CONTROL_PLANE, STATE, TAGS, CHECK_REFERENCES)


def handler(parent: ControlPlane, options: dict) -> dict:
    return ensure_plugin(parent, options) if options["state"] == "present" else remove_plugin(parent, options)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
