# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # What becomes of a secret reference that leads nowhere
    DOCUMENTATION = r"""
options:
  check_references:
    description:
      - What to do when a secret reference in O(config) would not resolve. Konnect accepts it, and the gateway then goes
        on without the secret.
      - Broken is a reference inside a longer text, in a field in which the gateway resolves none, to a vault or a
        secret that is not there, to a Config Store from the code of a function plugin, or one that is malformed.
      - V(fail) refuses it before any write, V(warn) writes it and warns, V(ignore) does not look.
      - In check mode, a vault or a secret that is not there yet is a warning, because an earlier task may create it.
    type: str
    choices: [fail, warn, ignore]
    default: fail
"""
