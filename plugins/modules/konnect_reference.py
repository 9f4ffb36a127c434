#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_reference
short_description: Point the secret references of a Kong Konnect control plane at another secret
version_added: 1.0.0
description:
  - Changes references to one secret of a Config Store into references to another secret of the same store.
  - Covers the plugins, certificates, keys, partials and Vaults of the control plane, and every Vault that exposes the
    store.
  - Only the secret's key is replaced. The Vault, the property, the options and the version of each reference stay.
  - The new secret must exist, so that every reference resolves at any time.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
options:
  config_store:
    description: The name or the id of the Config Store.
    type: raw
    required: true
  key:
    description: The key of the secret to which the references point now.
    type: str
    required: true
  new_key:
    description: The key of the secret to which they are to point.
    type: str
    required: true
  limit_to:
    description:
      - Change only these references, for example some of those that M(community.konnect.konnect_reference_info)
        returns.
      - When left out, all references to the secret are changed, in every workspace.
    type: list
    elements: dict
    suboptions:
      id:
        description: The id of the entity.
        type: str
        required: true
      field:
        description: The field of the entity that contains the reference, for example V(config.auth.header_value).
        type: str
        required: true
seealso:
  - module: community.konnect.konnect_reference_info
  - module: community.konnect.konnect_secret
  - name: Secrets management
    description: Kong's documentation of references.
    link: https://developer.konghq.com/secrets-management/
"""

EXAMPLES = r"""
- name: Store the new key beside the old one
  community.konnect.konnect_secret:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key-2027
    value: "Bearer {{ lookup('ansible.builtin.env', 'MISTRAL_API_KEY') }}"

- name: Point every reference at the new key
  community.konnect.konnect_reference:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key
    new_key: mistral-key-2027
"""

RETURN = r"""
references:
  description: The references that were changed. In check mode, those that would be.
  returned: success
  type: list
  elements: dict
  contains:
    entity:
      description: The kind of the entity, V(plugin), V(certificate), V(key), V(partial) or V(vault).
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
    field:
      description: The field of the entity that contains the reference.
      type: str
      returned: always
      sample: config.auth.header_value
    before:
      description: The reference before the change.
      type: str
      returned: always
      sample: "{vault://mysecretvault/mistral-key}"
    after:
      description: The reference after the change.
      type: str
      returned: always
      sample: "{vault://mysecretvault/mistral-key-2027}"
    workspace:
      description: The name of the workspace that the entity is in.
      type: str
      returned: always
      sample: default
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

from ..module_utils._audit.rewrite import rewrite_references, rewrite_result
from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._module.argument_spec import CONNECTION, ENTITY, PARENT, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._secrets.secret import check_key

SPEC = ArgumentSpec(
    options={
        "config_store": {**ENTITY, "required": True},
        "key": {"type": "str", "required": True, "no_log": False},
        "new_key": {"type": "str", "required": True, "no_log": False},
        "limit_to": {
            "type": "list",
            "elements": "dict",
            "options": {name: {"type": "str", "required": True} for name in ("id", "field")},
        },
    }
).merge(CONNECTION, PARENT)


def handler(parent: ControlPlane, options: dict) -> dict:
    key, new_key = options["key"], options["new_key"]
    check_key(new_key)
    store = parent.resolve(CONFIG_STORE, options["config_store"])
    limit_to = None if options["limit_to"] is None else {(row["id"], row["field"]) for row in options["limit_to"]}
    rows = []
    if key != new_key and not store.predicted:
        rows = rewrite_references(parent, store.id, key, new_key, limit_to)
    return rewrite_result(rows)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
