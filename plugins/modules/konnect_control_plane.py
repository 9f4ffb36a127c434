#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_control_plane
short_description: Manage control planes of Kong Konnect
version_added: 1.0.0
description:
  - Creates, updates and removes control planes.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_konnect
  - community.konnect._connection
  - community.konnect._state
options:
  name:
    description:
      - The name, 2 to 256 characters, by which the control plane is identified.
      - The id of an existing control plane is accepted too.
    type: str
    required: true
  description:
    description: A description. An empty string removes it.
    type: str
  labels:
    description:
      - The labels, as names and values. Labels that are not listed are removed. When left out, the labels stay as they
        are.
      - A name has 1 to 63 characters and does not begin with C(kong), C(konnect), C(mesh), C(kic) or C(_).
    type: dict
  cluster_type:
    description: The type. It cannot be changed later.
    type: str
    choices:
      - CLUSTER_TYPE_CONTROL_PLANE
      - CLUSTER_TYPE_K8S_INGRESS_CONTROLLER
      - CLUSTER_TYPE_CONTROL_PLANE_GROUP
      - CLUSTER_TYPE_SERVERLESS
      - CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY
      - CLUSTER_TYPE_SERVERLESS_V1
  auth_type:
    description: How data plane nodes authenticate.
    type: str
    choices: [pinned_client_certs, pki_client_certs]
  cloud_gateway:
    description: Whether the control plane can be used for cloud gateways. This cannot be changed later.
    type: bool
  proxy_urls:
    description:
      - The URLs at which the data planes accept requests. Konnect only displays them.
      - When left out, they stay as they are.
    type: list
    elements: dict
    suboptions:
      host:
        description: The host.
        type: str
        required: true
      port:
        description: The port.
        type: int
        required: true
      protocol:
        description: The protocol, for example V(https).
        type: str
        required: true
  on_in_use:
    description:
      - With O(state=absent), what to do when the control plane is not empty. Data plane nodes and their client
        certificates count too.
      - V(fail) fails. V(keep) keeps the control plane without failing, and returns RV(kept).
      - V(remove) removes it with everything in it.
    type: str
    choices: [fail, keep, remove]
    default: fail
seealso:
  - module: community.konnect.konnect_control_plane_info
  - name: Control Planes API
    description: Kong's reference of the API that this module uses.
    link: https://developer.konghq.com/api/konnect/control-planes/v2/
"""

EXAMPLES = r"""
- name: Create a control plane for tests
  community.konnect.konnect_control_plane:
    name: ansible-test
    description: For the tests of the platform team
    labels:
      env: test

- name: Remove the control plane, and fail unless it is empty
  community.konnect.konnect_control_plane:
    name: ansible-test
    state: absent
"""

RETURN = r"""
control_plane:
  description:
    - The control plane as Konnect returns it. In check mode, what is known of it before it is written.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 7f9fd312-a987-4628-b4c5-bb4f4fddd5f7
    name: ansible-test
    description: For the tests of the platform team
    labels:
      env: test
    config:
      cluster_type: CLUSTER_TYPE_CONTROL_PLANE
      auth_type: pinned_client_certs
      cloud_gateway: false
      control_plane_endpoint: https://acfe5f253f.cp.konghq.com
      telemetry_endpoint: https://acfe5f253f.tp0.konghq.com
      proxy_urls: []
    created_at: "2026-11-23T10:00:00.000Z"
    updated_at: "2026-11-23T10:00:00.000Z"
kept:
  description:
    - Why the control plane was kept.
    - Contains the C(code), V(not_empty), a C(message), and in C(holds) how many entities of each kind it contains.
  returned: with O(on_in_use=keep), when the control plane was not removed
  type: dict
  sample:
    code: not_empty
    message: Control plane ansible-test holds 2 routes and was kept.
    holds:
      routes: 2
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

from ..module_utils._entities.control_plane import Organization
from ..module_utils._module.argument_spec import CLUSTER_TYPES, CONNECTION, ON_IN_USE, STATE, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.control_plane import ensure_control_plane, remove_control_plane

PROXY_URL = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "protocol": {"type": "str", "required": True},
}
FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "description": {"type": "str"},
    "labels": {"type": "dict"},
    "cluster_type": {"type": "str", "choices": CLUSTER_TYPES},
    "auth_type": {"type": "str", "choices": ["pinned_client_certs", "pki_client_certs"]},
    "cloud_gateway": {"type": "bool"},
    "proxy_urls": {"type": "list", "elements": "dict", "options": PROXY_URL},
}
SPEC = ArgumentSpec(options=FIELDS).merge(CONNECTION, STATE, ON_IN_USE)


def handler(parent: Organization, options: dict) -> dict:
    if options["state"] == "present":
        outcome = ensure_control_plane(parent, {name: options[name] for name in FIELDS})
    else:
        outcome = remove_control_plane(parent, options["name"], options["on_in_use"])
    return outcome.result("control_plane")


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
