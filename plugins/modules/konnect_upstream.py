#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_upstream
short_description: Manage upstreams of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes upstreams, virtual hosts whose targets share the load.
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
  name:
    description:
      - The name of the upstream, by which it is identified. Services name it as their host. The id of an existing
        one is accepted too.
    type: str
    required: true
  algorithm:
    description: How the targets share the load.
    type: str
    choices: [consistent-hashing, latency, least-connections, round-robin, sticky-sessions]
  slots:
    description: The number of slots of the balancer.
    type: int
  hash_on:
    description: What requests are hashed by.
    type: str
    choices: [consumer, cookie, header, ip, none, path, query_arg, uri_capture]
  hash_on_header:
    description: The name of the header, with O(hash_on=header).
    type: str
  hash_on_cookie:
    description: The name of the cookie, with V(cookie).
    type: str
  hash_on_cookie_path:
    description: The path of the cookie.
    type: str
  hash_on_query_arg:
    description: The name of the query argument, with O(hash_on=query_arg).
    type: str
  hash_on_uri_capture:
    description: The name of the capture in the path of the route, with O(hash_on=uri_capture).
    type: str
  hash_fallback:
    description: What requests without that are hashed by.
    type: str
    choices: [consumer, cookie, header, ip, none, path, query_arg, uri_capture]
  hash_fallback_header:
    description: The name of the header, with O(hash_fallback=header).
    type: str
  hash_fallback_query_arg:
    description: The name of the query argument, with O(hash_fallback=query_arg).
    type: str
  hash_fallback_uri_capture:
    description: The name of the capture in the path of the route, with O(hash_fallback=uri_capture).
    type: str
  sticky_sessions_cookie:
    description: The name of the cookie, with O(algorithm=sticky-sessions).
    type: str
  sticky_sessions_cookie_path:
    description: The path of that cookie.
    type: str
  healthchecks:
    description: The health checks, as Kong documents them. A field that is left out keeps its value.
    type: dict
  host_header:
    description: The Host header of requests to the targets.
    type: str
  client_certificate:
    description:
      - The certificate that the gateway presents to the targets, by one of its SNIs or its id, or the dict that a
        module returns for it. V({}) removes it.
    type: raw
  use_srv_name:
    description: Whether the name in an SRV record is the Host header.
    type: bool
seealso:
  - name: Upstream
    description: Kong's documentation.
    link: https://developer.konghq.com/gateway/entities/upstream/
"""

EXAMPLES = r"""
- name: Create an upstream with active health checks
  community.konnect.konnect_upstream:
    control_plane: quickstart
    name: example-upstream
    algorithm: least-connections
    healthchecks:
      active:
        http_path: /status
        healthy:
          interval: 5
"""

RETURN = r"""
upstream:
  description:
    - The upstream as Konnect returns it, without secrets. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: example-upstream
    algorithm: least-connections
    slots: 10000
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
      Upstream example (5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27) is in use and was kept.
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

from ..module_utils._entities.kinds import UPSTREAM
from ..module_utils._module.argument_spec import ENTITY
from ..module_utils._module.entity_module import entity_handler, entity_spec
from ..module_utils._module.runner import run

ALGORITHMS = ["consistent-hashing", "latency", "least-connections", "round-robin", "sticky-sessions"]
HASH_INPUTS = ["consumer", "cookie", "header", "ip", "none", "path", "query_arg", "uri_capture"]
FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "algorithm": {"type": "str", "choices": ALGORITHMS},
    "slots": {"type": "int"},
    "hash_on": {"type": "str", "choices": HASH_INPUTS},
    "hash_on_header": {"type": "str"},
    "hash_on_cookie": {"type": "str"},
    "hash_on_cookie_path": {"type": "str"},
    "hash_on_query_arg": {"type": "str"},
    "hash_on_uri_capture": {"type": "str"},
    "hash_fallback": {"type": "str", "choices": HASH_INPUTS},
    "hash_fallback_header": {"type": "str"},
    "hash_fallback_query_arg": {"type": "str"},
    "hash_fallback_uri_capture": {"type": "str"},
    "sticky_sessions_cookie": {"type": "str", "no_log": False},
    "sticky_sessions_cookie_path": {"type": "str", "no_log": False},
    "healthchecks": {"type": "dict"},
    "host_header": {"type": "str"},
    "client_certificate": ENTITY,
    "use_srv_name": {"type": "bool"},
}
SPEC = entity_spec(UPSTREAM, FIELDS)
handler = entity_handler(UPSTREAM, FIELDS)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
