#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_config_store
short_description: Manage Config Stores of Kong Konnect
version_added: 1.0.0
description:
  - Creates and removes Config Stores, in which a control plane keeps secrets.
  - Konnect allows several stores with the same name. This module creates only one, and fails when it finds more.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
  - community.konnect._state
options:
  name:
    description:
      - The name of the store, 1 to 100 letters, digits, dots, dashes, underscores and tildes.
      - The id of an existing store is accepted too, to distinguish stores with the same name.
    type: str
    required: true
  on_in_use:
    description:
      - With O(state=absent), what to do when the store contains secrets or a Vault exposes it.
      - V(fail) fails. V(keep) keeps the store without failing, and returns RV(kept).
      - V(remove) removes it with all its secrets. References to them stop resolving immediately.
    type: str
    choices: [fail, keep, remove]
    default: fail
seealso:
  - module: community.konnect.konnect_secret
  - module: community.konnect.konnect_vault
  - name: Konnect Config Store
    description: Kong's documentation of the Config Store.
    link: https://developer.konghq.com/how-to/configure-the-konnect-config-store/
"""

EXAMPLES = r"""
- name: Create a Config Store
  community.konnect.konnect_config_store:
    control_plane: quickstart
    name: my-config-store

- name: Remove the Config Store, and fail unless it is empty
  community.konnect.konnect_config_store:
    control_plane: quickstart
    name: my-config-store
    state: absent
"""

RETURN = r"""
config_store:
  description:
    - The Config Store as Konnect returns it. In check mode, what is known of it before it is created.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e
    name: my-config-store
    created_at: "2026-11-23T10:00:00.000Z"
    updated_at: "2026-11-23T10:00:00.000Z"
kept:
  description:
    - Why the store was kept.
    - Contains the C(code), V(in_use) or V(not_empty), a C(message), and what RV(failure) contains with that code.
  returned: with O(on_in_use=keep), when the store was not removed
  type: dict
  sample:
    code: not_empty
    message: Config store my-config-store holds 1 secret (mistral-key) and was kept.
    secrets: [mistral-key]
    referrers: []
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
from ..module_utils._module.argument_spec import CONNECTION, ON_IN_USE, PARENT, STATE, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.config_store import ensure_config_store, remove_config_store

SPEC = ArgumentSpec(options={"name": {"type": "str", "required": True}}).merge(CONNECTION, PARENT, STATE, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    if options["state"] == "present":
        outcome = ensure_config_store(parent, options["name"])
    else:
        outcome = remove_config_store(parent, options["name"], options["on_in_use"])
    return outcome.result("config_store")


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
