#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_wait_for_certificate
short_description: Wait until data planes of Kong Konnect serve a certificate
version_added: 1.0.0
description:
  - Opens TLS connections to data planes until each of them serves the certificate that is meant, for each name.
  - A completed handshake proves that the data plane has the key of the certificate that it served. Kong Gateway
    completes handshakes for unknown names, too, with a certificate of its own, so the fingerprint is compared.
  - The certificate is not verified otherwise, so it may be one of a CA that this machine does not know.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes.info
attributes:
  check_mode:
    support: full
    details:
      - The module only reads. In check mode, earlier tasks wrote nothing that data planes could receive, so it asks
        once, and neither waits nor fails because of what is served.
options:
  addresses:
    description:
      - Where data planes accept TLS, each as C(HOST:PORT). Without a port, V(443) is used. An C(https) URL is accepted
        too.
      - Behind the address of a load balancer, only some of the data planes are asked. See
        M(community.konnect.konnect_wait_for_sync) for all of them.
    type: list
    elements: str
    required: true
  server_names:
    description: The names to ask for (SNI). In one with a wildcard, C(*) is replaced by another label.
    type: list
    elements: str
    required: true
  fingerprint:
    description: The SHA-256 fingerprint of the certificate, in hexadecimal, with or without colons.
    type: str
    required: true
  successes:
    description: How many handshakes in a row have to serve it, at each address and for each name.
    type: int
    default: 3
  timeout:
    description: How many seconds to wait. With V(0), each address is asked once for each name.
    type: int
    default: 60
  interval:
    description: How many seconds to pause before those that served something else are asked again.
    type: float
    default: 1
notes:
  - It sends nothing to Konnect, and needs neither a token nor a server.
seealso:
  - module: community.konnect.konnect_certificate
  - module: community.konnect.konnect_wait_for_sync
"""

EXAMPLES = r"""
- name: Wait until the gateway serves the new certificate
  community.konnect.konnect_wait_for_certificate:
    addresses: ["gateway.example.com:8443"]
    server_names: [example.com, www.example.com]
    fingerprint: 5e3c9b1f0a7d4c62855e3c9b1f0a7d4c62855e3c9b1f0a7d4c62855e3c9b1f0a
"""

RETURN = r"""
is_served:
  description: Whether every address serves the certificate for every name. False only in check mode.
  returned: success
  type: bool
  sample: true
served:
  description: What each address served for each name.
  returned: success
  type: list
  elements: dict
  contains:
    address:
      description: The address.
      type: str
      returned: always
      sample: gateway.example.com:8443
    server_name:
      description: The name that was asked for.
      type: str
      returned: always
      sample: example.com
    fingerprint:
      description: The SHA-256 fingerprint of the certificate of the last handshake. Empty when it failed.
      type: str
      returned: always
      sample: 5e3c9b1f0a7d4c62855e3c9b1f0a7d4c62855e3c9b1f0a7d4c62855e3c9b1f0a
    problem:
      description: Why the last handshake failed. Empty when it did not.
      type: str
      returned: always
      sample: ""
    matches:
      description: Whether it is the certificate that is meant, O(successes) times in a row.
      type: bool
      returned: always
      sample: true
waited:
  description: The seconds that the module waited.
  returned: success
  type: float
  sample: 1.2
failure:
  description:
    Why the task failed, with an error code to branch on.
    See U(https://github.com/ansible-collections/community.konnect/blob/main/docs/error_codes.md).
  returned: on failure
  type: dict
  sample:
    code: certificate_not_served
    status: null
    fields: []
    trace: null
"""

from typing import Any

from ..module_utils._data_plane.served_certificate import CertificateWait
from ..module_utils._module.argument_spec import ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._task import Task

SPEC = ArgumentSpec(
    options={
        "addresses": {"type": "list", "elements": "str", "required": True},
        "server_names": {"type": "list", "elements": "str", "required": True},
        "fingerprint": {"type": "str", "required": True},
        "successes": {"type": "int", "default": 3},
        "timeout": {"type": "int", "default": 60},
        "interval": {"type": "float", "default": 1},
    }
)


def handler(task: Task, options: dict[str, Any]) -> dict[str, Any]:
    timeout = 0 if task.check_mode else options["timeout"]
    wait = CertificateWait(
        **{name: options[name] for name in ("addresses", "server_names", "fingerprint", "interval", "successes")},
        timeout=timeout,
    )
    waited = wait.run()
    if not wait.is_served and not task.check_mode:
        raise wait.error()
    return {"changed": False, "is_served": wait.is_served, "served": wait.result(), "waited": round(waited, 1)}


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
