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
      - In check mode over the whole play (C(--check)), what earlier tasks would have made or removed counts as done.
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
      - community.konnect.rotate_secret
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
