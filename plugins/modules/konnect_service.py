#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_service
short_description: Manage services of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes Gateway Services, the upstream APIs behind routes.
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
options:
  name:
    description: The name of the service, by which it is identified. The id of an existing service is accepted too.
    type: str
    required: true
  url:
    description: Sets O(protocol), O(host), O(port) and O(path) at once.
    type: str
  protocol:
    description:
      - The protocol to the upstream.
      - A change removes what the new protocol excludes and the task does not give, such as the path with V(tcp).
    type: str
    choices: [grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp, ws, wss]
  host:
    description: The host of the upstream. This or O(url) is needed to create a service.
    type: str
  port:
    description:
      - The port of the upstream. When left out with O(protocol), it is the protocol's, such as 443 for V(https), unless
        the service already has another one than 80 and 443.
    type: int
  path:
    description: The path at the upstream. An empty string removes it.
    type: str
  retries:
    description: How often the gateway repeats a request that failed.
    type: int
  connect_timeout:
    description: The milliseconds in which a connection to the upstream must open.
    type: int
  write_timeout:
    description: The milliseconds allowed between two writes to the upstream.
    type: int
  read_timeout:
    description: The milliseconds allowed between two reads from the upstream.
    type: int
  tls_verify:
    description: Whether to check the upstream's certificate.
    type: bool
  tls_verify_depth:
    description: The maximum length of the chain of certificates.
    type: int
  ca_certificates:
    description: The ids of the CA certificates with which to check the upstream's certificate.
    type: list
    elements: str
  client_certificate:
    description: The id of the certificate that the gateway presents to the upstream. V({}) removes it.
    type: raw
  enabled:
    description: Whether the gateway passes requests to the service.
    type: bool
  on_in_use:
    description:
      - With O(state=absent), what to do when routes or plugins belong to the service.
      - V(fail) fails. V(keep) keeps the service without failing, and returns RV(kept).
      - V(remove) removes the routes and plugins and then the service.
    type: str
    choices: [fail, keep, remove]
    default: fail
seealso:
  - module: community.konnect.konnect_route
  - name: Gateway Service entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/service/
"""

EXAMPLES = r"""
- name: Create a service for the upstream
  community.konnect.konnect_service:
    control_plane: quickstart
    name: example-service
    url: http://httpbin.konghq.com/anything

- name: Remove the service, and fail if routes or plugins belong to it
  community.konnect.konnect_service:
    control_plane: quickstart
    name: example-service
    state: absent
"""

RETURN = r"""
service:
  description:
    - The service as Konnect returns it. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: example-service
    protocol: http
    host: httpbin.konghq.com
    port: 80
    path: /anything
    retries: 5
    connect_timeout: 60000
    write_timeout: 60000
    read_timeout: 60000
    enabled: true
    created_at: 1795428000
    updated_at: 1795428000
created_by_collection:
  description: Whether this collection created the service, as its id shows.
  returned: when the service exists or existed
  type: bool
  sample: true
kept:
  description:
    - Why the service was kept.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) the routes and plugins.
  returned: with O(on_in_use=keep), when the service was not removed
  type: dict
  sample:
    code: in_use
    message: >-
      Service example-service is in use by route example-route (9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55)
      in service and was kept.
    referrers:
      - entity: route
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: example-route
        field: service
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

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import SERVICE
from ..module_utils._entities.managed_entity import entity_result, entity_target, remove_entity
from ..module_utils._entities.reconcile import ensure
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ENTITY, ON_IN_USE, STATE, TAGS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.protocols import excluded_from_service, fit_protocol
from ..module_utils._resources.service import PROTOCOLS, url_parts, with_default_port

FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "protocol": {"type": "str", "choices": PROTOCOLS},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "path": {"type": "str"},
    "retries": {"type": "int"},
    "connect_timeout": {"type": "int"},
    "write_timeout": {"type": "int"},
    "read_timeout": {"type": "int"},
    "tls_verify": {"type": "bool"},
    "tls_verify_depth": {"type": "int"},
    "ca_certificates": {"type": "list", "elements": "str"},
    "client_certificate": ENTITY,
    "enabled": {"type": "bool"},
}
SPEC = ArgumentSpec(
    options={**FIELDS, "url": {"type": "str"}},
    mutually_exclusive=[("url", "protocol"), ("url", "host"), ("url", "port"), ("url", "path")],
).merge(CONNECTION, CONTROL_PLANE, STATE, TAGS, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    fields = {name: options[name] for name in (*FIELDS, "tags")}
    fields.update(url_parts(options["url"]) if options["url"] is not None else {})
    if fields["client_certificate"]:
        fields["client_certificate"] = {"id": fields["client_certificate"]}
    target = entity_target(parent, SERVICE, fields)
    if options["state"] == "absent":
        return entity_result(target, remove_entity(target, options["on_in_use"]))
    target = fit_protocol(target, fields, excluded_from_service)
    if fields["protocol"] and fields["port"] is None:
        target = with_default_port(target, fields["protocol"])
    return entity_result(target, ensure(target))


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
