#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_secrets
short_description: Manage many secrets in a Config Store of Kong Konnect at once
version_added: 1.0.0
description:
  - Creates and updates many secrets of a Config Store, and with O(purge) removes all others.
  - Does the same as a loop over M(community.konnect.konnect_secret), in a fraction of the time.
  - Every item is checked before the first write. The store is read once, and only secrets that need it are written.
  - When a secret fails, the module continues with the others. The task then fails and names the secret, and the next
    run does only what is missing. The same applies after a run that was interrupted.
  - Neither the values nor any part of them are ever shown, logged or stored elsewhere.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
  - community.konnect._update_secret
  - community.konnect._fingerprint_key
attributes:
  idempotent:
    support: partial
    details: With O(update_secret=always), every run writes the values and reports a change.
options:
  config_store:
    description: The name or the id of the Config Store.
    type: raw
    required: true
  secrets:
    description: The secrets that the store should contain. Each key may be used only once.
    type: list
    elements: dict
    required: true
    suboptions:
      key:
        description: The key of the secret, see O(community.konnect.konnect_secret#module:key).
        type: str
        required: true
      value:
        description: The value, which each secret needs. See O(community.konnect.konnect_secret#module:value).
        type: raw
      value_version:
        description: A version number, see O(community.konnect.konnect_secret#module:value_version).
        type: int
  purge:
    description:
      - Remove the secrets that O(secrets) does not name, and fingerprints whose secret no longer exists.
      - Each secret is read again just before. One that another client has written in the meantime is kept, with a
        warning.
      - For secrets to which something refers, see O(on_in_use).
    type: bool
    default: false
  allow_empty:
    description: Allow O(purge) with an empty list, which empties the store.
    type: bool
    default: false
  on_in_use:
    description:
      - With O(purge), what to do when something refers to a secret that would be removed.
      - V(fail) fails before any write. V(keep) keeps these secrets, removes the others, and returns RV(kept).
      - V(remove) removes them too.
    type: str
    choices: [fail, keep, remove]
    default: fail
  parallel:
    description:
      - The number of requests to send at the same time, 1 to 32. They share the rate limit.
      - When Konnect refuses one with the status 429 and does not say when it takes the next, the task goes on with half
        as many.
    type: int
    default: 10
notes:
  - O(request_deadline) starts again with each secret that is done. It limits the time without progress, not the whole
    task.
  - With C(-v), progress is shown after each tenth of the work when the module runs in a fork of Ansible's own process,
    as it does on the controller. Otherwise, Ansible shows no output before the module ends. See also RV(progress).
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

- name: Show what was written, and why
  ansible.builtin.debug:
    msg: "{{ stored.reasons }}"

- name: Store every item of a dictionary, and remove all other secrets
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
  description: The keys of the secrets that were, or would be, updated, even if only in their fingerprint.
  returned: success, or when some secrets failed
  type: list
  elements: str
  sample: []
unchanged:
  description: The keys of the secrets that did not have to be written.
  returned: success, or when some secrets failed
  type: list
  elements: str
  sample: [openai-key]
removed:
  description: The keys of the secrets that were, or would be, removed, even if only their fingerprint was left.
  returned: success, or when some secrets failed
  type: list
  elements: str
  sample: []
reasons:
  description:
    - Why each secret was, or would be, written or removed, by key.
    - For the reasons, see RV(community.konnect.konnect_secret#module:reason).
  returned: success, or when some secrets failed
  type: dict
  sample:
    mistral-key: created
failures:
  description:
    - The error message of each secret that failed, by key. Empty when none did.
  returned: success, or when some secrets failed
  type: dict
  sample: {}
requests:
  description: The number of requests that the task sent, including repeats.
  returned: success, or when some secrets failed
  type: int
  sample: 5
elapsed:
  description: The duration of the task in seconds.
  returned: success, or when some secrets failed
  type: float
  sample: 0.214
progress:
  description: The progress of the task, after about each tenth of its work. Empty when there was nothing to do.
  returned: success, or when some secrets failed
  type: list
  elements: dict
  contains:
    done:
      description: The number of secrets that were done.
      type: int
      returned: always
      sample: 100
    total:
      description: The number of secrets to write or remove.
      type: int
      returned: always
      sample: 1000
    elapsed:
      description: The seconds since the work began.
      type: float
      returned: always
      sample: 0.513
kept:
  description:
    - Why secrets were kept that O(purge) would have removed.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) what refers to them, each with the C(secret).
  returned: with O(on_in_use=keep), when secrets were not removed
  type: dict
  sample:
    code: in_use
    message: >-
      Secret openai-key is in use by plugin ai-proxy (9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55)
      in config.auth.header_value and was kept.
    referrers:
      - entity: plugin
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: ai-proxy
        field: config.auth.header_value
        secret: openai-key
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
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._module.argument_spec import (
    CONNECTION,
    ENTITY,
    FINGERPRINT_KEY,
    ON_IN_USE,
    PARENT,
    UPDATE_SECRET,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._secrets.batch import SecretBatch, check_batch
from ..module_utils._secrets.secret import storage_warnings
from ..module_utils._secrets.store import SecretStore

SPEC = ArgumentSpec(
    options={
        "config_store": {**ENTITY, "required": True},
        "secrets": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "no_log": False,
            "options": {
                "key": {"type": "str", "required": True, "no_log": False},
                "value": {"type": "raw", "no_log": True},
                "value_version": {"type": "int", "no_log": True},
            },
        },
        "purge": {"type": "bool", "default": False},
        "allow_empty": {"type": "bool", "default": False},
        "parallel": {"type": "int", "default": 10},
    },
).merge(CONNECTION, PARENT, UPDATE_SECRET, FINGERPRINT_KEY, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    wanted, keys = check_batch(options)
    parent.task.warn_all(storage_warnings({item["key"]: item["value"] for item in options["secrets"]}))
    store = SecretStore(parent, parent.resolve(CONFIG_STORE, options["config_store"]))
    how = {name: options[name] for name in ("purge", "on_in_use", "parallel")}
    return SecretBatch(store).run(wanted, keys, **how)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
