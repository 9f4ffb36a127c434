# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece ON_IN_USE of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  on_in_use:
    description:
      - With O(state=absent), what to do when other entities use it or belong to it, besides what goes with it anyway.
      - V(fail) fails. V(keep) keeps it without failing, and returns RV(kept).
      - V(remove) removes what belongs to it, and then itself. Konnect rejects that when something else refers to it.
    type: str
    choices: [fail, keep, remove]
    default: fail
"""
