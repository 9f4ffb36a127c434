# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of every module, to which meta/runtime.yml routes them."""

from __future__ import annotations

from ..plugin_utils._action import ActionModule

__all__ = ["ActionModule"]
