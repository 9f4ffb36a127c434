#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_vault
short_description: Manage Vaults of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes Vault entities. Secrets are referred to by the prefix of a Vault, as
    C({vault://PREFIX/KEY}).
  - Values that Konnect adds by itself never count as a change.
  - When a Vault gets another Config Store, O(check_references) also covers the references that use the Vault.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._check_references
  - community.konnect._connection
  - community.konnect._parent
  - community.konnect._keep_secrets
  - community.konnect._sensitive_fields
  - community.konnect._state
  - community.konnect._tags
options:
  prefix:
    description:
      - The prefix, by which references name the Vault and by which it is identified. It cannot be changed.
      - At least two lower-case letters, digits and dashes, starting with a letter and not ending with a dash.
    type: str
    required: true
  backend:
    description:
      - The backend that stores the secrets. Kong's API calls it the C(name) of the Vault.
      - Needed to create a Vault. With O(config_store), it defaults to V(konnect).
      - The backend of a Vault that something refers to is not switched, unless O(check_references) allows it.
    type: str
    choices: [konnect, env, aws, gcp, azure, azure-certs, hcv, conjur, fs]
  config_store:
    description:
      - The name or the id of the Config Store that a V(konnect) Vault exposes.
      - Sets C(config_store_id) in O(config).
    type: raw
  config:
    description:
      - The settings of the backend. Settings that are left out stay as they are. A null removes a setting, and V({})
        removes all of them.
      - When O(backend) changes, the settings of the former backend are removed.
    type: dict
  description:
    description: A description. An empty string removes it.
    type: str
  on_in_use:
    description:
      - With O(state=absent), what to do when something refers to the Vault.
      - V(fail) fails. V(keep) keeps the Vault without failing, and returns RV(kept). V(remove) removes it.
    type: str
    choices: [fail, keep, remove]
    default: fail
seealso:
  - module: community.konnect.konnect_config_store
  - plugin: community.konnect.vault_reference
    plugin_type: filter
  - name: Vault entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/vault/
"""

EXAMPLES = r"""
- name: Expose a Config Store under the prefix mysecretvault
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

- name: Remove the Vault, and fail if something refers to it
  community.konnect.konnect_vault:
    control_plane: quickstart
    prefix: mysecretvault
    state: absent
"""

RETURN = r"""
vault:
  description:
    - The Vault as Konnect returns it. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
    - Settings whose name suggests a secret are not shown, unless they are references.
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
kept:
  description:
    - Why the Vault was kept.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) what refers to it.
  returned: with O(on_in_use=keep), when the Vault was not removed
  type: dict
  sample:
    code: in_use
    message: >-
      Vault mysecretvault is in use by plugin ai-proxy (9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55)
      in config.auth.header_value and was kept.
    referrers:
      - entity: plugin
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: ai-proxy
        field: config.auth.header_value
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

from ..module_utils._audit.reference_map import check_vault
from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import VAULT
from ..module_utils._entities.reconcile import Outcome, ensure, remove
from ..module_utils._entities.usage import Usage, vault_usage
from ..module_utils._module.argument_spec import (
    CHECK_REFERENCES,
    CONNECTION,
    ENTITY,
    KEEP_SECRETS,
    ON_IN_USE,
    PARENT,
    SENSITIVE_FIELDS,
    STATE,
    TAGS,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._references.targets import ReferenceTargets
from ..module_utils._resources.vault import BACKENDS, check_options, find_store, mask_vault, vault_target

SPEC = ArgumentSpec(
    options={
        "prefix": {"type": "str", "required": True},
        "backend": {"type": "str", "choices": BACKENDS},
        "config_store": ENTITY,
        "config": {"type": "dict"},
        "description": {"type": "str"},
    },
).merge(CONNECTION, PARENT, STATE, TAGS, CHECK_REFERENCES, SENSITIVE_FIELDS, KEEP_SECRETS, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    check_options(options)
    if options["state"] == "present":
        store = find_store(parent, options["config_store"])
        targets = ReferenceTargets(parent)
        check_vault(parent, targets, options, store)
        outcome = ensure(vault_target(parent, options, store), targets.vaults.values())
    else:
        outcome = _remove(parent, options)
    return outcome.result("vault", lambda vault, before: mask_vault(options, vault, before))


def _remove(parent: ControlPlane, options: dict) -> Outcome:
    vaults = list(parent.list(VAULT))

    def find_usage(vault: dict) -> Usage | None:
        return vault_usage(parent, options["prefix"], vaults)

    return remove(vault_target(parent, options), options["on_in_use"], find_usage, listed=vaults)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
