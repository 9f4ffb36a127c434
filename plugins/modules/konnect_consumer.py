#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_consumer
short_description: Manage consumers of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes consumers, the users of services.
  - A consumer that is removed takes its credentials with it.
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
options:
  username:
    description: The username of the consumer, by which it is identified. An id is not accepted in its place.
    type: str
  custom_id:
    description:
      - An id of the consumer in a system of your own. It identifies the consumer when O(username) is not given.
    type: str
  consumer_groups:
    description:
      - The consumer groups that the consumer is in, by name or id. It is taken off all others.
      - When left out, its groups stay as they are.
    type: list
    elements: str
seealso:
  - name: Consumer
    description: Kong's documentation.
    link: https://developer.konghq.com/gateway/entities/consumer/
"""

EXAMPLES = r"""
- name: Create a consumer
  community.konnect.konnect_consumer:
    control_plane: quickstart
    username: alice
    consumer_groups: [gold]
"""

RETURN = r"""
consumer:
  description:
    - The consumer as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    username: alice
    tags: [team-a]
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
      Consumer example (5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27) is in use and was kept.
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

from typing import Any

from ..module_utils._entities.kinds import CONSUMER
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run

FIELDS: dict[str, Any] = {
    "username": {"type": "str"},
    "custom_id": {"type": "str"},
    "consumer_groups": {"type": "list", "elements": "str"},
}
SPEC = entity_spec(CONSUMER, FIELDS, required_one_of=[("username", "custom_id")])
handler = entity_handler(CONSUMER, FIELDS, lists=("consumer_groups",))


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
