#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_route
short_description: Manage routes of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Creates, updates and removes routes, which select the requests for a service.
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
    description: The name of the route, by which it is identified. The id of an existing route is accepted too.
    type: str
    required: true
  service:
    description: The name or the id of the service. V({}) takes the route off its service.
    type: raw
  protocols:
    description:
      - The protocols of the requests.
      - When left out, a new route gets V(http) and V(https). Konnect's own default differs between versions.
      - A change removes what the new protocols exclude and the task does not give, such as the paths with V(tcp).
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
    description:
      - The paths. A prefix begins with C(/), a regular expression with C(~/). For what looks like a regular expression
        of Kong 2, without C(~), there is a warning.
    type: list
    elements: str
  expression:
    description:
      - An expression that selects the requests, in Kong's router language. Not together with O(methods), O(hosts),
        O(paths), O(headers), O(snis), O(sources), O(destinations) and O(regex_priority).
      - Konnect takes it in every control plane, but only data planes with C(router_flavor) set to C(expressions), as in
        Konnect's quick start, send requests to such a route. There, routes without an expression come first.
    type: str
  priority:
    description: The priority of O(expression) when several match, a whole number. The highest wins.
    type: int
  headers:
    description: The headers. For each name, the list of its values.
    type: dict
  snis:
    description: The server names in a TLS handshake.
    type: list
    elements: str
  sources:
    description: For stream routing, the sources of a connection.
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
    description: For stream routing, the destinations of a connection.
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
    description: Whether to remove the matched path before the request goes to the service.
    type: bool
  preserve_host:
    description: Whether to pass the Host header of the request to the service.
    type: bool
  regex_priority:
    description: The priority of a regular expression when several match. The highest wins.
    type: int
  path_handling:
    description: How the paths of the service, the route and the request are combined.
    type: str
    choices: [v0, v1]
  https_redirect_status_code:
    description: The status of the response to a plain HTTP request when the route accepts only V(https).
    type: int
    choices: [301, 302, 307, 308, 426]
  request_buffering:
    description: Whether to buffer the request's body.
    type: bool
  response_buffering:
    description: Whether to buffer the response's body.
    type: bool
  hold_until_guarded:
    description:
      - With V(true), a route that does not exist is created with a header matcher that no request meets, so that no
        request reaches it before its plugins are there. A route that exists is left alone.
      - A later task for the route with V(false) removes the header matcher again.
    type: bool
    default: false
  on_in_use:
    description:
      - With O(state=absent), what to do when plugins belong to the route.
      - V(fail) fails. V(keep) keeps the route without failing, and returns RV(kept).
      - V(remove) removes the plugins and then the route.
    type: str
    choices: [fail, keep, remove]
    default: fail
seealso:
  - module: community.konnect.konnect_service
  - module: community.konnect.konnect_plugin
  - name: Route entity
    description: Kong's documentation of the entity.
    link: https://developer.konghq.com/gateway/entities/route/
"""

EXAMPLES = r"""
- name: Create a route that no request reaches yet
  community.konnect.konnect_route:
    control_plane: quickstart
    name: guarded-route
    service: example-service
    paths: [/guarded]
    hold_until_guarded: true

- name: Guard it
  community.konnect.konnect_plugin:
    control_plane: quickstart
    name: key-auth
    route: guarded-route

- name: Let requests reach it
  community.konnect.konnect_route:
    control_plane: quickstart
    name: guarded-route
    service: example-service
    paths: [/guarded]

- name: Route requests below /anything to the service
  community.konnect.konnect_route:
    control_plane: quickstart
    name: example-route
    service: example-service
    paths:
      - /anything

- name: Remove the route, and fail if plugins belong to it
  community.konnect.konnect_route:
    control_plane: quickstart
    name: example-route
    state: absent
"""

RETURN = r"""
route:
  description:
    - The route as Konnect returns it. In check mode, as it would be sent.
    - With O(state=absent), as it was before; empty if it did not exist.
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
  description: Whether this collection created the route, as its id shows.
  returned: when the route exists or existed
  type: bool
  sample: true
kept:
  description:
    - Why the route was kept.
    - Contains the C(code), V(in_use), a C(message), and in C(referrers) the plugins.
  returned: with O(on_in_use=keep), when the route was not removed
  type: dict
  sample:
    code: in_use
    message: >-
      Route example-route is in use by plugin ai-proxy (9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55)
      in route and was kept.
    referrers:
      - entity: plugin
        id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
        name: ai-proxy
        field: route
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
from ..module_utils._entities.kinds import ROUTE, SERVICE
from ..module_utils._entities.managed_entity import entity_result, entity_target, remove_entity
from ..module_utils._entities.reconcile import ensure
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, ENTITY, ON_IN_USE, STATE, TAGS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._resources.protocols import excluded_from_route, fit_protocol
from ..module_utils._resources.route import check_matchers, held, released, warn_of_old_paths

PROTOCOLS = ["grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss"]
TEXTS = {"type": "list", "elements": "str"}
ENDS = {"type": "list", "elements": "dict", "options": {"ip": {"type": "str"}, "port": {"type": "int"}}}
FIELDS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "service": ENTITY,
    "protocols": {**TEXTS, "choices": PROTOCOLS},
    "methods": TEXTS,
    "hosts": TEXTS,
    "paths": TEXTS,
    "expression": {"type": "str"},
    "priority": {"type": "int"},
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
HOLD = {"hold_until_guarded": {"type": "bool", "default": False}}
SPEC = ArgumentSpec(options={**FIELDS, **HOLD}, keeps=["headers"]).merge(
    CONNECTION, CONTROL_PLANE, STATE, TAGS, ON_IN_USE
)


def handler(parent: ControlPlane, options: dict) -> dict:
    fields = {name: options[name] for name in (*FIELDS, "tags")}
    check_matchers(fields)
    if options["state"] == "absent":
        target = entity_target(parent, ROUTE, fields)
        return entity_result(target, remove_entity(target, options["on_in_use"]))
    warn_of_old_paths(parent.task, fields["paths"] or ())
    parents = {}
    if options["service"]:
        parents["service"] = parent.resolve(SERVICE, options["service"])
        fields["service"] = {"id": parents["service"].id}
    target = entity_target(parent, ROUTE, fields, parents, new={"protocols": ["http", "https"]})
    target = fit_protocol(target, fields, excluded_from_route)
    return entity_result(target, ensure(held(target) if options["hold_until_guarded"] else released(target)))


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
