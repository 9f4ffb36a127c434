#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_wait_for_sync
short_description: Wait until the data plane nodes of a Kong Konnect control plane run its configuration
version_added: 1.0.0
description:
  - Waits until every live data plane node of a control plane runs the configuration that Konnect expects it to run.
  - Konnect identifies a configuration by its hash. Every 30 seconds, a node pings Konnect and reports the hash of the
    configuration that it runs. A node is live when its last ping is at most 90 seconds old.
  - Right after a change, the hashes of Konnect and of the nodes are all old, and equal. With O(previous_hashes) and
    O(written_at), the module tells them from those of the change. The expected hash has to be none of
    O(previous_hashes) and to stay the same for 5 seconds, or, where other clients keep changing it, to change twice.
    A node has to report such a hash by a ping after O(written_at). The workers of a node follow within 5 seconds.
  - Nodes with incremental configuration sync report versions instead of hashes. Theirs has to be at least the version
    that Konnect expects after the change.
  - A node that reports an error in the configuration ends the wait at once.
  - Nodes that are not live are returned, but not waited for. They may still run an earlier configuration, and have
    earlier values of secrets.
  - A warning names live nodes that are incompatible with the configuration.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
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
  proved_nodes:
    description:
      - How many nodes are known to run the change, such as V(1) after a node gave a response that depends on it.
      - Where Konnect knows no more nodes than these, the module reads the state once, as with O(wait=false).
      - When left out, every node is waited for.
    type: int
  on_no_nodes:
    description:
      - What to do when fewer than O(minimum_nodes) are live at the timeout. The live nodes must run the expected
        configuration in any case.
      - V(fail) fails. V(warn) warns. V(ok) does neither.
    type: str
    choices: [fail, warn, ok]
    default: fail
  on_unknown:
    description:
      - What to do when the verdict is V(unknown), unless that is because too few nodes are live (O(on_no_nodes)).
      - V(fail) fails. V(warn) warns. V(ok) does neither.
    type: str
    choices: [fail, warn, ok]
    default: warn
  previous_hashes:
    description:
      - The expected hashes from before the change, as RV(expected_hashes) of this module, and the modules that changed
        something, return them. Those of several tasks are put together.
      - When left out, empty or null, and without O(written_at), there was no change, so the current hash is compared
        right away. With O(written_at) alone, the expected hash has to change during the wait.
    type: list
    elements: str
  written_at:
    description:
      - When the last change was made, as the module that made it returns it in C(written_at). Pings up to then prove
        nothing.
      - When left out, empty or null, every ping counts.
    type: str
  hash_change_timeout:
    description:
      - After a change, how many seconds to wait for the expected hash to be another one. When it is not, most often
        because no data plane uses what was changed, the verdict is V(unknown).
    type: int
    default: 90
  ignore_lost:
    description:
      - Hostnames and ids of nodes that need not be named in RV(reason) when they are not live. A whole number stands
        for all nodes whose last ping is more than so many seconds ago.
    type: list
    elements: str
  wait:
    description: Whether to wait. With V(false), the module reads the state once, and does not fail because of nodes.
    type: bool
    default: true
notes:
  - A control plane in a control plane group shares the data plane nodes of the group, and does not show them. To wait
    for them, set O(control_plane) to the group, and take O(previous_hashes) from a task with O(wait=false) for the
    group, before the change.
  - Modules that change something return expected hashes, but not the versions that nodes with incremental configuration
    sync report. Where there are such nodes, take O(previous_hashes) from a task with O(wait=false) before the change.
    Otherwise the expected version has to change during the wait.
seealso:
  - module: community.konnect.konnect_control_plane_info
  - plugin: community.konnect.changes
    plugin_type: filter
  - name: Data plane node records
    description: Konnect's API.
    link: https://developer.konghq.com/api/konnect/control-planes-config/v2/
"""

EXAMPLES = r"""
- name: Change a service
  community.konnect.konnect_service:
    control_plane: quickstart
    name: example-service
    url: http://httpbin.konghq.com/anything
  register: service

- name: Wait until every data plane runs the change
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    previous_hashes: "{{ service.expected_hashes | default([]) }}"
    written_at: "{{ service.written_at | default(omit) }}"

- name: Change a route of the service
  community.konnect.konnect_route:
    control_plane: quickstart
    name: example-route
    service: example-service
    paths: [/anything]
  register: route

