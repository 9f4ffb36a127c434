#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_secret
short_description: Manage secrets in a Config Store of Kong Konnect
version_added: 0.1.0
description:
  - Stores, changes and removes a secret in a Config Store.
  - Konnect never returns the value of a secret. So that a task can still tell whether the value is the one that it
    wants, it keeps a fingerprint of it beside the secret, made under a key that only you have. See O(update_secret).
  - Neither the value nor any part of it is ever shown, logged or kept.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
  - community.konnect._update_secret
attributes:
  idempotent:
    support: partial
    details: With O(update_secret=always) each run writes the value and reports a change.
options:
  config_store:
    description: The name or the id of the Config Store.
    type: str
    required: true
  key:
    description:
      - The name of the secret in the store. Letters, digits, dots, dashes and underscores, starting with a letter or
        digit. Konnect accepts other characters and then cannot find the secret again, so they are refused.
      - At most 512 bytes, and 445 with O(update_secret=on_change).
    type: str
    required: true
  value:
    description:
      - The value, 1 to 5120 bytes. Required with O(state=present).
      - Kong puts a secret in the place of a whole field, so the value for an Authorization header is C(Bearer KEY).
      - A mapping is stored as JSON, so that references can name its fields, as in C({vault://PREFIX/KEY/FIELD}).
    type: raw
  value_version:
    description:
      - A number of your own that you raise when you change the value. It takes the place of the fingerprint, for
        those who want none of the value's traces in the store, not even a keyed one.
    type: int
  record:
    description:
      - Whether the fingerprint says that the value has proved itself. With O(update_secret=on_change) only.
      - V(with_value) says so right after the value is written.
      - V(later) leaves it open, for a value that something has to prove first. Until that is recorded, a task with
        V(later) tells V(unproved) as the RV(reason); it writes the value again only with O(value_version), because
        under the number of a version that failed another value may come.
      - V(only) writes nothing but the fingerprint, and says so of a value that an earlier task wrote with V(later).
      - A task with V(with_value) leaves a value alone that is the right one and not proved yet, and proves nothing.
    type: str
    choices: [with_value, later, only]
    default: with_value
  expected_updated_at:
    description:
      - Write only when the secret was last written at this time, as RV(secret) of an earlier task tells it. When
        somebody else wrote since, the task fails with the code V(concurrent_change). It looks right before it writes;
        Konnect cannot do both at once.
    type: str
  force:
    description: With O(state=absent), remove the secret even when something refers to it.
    type: bool
    default: false
seealso:
  - module: community.konnect.konnect_secrets
  - module: community.konnect.konnect_config_store
  - module: community.konnect.konnect_vault
  - name: Store a Mistral API key as a secret in Konnect Config Store
    description: Kong's how-to.
    link: https://developer.konghq.com/how-to/store-a-mistral-api-key-as-a-secret-in-konnect-config-store/
"""

EXAMPLES = r"""
- name: Store the key of the Mistral API for an Authorization header
  community.konnect.konnect_secret:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key
    value: "Bearer {{ lookup('ansible.builtin.env', 'MISTRAL_API_KEY') }}"
  register: stored

- name: Say why the secret was written
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
  description: What Konnect tells of the secret, without its value. Empty when it is absent.
  returned: success, and on failure when the value was written and its fingerprint was not
  type: dict
  sample:
    key: mistral-key
    created_at: "2026-11-23T10:00:00.000Z"
    updated_at: "2026-11-23T10:00:00.000Z"
reason:
  description:
    - Why the secret was, or would be, written. V(created), it was not there. V(value_changed), this task has another
      value. V(changed_outside), somebody else wrote it since this collection did. V(not_recorded), there is no
      fingerprint of it. V(fingerprint_key_changed), its fingerprint is under another key. V(always), as asked for.
      V(removed), with O(state=absent). V(unproved) and V(recorded), see O(record).
    - Null when all is as it should be.
  returned: success
  type: str
  sample: value_changed
value_written:
  description: Whether the value was, or would be, written, and not only its fingerprint.
  returned: success, and on failure when the value was written and its fingerprint was not
  type: bool
  sample: true
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

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._entities.lookup import Resolved
from ..module_utils._module.argument_spec import (
    CONNECTION,
    CONTROL_PLANE,
    ON_IN_USE,
    STATE,
    UPDATE_SECRET,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._secrets.plan import SecretOutcome
from ..module_utils._secrets.secret import FingerprintKeys, Wanted, as_text, check_key
from ..module_utils._secrets.store import SecretStore

SPEC = ArgumentSpec(
    options={
        "config_store": {"type": "str", "required": True},
        "key": {"type": "str", "required": True, "no_log": False},
        "value": {"type": "raw", "no_log": True},
        "value_version": {"type": "int"},
        "record": {"type": "str", "choices": ["with_value", "later", "only"], "default": "with_value"},
        "expected_updated_at": {"type": "str"},
    },
    required_if=[("state", "present", ["value"])],
).merge(CONNECTION, CONTROL_PLANE, STATE, UPDATE_SECRET, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    change = _present if options["state"] == "present" else _absent
    return change(parent, options).result()


def _present(parent: ControlPlane, options: dict) -> SecretOutcome:
    fields = ("key", "update_secret", "value_version", "record", "expected_updated_at")
    wanted = Wanted(value=as_text(options["value"]), **{field: options[field] for field in fields})
    keys = FingerprintKeys.from_options(options)
    keys.check(wanted)
    return SecretStore(parent, parent.resolve(CONFIG_STORE, options["config_store"])).ensure(wanted, keys)


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
