# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real ansible-playbook against the emulator, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from running import WRITES, Emulator, Run, ansible_playbook, emulator

INTERPRETER = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}


@dataclass(frozen=True)
class Step:
    """What came of one task: its result, and what it asked of Konnect, as ``METHOD path`` below the control plane."""

    result: dict[str, Any]
    requests: list[str]

    @property
    def changed(self) -> bool:
        return bool(self.result["changed"])

    @property
    def writes(self) -> list[str]:
        return [line for line in self.requests if WRITES.match(line)]

    @property
    def code(self) -> str:
        """The code of the failure; a task that did not fail has none."""
        return str(self.result["failure"]["code"])

    @property
    def message(self) -> str:
        return str(self.result["msg"])


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with emulator() as running:
        yield running


@pytest.fixture
def run_tasks(tmp_path: Any) -> Callable[..., list[Step]]:
    """Run tasks in one play, and tell for each what it returned and what it asked."""

    def run(konnect: Emulator, *tasks: dict[str, Any], environment: dict[str, str] | None = None) -> list[Step]:
        konnect.requests()
        play_tasks: list[dict[str, Any]] = []
        for number, task in enumerate(tasks):
            marker = f"lookup('ansible.builtin.url', '{konnect.konnect_url}/marker/{number}', errors='ignore')"
            play_tasks.append({"name": "Mark", "ansible.builtin.debug": {"msg": f"{{{{ {marker} }}}}"}})
            play_tasks.append({"name": f"Step {number}", "ignore_errors": True, **task, "register": f"step_{number}"})
        names = ", ".join(f"step_{number}" for number in range(len(tasks)))
        play_tasks.append(
            {
                "name": "Keep the results",
                "check_mode": False,
                "ansible.builtin.copy": {
                    "content": f"{{{{ [{names}] | to_json }}}}",
                    "dest": str(tmp_path / "results.json"),
                    "mode": "0600",
                },
            }
        )
        play = {"name": "Steps", "hosts": "localhost", "gather_facts": False, "vars": INTERPRETER, "tasks": play_tasks}
        playbook = tmp_path / "steps.yml"
        playbook.write_text(json.dumps([play]))
        done = ansible_playbook(str(playbook), environment={**konnect.environment, **(environment or {})})
        assert done.code == 0, done.output
        results = json.loads((tmp_path / "results.json").read_text())
        return [Step(*pair) for pair in zip(results, _by_marker(konnect), strict=True)]

    return run


@pytest.fixture
def site(konnect: Emulator) -> Callable[..., Run]:
    """Run site.yml (or another playbook of the collection) against the emulator."""

    def run(*arguments: str, playbook: str = "site.yml", **environment: str) -> Run:
        return ansible_playbook(
            f"playbooks/{playbook}",
            *arguments,
            environment={**konnect.environment, **environment},
            extra_vars={**konnect.extra_vars, "probe_delay": 0.2},
        )

    return run


def task(module: str, arguments: dict[str, Any], *, check: bool = False, **keywords: Any) -> dict[str, Any]:
    """A task of a module of ours."""
    mode = {"check_mode": True} if check else {}
    return {f"community.konnect.konnect_{module}": arguments, "diff": True, **mode, **keywords}


def _by_marker(konnect: Emulator) -> list[list[str]]:
    groups: list[list[str]] = []
    below = f"/v2/control-planes/{konnect.control_plane_id}/"
    for row in konnect.requests():
        if row["path"].startswith("/marker/"):
            groups.append([])
        else:
            groups[-1].append(f"{row['method']} {row['path'].removeprefix(below)}")
    return groups


def names(entities: Sequence[dict[str, Any]], field: str = "name") -> list[str]:
    return sorted(str(entity.get(field)) for entity in entities)
