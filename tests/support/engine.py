# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of the collection's engine that integration tests use; everything else they reach through modules."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client.client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import parse_record
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.plugins.plugin_utils._action import _in_fork as run_in_fork

__all__ = ["KonnectError", "load_module", "parse_record", "run_handler", "run_in_fork"]

COLLECTION = "community.konnect"


def load_module(module: str) -> ModuleType:
    """Import a module of the collection, such as ``secret``."""
    return importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.konnect_{module}")


def run_handler(
    module: str, options: dict[str, Any], konnect_url: str, token: str, *, check_mode: bool
) -> dict[str, Any]:
    """Run a module's handler in this process; pauses take no time. Raises KonnectError.

    :param options: those without a value get their default.
    """
    code = load_module(module)
    params = {name: option.get("default") for name, option in code.SPEC.options.items()}
    now = [0.0]
    client = KonnectClient(
        Connection(konnect_url, token),
        read_only=check_mode,
        sleep=lambda seconds: now.__setitem__(0, now[0] + seconds),
        clock=lambda: now[0],
    )
    given = {**params, "konnect_token": token, **options}
    organization = Organization(client, Task(check_mode))
    parent = ControlPlane(organization, given["control_plane"]) if "control_plane" in params else organization
    return dict(code.handler(parent, given))
