#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_secret
short_description: Manage secrets in a Config Store of Kong Konnect
version_added: 1.0.0
description:
  - Creates, updates and removes a secret in a Config Store.
  - Konnect never returns the value of a secret. To recognize a value that is already there, the module keeps a
    fingerprint of it beside the secret, made with a key that only you have. See O(update_secret).
  - Neither the value nor any part of it is ever shown, logged or stored elsewhere.
  - The value of a secret that something refers to is written without a test. To test a new value first, use
    M(community.konnect.konnect_secret_rotation). While a rotation of the secret is pending, its value is not written,
    and the task fails with the code V(rotation_pending).
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
  - community.konnect._state
  - community.konnect._update_secret
  - community.konnect._fingerprint_key
attributes:
  idempotent:
    support: partial
    details: With O(update_secret=always), every run writes the value and reports a change.
options:
  config_store:
    description: The name or the id of the Config Store.
    type: raw
    required: true
  key:
    description:
      - The key of the secret in the store. Letters, digits, dots, dashes and underscores, starting with a letter or
        digit. Other characters are rejected, because Konnect accepts them but then cannot find the secret again.
      - At most 512 bytes, and 445 with O(update_secret=on_change).
    type: str
    required: true
  value:
    description:
      - The value, 1 to 5120 bytes. Required with O(state=present).
      - Kong replaces a whole field by the secret, so the value for an Authorization header is C(Bearer KEY).
      - A mapping is stored as JSON, its fields sorted by name, so that only its content counts as a change. References
        can then name its fields, as in C({vault://PREFIX/KEY/FIELD}).
      - A number, and a mapping that holds more than texts, are stored with a warning that says how. With ansible-core
        2.18, a template whose text looks like a list or a mapping becomes one, and its text is lost. It is refused
        unless the filter P(ansible.builtin.string#filter) or P(ansible.builtin.to_json#filter) ends the template.
    type: raw
  value_version:
    description:
      - A version number that you raise when you change the value. It replaces the fingerprint, so that nothing in the
        store is derived from the value.
    type: int
  expected_updated_at:
    description:
      - Write only if the secret was last written at this time, as returned in RV(secret) by an earlier task. If another
        client has written it since, the task fails with the code V(concurrent_change).
      - The time is checked just before the write. Konnect cannot do both in one step.
    type: str
  on_new_value:
    description:
      - With O(state=present), what to do when the secret has another value, or one that is not known, and something
        refers to it.
      - While a rotation of the secret is pending, V(keep) returns RV(kept) with the code V(rotation_pending), and
        V(warn) and V(fail) fail, also for the value that the secret has.
      - V(write) writes the new value. V(warn) writes it with a warning. V(keep) keeps the value without failing, and
        returns RV(kept). V(fail) fails.
    type: str
    choices: [write, warn, keep, fail]
    default: write
  on_in_use:
    description:
      - With O(state=absent), what to do when something refers to the secret.
      - V(fail) fails. V(keep) keeps the secret without failing, and returns RV(kept). V(remove) removes it.
    type: str
    choices: [fail, keep, remove]
    default: fail
notes:
  - Ansible itself prints the items of a loop. Where an item holds the O(value), or a part of it, the output of the task
    is hidden as with C(no_log), and the message of a failure is printed by itself. What the task registers stays. To
    see the output, loop over the keys and look the values up in O(value), or use
    M(community.konnect.konnect_secrets), which takes all secrets in one task.
seealso:
  - module: community.konnect.konnect_secrets
  - module: community.konnect.konnect_secret_rotation
  - module: community.konnect.konnect_config_store
  - module: community.konnect.konnect_vault
  - name: Store a Mistral API key as a secret in Konnect Config Store
    description: Kong's how-to guide.
    link: https://developer.konghq.com/how-to/store-a-mistral-api-key-as-a-secret-in-konnect-config-store/
"""

EXAMPLES = r"""
- name: Store the API key of Mistral for an Authorization header
  community.konnect.konnect_secret:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key
    value: "Bearer {{ lookup('ansible.builtin.env', 'MISTRAL_API_KEY') }}"
  register: stored

- name: Show why the secret was written
  ansible.builtin.debug:
    msg: "mistral-key was written: {{ stored.reason }}"
  when: stored is changed

- name: Remove the secret
  community.konnect.konnect_secret:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key
    state: absent
"""

RETURN = r"""
secret:
  description: The secret as Konnect returns it, which never includes the value. Empty when it does not exist.
  returned: success, and on failure when the value was written but its fingerprint was not
  type: dict
  sample:
    key: mistral-key
    created_at: "2026-11-23T10:00:00.000Z"
    updated_at: "2026-11-23T10:00:00.000Z"
reason:
  description:
    - Why the secret was, or would be, written. V(created), it did not exist. V(value_changed), the value is another
      one. V(changed_outside), another client has written it since this collection did. V(not_recorded), it has no
      fingerprint. V(fingerprint_key_changed), its fingerprint was made with another key. V(always), see
      O(update_secret). V(removed), see O(state).
    - Null when nothing had to be written.
  returned: success
  type: str
  sample: value_changed
value_written:
  description: Whether the value was, or would be, written, and not only its fingerprint.
  returned: success, and on failure when the value was written but its fingerprint was not
  type: bool
  sample: true
kept:
  description:
    - Why the secret, or its value, was kept.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) what refers to it.
  returned: >-
    with O(on_in_use=keep), when the secret was not removed, and with O(on_new_value=keep), when it was not written
  type: dict
  sample:
    code: in_use
    message: >-
      Secret mistral-key is in use by plugin ai-proxy (9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55)
      in config.auth.header_value and was kept.
    referrers:
      - entity: plugin
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: ai-proxy
        field: config.auth.header_value
        secret: mistral-key
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
from ..module_utils._entities.lookup import Resolved
from ..module_utils._module.argument_spec import (
    CONNECTION,
    ENTITY,
    FINGERPRINT_KEY,
    ON_IN_USE,
    PARENT,
    STATE,
    UPDATE_SECRET,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._secrets.plan import SecretOutcome
from ..module_utils._secrets.secret import FingerprintKeys, Wanted, as_text, check_key, storage_warnings
from ..module_utils._secrets.store import SecretStore

SPEC = ArgumentSpec(
    options={
        "config_store": {**ENTITY, "required": True},
        "key": {"type": "str", "required": True, "no_log": False},
        "value": {"type": "raw", "no_log": True},
        "value_version": {"type": "int", "no_log": True},
        "expected_updated_at": {"type": "str"},
        "on_new_value": {"type": "str", "choices": ["write", "warn", "keep", "fail"], "default": "write"},
    },
    required_if=[("state", "present", ["value"])],
).merge(CONNECTION, PARENT, STATE, UPDATE_SECRET, FINGERPRINT_KEY, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    change = _present if options["state"] == "present" else _absent
    return change(parent, options).result()


def _present(parent: ControlPlane, options: dict) -> SecretOutcome:
    fields = ("key", "update_secret", "value_version", "expected_updated_at")
    wanted = Wanted(value=as_text(options["value"]), **{field: options[field] for field in fields})
    keys = FingerprintKeys.from_options(options)
    keys.check(wanted)
    parent.task.warn_all(storage_warnings({wanted.key: options["value"]}))
    store = SecretStore(parent, parent.resolve(CONFIG_STORE, options["config_store"]))
    return store.ensure(wanted, keys, options["on_new_value"])


def _absent(parent: ControlPlane, options: dict) -> SecretOutcome:
    check_key(options["key"])
    store = parent.resolve_if_exists(CONFIG_STORE, options["config_store"])
    if store is None:
        return SecretOutcome(False, None, None, None)
    return SecretStore(parent, Resolved(store)).remove(options["key"], options["on_in_use"])


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
