#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_partial_info
short_description: List partials of a Kong Konnect control plane
version_added: 1.0.0
description:
  - Lists the partials of a control plane, without secrets.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_control_plane
  - community.konnect._connection
  - community.konnect._control_plane
  - community.konnect._sensitive_fields
options:
  name:
    description: Return only the partial with this name or id.
    type: str
  type:
    description: Return only partials of this type.
    type: str
  tags:
    description: Return only partials with all of these tags.
    type: list
    elements: str
seealso:
  - module: community.konnect.konnect_partial
"""

EXAMPLES = r"""
- name: List the partials
  community.konnect.konnect_partial_info:
    control_plane: quickstart
"""

RETURN = r"""
partials:
  description: The partials, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5b1f5d2e-2f0c-5d8e-8f8e-0a4d1c6b8f27
      name: shared-redis
      type: redis-ce
      config:
        host: redis.example.com
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

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import PARTIAL
from ..module_utils._entities.listing import read_entities
from ..module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE, SENSITIVE_FIELDS, TAGS, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._plugins.partial import partial_config, partial_row

SPEC = ArgumentSpec(options={"name": {"type": "str"}, "type": {"type": "str"}}).merge(
    CONNECTION, CONTROL_PLANE, TAGS, SENSITIVE_FIELDS
)


def handler(parent: ControlPlane, options: dict) -> dict:
    def keep(partial: dict) -> bool:
        return options["type"] in (None, partial["type"])

    found = read_entities(parent, PARTIAL, name=options["name"], tags=options["tags"], keep=keep)
    types = sorted({partial["type"] for partial in found})
    configs = {name: partial_config(parent, options, name, must_exist=False) for name in types}
    return {"changed": False, "partials": [partial_row(parent, configs[row["type"]], row) for row in found]}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
