# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece UPDATE_SECRET of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  update_secret:
    description:
      - When to write a secret that exists.
      - V(on_change) writes it when its value changed, or when another client has written it since. To recognize both,
        it keeps a fingerprint of the value as another entry of the store, C(KEY.fingerprint.*), which contains no
        secret.
      - V(on_create) never writes a secret that exists.
      - V(always) writes it in every run, and reports a change each time.
    type: str
    choices: [on_change, on_create, always]
    default: on_change
"""
