# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece CHECK_REFERENCES of module_utils/_arguments.py
    DOCUMENTATION = r"""
options:
  check_references:
    description:
      - What to do when a secret reference in the options would not resolve. Konnect accepts such a reference, and the
        gateway then runs without the secret.
      - A reference does not resolve when it is malformed, when it is only part of a longer text, when the gateway
        resolves no references in that field, when its Vault or its secret does not exist, or when it is in the code of
        a function plugin and points to a Config Store.
      - V(fail) fails before any write. V(warn) writes the reference with a warning. V(ignore) does not check.
      - In check mode, a Vault or a secret that does not exist yet is only a warning, because an earlier task may create
        it. One that an earlier task would remove is an error, as in the run.
    type: str
    choices: [fail, warn, ignore]
    default: fail
"""
