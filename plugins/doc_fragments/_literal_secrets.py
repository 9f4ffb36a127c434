# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece LITERAL_SECRETS of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  literal_secrets:
    description:
      - What to do when an option contains a secret itself where a reference to one belongs. These are the fields that
        Konnect's schemas mark as both encrypted and referenceable.
      - V(warn) writes it with a warning. V(fail) fails before any write. V(allow) does not check. The secret is never
        shown.
    type: str
    choices: [warn, fail, allow]
    default: warn
"""