- name: Wait until every data plane runs both changes
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    previous_hashes: "{{ both.expected_hashes }}"
    written_at: "{{ both.written_at }}"
    on_unknown: fail
  vars:
    both: "{{ [service, route] | community.konnect.changes }}"

- name: Wait for up to five minutes, and continue when there is no data plane
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    timeout: 300
    on_no_nodes: warn

- name: Read the state, without a wait
  community.konnect.konnect_wait_for_sync:
    control_plane: quickstart
    wait: false
  register: before
"""

RETURN = r"""
expected_hash:
  description: The hash of the configuration that data planes should run. Null when no node has ever connected.
  returned: success
  type: str
  sample: 6f1d4c0b9a3e58274c1f0d9b8e7a6352
expected_hashes:
  description:
    - What identifies the configuration that data planes should run. The expected hash and, when nodes track versions,
      the expected version. Empty when no node has ever connected.
    - For O(previous_hashes) of a task after a later change.
  returned: success
  type: list
  elements: str
  sample: [6f1d4c0b9a3e58274c1f0d9b8e7a6352]
hash_changed:
  description:
    - Whether the expected hash, or the expected version, was another one than before the change.
    - Null without O(previous_hashes) and O(written_at).
  returned: success
  type: bool
  sample: true
in_sync:
  description:
    - Whether at least O(minimum_nodes) nodes are live and every live node runs the expected configuration.
    - True when the verdict is V(proved), and when no node is live with O(minimum_nodes=0).
  returned: success
  type: bool
  sample: true
lost_nodes:
  description: Those of RV(nodes) that are not live, O(ignore_lost) included.
  returned: success
  type: list
  elements: dict
  sample: []
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
    config_version:
      description: The version of the configuration that it runs. Null for a node that does not track versions.
      type: str
      returned: always
      sample: null
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
      description:
        Whether the node runs the expected configuration. After a change, whether it runs one that holds the change.
      type: bool
      returned: always
      sample: true
reason:
  description: Why the verdict is what it is, and which nodes are not live, ten at most.
  returned: success
  type: str
  sample: >-
    All 2 live data plane nodes of control plane quickstart run the change, as of configuration
    6f1d4c0b9a3e58274c1f0d9b8e7a6352.
verdict:
  description:
    - V(proved), every live node runs the expected configuration or, after a change, one that holds the change.
    - V(contradicted), a live node did not at the timeout, or reports an error in the configuration. The task fails
      with the error code V(not_in_sync), unless O(wait=false).
    - V(unknown), the expected hash did not change, too few nodes are live, the nodes do not show what they run, or only
      a control plane group shows them.
  returned: success
  type: str
  sample: proved
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

from ..module_utils._data_plane.options import SyncOptions, Written
from ..module_utils._data_plane.wait import check_result, wait_for_sync
from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._module.argument_spec import CONNECTION, PARENT, ArgumentSpec
from ..module_utils._module.runner import run

REACTIONS = ["fail", "warn", "ok"]

SPEC = ArgumentSpec(
    options={
        "timeout": {"type": "int", "default": 120},
        "interval": {"type": "float", "default": 2},
        "minimum_nodes": {"type": "int", "default": 1},
        "proved_nodes": {"type": "int"},
        "on_no_nodes": {"type": "str", "choices": REACTIONS, "default": "fail"},
        "on_unknown": {"type": "str", "choices": REACTIONS, "default": "warn"},
        "previous_hashes": {"type": "list", "elements": "str"},
        "written_at": {"type": "str"},
        "hash_change_timeout": {"type": "int", "default": 90},
        "ignore_lost": {"type": "list", "elements": "str"},
        "wait": {"type": "bool", "default": True},
    }
).merge(CONNECTION, PARENT)


def handler(parent: ControlPlane, options: dict) -> dict:
    sync, written = SyncOptions.from_options(options), Written.from_options(options)
    waits = options["wait"] and not parent.check_mode
    result = wait_for_sync(parent, sync if waits else sync.once(), written)
    for warning in result.warnings:
        parent.task.warn(warning)
    if waits and sync.waits_for(result.nodes):
        check_result(parent, result, on_no_nodes=options["on_no_nodes"], on_unknown=options["on_unknown"])
    return result.to_dict()


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
