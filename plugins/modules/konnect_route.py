#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_route
short_description: Manage routes of a Kong Konnect control plane
version_added: 0.1.0
description:
  - Creates, changes and removes routes, which say what requests go to a service.
  - Options that are left out keep the values they have on the server.
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
    description: The name of the route, which is its identity; the id of an existing route is taken as well.
    type: str
    required: true
  service:
    description: The name or the id of the service. An empty string takes the route off its service.
    type: str
  protocols:
    description:
      - The protocols of the requests.
      - A new route gets V(http) and V(https) when this is left out. The default of Konnect differs between versions, so
        it is never relied on.
    type: list
    elements: str
    choices: [grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp, ws, wss]
  methods:
    description: The HTTP methods.
    type: list
    elements: str
  hosts:
    description: The host names.
    type: list
    elements: str
  paths:
    description: The paths, prefixes that begin with C(/) or regular expressions that begin with C(~/).
    type: list
    elements: str
  headers:
    description: For each header's name the list of its values.
    type: dict
  snis:
    description: The server names in a TLS handshake.
    type: list
    elements: str
  sources:
    description: For stream routing, where a connection comes from.
    type: list
    elements: dict
    suboptions:
      ip:
        description: An address or a network.
        type: str
      port:
        description: A port.
        type: int
  destinations:
    description: For stream routing, where a connection goes to.
    type: list
    elements: dict
    suboptions:
      ip:
        description: An address or a network.
        type: str
      port:
        description: A port.
        type: int
  strip_path:
    description: Whether the path that matched is taken off before the request goes to the service.
    type: bool
  preserve_host:
    description: Whether the Host header of the request is kept.
    type: bool
  regex_priority:
    description: Which of several regular expressions that match wins.
    type: int
  path_handling:
    description: How paths are put together.
    type: str
    choices: [v0, v1]
  https_redirect_status_code:
    description: The answer to a request by another protocol than V(https) when only that is accepted.
    type: int
    choices: [301, 302, 307, 308, 426]
  request_buffering:
    description: Whether the request's body is read whole first.
    type: bool
  response_buffering:
    description: Whether the response's body is read whole first.
    type: bool
  force:
    description:
      - With O(state=absent), remove the route even when plugins belong to it, and remove these before it.
    type: bool
    default: false
seealso:
  - module: community.konnect.konnect_service
  - module: community.konnect.konnect_plugin
  - name: Route entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/route/
"""

EXAMPLES = r"""
- name: Send what begins with /anything to the service
  community.konnect.konnect_route:
    control_plane: quickstart
    name: example-route
    service: example-service
    paths:
      - /anything

- name: Remove the route when no plugin belongs to it
  community.konnect.konnect_route:
    control_plane: quickstart
    name: example-route
    state: absent
"""

RETURN = r"""
route:
  description: The route as Konnect has it; in check mode as it would be sent. With O(state=absent), as it
    was.
  returned: success
  type: dict
  sample:
    id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
    name: example-route
    paths: [/anything]
    protocols: [http, https]
    service:
      id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
    strip_path: true
    preserve_host: false
    regex_priority: 0
    path_handling: v0
    https_redirect_status_code: 426
    request_buffering: true
    response_buffering: true
    created_at: 1795428000
    updated_at: 1795428000
created_by_collection:
  description: Whether its id is the one that this collection gives to what it creates, and so was not made by others.
  returned: when it is or was there
  type: bool
  sample: true
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

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import ROUTE, SERVICE
from ..module_utils._entities.named_entity import named_result, named_target, remove_named
from ..module_utils._entities.reconcile import ensure
from ..module_utils._errors import InvalidInput
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ON_IN_USE, STATE, TAGS, ArgumentSpec
from ..module_utils._module.runner import run

PROTOCOLS = ["grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss"]
TEXTS = {"type": "list", "elements": "str"}
ENDS = {"type": "list", "elements": "dict", "options": {"ip": {"type": "str"}, "port": {"type": "int"}}}
FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "service": {"type": "str"},
    "protocols": {**TEXTS, "choices": PROTOCOLS},
    "methods": TEXTS,
    "hosts": TEXTS,
    "paths": TEXTS,
    "headers": {"type": "dict"},
    "snis": TEXTS,
    "sources": ENDS,
    "destinations": ENDS,
    "strip_path": {"type": "bool"},
    "preserve_host": {"type": "bool"},
    "regex_priority": {"type": "int"},
    "path_handling": {"type": "str", "choices": ["v0", "v1"]},
    "https_redirect_status_code": {"type": "int", "choices": [301, 302, 307, 308, 426]},
    "request_buffering": {"type": "bool"},
    "response_buffering": {"type": "bool"},
}
SPEC = ArgumentSpec(options=FIELDS).merge(CONNECTION, CONTROL_PLANE, STATE, TAGS, ON_IN_USE)


def handler(parent: ControlPlane, options: dict) -> dict:
    fields = {name: options[name] for name in (*FIELDS, "tags")}
    if fields["protocols"] == []:
        raise InvalidInput("protocols cannot be empty. Leave it out to keep what there is.")
    if options["state"] == "absent":
        target = named_target(parent, ROUTE, fields)
        return named_result(target, remove_named(target, options["on_in_use"]))
    parents = {}
    if options["service"]:
        parents["service"] = parent.resolve(SERVICE, options["service"])
        fields["service"] = {"id": parents["service"].id}
    target = named_target(parent, ROUTE, fields, parents, new={"protocols": ["http", "https"]})
    return named_result(target, ensure(target))


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
