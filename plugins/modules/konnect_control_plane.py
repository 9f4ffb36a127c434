#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_control_plane
short_description: Manage control planes of Kong Konnect
version_added: 0.1.0
description:
  - Creates, changes and removes control planes.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_konnect
  - community.konnect._connection
  - community.konnect._state
options:
  name:
    description: The name, 2 to 256 characters, which is its identity; the id of an existing one is taken as well.
    type: str
    required: true
  description:
    description: For people. An empty string removes it.
    type: str
  labels:
    description:
      - Names and values to find control planes by. When left out, they stay as they are; otherwise these are all.
      - A name has 1 to 63 characters and does not begin with C(kong), C(konnect), C(mesh), C(kic) or C(_).
    type: dict
  cluster_type:
    description: The type, which cannot be changed later.
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
    description: Whether it can be used for cloud gateways, which cannot be changed later.
    type: bool
  proxy_urls:
    description: Where the data planes take requests, for people to see. When left out, they stay as they are.
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
  force:
    description: With O(state=absent), remove the control plane with all that it holds.
    type: bool
    default: false
seealso:
  - module: community.konnect.konnect_control_plane_info
  - name: Control Planes API
    description: Kong's reference of the API behind this module.
    link: https://developer.konghq.com/api/konnect/control-planes/v2/
"""

EXAMPLES = r"""
- name: Have a control plane for tests
  community.konnect.konnect_control_plane:
    name: ansible-test
    description: For the tests of the platform team
    labels:
      env: test

- name: Remove it when it is empty
  community.konnect.konnect_control_plane:
    name: ansible-test
    state: absent
"""

RETURN = r"""
control_plane:
  description:
    - The control plane as Konnect has it; in check mode what is known of it. With O(state=absent), as it was.
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
