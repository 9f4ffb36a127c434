# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks in one play of the real ansible-playbook: for each its result and the requests that it sent."""

from __future__ import annotations

import json
import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from support.emulator import Emulator, only_writes
from support.playbook import INTERPRETER, run_play


@dataclass(frozen=True)
class Step:
    """One task: its result, and its requests as ``METHOD path`` below the control plane."""

    result: dict[str, Any]
    requests: list[str]

    @property
    def changed(self) -> bool:
        return bool(self.result["changed"])

    @property
    def writes(self) -> list[str]:
        return only_writes(self.requests)

    @property
    def code(self) -> str:
        """The code of the failure; a task that did not fail has none."""
        return str(self.result["failure"]["code"])

    @property
    def message(self) -> str:
        return str(self.result["msg"])


def task(module: str, arguments: dict[str, Any], *, check: bool = False, **keywords: Any) -> dict[str, Any]:
    """Return a task of one of the collection's modules, in diff mode."""
    mode = {"check_mode": True} if check else {}
    return {f"community.konnect.konnect_{module}": arguments, "diff": True, **mode, **keywords}


def run_tasks(konnect: Emulator, *tasks: dict[str, Any]) -> list[Step]:
    """Run the tasks one after the other in one play; a task that fails does not end it."""
    konnect.requests()
    marked: list[dict[str, Any]] = []
    for number, each in enumerate(tasks):
        # A request that only marks the place in the request log.
        marker = f"lookup('ansible.builtin.url', '{konnect.konnect_url}/marker/{number}', errors='ignore')"
        marked += [{"name": "Mark", "ansible.builtin.debug": {"msg": f"{{{{ {marker} }}}}"}}, each]
    (results,) = run_groups([marked], konnect.environment)
    return [Step(*pair) for pair in zip(results[1::2], _by_marker(konnect), strict=True)]


def run_groups(
    groups: Sequence[Sequence[dict[str, Any]]], environment: Mapping[str, str]
) -> list[list[dict[str, Any]]]:
    """Run all groups of tasks in one play, and return the results of the tasks by group.

    A task that fails does not end the play, and names that it registers may come again in another group.
    """
    tasks: list[dict[str, Any]] = []
    for group_number, group in enumerate(groups):
        names = [each.get("register", f"task_{number}") for number, each in enumerate(group)]
        for number, (name, each) in enumerate(zip(names, group, strict=True)):
            tasks.append({"name": f"Task {number}", "ignore_errors": True, **each, "register": name})
        results = {f"group_{group_number}": f"{{{{ [{', '.join(names)}] }}}}"}
        tasks.append({"name": "Gather the results", "ansible.builtin.set_fact": results})
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "results.json"
        every = ", ".join(f"group_{number}" for number in range(len(groups)))
        content = {"content": f"{{{{ [{every}] | to_json }}}}", "dest": str(file), "mode": "0600"}
        tasks.append({"name": "Write the results", "check_mode": False, "ansible.builtin.copy": content})
        done = run_play(environment=environment, vars=INTERPRETER, tasks=tasks)
        assert done.code == 0, done.output
        return list(json.loads(file.read_text()))


def _by_marker(konnect: Emulator) -> list[list[str]]:
    groups: list[list[str]] = []
    below = f"/v2/control-planes/{konnect.control_plane_id}/"
    for row in konnect.requests():
        if row["path"].startswith("/marker/"):
            groups.append([])
        elif groups:
            groups[-1].append(f"{row['method']} {row['path'].removeprefix(below)}")
    return groups
