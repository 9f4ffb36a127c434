#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_control_plane_info
short_description: List control planes of Kong Konnect
version_added: 1.0.0
description:
  - Lists the control planes of an organization in one region.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_konnect
  - community.konnect._connection
options:
  name:
    description: Return only the control plane with this name or id.
    type: str
  labels:
    description: Return only control planes with all of these labels.
    type: dict
  cluster_type:
    description: Return only control planes of this type.
    type: str
    choices:
      - CLUSTER_TYPE_CONTROL_PLANE
      - CLUSTER_TYPE_K8S_INGRESS_CONTROLLER
      - CLUSTER_TYPE_CONTROL_PLANE_GROUP
      - CLUSTER_TYPE_SERVERLESS
      - CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY
      - CLUSTER_TYPE_SERVERLESS_V1
seealso:
  - module: community.konnect.konnect_control_plane
  - name: Control Planes API
    description: Kong's reference of the API that this module uses.
    link: https://developer.konghq.com/api/konnect/control-planes/v2/
"""

EXAMPLES = r"""
- name: List the control planes of the test environment
  community.konnect.konnect_control_plane_info:
    labels:
      env: test
"""

RETURN = r"""
control_planes:
  description: The control planes, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 7f9fd312-a987-4628-b4c5-bb4f4fddd5f7
      name: quickstart
      description: ""
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

from ..module_utils._entities.control_plane import Organization
from ..module_utils._module.argument_spec import CLUSTER_TYPES, CONNECTION, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.control_plane import read_control_planes

SPEC = ArgumentSpec(
    options={
        "name": {"type": "str"},
        "labels": {"type": "dict"},
        "cluster_type": {"type": "str", "choices": CLUSTER_TYPES},
    }
).merge(CONNECTION)


def handler(parent: Organization, options: dict) -> dict:
    found = read_control_planes(parent, options["name"], options["labels"] or {}, options["cluster_type"])
    return {"changed": False, "control_planes": found}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
