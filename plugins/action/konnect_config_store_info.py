# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of this name, in a fork where that gives the same result."""

from __future__ import annotations

from ansible_collections.community.konnect.plugins.plugin_utils._action import ActionModule

__all__ = ["ActionModule"]
