#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_secrets
short_description: Manage many secrets in a Config Store of Kong Konnect at once
version_added: 0.1.0
description:
  - Creates and updates many secrets of a Config Store, and with O(purge) removes the others. It does what
    M(community.konnect.konnect_secret) does to one, and takes a fraction of the time of a loop over it.
  - Every item is checked before the first write. Then one listing of the store tells which secrets need one.
  - A secret that fails does not stop the others. The task fails at the end and names it, and the next run does only
    what is missing. The same goes for a run that was cut short.
  - Neither the values nor any part of them are ever shown, logged or kept.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._update_secret
attributes:
  idempotent:
    support: partial
    details: With O(update_secret=always) each run writes the values and reports a change.
options:
  config_store:
    description: The name or the id of the Config Store.
    type: str
    required: true
  secrets:
    description: The secrets that the store is to hold. No key may stand in it twice.
    type: list
    elements: dict
    required: true
    suboptions:
      key:
        description: The name of the secret, as O(community.konnect.konnect_secret#module:key).
        type: str
        required: true
      value:
        description: The value, as O(community.konnect.konnect_secret#module:value).
        type: raw
        required: true
      value_version:
        description: A number of your own, as O(community.konnect.konnect_secret#module:value_version).
        type: int
  purge:
    description:
      - Remove the secrets of the store that O(secrets) does not name, and fingerprints whose secret is gone.
      - Each is looked at again just before. One that somebody else wrote in the meantime stays, with a warning.
      - When something refers to one of them, the task fails before it writes anything; see O(force).
    type: bool
    default: false
  allow_empty:
    description: Whether O(purge) with an empty list, which empties the store, is meant.
    type: bool
    default: false
  force:
    description: With O(purge), remove secrets even when something refers to them.
    type: bool
    default: false
  parallel:
    description: How many requests may be under way at once, 1 to 16. They share the rate limit.
    type: int
    default: 4
notes:
  - O(request_deadline) starts anew with each secret that is done. It limits how long the task may get nowhere, not how
    much it may do.
  - With C(-v), a line for each tenth of the work is shown as it is done, where the module runs in a fork of Ansible's
    own process, as it does on the controller. Ansible shows nothing of a module that it starts itself before it ends.
    RV(progress) tells afterwards how the time went.
seealso:
  - module: community.konnect.konnect_secret
  - module: community.konnect.konnect_secret_info
  - module: community.konnect.konnect_config_store
"""

EXAMPLES = r"""
- name: Store the keys of several providers
  community.konnect.konnect_secrets:
    control_plane: quickstart
    config_store: my-config-store
    secrets:
      - key: mistral-key
        value: "Bearer {{ lookup('ansible.builtin.env', 'MISTRAL_API_KEY') }}"
      - key: openai-key
        value: "Bearer {{ lookup('ansible.builtin.env', 'OPENAI_API_KEY', default='fake-openai-key') }}"
  register: stored

- name: Say what was written, and why
  ansible.builtin.debug:
    msg: "{{ stored.reasons }}"

- name: Store all of a dictionary, and nothing else
  community.konnect.konnect_secrets:
    control_plane: quickstart
    config_store: my-config-store
    secrets: "{{ all_keys | ansible.builtin.dict2items(value_name='value') }}"
    purge: true
  vars:
    all_keys:
      mistral-key: Bearer fake-mistral-key
"""

RETURN = r"""
created:
  description: The keys of the secrets that were, or would be, created.
  returned: success, or when some secrets failed
  type: list
  elements: str
  sample: [mistral-key]
updated:
  description: The keys of those that were, or would be, written again; or only their fingerprints.
  returned: success, or when some secrets failed
  type: list
  elements: str
  sample: []
unchanged:
  description: The keys of those that were as wanted.
  returned: success, or when some secrets failed
  type: list
  elements: str
  sample: [openai-key]
removed:
  description: The keys of those that were, or would be, removed; or only their fingerprints.
  returned: success, or when some secrets failed
  type: list
  elements: str
  sample: []
reasons:
  description:
    - Why each secret was, or would be, written or removed, by its key.
    - The reasons are those of RV(community.konnect.konnect_secret#module:reason).
  returned: success, or when some secrets failed
  type: dict
  sample:
    mistral-key: created
failures:
  description:
    - What went wrong, by the key of the secret that it went wrong with. Empty when all went well.
    - It is not called C(failed), which is the name that Ansible gives to whether a task failed.
  returned: success, or when some secrets failed
  type: dict
  sample: {}
requests:
  description: How many requests the task sent, repeats included.
  returned: success, or when some secrets failed
  type: int
  sample: 5
elapsed:
  description: How long they took, in seconds.
  returned: success, or when some secrets failed
  type: float
  sample: 0.214
progress:
  description: How far the task had come, after about each tenth of its work. Empty when there was nothing to do.
  returned: success, or when some secrets failed
  type: list
  elements: dict
  contains:
    done:
      description: How many secrets were done.
      type: int
      returned: always
      sample: 100
    total:
      description: How many there were to write or remove.
      type: int
      returned: always
      sample: 1000
    elapsed:
      description: The seconds since the first of them.
      type: float
      returned: always
      sample: 0.513
failure:
  description: What went wrong, to branch on.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - One word, such as V(unauthorized), V(forbidden), V(not_found), V(ambiguous), V(invalid_input), V(invalid),
          V(conflict), V(in_use), V(rate_limited), V(unreachable).
        - V(some_failed) when only some of the secrets failed, or not all of them alike.
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
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ON_IN_USE, UPDATE_SECRET, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._secrets.batch import SecretBatch, check_batch
from ..module_utils._secrets.store import SecretStore

SPEC = ArgumentSpec(
    options={
        "config_store": {"type": "str", "required": True},
        "secrets": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "no_log": False,
            "options": {
                "key": {"type": "str", "required": True, "no_log": False},
                "value": {"type": "raw", "required": True, "no_log": True},
                "value_version": {"type": "int"},
            },
        },
        "purge": {"type": "bool", "default": False},
        "allow_empty": {"type": "bool", "default": False},
        "parallel": {"type": "int", "default": 4},
    },
).merge(CONNECTION, CONTROL_PLANE, UPDATE_SECRET, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    wanted, keys = check_batch(options)
    store = SecretStore(parent, parent.resolve(CONFIG_STORE, options["config_store"]))
    how = {name: options[name] for name in ("purge", "on_in_use", "parallel")}
    return SecretBatch(store).run(wanted, keys, **how)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
