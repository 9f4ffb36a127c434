#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_vault_info
short_description: List Vaults of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Lists the Vault entities of a control plane.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
  - community.konnect._sensitive_fields
options:
  prefix:
    description: Return only the Vault with this prefix.
    type: str
  backend:
    description: Return only Vaults with this backend.
    type: str
    choices: [konnect, env, aws, gcp, azure, azure-certs, hcv, conjur, fs]
  config_store:
    description: Return only Vaults that expose the Config Store with this name or id.
    type: raw
  tags:
    description: Return only Vaults with all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_vault
  - name: Vault entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/vault/
"""

EXAMPLES = r"""
- name: List the Vaults that expose a Config Store
  community.konnect.konnect_vault_info:
    control_plane: quickstart
    config_store: my-config-store
"""

RETURN = r"""
vaults:
  description:
    - The Vaults, sorted by prefix. Settings whose name suggests a secret are not shown, unless they are references.
    - C(created_by_collection) is true when this collection created the Vault, as its id shows.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      name: konnect
      prefix: mysecretvault
      description: Storing secrets in Konnect
      config:
        config_store_id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
      created_at: 1795428000
      updated_at: 1795428000
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

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import VAULT
from ..module_utils._entities.listing import read_entities
from ..module_utils._entities.usage import exposed_store_id
from ..module_utils._module.argument_spec import CONNECTION, ENTITY, PARENT, SENSITIVE_FIELDS, TAGS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.vault import BACKENDS, find_store, vault_row

SPEC = ArgumentSpec(
    options={
        "prefix": {"type": "str"},
        "backend": {"type": "str", "choices": BACKENDS},
        "config_store": ENTITY,
    }
).merge(CONNECTION, PARENT, TAGS, SENSITIVE_FIELDS)


def handler(parent: ControlPlane, options: dict) -> dict:
    store = find_store(parent, options["config_store"])

    def keep(vault: dict) -> bool:
        return options["backend"] in (None, vault["name"]) and (store is None or exposed_store_id(vault) == store.id)

    vaults = read_entities(parent, VAULT, name=options["prefix"], tags=options["tags"], keep=keep)
    return {"changed": False, "vaults": [vault_row(parent, options, vault) for vault in vaults]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
