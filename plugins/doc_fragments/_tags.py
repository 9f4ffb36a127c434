# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece TAGS of module_utils/_arguments.py
    DOCUMENTATION = r"""
options:
  tags:
    description:
      - Strings by which to group entities. Their order does not matter.
      - When left out, the tags stay as they are; an empty list removes them.
    type: list
    elements: str
"""
