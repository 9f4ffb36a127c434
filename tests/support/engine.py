# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of the collection's engine that integration tests use; everything else they reach through modules."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from ansible.module_utils import basic

from ansible_collections.community.konnect.plugins.module_utils._client.client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import parse_record
from ansible_collections.community.konnect.plugins.module_utils._masking import mask_text
from ansible_collections.community.konnect.plugins.module_utils._module import runner
from ansible_collections.community.konnect.plugins.module_utils._module.option_views import view_options
from ansible_collections.community.konnect.plugins.module_utils._module.parent import parent_of
from ansible_collections.community.konnect.plugins.module_utils._plugins.config import PluginConfig
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import is_own_entry
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.plugins.plugin_utils._action import _in_fork as run_in_fork

__all__ = [
    "KonnectClient",
    "KonnectError",
    "Predictions",
    "Task",
    "is_own_entry",
    "load_module",
    "make_client",
    "parse_record",
    "run_handler",
    "run_in_fork",
    "run_module",
    "shown_of_config",
]

COLLECTION = "community.konnect"


def load_module(module: str) -> ModuleType:
    """Import a module of the collection, such as ``secret``."""
    return importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.konnect_{module}")


def make_client(konnect_url: str, token: str, *, read_only: bool = False, speed: float | None = None) -> KonnectClient:
    """Return a client for one task.

    :param speed: how many times as fast as the machine's its clock runs; None for pauses that take no time at all.
    """
    connection = Connection(konnect_url, token)
    if speed is not None:
        return KonnectClient(
            # A request takes as long as on a slow clock.
            replace(connection, deadline=connection.deadline * speed),
            read_only=read_only,
            sleep=lambda seconds: time.sleep(seconds / speed),
            clock=lambda: time.monotonic() * speed,
        )
    now = [0.0]
    return KonnectClient(
        connection,
        read_only=read_only,
        sleep=lambda seconds: now.__setitem__(0, now[0] + seconds),
        clock=lambda: now[0],
    )


def run_handler(module: str, options: dict[str, Any], client: KonnectClient, task: Task) -> dict[str, Any]:
    """Run a module's handler in this process. Raises KonnectError.

    :param options: those without a value get their default.
    """
    code = load_module(module)
    params = {name: option.get("default") for name, option in code.SPEC.options.items()}
    given = {**params, "konnect_token": client.connection.token, **options}
    own = {name: value for name, value in given.items() if name in params}
    return dict(code.handler(parent_of(Organization(client, task), own), given))


def run_module(module: str, options: Mapping[str, Any], client: KonnectClient, *, check_mode: bool) -> dict[str, Any]:
    """Run a module to its exit in this process, with a client that is at hand; what it prints."""
    connection = {"konnect_url": client.connection.url, "konnect_token": client.connection.token}
    arguments = {**connection, **options, "_ansible_check_mode": check_mode}
    printed = io.StringIO()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(runner, "KonnectClient", lambda *args, **kwargs: client))
        given = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        stack.enter_context(mock.patch.object(basic, "_ANSIBLE_ARGS", given))
        stack.enter_context(mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True))
        stack.enter_context(mock.patch.object(runner.KonnectModule, "log", lambda self, *args, **kwargs: None))
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(contextlib.suppress(SystemExit))
        load_module(module).main()
    return dict(json.loads(printed.getvalue()))


def shown_of_config(name: str, schema: dict[str, Any], config: dict[str, Any]) -> dict[str, str]:
    """Return what is shown of a plugin's configuration, by place: ``result``, ``diff``, ``warning`` and ``log``."""
    task = Task()
    control_plane = SimpleNamespace(schema=lambda *segments: schema, task=task)
    plugin_config = PluginConfig(control_plane, name)  # type: ignore[arg-type]
    plugin_config.check(config)
    masked = plugin_config.mask({"config": config}, {"config": {}})
    options = view_options({"config": {"type": "dict"}}, {"config": config}, task.views, ["config"])
    return {
        "result": str(plugin_config.mask({"config": config})),
        "diff": str(masked),
        "warning": mask_text(f"Konnect does not like {config}.", task.secrets),
        "log": str(options),
    }
