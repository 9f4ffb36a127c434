# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: as_options
short_description: Turn an entity that a module returned into options of the module
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Keeps the fields of an entity that are options of a module, and drops the others, such as C(created_at).
  - With these options, the module changes nothing. Secrets that are not shown stay as Konnect holds them.
  - What the options of a module call differently gets that name. Of a Vault, C(name) becomes C(backend). Of a control
    plane, the settings below C(config) become options of their own.
positional: module
options:
  _input:
    description: An entity as a module or its info module returns it.
    type: dict
    required: true
  module:
    description: The name of the module, for example V(konnect_route).
    type: str
    required: true
seealso:
  - module: community.konnect.konnect_plugin
  - module: community.konnect.konnect_route
"""

EXAMPLES = r"""
- name: Read the route
  community.konnect.konnect_route_info:
    control_plane: quickstart
    name: example-route
  register: read

- name: Give the route one more path
  community.konnect.konnect_route: "{{ options | combine({'paths': options.paths + ['/more']}) }}"
  vars:
    control_plane: quickstart
    options: >-
      {{ read.routes[0] | community.konnect.as_options('konnect_route') | combine({'control_plane': control_plane}) }}
"""

RETURN = r"""
_value:
  description: The options.
  type: dict
  sample:
    name: example-route
    paths: [/anything]
    service:
      id: 9c5c2d0e-4a57-5f1e-b1d6-1b6f3a2c8e55
"""

MODULE = re.compile(r"(community\.konnect\.)?(konnect_[a-z_]+)")
# By module, fields that its options call differently.
OTHER_NAMES = {"konnect_vault": {"name": "backend"}}
# By module, fields whose own fields are options.
SPREAD = {"konnect_control_plane": "config"}


def as_options(entity: Any, module: Any) -> dict[str, Any]:
    named = MODULE.fullmatch(module) if isinstance(module, str) else None
    if named is None or not isinstance(entity, Mapping):
        raise AnsibleFilterError("as_options: the input must be an entity, and the argument the name of a module.")
    name = named[2]
    try:
        options = importlib.import_module(f"..modules.{name}", __package__).SPEC.options
    except ImportError:
        raise AnsibleFilterError(f"as_options: there is no module {name}.") from None
    fields = {**(entity.get(SPREAD.get(name)) or {}), **entity}
    renamed = {OTHER_NAMES.get(name, {}).get(field, field): value for field, value in fields.items()}
    found = {field: value for field, value in renamed.items() if field in options}
    if not found:
        raise AnsibleFilterError(f"as_options: the input has no field that is an option of {name}.")
    return found


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {"as_options": as_options}
