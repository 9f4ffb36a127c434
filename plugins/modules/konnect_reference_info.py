#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_reference_info
short_description: Map the secret references of a Kong Konnect control plane
version_added: 0.1.0
description:
  - Finds every secret reference in the plugins, certificates, keys, partials and Vaults of a control plane, and tells
    where each leads and who uses it.
  - Lists the secrets and Vaults too, with how often each is referred to, and how old each secret is.
  - Konnect accepts a reference that leads nowhere, so this is the way to find those that are there already.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
seealso:
  - module: community.konnect.konnect_plugin
  - module: community.konnect.konnect_reference
  - name: Secrets management
    description: Kong's documentation of references.
    link: https://developer.konghq.com/secrets-management/
"""

EXAMPLES = r"""
- name: Map the references
  community.konnect.konnect_reference_info:
    control_plane: quickstart
  register: map

- name: Fail when one leads nowhere
  ansible.builtin.assert:
    that: map.summary.dangling == 0
    fail_msg: "{{ map.references | selectattr('state', 'equalto', 'dangling') | map(attribute='message') | join(' ') }}"

- name: Show the secrets that nobody uses
  ansible.builtin.debug:
    msg: "{{ map.secrets | rejectattr('in_use') | map(attribute='key') }}"
"""

RETURN = r"""
control_plane:
  description: The control plane.
  returned: success
  type: dict
  sample:
    id: 9524ec7d-36d9-465d-a8c5-83a3c9390458
    name: quickstart
references:
  description: One row for each reference in each field, in the order of the entities.
  returned: success
  type: list
  elements: dict
  contains:
    reference:
      description: The reference as it stands there.
      type: str
      returned: always
      sample: "{vault://mysecretvault/mistral-key}"
    state:
      description:
        - V(ok), the secret is there. V(other_backend), it is not in a Config Store, so that nobody can look.
        - V(dangling), there is no such vault, store or secret. V(not_referenceable), the gateway resolves no references
          in that field, or not this one. V(malformed), it is not a reference, or stands inside a longer text.
      type: str
      returned: always
      sample: ok
    problem:
      description:
        - V(unknown_vault), V(unknown_store), V(unknown_secret), V(not_referenceable), V(in_function), V(embedded) or
          V(malformed); null when there is none.
      type: str
      returned: always
      sample: null
    message:
      description: What is wrong and what to do; null when nothing is.
      type: str
      returned: always
      sample: null
    entity:
      description: The kind of the entity that refers, V(plugin), V(certificate), V(key), V(partial) or V(vault).
      type: str
      returned: always
      sample: plugin
    id:
      description: Its id.
      type: str
      returned: always
      sample: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name:
      description: Its name, the prefix of a vault, the id of a certificate.
      type: str
      returned: always
      sample: ai-proxy
    instance_name:
      description: The instance name of a plugin, or null.
      type: str
      returned: always
      sample: null
    enabled:
      description: Whether the plugin runs; true for other entities.
      type: bool
      returned: always
      sample: true
    field:
      description: Where in the entity the reference stands.
      type: str
      returned: always
      sample: config.auth.header_value
    route:
      description: The C(id) and C(name) of the route that a plugin is for, or null.
      type: dict
      returned: always
      sample:
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: example-route
    service:
      description: The same of the service that the plugin or its route is for.
      type: dict
      returned: always
      sample:
        id: 0d0b1a4e-7b1c-5a52-8a3e-8f6d0c1f7b11
        name: example-service
    consumer:
      description: The same of the consumer.
      type: dict
      returned: always
      sample: null
    consumer_group:
      description: The same of the consumer group.
      type: dict
      returned: always
      sample: null
    vault:
      description: The prefix in the reference, or null when it is malformed.
      type: str
      returned: always
      sample: mysecretvault
    backend:
      description: The backend of that vault, or null when it is not known.
      type: str
      returned: always
      sample: konnect
    config_store:
      description: The C(id) and C(name) of the Config Store behind that vault, or null.
      type: dict
      returned: always
      sample:
        id: 5d3b1c8e-8f0e-4f53-9a57-2f1a1f0b6c11
        name: my-config-store
    secret:
      description: The secret that is meant, or null when the reference is malformed.
      type: str
      returned: always
      sample: mistral-key
    property:
      description: The field of a JSON secret that is meant, or null.
      type: str
      returned: always
      sample: null
secrets:
  description: The secrets of every Config Store.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: The name of the secret.
      type: str
      returned: always
      sample: mistral-key
    config_store:
      description: The C(id) and C(name) of its Config Store.
      type: dict
      returned: always
      sample:
        id: 5d3b1c8e-8f0e-4f53-9a57-2f1a1f0b6c11
        name: my-config-store
    created_at:
      description: When it was created.
      type: str
      returned: always
      sample: "2026-11-23T10:00:00.000Z"
    updated_at:
      description: When it was last written.
      type: str
      returned: always
      sample: "2026-11-23T10:00:00.000Z"
    age:
      description: For how many seconds it has not been written, by the server's clock.
      type: int
      returned: always
      sample: 86400
    vaults:
      description: The prefixes of the vaults that expose its Config Store.
      type: list
      elements: str
      returned: always
      sample: [mysecretvault]
    references:
      description: How many references resolve to it.
      type: int
      returned: always
      sample: 1
    in_use:
      description: Whether any does.
      type: bool
      returned: always
      sample: true
vaults:
  description: Every vault.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Its id.
      type: str
      returned: always
      sample: 0f6e7c2b-1b8f-5a37-9b62-3d1f6a7c8e21
    prefix:
      description: Its prefix.
      type: str
      returned: always
      sample: mysecretvault
    backend:
      description: Its backend.
      type: str
      returned: always
      sample: konnect
    config_store:
      description: The C(id) and C(name) of the Config Store that it exposes, or null.
      type: dict
      returned: always
      sample:
        id: 5d3b1c8e-8f0e-4f53-9a57-2f1a1f0b6c11
        name: my-config-store
    references:
      description: How many references lead to it, or would if they were not V(dangling).
      type: int
      returned: always
      sample: 1
    in_use:
      description: Whether any does.
      type: bool
      returned: always
      sample: true
summary:
  description: How many references are in each state, and how many secrets and vaults nothing refers to.
  returned: success
  type: dict
  sample:
    ok: 1
    other_backend: 0
    dangling: 0
    not_referenceable: 0
    malformed: 0
    unused_secrets: 0
    unused_vaults: 0
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

from ..module_utils._audit.reference_map import read_map
from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE
from ..module_utils._module.runner import run

SPEC = CONNECTION.merge(CONTROL_PLANE)


def handler(parent: ControlPlane, options: dict) -> dict:
    return {"changed": False, **read_map(parent)}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
