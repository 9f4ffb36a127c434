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
      - A Konnect access token, personal (C(kpat_)) or of a system account (C(spat_)).
      - When left out, the environment variable E(KONNECT_TOKEN) is used.
    type: str
  konnect_region:
    description:
      - The Konnect region, which stands for the URL C(https://REGION.api.konghq.com).
      - When neither this nor O(konnect_url) is given, the environment variables E(KONNECT_SERVER_URL) and then
        E(KONNECT_REGION) are used.
    type: str
    choices: [us, eu, au, me, in, sg]
  konnect_url:
    description:
      - The root of Konnect's API, without C(/v2), for a custom domain or a proxy of your own.
      - Plain C(http) is accepted only for the machine that runs the module.
      - When neither this nor O(konnect_region) is given, the environment variables E(KONNECT_SERVER_URL) and then
        E(KONNECT_REGION) are used.
    type: str
  validate_certs:
    description:
      - Whether the server's TLS certificate is checked.
      - When left out, the environment variable E(KONNECT_VALIDATE_CERTS) is used, and V(true) when that is not set
        either.
    type: bool
  ca_path:
    description:
      - The path of a CA bundle to check the server's certificate with.
      - When left out, the environment variable E(KONNECT_CA_PATH) is used.
    type: path
  request_timeout:
    description: For how many seconds the server may stay silent.
    type: int
    default: 30
  request_retries:
    description:
      - How often a request that failed on the way is repeated. A write is repeated only after looking whether it was
        carried out.
      - What the rate limit refused is repeated until O(request_deadline).
    type: int
    default: 4
  request_deadline:
    description: For how many seconds the task may go on sending requests, repeats and pauses included.
    type: int
    default: 300
notes:
  - The environment variables are read on the host that runs the module. Run it on C(localhost), with
    C(ansible_python_interpreter) set to C({{ ansible_playbook_python }}), or delegate it there.
"""
