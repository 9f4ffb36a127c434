# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece FINGERPRINT_KEY of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  fingerprint_key:
    description:
      - The key of the fingerprints, at least 32 characters. Store it with your other secrets, and use the same one in
        every run.
      - When left out, the environment variable E(KONNECT_FINGERPRINT_KEY) is used.
      - Without either, the access token is used. With a new token, each secret is then written once more. Values of
        fewer than 24 bytes get a warning, and those of fewer than 8 bytes are rejected.
    type: str
  previous_fingerprint_keys:
    description:
      - Earlier values of O(fingerprint_key). When the fingerprint under one of them matches the value, only the
        fingerprint is replaced, and the secret is not written.
    type: list
    elements: str
"""
