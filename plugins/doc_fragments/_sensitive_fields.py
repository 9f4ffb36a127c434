# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece SENSITIVE_FIELDS of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  sensitive_fields:
    description:
      - Fields of C(config) to hide in results, diffs and logs, besides those that are hidden anyway.
      - Each is the name of a field, for example V(client_id), or its path, for example V(redis.host).
    type: list
    elements: str
"""
