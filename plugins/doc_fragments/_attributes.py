# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The attributes of every module that writes
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Predicts what the task would do, without writing anything.
    support: full
    details:
      - In check mode over the whole play (C(--check)), what earlier tasks would have made, changed or removed counts as
        done, also where they ran on other hosts of the play. This goes for modules that run on the controller.
      - An id that only Konnect can give, such as that of a Config Store, is a stand-in, which a run refuses.
      - Konnect cannot check what would be made in a control plane that does not exist yet. The C(config) of a plugin
        there is hidden as a whole.
  diff_mode:
    description: Shows what changes, without secrets.
    support: full
  idempotent:
    description: When run again with the same options, changes nothing and sends no write.
    support: full
"""

    # The attributes of every module that only reads
    INFO = r"""
attributes:
  check_mode:
    description: Predicts what the task would do, without writing anything.
    support: full
    details: The module only reads.
  diff_mode:
    description: Shows what changes, without secrets.
    support: N/A
    details: The module only reads.
  idempotent:
    description: When run again with the same options, changes nothing and sends no write.
    support: full
    details: The module only reads.
"""

    # The action groups of modules that have the option control_plane
    ACTIONGROUP_CONTROL_PLANE = r"""
attributes:
  action_group:
    description: Set the options that tasks share in C(module_defaults), under C(group/community.konnect.konnect).
    support: full
    membership:
      - community.konnect.konnect
      - community.konnect.control_plane
      - community.konnect.ai_proxy
      - community.konnect.certificate_secret
      - community.konnect.rotate_secret
"""

    # The action groups of modules that take both control_plane and ai_gateway
    ACTIONGROUP_PARENT = r"""
attributes:
  action_group:
    description: Set the options that tasks share in C(module_defaults), under C(group/community.konnect.konnect).
    support: full
    membership:
      - community.konnect.konnect
      - community.konnect.control_plane
      - community.konnect.ai_gateway
      - community.konnect.ai_gateway_role
      - community.konnect.ai_proxy
      - community.konnect.rotate_secret
"""

    # The action groups of modules that have the option ai_gateway alone
    ACTIONGROUP_AI_GATEWAY = r"""
attributes:
  action_group:
    description: Set the options that tasks share in C(module_defaults), under C(group/community.konnect.konnect).
    support: full
    membership:
      - community.konnect.konnect
      - community.konnect.ai_gateway
      - community.konnect.ai_gateway_role
"""

    # The action groups of the others
    ACTIONGROUP_KONNECT = r"""
attributes:
  action_group:
    description: Set the options that tasks share in C(module_defaults), under C(group/community.konnect.konnect).
    support: full
    membership:
      - community.konnect.konnect
"""
