# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module that is run in this process, as Ansible runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings

try:
    from ansible.module_utils import _internal
except ImportError:  # ansible-core 2.18
    _internal = None

TOKEN = "kpat_fake_token"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Run a handler as a module with these options; returns what the module printed, and its exit code."""
    from ansible_collections.community.konnect.plugins.module_utils._module import runner
    from ansible_collections.community.konnect.plugins.module_utils._module.argument_spec import (
        CONNECTION,
        CONTROL_PLANE,
        ArgumentSpec,
    )

    key_and_value = {"key": {"type": "str", "no_log": False}, "value": {"type": "str", "no_log": True}}
    every_sort_of_option = ArgumentSpec(
        options={
            "value": {"type": "str", "no_log": True},
            "text": {"type": "str"},
            "config": {"type": "dict"},
            "names": {"type": "list", "elements": "str"},
            "rows": {"type": "list", "elements": "dict", "options": key_and_value},
            "row": {"type": "dict", "options": key_and_value},
            "fingerprint_key": {"type": "str", "no_log": True},
        }
    ).merge(CONNECTION, CONTROL_PLANE)

    def make(
        handler: Any = lambda parent, options: {"changed": False},
        /,
        spec: Any = every_sort_of_option,
        *,
        check_mode: bool = False,
        **options: Any,
    ) -> dict[str, Any]:
        given = {"konnect_url": "https://konnect.example.com", "konnect_token": TOKEN, **options}
        arguments = {"ANSIBLE_MODULE_ARGS": {**given, "_ansible_check_mode": check_mode}}
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        if _internal is not None:
            # Where other tests import the controller, warnings would go to its screen instead of into the result.
            monkeypatch.setattr(_internal, "is_controller", False)
        # Ansible keeps the warnings of a process; it runs one module in each.
        monkeypatch.setattr(warnings, "_global_warnings", type(warnings._global_warnings)())
        with pytest.raises(SystemExit) as stop:
            runner.run(spec, handler)
        printed = capsys.readouterr()
        return {**json.loads(printed.out), "rc": stop.value.code, "stderr": printed.err}

    for variable in (*runner.ENVIRONMENT.values(), "KONNECT_SERVER_URL", "KONNECT_REGION"):
        monkeypatch.delenv(variable, raising=False)
    return make
