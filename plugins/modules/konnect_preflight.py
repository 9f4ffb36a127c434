#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_preflight
short_description: Check that all is there for a secret in a Config Store and what uses it
version_added: 1.0.0
description:
  - Checks the token, the region, the control plane, the permissions to read, the data plane nodes (the control plane's
    own, those of a control plane group, those of a serverless gateway), the version of Kong Gateway, the URL of the
    data plane, the provider's API key and the fingerprint key. Each check that does not pass says what to do.
  - For an AI Gateway (beta), in the same way whether the account has any, the gateway, and its data plane nodes.
  - It only reads. It does not fail when a check does not pass; see RV(ready).
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
  - community.konnect._attributes.actiongroup_konnect
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
options:
  proxy_url:
    description:
      - The URL at which a data plane accepts requests. It gets one request without any credential.
      - When left out, the environment variable E(KONNECT_PROXY_URL) is used, for an AI Gateway
        E(KONNECT_AI_GATEWAY_URL).
    type: str
  provider_key:
    description: The API key of the AI provider.
    type: str
  provider_models_url:
    description:
      - The URL at which the provider lists its models, for example V(https://api.mistral.ai/v1/models). It gets one
        request with O(provider_key) as a bearer token, which costs nothing.
      - When left out, the key is not tried.
    type: str
  fingerprint_key:
    description:
      - The key of the fingerprints of secrets, see O(community.konnect.konnect_secret#module:fingerprint_key).
      - When left out, the environment variable E(KONNECT_FINGERPRINT_KEY) is used.
    type: str
seealso:
  - module: community.konnect.konnect_control_plane_info
  - module: community.konnect.konnect_wait_for_sync
"""

EXAMPLES = r"""
- name: Check what is needed
  community.konnect.konnect_preflight:
    control_plane: quickstart
    proxy_url: http://localhost:8000
    provider_key: "{{ lookup('ansible.builtin.env', 'MISTRAL_API_KEY') }}"
  register: preflight

- name: Show what is missing
  ansible.builtin.debug:
    msg: "{{ item.message }} {{ item.remedy }}"
  loop: "{{ preflight.checks | rejectattr('outcome', 'equalto', 'ok') }}"
  loop_control:
    label: "{{ item.check }}"
"""

RETURN = r"""
ready:
  description: Whether no check failed.
  returned: success
  type: bool
  sample: true
checks:
  description: The checks, in the order in which to solve what they find.
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description:
        - One of V(token), V(region), V(control_plane) or V(ai_gateway), V(permissions), V(data_planes),
          V(gateway_version), V(proxy), V(provider_key) and V(fingerprint_key).
      type: str
      returned: always
      sample: data_planes
    outcome:
      description: One of V(ok), V(warning), V(failed), and V(skipped) for what could not or need not be checked.
      type: str
      returned: always
      sample: ok
    message:
      description: What was found.
      type: str
      returned: always
      sample: 1 of 1 data plane nodes are live.
    remedy:
      description: What to do. Empty when nothing has to be done.
      type: str
      returned: always
      sample: ""
failure:
  description:
    Why the task failed, with an error code to branch on.
    See U(https://github.com/ansible-collections/community.konnect/blob/main/docs/error_codes.md).
  returned: on failure
  type: dict
  sample:
    code: invalid_input
    status: null
    fields: []
    trace: null
"""

from typing import Any

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._errors import KonnectError
from ..module_utils._module.argument_spec import CONNECTION, PARENT, ArgumentSpec
from ..module_utils._module.parent import product_of
from ..module_utils._module.runner import run
from ..module_utils._preflight.checks import SUBJECTS, is_ready
from ..module_utils._preflight.run import Needs, run_checks

SPEC = ArgumentSpec(
    options={
        "proxy_url": {"type": "str"},
        "provider_key": {"type": "str", "no_log": True},
        "provider_models_url": {"type": "str"},
        "fingerprint_key": {"type": "str", "no_log": True},
    }
).merge(CONNECTION, PARENT)


def handler(parent: ControlPlane | KonnectError, options: dict[str, Any]) -> dict[str, Any]:
    needs = Needs(
        proxy_url=options["proxy_url"],
        provider_key=options["provider_key"],
        models_url=options["provider_models_url"],
        fingerprint_key=options["fingerprint_key"],
    )
    checks = run_checks(parent, needs, SUBJECTS[product_of(options).option])
    return {"changed": False, "ready": is_ready(checks), "checks": [check.result() for check in checks]}


def main() -> None:
    run(SPEC, handler, without_parent=handler)


if __name__ == "__main__":
    main()
