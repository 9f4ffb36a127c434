# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports the action, and with it the engine, before Ansible forks its workers.

Ansible imports this package when it reads a playbook, but the action that a module is routed to only in the worker of
each task, where the imports would be made anew.
"""

from __future__ import annotations

from ..plugin_utils._bytecode import cache_bytecode

cache_bytecode()

from ..plugin_utils import _action  # noqa: F401
