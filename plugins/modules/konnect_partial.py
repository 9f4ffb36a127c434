#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_partial
short_description: Manage partials of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes partials, parts of a configuration that several plugins share, such as a connection to
    Redis.
  - Options that are left out keep their value in Konnect.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._state
  - community.konnect._tags
  - community.konnect._on_in_use
  - community.konnect._check_references
  - community.konnect._literal_secrets
  - community.konnect._sensitive_fields
  - community.konnect._keep_secrets
options:
  name:
    description: The name of the partial, by which it is identified. The id of an existing one is accepted too.
    type: str
    required: true
  type:
    description:
      - The type, such as V(redis-ce), V(redis-ee), V(model), V(embeddings) or V(vectordb). It is needed to create a
        partial, and stays.
    type: str
  config:
    description:
      - The configuration. A field that the type's schema does not have is an error.
      - When left out, it stays as it is.
    type: dict
  config_mode:
    description:
      - V(replace) makes O(config) the complete configuration. Fields that are left out get the defaults of Konnect.
      - V(merge) changes only the fields that are given. A null removes one.
    type: str
    choices: [replace, merge]
    default: replace
seealso:
  - module: community.konnect.konnect_plugin
  - name: Partial entity
    description: Kong's documentation.
    link: https://developer.konghq.com/gateway/entities/partial/
"""

EXAMPLES = r"""
- name: Create a connection to Redis for several plugins
  community.konnect.konnect_partial:
    control_plane: quickstart
    name: shared-redis
    type: redis-ce
    config:
      host: redis.example.com
      password: "{vault://mysecretvault/redis-password}"
"""

RETURN = r"""
partial:
  description:
    - The partial as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: shared-redis
    type: redis-ce
    config:
      host: redis.example.com
created_by_collection:
  description: Whether this collection created it, as its id shows.
  returned: when it exists or existed
  type: bool
  sample: true
kept:
  description:
    - Why it was kept.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) what uses it.
  returned: with O(on_in_use=keep), when it was not removed
  type: dict
  sample:
    code: in_use
    message: >-
      Partial shared-redis (5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27) is in use and was kept.
    referrers:
      - entity: plugin
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: rate-limiting
        field: consumer
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
from ..module_utils._module.argument_spec import (
    CHECK_REFERENCES,
    CONNECTION,
    CONTROL_PLANE,
    KEEP_SECRETS,
    LITERAL_SECRETS,
    ON_IN_USE,
    SENSITIVE_FIELDS,
    STATE,
    TAGS,
    ArgumentSpec,
)
from ..module_utils._module.runner import run
from ..module_utils._plugins.partial import ensure_partial, remove_partial

SPEC = ArgumentSpec(
    options={
        "name": {"type": "str", "required": True},
        "type": {"type": "str"},
        "config": {"type": "dict"},
        "config_mode": {"type": "str", "choices": ["replace", "merge"], "default": "replace"},
    },
    by_schema=["config"],
).merge(
    CONNECTION,
    CONTROL_PLANE,
    STATE,
    TAGS,
    ON_IN_USE,
    CHECK_REFERENCES,
    LITERAL_SECRETS,
    SENSITIVE_FIELDS,
    KEEP_SECRETS,
)


def handler(parent: ControlPlane, options: dict) -> dict:
    return ensure_partial(parent, options) if options["state"] == "present" else remove_partial(parent, options)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
