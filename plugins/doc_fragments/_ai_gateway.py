# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece AI_GATEWAY of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  ai_gateway:
    description:
      - The name or the id of the AI Gateway (beta), or the dict that a module returns for it.
      - When left out, the environment variable E(KONNECT_AI_GATEWAY) is used. One of the two is required.
    type: raw
"""
