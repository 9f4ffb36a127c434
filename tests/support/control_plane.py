# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A control plane for one test, and the collection's modules run against it."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from support import engine
from support.emulator import ROOT, TOKEN, ControlPlaneApi, Emulator, only_writes, send

# Ansible sends these with the options of every task.
DIFF_MODE = {"_ansible_diff": True}
CHECK_MODE = {"_ansible_check_mode": True}

_numbers = itertools.count(1)


@dataclass(frozen=True)
class ModuleRun:
    """One run of a module: everything that it returned, and its requests as ``METHOD path``.

    Paths are relative to the test's control plane, or else begin with ``/v2``.
    """

    result: dict[str, Any]
    requests: list[str]

    def __getitem__(self, name: str) -> Any:
        assert name in self.result, self.result
        return self.result[name]

    @property
    def changed(self) -> bool:
        return bool(self["changed"])

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def code(self) -> str:
        """The code of the failure; empty when the module did not fail."""
        return str(self.result["failure"]["code"]) if self.failed else ""

    @property
    def message(self) -> str:
        """The message of the failure; empty when the module did not fail."""
        return str(self.result["msg"]) if self.failed else ""

    @property
    def warnings(self) -> str:
        """All warnings, a line each."""
        # A text up to ansible-core 2.18, and then an object.
        rows = self.result.get("warnings", [])
        return "\n".join(row if isinstance(row, str) else row["event"]["msg"] for row in rows)

    @property
    def before(self) -> Any:
        return self["diff"]["before"]

    @property
    def after(self) -> Any:
        return self["diff"]["after"]

    @property
    def writes(self) -> list[str]:
        """The requests that change something."""
        return only_writes(self.requests)


@dataclass
class ControlPlaneHarness(ControlPlaneApi):
    """A control plane in an emulator that other tests use too."""

    emulator: Emulator
    name: str

    @classmethod
    def create(cls, emulator: Emulator) -> ControlPlaneHarness:
        """Create a control plane, which is empty and has no data plane."""
        name = f"control-plane-{next(_numbers)}"
        made = send(emulator.konnect_url, "POST", "control-planes", {"name": name})
        return cls(emulator.konnect_url, made["id"], emulator, name)

    @classmethod
    def first(cls, emulator: Emulator) -> ControlPlaneHarness:
        """Return the control plane with the data plane."""
        return cls(emulator.konnect_url, emulator.control_plane_id, emulator, "quickstart")

    @property
    def parent(self) -> dict[str, str]:
        """The options that lead a module to this control plane."""
        return {"control_plane": self.name}

    @property
    def proxy_urls(self) -> list[str]:
        """Where its data planes accept requests."""
        return self.emulator.proxy_urls

    def chat_at(self, proxy_url: str) -> int:
        """Chat through a node of the tutorial; the status of the response."""
        body = {"messages": [{"role": "user", "content": "What is 1+1?"}]}
        return requests.post(f"{proxy_url}/anything", json=body, timeout=10).status_code

    def uses(self) -> list[dict[str, Any]]:
        """A row for each request to the data planes; see tests/konnect_emulator/data_plane/use_log.py."""
        return self.emulator.uses()

    def write_secret(self, key: str, value: str) -> None:
        """Write a secret of the only Config Store as another client does."""
        (store,) = self.list("config-stores")
        self.call("PUT", f"config-stores/{store['id']}/secrets/{key}", {"value": value})

    def remove_secret(self, key: str) -> None:
        """Remove a secret of the only Config Store as another client does."""
        (store,) = self.list("config-stores")
        self.call("DELETE", f"config-stores/{store['id']}/secrets/{key}")

    def temporary(self) -> list[str]:
        """The names of what the trials of rotations left."""
        return [route["name"] for route in self.list("core-entities/routes") if route.get("headers")]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a module or a playbook to this control plane."""
        return {**self.emulator.environment, "KONNECT_CONTROL_PLANE": self.name}

    def run(
        self,
        module: str,
        options: Mapping[str, Any] | None = None,
        *,
        check: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> ModuleRun:
        """Run a module's real ``main()`` in a fork of this process, in diff mode.

        :param module: its name without ``konnect_``, such as ``secret``.
        :param check: run it in check mode, too.
        :param environment: variables beside those that lead to this control plane; an empty one counts as unset.
        """
        engine.load_module(module)  # once in this process, for all forks
        foreign = {name: "" for name in os.environ if name.startswith("KONNECT_")}
        arguments = {**(options or {}), **DIFF_MODE, **(CHECK_MODE if check else {})}
        self.emulator.requests()
        _code, output, errors = engine.run_in_fork(
            f"konnect_{module}",
            json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode(),
            {**foreign, **self.environment, **(environment or {})},
            str(ROOT),
            lambda line: None,
        )
        assert output, f"konnect_{module} returned nothing: {errors}"
        return ModuleRun(json.loads(output), self._relative(self.emulator.requests()))

    def create_all(self, *tasks: tuple[str, dict[str, Any]]) -> list[ModuleRun]:
        """Run modules that must not fail, to make what a test needs."""
        runs = [self.run(module, options) for module, options in tasks]
        for each in runs:
            assert not each.failed, each.message
        return runs

    def run_handler(
        self, module: str, options: Mapping[str, Any], *, check: bool = False, task: engine.Task | None = None
    ) -> dict[str, Any]:
        """Run a module's handler in this process, where pauses take no time. Raises KonnectError.

        :param task: its context, where a test needs more of it than whether it is in check mode.
        """
        given = {**self.parent, **options}
        task = task or engine.Task(check)
        client = engine.make_client(self.konnect_url, TOKEN, read_only=task.check_mode)
        return engine.run_handler(module, given, client, task)

    def _relative(self, rows: list[dict[str, Any]]) -> list[str]:
        below = f"/v2/control-planes/{self.control_plane_id}/"
        return [f"{row['method']} {row['path'].removeprefix(below)}" for row in rows]
