# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks in one play of the real ansible-playbook: for each its result and the requests that it sent."""

from __future__ import annotations

import json
import pathlib
import tempfile
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
    play_tasks: list[dict[str, Any]] = []
    registered = [each.get("register", f"step_{number}") for number, each in enumerate(tasks)]
    for number, each in enumerate(tasks):
        # A request that only marks the place in the request log.
        marker = f"lookup('ansible.builtin.url', '{konnect.konnect_url}/marker/{number}', errors='ignore')"
        play_tasks.append({"name": "Mark", "ansible.builtin.debug": {"msg": f"{{{{ {marker} }}}}"}})
        play_tasks.append({"name": f"Step {number}", "ignore_errors": True, **each, "register": registered[number]})
    with tempfile.TemporaryDirectory() as directory:
        results = pathlib.Path(directory) / "results.json"
        keep = {"content": f"{{{{ [{', '.join(registered)}] | to_json }}}}", "dest": str(results), "mode": "0600"}
        play_tasks.append({"name": "Keep the results", "check_mode": False, "ansible.builtin.copy": keep})
        done = run_play(environment=konnect.environment, vars=INTERPRETER, tasks=play_tasks)
        assert done.code == 0, done.output
        return [Step(*pair) for pair in zip(json.loads(results.read_text()), _by_marker(konnect), strict=True)]


def _by_marker(konnect: Emulator) -> list[list[str]]:
    groups: list[list[str]] = []
    below = f"/v2/control-planes/{konnect.control_plane_id}/"
    for row in konnect.requests():
        if row["path"].startswith("/marker/"):
            groups.append([])
        elif groups:
            groups[-1].append(f"{row['method']} {row['path'].removeprefix(below)}")
    return groups
