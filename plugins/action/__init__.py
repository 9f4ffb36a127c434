# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports the action, and with it the engine, before Ansible forks its workers.

Ansible imports this package when it reads a playbook, but the action that a module is routed to, the filters of a
collection and its own tests only in the worker of each task, where the imports would be made anew.
"""

from __future__ import annotations

import gc

from ansible.plugins.loader import filter_loader, test_loader

from ..plugin_utils._bytecode import cache_bytecode

cache_bytecode()
# Else collections of garbage go through all that Ansible loaded, and in a worker copy the memory that they find it in.
gc.freeze()

from ..plugin_utils import _action  # noqa: F401

# Each loads all of its kind, up to the one asked for by its name.
filter_loader.get("community.konnect.vault_reference")
test_loader.get("community.konnect.vault_reference")
gc.freeze()
