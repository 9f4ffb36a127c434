# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece PARENT of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  control_plane:
    description:
      - The name or the id of the control plane, or the dict that a module returns for it.
      - When left out, the environment variable E(KONNECT_CONTROL_PLANE) is used. One of the two, or an AI Gateway, is
        required.
    type: raw
  workspace:
    description:
      - The name or the id of the workspace of the control plane, or the dict that Konnect shows for it. It must exist.
      - When left out, the environment variable E(KONNECT_WORKSPACE) is used, and else the workspace C(default). An AI
        Gateway has none.
    type: raw
  ai_gateway:
    description:
      - The name or the id of an AI Gateway of Konnect (beta), in place of a control plane; or the dict that a module
        returns for it.
      - When left out, E(KONNECT_AI_GATEWAY) is used, unless a control plane is given.
      - Excludes O(control_plane). Where a module default sets that one, give V("") for it.
    type: raw
"""
