# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece HIDDEN_VALUE of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  update_secret:
    description:
      - When to write the secret of a credential that exists. Konnect does not return it.
      - V(on_change) writes it when it changed. A password that Konnect returns as a hash is compared with the hash of
        the given one. Otherwise a tag of the credential, C(fingerprint.*), carries a fingerprint of the secret, which
        needs O(fingerprint_key). Without one, a change of the secret alone is not noticed. A secret that another client
        changed is noticed only by its hash.
      - V(on_create) writes it for a new credential, and when something else of the credential changes, because Konnect
        takes no change without it.
      - V(always) writes it in every run, and reports a change each time.
    type: str
    choices: [on_change, on_create, always]
    default: on_change
  fingerprint_key:
    description:
      - The key of the fingerprint, at least 32 characters. Use the same one in every run.
      - Everybody who may read the control plane can read the tag, so that no fingerprint is made without this key. To
        other clients, such as decK, the tag is a difference.
      - When left out, the environment variable E(KONNECT_FINGERPRINT_KEY) is used.
    type: str
"""
