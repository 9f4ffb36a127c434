# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.

from __future__ import annotations


class ModuleDocFragment:
    # The piece KEEP_SECRETS of module_utils/_module/argument_spec.py
    DOCUMENTATION = r"""
options:
  keep_secrets_on_move:
    description:
      - Results show V((not shown\)) in the place of a secret. In O(config), this text means the secret that Konnect
        holds in that place, so that a result can be given back.
      - Beside a host, endpoint, URL or provider that the task changes, it is refused, because the secret would go to
        the new destination. V(true) allows that.
    type: bool
    default: false
"""
