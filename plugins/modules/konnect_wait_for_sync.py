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
  - Konnect knows a configuration by its hash. A node is live when it pinged Konnect in the last 90 seconds, and with
    its pings, every 30 seconds, it tells the hash of what it runs.
  - Nodes that are not live are returned, and not waited for.
  - Live nodes that are incompatible with the configuration are named in a warning.
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
      - The module only reads. In check mode the tasks before it wrote nothing that data planes could take, so it looks
        once, and neither waits nor fails for nodes.
options:
  timeout:
    description:
      - For how many seconds to wait. With V(0) it looks once and fails when that look does not show what is wanted.
      - The wait is not cut by O(request_deadline).
    type: int
    default: 120
  interval:
    description: For how many seconds to pause between two looks.
    type: float
    default: 2
  minimum_nodes:
    description: How many nodes have to be live. With V(0) a control plane without nodes is in sync.
    type: int
    default: 1
  on_no_nodes:
    description:
      - What to do when at the timeout fewer than O(minimum_nodes) are live, none or some. Those that are live have to
        run the expected configuration in any case.
      - V(fail) fails, V(warn) warns, V(ok) does neither.
    type: str
    choices: [fail, warn, ok]
    default: fail
  since:
    description:
      - The RV(expected_hash) that a look with O(wait=false) showed before the change.
      - Konnect gathers changes for about a second. Until then the expected hash and those of the nodes are all old, and
        equal. With this option that is believed only once the expected hash has moved away from this one and then
        stood still for a moment.
      - Give it only when there was a change. Left out, empty or null, the module judges by the hash as it is.
    type: str
  movement_timeout:
    description:
      - With O(since), for how many seconds to wait for the expected hash to move. When it does not, most often because
        nothing that data planes get was changed, the module warns and judges by the hash as it is.
    type: int
    default: 15
  wait:
    description: Whether to wait. With V(false) the module looks once, and does not fail for nodes.
    type: bool
    default: true
notes:
  - A control plane in a control plane group shares the data plane nodes of the group. To wait for these, give the group
    as O(control_plane).
seealso:
  - module: community.konnect.konnect_control_plane_info
  - name: Data plane node records
    description: Konnect's API.
    link: https://developer.konghq.com/api/konnect/control-planes-config/v2/
"""

EXAMPLES = r"""
- name: Look at the configuration that data planes should run before the change
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    wait: false
  register: before

- name: Change something
  community.konnect.konnect_service:
    control_plane: quickstart
    name: example-service
    url: http://httpbin.konghq.com/anything
  register: service

- name: Wait until every data plane runs the change
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    since: "{{ before.expected_hash if service is changed else omit }}"

- name: Wait for up to five minutes, and go on when there is no data plane
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    timeout: 300
    on_no_nodes: warn
"""

RETURN = r"""
expected_hash:
  description: The hash of the configuration that data planes should run. Null when no node ever connected.
  returned: success
  type: str
  sample: 6f1d4c0b9a3e58274c1f0d9b8e7a6352
in_sync:
  description: Whether at least O(minimum_nodes) are live and every live node runs the expected configuration.
  returned: success
  type: bool
  sample: true
moved:
  description: Whether the expected hash moved away from O(since). Null without O(since).
  returned: success
  type: bool
  sample: true
nodes:
  description: Every data plane node that Konnect knows, by hostname and id.
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
      description: The version of Kong Gateway that it runs.
      type: str
      returned: always
      sample: 3.11.0.0
    config_hash:
      description: The hash of the configuration that it runs, as of its last ping.
      type: str
      returned: always
      sample: 6f1d4c0b9a3e58274c1f0d9b8e7a6352
    last_ping:
      description: When it last pinged Konnect, in seconds since 1970.
      type: int
      returned: always
      sample: 1795428000
    live:
      description: Whether that was in the last 90 seconds, by the clock of the server.
      type: bool
      returned: always
      sample: true
    in_sync:
      description: Whether it runs the expected configuration.
      type: bool
      returned: always
      sample: true
waited:
  description: For how many seconds the module waited.
  returned: success
  type: float
  sample: 8.1
failure:
  description: What went wrong, to branch on.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - One word. V(not_in_sync), a live node did not run the expected configuration at the timeout. V(no_nodes), too
          few nodes were live. Others are V(unauthorized), V(forbidden), V(not_found), V(ambiguous), V(invalid_input),
          V(rate_limited) or V(unreachable).
      type: str
      returned: always
      sample: not_in_sync
    nodes:
      description:
        - With RV(failure.code=not_in_sync), the nodes that were waited for. With RV(failure.code=no_nodes), all that
          Konnect knows. They have the fields of RV(nodes).
      type: list
      elements: dict
      returned: when RV(failure.code) is V(not_in_sync) or V(no_nodes)
      sample:
        - id: 0c8f2d8e-4f0a-4c55-9d0d-3b2c1f6f9a41
          hostname: kong-dp-7d9c5b6f4-x2x8k
          version: 3.11.0.0
          config_hash: 00000000000000000000000000000000
          last_ping: 1795428000
          live: true
          in_sync: false
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
