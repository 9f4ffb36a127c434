#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_vault
short_description: Manage Vaults of a Kong Konnect control plane
version_added: 0.1.0
description:
  - Creates, changes and removes Vault entities, under whose prefix secrets are referred to as
    C({vault://PREFIX/KEY}).
  - What the server fills in by itself is not a change.
  - A vault that is given another Config Store is checked too, so that no reference through it comes to lead nowhere.
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
  prefix:
    description:
      - The prefix, which names the vault in references and is its identity. It is never changed.
      - At least two characters of lower-case letters, digits and dashes, starting with a letter, not ending with a
        dash.
    type: str
    required: true
  backend:
    description:
      - Where the secrets are. Kong's API calls this the vault's C(name).
      - Needed to create a vault, where V(konnect) follows from O(config_store).
    type: str
    choices: [konnect, env, aws, gcp, azure, azure-certs, hcv, conjur, fs]
  config_store:
    description:
      - The name or the id of the Config Store that a V(konnect) vault exposes.
      - A short way to set C(config_store_id) in O(config).
    type: str
  config:
    description:
      - The settings of the backend. What is left out stays as it is, a null takes a setting out, and V({}) all of them.
      - A new O(backend) begins with these settings alone.
    type: dict
  description:
    description: For people. An empty string removes it.
    type: str
  force:
    description: With O(state=absent), remove the vault even when something refers to it.
    type: bool
    default: false
seealso:
  - module: community.konnect.konnect_config_store
  - plugin: community.konnect.vault_reference
    plugin_type: filter
  - name: Vault entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/vault/
"""

EXAMPLES = r"""
- name: Expose a Config Store as mysecretvault
  community.konnect.konnect_vault:
    control_plane: quickstart
    prefix: mysecretvault
    config_store: my-config-store
    description: Storing secrets in Konnect

- name: Read secrets from HashiCorp Vault
  community.konnect.konnect_vault:
    control_plane: quickstart
    prefix: corporate
    backend: hcv
    config:
      host: vault.example.com
      port: 8200
      protocol: https
      kv: v2

- name: Remove a vault that nothing refers to
  community.konnect.konnect_vault:
    control_plane: quickstart
    prefix: mysecretvault
    state: absent
"""

RETURN = r"""
vault:
  description:
    - The vault as Konnect has it; in check mode as it would be sent. With O(state=absent), as it was.
    - Literals in settings that look secret are not shown.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: konnect
    prefix: mysecretvault
    description: Storing secrets in Konnect
    config:
      config_store_id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
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

from ..module_utils._audit.reference_map import check_vault
from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.reconcile import ensure, remove
from ..module_utils._entities.usage import vault_usage
from ..module_utils._module.argument_spec import (
    CHECK_REFERENCES,
    CONNECTION,
    CONTROL_PLANE,
    ON_IN_USE,
    STATE,
    TAGS,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._resources.vault import BACKENDS, check_options, find_store, mask_vault, vault_target

SPEC = ArgumentSpec(
    options={
        "prefix": {"type": "str", "required": True},
        "backend": {"type": "str", "choices": BACKENDS},
        "config_store": {"type": "str"},
        "config": {"type": "dict"},
        "description": {"type": "str"},
    },
).merge(CONNECTION, CONTROL_PLANE, STATE, TAGS, CHECK_REFERENCES, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    check_options(options)
    if options["state"] == "present":
        store = find_store(parent, options["config_store"])
        check_vault(parent, options, store)
        outcome = ensure(vault_target(parent, options, store))
    else:
        prefix = options["prefix"]
        outcome = remove(vault_target(parent, options), options["on_in_use"], lambda vault: vault_usage(parent, prefix))
    return outcome.result("vault", mask_vault)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
