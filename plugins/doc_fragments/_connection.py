# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece CONNECTION of module_utils/_arguments.py
    DOCUMENTATION = r"""
requirements:
  - requests >= 2.28 for the Python that runs the module
options:
  konnect_token:
    description:
      - A Konnect access token, of a user (C(kpat_)) or of a system account (C(spat_)).
      - When left out, the environment variable E(KONNECT_TOKEN) is used.
    type: str
  konnect_region:
    description:
      - The Konnect region. The API is then at C(https://REGION.api.konghq.com).
      - When neither this nor O(konnect_url) is given, the environment variables E(KONNECT_SERVER_URL) and then
        E(KONNECT_REGION) are used.
    type: str
    choices: [us, eu, au, me, in, sg]
  konnect_url:
    description:
      - The base URL of Konnect's API, without C(/v2). Use it for a custom domain or a proxy of your own.
      - Plain C(http) is accepted only for the machine that runs the module itself.
      - When neither this nor O(konnect_region) is given, the environment variables E(KONNECT_SERVER_URL) and then
        E(KONNECT_REGION) are used.
    type: str
  validate_certs:
    description:
      - Whether to check the server's TLS certificate.
      - When left out, the environment variable E(KONNECT_VALIDATE_CERTS) is used, and without it V(true).
    type: bool
  ca_path:
    description:
      - The path of a CA bundle with which to check the server's certificate.
      - When left out, the environment variable E(KONNECT_CA_PATH) is used.
    type: path
  request_timeout:
    description: How many seconds a connection may take to open, and then the whole response to arrive.
    type: int
    default: 30
  request_retries:
    description:
      - How often to repeat a request that failed in transit. A write is repeated only after the module has read
        whether it was carried out.
      - A request that the rate limit rejected is repeated until O(request_deadline).
    type: int
    default: 4
  request_deadline:
    description: How many seconds the task may spend on requests, including repeats and pauses.
    type: int
    default: 300
notes:
  - The environment variables are read on the host that runs the module. Run the module on C(localhost), or delegate it
    there, with C(ansible_python_interpreter) set to C({{ ansible_playbook_python }}).
"""
