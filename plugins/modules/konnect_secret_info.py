#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_secret_info
short_description: List secrets in a Config Store of Kong Konnect
version_added: 1.0.0
description:
  - Lists the secrets of a Config Store, with the time at which each was written. Konnect never returns their values.
  - The fingerprints that M(community.konnect.konnect_secret) keeps beside them are not listed.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
options:
  config_store:
    description: The name or the id of the Config Store.
    type: raw
    required: true
  key:
    description: Return only the secret with this key.
    type: str
seealso:
  - module: community.konnect.konnect_secret
  - name: Configure the Konnect Config Store
    description: Kong's how-to guide.
    link: https://developer.konghq.com/how-to/configure-the-konnect-config-store/
"""

EXAMPLES = r"""
- name: List the secrets of a store
  community.konnect.konnect_secret_info:
    control_plane: quickstart
    config_store: my-config-store
  register: found

- name: Show their keys
  ansible.builtin.debug:
    msg: "{{ found.secrets | map(attribute='key') }}"
"""

RETURN = r"""
secrets:
  description: The secrets, sorted by key, without their values.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: The key of the secret.
      type: str
      returned: always
      sample: mistral-key
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
    fingerprinted:
      description:
        - Whether the current value has a fingerprint. After another client has written the secret, it has none.
      type: bool
      returned: always
      sample: true
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
from ..module_utils._module.argument_spec import CONNECTION, ENTITY, PARENT, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._secrets.store import SecretStore

SPEC = ArgumentSpec(
    options={"config_store": {**ENTITY, "required": True}, "key": {"type": "str", "no_log": False}}
).merge(CONNECTION, PARENT)


def handler(parent: ControlPlane, options: dict) -> dict:
    store = SecretStore(parent, parent.resolve(CONFIG_STORE, options["config_store"]))
    secrets = store.describe(store.read())
    keys = secrets.keys() if options["key"] is None else {options["key"]} & secrets.keys()
    return {"changed": False, "secrets": [secrets[key] for key in sorted(keys)]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
