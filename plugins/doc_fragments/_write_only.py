# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece HIDDEN_VALUE of module_utils/_module/argument_spec.py, for entities of AI Gateways
    DOCUMENTATION = r"""
options:
  update_secret:
    description:
      - When to write the secrets of an entity that exists. Konnect does not return them.
      - V(on_change) writes them when they changed. An entry of C(managed_by), C(secrets), carries a fingerprint of
        them, or where all are references, a digest that needs no key.
      - V(on_create) writes them for a new entity, and when something else changes.
      - V(always) writes them in every run, and reports a change each time.
    type: str
    choices: [on_change, on_create, always]
    default: on_change
  fingerprint_key:
    description:
      - The key of the fingerprint, at least 32 characters. Use the same one in every run.
      - When left out, E(KONNECT_FINGERPRINT_KEY) is used, and without that the access token.
    type: str
"""
