#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_secret_rotation_info
short_description: List pending rotations of secrets of Kong Konnect
version_added: 1.0.0
description:
  - Lists the rotations in a Config Store that are pending, and those that left something when they were interrupted.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
  - community.konnect._fingerprint_key
options:
  config_store:
    description: The name or the id of the Config Store.
    type: raw
    required: true
  key:
    description: List only the rotation of the secret with this key.
    type: str
seealso:
  - module: community.konnect.konnect_secret_rotation
"""

EXAMPLES = r"""
- name: List the rotations that are pending
  community.konnect.konnect_secret_rotation_info:
    control_plane: quickstart
    config_store: my-config-store
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ found.rotations | selectattr('pending') | map(attribute='key') }}"
"""

RETURN = r"""
rotations:
  description: The rotations, by the key of the secret.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: The key of the secret.
      type: str
      returned: always
      sample: mistral-key
    pending:
      description: Whether the rotation is not finished. Otherwise it only left something.
      type: bool
      returned: always
      sample: true
    stage:
      description:
        - The last stage that it reached, V(claimed), V(prepared), V(switched), V(overwriting), V(overwritten),
          V(proved) or V(committing). Null when there is only a claim.
      type: str
      returned: always
      sample: prepared
    known:
      description: Whether its state was written with the fingerprint key of this task. Only such a rotation can go on.
      type: bool
      returned: always
      sample: true
    idle:
      description: The seconds since something of it moved, by the server's clock.
      type: int
      returned: always
      sample: 42
    busy:
      description: Whether that is so little that another run may be at work.
      type: bool
      returned: always
      sample: true
    next_key:
      description: The key of the secret that holds the new value. Null when there is none.
      type: str
      returned: always
      sample: mistral-key-next
    references:
      description: How many references lead to the secret.
      type: int
      returned: always
      sample: 1
    references_to_next:
      description: How many references lead to the secret that holds the new value.
      type: int
      returned: always
      sample: 0
    temporary_entities:
      description: The names of its temporary routes, or on an AI Gateway of its temporary models and providers.
      type: list
      elements: str
      returned: always
      sample: []
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
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._module.argument_spec import CONNECTION, ENTITY, FINGERPRINT_KEY, PARENT, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._rotation.listing import read_rotations
from ..module_utils._secrets.secret import FingerprintKeys
from ..module_utils._secrets.store import SecretStore

SPEC = ArgumentSpec(
    options={"config_store": {**ENTITY, "required": True}, "key": {"type": "str", "no_log": False}}
).merge(CONNECTION, PARENT, FINGERPRINT_KEY)


def handler(parent: ControlPlane, options: dict) -> dict:
    store = SecretStore(parent, parent.resolve(CONFIG_STORE, options["config_store"]))
    rotations = read_rotations(store, FingerprintKeys.from_options(options), options["key"])
    return {"changed": False, "rotations": rotations}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
