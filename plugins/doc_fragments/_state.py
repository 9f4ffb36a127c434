# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece STATE of module_utils/_arguments.py
    DOCUMENTATION = r"""
options:
  state:
    description: Whether it should exist.
    type: str
    choices: [present, absent]
    default: present
"""
