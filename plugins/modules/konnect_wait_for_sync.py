#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_wait_for_sync
short_description: Wait until the data plane nodes of a Kong Konnect control plane run its configuration
version_added: 0.1.0
description:
  - Waits until every live data plane node of a control plane runs the configuration that Konnect expects it to run.
  - Konnect identifies a configuration by its hash. Every 30 seconds, a node pings Konnect and reports the hash of the
    configuration that it runs. A node is live when its last ping is at most 90 seconds old.
  - Nodes that are not live are returned, but not waited for.
  - A warning names live nodes that are incompatible with the configuration.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
attributes:
  check_mode:
    support: full
    details:
      - The module only reads. In check mode, earlier tasks wrote nothing that data planes could receive, so it reads
        the state once, and neither waits nor fails because of nodes.
options:
  timeout:
    description:
      - How many seconds to wait. With V(0), the module reads the state once, and fails if it is not in sync.
      - O(request_deadline) does not shorten the wait.
    type: int
    default: 120
  interval:
    description: How many seconds to pause between two readings.
    type: float
    default: 2
  minimum_nodes:
    description: How many nodes must be live. With V(0), a control plane without nodes is in sync.
    type: int
    default: 1
  on_no_nodes:
    description:
      - What to do when fewer than O(minimum_nodes) are live at the timeout. The live nodes must run the expected
        configuration in any case.
      - V(fail) fails. V(warn) warns. V(ok) does neither.
    type: str
    choices: [fail, warn, ok]
    default: fail
  since:
    description:
      - The RV(expected_hash) that a task with O(wait=false) returned before the change.
      - Konnect collects changes for about a second before it computes a new hash. Until then, the old hashes of Konnect
        and of the nodes are equal. With this option, the module waits until the expected hash differs from this one and
        then stays the same for a moment, and only then compares it with the nodes.
      - Set it only when there was a change. When left out, empty or null, the current hash is compared right away.
    type: str
  movement_timeout:
    description:
      - With O(since), how many seconds to wait for the expected hash to change. If it does not, most often because the
        change does not concern data planes, the module warns and compares the current hash.
    type: int
    default: 15
  wait:
    description: Whether to wait. With V(false), the module reads the state once, and does not fail because of nodes.
    type: bool
    default: true
notes:
  - A control plane in a control plane group shares the data plane nodes of the group. To wait for them, set
    O(control_plane) to the group.
seealso:
  - module: community.konnect.konnect_control_plane_info
  - name: Data plane node records
    description: Konnect's API.
    link: https://developer.konghq.com/api/konnect/control-planes-config/v2/
"""

EXAMPLES = r"""
- name: Read the expected configuration before the change
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    wait: false
  register: before

- name: Change the configuration
  community.konnect.konnect_service:
    control_plane: quickstart
    name: example-service
    url: http://httpbin.konghq.com/anything
  register: service

- name: Wait until every data plane runs the change
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    since: "{{ before.expected_hash if service is changed else omit }}"

- name: Wait for up to five minutes, and continue when there is no data plane
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    timeout: 300
    on_no_nodes: warn
"""

RETURN = r"""
expected_hash:
  description: The hash of the configuration that data planes should run. Null when no node has ever connected.
  returned: success
  type: str
  sample: 6f1d4c0b9a3e58274c1f0d9b8e7a6352
in_sync:
  description: Whether at least O(minimum_nodes) nodes are live and every live node runs the expected configuration.
  returned: success
  type: bool
  sample: true
moved:
  description: Whether the expected hash changed from O(since). Null without O(since).
  returned: success
  type: bool
  sample: true
nodes:
  description: The data plane nodes that Konnect knows, sorted by hostname and id.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the node.
      type: str
      returned: always
      sample: 0c8f2d8e-4f0a-4c55-9d0d-3b2c1f6f9a41
    hostname:
      description: The name of its host.
      type: str
      returned: always
      sample: kong-dp-7d9c5b6f4-x2x8k
    version:
      description: The version of Kong Gateway.
      type: str
      returned: always
      sample: 3.11.0.0
    config_hash:
      description: The hash of the configuration that the node runs, as of its last ping.
      type: str
      returned: always
      sample: 6f1d4c0b9a3e58274c1f0d9b8e7a6352
    last_ping:
      description: The time of its last ping, in seconds since 1970.
      type: int
      returned: always
      sample: 1795428000
    live:
      description: Whether its last ping is at most 90 seconds old, by the server's clock.
      type: bool
      returned: always
      sample: true
    in_sync:
      description: Whether the node runs the expected configuration.
      type: bool
      returned: always
      sample: true
waited:
  description: The seconds that the module waited.
  returned: success
  type: float
  sample: 8.1
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
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.data_plane_node import Sync, SyncWait

SPEC = ArgumentSpec(
    options={
        "timeout": {"type": "int", "default": 120},
        "interval": {"type": "float", "default": 2},
        "minimum_nodes": {"type": "int", "default": 1},
        "on_no_nodes": {"type": "str", "choices": ["fail", "warn", "ok"], "default": "fail"},
        "since": {"type": "str"},
        "movement_timeout": {"type": "int", "default": 15},
        "wait": {"type": "bool", "default": True},
    }
).merge(CONNECTION, CONTROL_PLANE)


def handler(parent: ControlPlane, options: dict) -> dict:
    wait = SyncWait(parent, Sync.from_options(options))
    return wait.run(once=parent.check_mode or not options["wait"])


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
