#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_reference_info
short_description: Map the secret references of a Kong Konnect control plane or AI Gateway
version_added: 1.0.0
description:
  - Finds every secret reference in the plugins, certificates, keys, partials and Vaults of a control plane, where it
    points and what uses it.
  - Also lists the secrets and Vaults, with the number of references to each and the age of each secret.
  - Konnect accepts references that do not resolve. This module finds those that exist.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
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

- name: Fail when a reference does not resolve
  ansible.builtin.assert:
    that: map.summary.dangling == 0
    fail_msg: "{{ map.references | selectattr('state', 'equalto', 'dangling') | map(attribute='message') | join(' ') }}"

- name: Show the secrets to which nothing refers
  ansible.builtin.debug:
    msg: "{{ map.secrets | rejectattr('in_use') | map(attribute='key') }}"
"""

RETURN = r"""
control_plane:
  description: The C(id) and C(name) of the control plane, or of the AI Gateway, with the C(kind) V(ai_gateway).
  returned: success
  type: dict
  sample:
    id: 9524ec7d-36d9-465d-a8c5-83a3c9390458
    name: quickstart
    kind: control_plane
references:
  description: One item for each reference in each field, in the order of the entities.
  returned: success
  type: list
  elements: dict
  contains:
    reference:
      description: The reference as it is written in the field.
      type: str
      returned: always
      sample: "{vault://mysecretvault/mistral-key}"
    state:
      description:
        - V(ok), the secret exists. V(other_backend), the secret is not in a Config Store, so this cannot be checked.
        - V(dangling), the Vault, the Config Store or the secret does not exist. V(not_referenceable), the gateway
          resolves no references in this field, or not this one. V(malformed), it is not a valid reference, only part
          of a longer text, or a placeholder such as V((not shown\)) that was written over a secret.
      type: str
      returned: always
      sample: ok
    problem:
      description:
        - The problem, V(unknown_vault), V(unknown_store), V(unknown_secret), V(not_referenceable), V(in_function),
          V(embedded), V(placeholder) or V(malformed). Null when there is none.
      type: str
      returned: always
      sample: null
    message:
      description: The problem in a sentence, with what to do. Null when there is none.
      type: str
      returned: always
      sample: null
    entity:
      description:
        - The kind of the entity that contains the reference, such as V(plugin), V(certificate), V(key), V(partial),
          V(vault), and of an AI Gateway V(ai_model_provider), V(ai_model) or V(ai_policy).
      type: str
      returned: always
      sample: plugin
    id:
      description: The id of the entity.
      type: str
      returned: always
      sample: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name:
      description: The name of the entity. The prefix of a Vault, the id of a certificate.
      type: str
      returned: always
      sample: ai-proxy
    instance_name:
      description: The instance name of a plugin, or null.
      type: str
      returned: always
      sample: null
    verified:
      description:
        - False for a reference that was last written into a field of an AI Gateway which Konnect does not show.
      type: bool
      returned: always
      sample: true
    enabled:
      description: Whether the plugin runs; true for other entities.
      type: bool
      returned: always
      sample: true
    field:
      description: The field of the entity that contains the reference.
      type: str
      returned: always
      sample: config.auth.header_value
    route:
      description: The C(id) and C(name) of the route on which a plugin runs, or null.
      type: dict
      returned: always
      sample:
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: example-route
    service:
      description: The C(id) and C(name) of the service of the plugin or of its route, or null.
      type: dict
      returned: always
      sample:
        id: 0d0b1a4e-7b1c-5a52-8a3e-8f6d0c1f7b11
        name: example-service
    consumer:
      description: The C(id) and C(name) of the consumer for which a plugin runs, or null.
      type: dict
      returned: always
      sample: null
    consumer_group:
      description: The C(id) and C(name) of the consumer group for which a plugin runs, or null.
      type: dict
      returned: always
      sample: null
    vault:
      description: The prefix in the reference, or null when it is malformed.
      type: str
      returned: always
      sample: mysecretvault
    backend:
      description: The backend of the Vault, or null when it is not known.
      type: str
      returned: always
      sample: konnect
    config_store:
      description: The C(id) and C(name) of the Config Store that the Vault exposes, or null.
      type: dict
      returned: always
      sample:
        id: 5d3b1c8e-8f0e-4f53-9a57-2f1a1f0b6c11
        name: my-config-store
    secret:
      description: The key of the secret, or null when the reference is malformed.
      type: str
      returned: always
      sample: mistral-key
    property:
      description: The field of a JSON secret, or null.
      type: str
      returned: always
      sample: null
    workspace:
      description: The name of the workspace that it is in.
      type: str
      returned: always
      sample: default
secrets:
  description: The secrets of all Config Stores.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: The key of the secret.
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
      description: The seconds since it was last written, by the server's clock.
      type: int
      returned: always
      sample: 86400
    vaults:
      description: The prefixes of the Vaults that expose its Config Store.
      type: list
      elements: str
      returned: always
      sample: [mysecretvault]
    references:
      description: The number of references that resolve to it.
      type: int
      returned: always
      sample: 1
    in_use:
      description: Whether there is such a reference.
      type: bool
      returned: always
      sample: true
    workspace:
      description: The name of the workspace that it is in.
      type: str
      returned: always
      sample: default
vaults:
  description: The Vaults.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the Vault.
      type: str
      returned: always
      sample: 0f6e7c2b-1b8f-5a37-9b62-3d1f6a7c8e21
    prefix:
      description: The prefix.
      type: str
      returned: always
      sample: mysecretvault
    backend:
      description: The backend.
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
      description: The number of references with its prefix, including those that are V(dangling).
      type: int
      returned: always
      sample: 1
    in_use:
      description: Whether there is such a reference.
      type: bool
      returned: always
      sample: true
    workspace:
      description: The name of the workspace that it is in.
      type: str
      returned: always
      sample: default
certificates:
  description: The certificates, the CA certificates, and those with which data plane nodes connect.
  returned: success
  type: list
  elements: dict
  contains:
    entity:
      description:
        - The kind of entity. One of V(certificate), V(ca_certificate) and V(data_plane_certificate), and of an AI
          Gateway V(ai_certificate) and V(ai_data_plane_certificate).
      type: str
      returned: always
      sample: certificate
    id:
      description: The id of the entity.
      type: str
      returned: always
      sample: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name:
      description: Its name. The SNIs of a certificate.
      type: str
      returned: always
      sample: example.com
    field:
      description: The field.
      type: str
      returned: always
      sample: cert
    cert:
      description: The certificate in PEM, or the secret reference in its place.
      type: str
      returned: always
      sample: "-----BEGIN CERTIFICATE-----..."
    workspace:
      description: The name of the workspace that it is in.
      type: str
      returned: always
      sample: default
summary:
  description: The number of references in each state, and of secrets and Vaults to which nothing refers.
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

from ..module_utils._audit.reference_map import read_map
from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._module.argument_spec import CONNECTION, PARENT
from ..module_utils._module.runner import run

SPEC = CONNECTION.merge(PARENT)


def handler(parent: ControlPlane, options: dict) -> dict:
    return {"changed": False, **read_map(parent)}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
