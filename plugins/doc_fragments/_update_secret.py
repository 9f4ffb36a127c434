# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece UPDATE_SECRET of module_utils/_arguments.py
    DOCUMENTATION = r"""
options:
  update_secret:
    description:
      - When a secret that exists is written again.
      - V(on_change) writes it when its value changed, or when somebody else wrote it since. It keeps the fingerprint as
        one more entry of the store, under C(KEY.fingerprint.*), which holds no secret.
      - V(on_create) never writes a secret that exists.
      - V(always) writes it every time, and every time reports a change.
    type: str
    choices: [on_change, on_create, always]
    default: on_change
  fingerprint_key:
    description:
      - The key under which fingerprints are made, at least 32 characters. Keep it with your other secrets, and the
        same for every run.
      - When left out, the environment variable E(KONNECT_FINGERPRINT_KEY) is used.
      - Without either, the access token serves. A new token then rewrites each secret once, and values of fewer than
        16 bytes are refused.
    type: str
  previous_fingerprint_keys:
    description:
      - Keys that were O(fingerprint_key) before. A secret that is right under one of them gets a new fingerprint and
        is not written.
    type: list
    elements: str
"""
