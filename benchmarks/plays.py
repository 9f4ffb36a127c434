# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plays that are measured, each a real ansible-playbook in a process of its own."""

from __future__ import annotations

import json
import pathlib
import re
import sys
import time
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support.emulator import Emulator, send  # noqa: E402
from support.inventory import write_inventory  # noqa: E402
from support.playbook import Run, ansible_playbook  # noqa: E402
from support.tutorial import TUTORIAL  # noqa: E402

# As where nothing is given.
PARALLEL = 10
STORE = "bench"
Result = dict[str, Any]
PING: dict[str, Any] = {"ansible.builtin.ping": {}}


class Plays:
    """Plays against one emulator. Their secrets are in a file of variables, which each of them reads."""

    def __init__(self, konnect: Emulator, directory: pathlib.Path) -> None:
        self._konnect = konnect
        self._directory = directory
        self._variables = directory / "variables.json"
        self.store_url = ""
        self.new_store()

    def new_store(self) -> None:
        """An empty config store in the place of the one before."""
        for store in self._konnect.list("config-stores"):
            self._konnect.call("DELETE", f"config-stores/{store['id']}", force="true")
        store = self._konnect.call("POST", "config-stores", {"name": STORE})
        base = f"{self._konnect.konnect_url}/v2/control-planes/{self._konnect.control_plane_id}"
        self.store_url = f"{base}/config-stores/{store['id']}"

    def secrets(self, count: int, changed: int = 0) -> None:
        """What the plays from now on want; the first ``changed`` have another value than before."""
        words = ["two"] * changed + ["one"] * (count - changed)
        rows = [
            {"key": f"key-{number:05}", "value": f"Bearer fake-value-{number:05}-{word}"}
            for number, word in enumerate(words)
        ]
        self._variables.write_text(json.dumps({"secrets": rows}))

    def nothing(self, count: int = 1) -> float:
        """The seconds of a play of so many pings and a debug."""
        return self._run([PING] * count)[0]

    def command(self, *arguments: str) -> float:
        """The seconds of a play that runs a command."""
        return self._run([{"ansible.builtin.command": {"argv": list(arguments)}}])[0]

    def bulk(self, interpreter: str = "{{ ansible_playbook_python }}", parallel: int = PARALLEL) -> Result:
        """``{seconds, elapsed, requests}`` of a play of one konnect_secrets and a debug."""
        options = {"config_store": STORE, "secrets": "{{ secrets }}", "parallel": parallel}
        seconds, run = self._run([{"community.konnect.konnect_secrets": options, "register": "told"}], interpreter)
        elapsed, requests = re.findall(r"TOLD ([\d.]+) (\d+)", run.output)[0]
        return {"seconds": seconds, "elapsed": float(elapsed), "requests": int(requests)}

    def memory(self) -> float:
        """The peak of the module's memory in MiB."""
        file, interpreter = self._directory / "memory", self._directory / "measured-python"
        file.write_text("")
        interpreter.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE / "measured_python.py"} {file} "$@"\n')
        interpreter.chmod(0o700)
        self.bulk(str(interpreter))
        return round(max(int(line) for line in file.read_text().split()) / 1024, 1)

    def uri_loop(self) -> float:
        """The seconds of a play that writes each secret by ansible.builtin.uri."""
        request = {
            "url": f"{self.store_url}/secrets/{{{{ item.key }}}}",
            "method": "PUT",
            "headers": {"Authorization": "Bearer {{ lookup('ansible.builtin.env', 'KONNECT_TOKEN') }}"},
            "body_format": "json",
            "body": {"value": "{{ item.value }}"},
            "status_code": [200, 201],
        }
        return self._run([{"ansible.builtin.uri": request, "loop": "{{ secrets }}", "no_log": True}])[0]

    def tutorial(self) -> tuple[float, int]:
        """The seconds of site.yml, and how many tasks it ran."""
        started = time.monotonic()
        run = self._playbook("site")
        return time.monotonic() - started, run.recap["ok"]

    def teardown(self) -> None:
        """Remove what the tutorial created."""
        self._playbook("teardown")

    def rotation(self, api_key: str, *, accepted: bool) -> float:
        """The seconds of rotate.yml with this new key, and the pauses that it makes where nothing is given."""
        started = time.monotonic()
        run = ansible_playbook(
            "playbooks/rotate.yml", environment={**self._konnect.environment, "MISTRAL_API_KEY": api_key}
        )
        if (run.code == 0) != accepted:
            raise RuntimeError(run.output)
        return time.monotonic() - started

    def six_tasks(self) -> Result:
        """``{seconds, requests}`` of a play of the tasks of the tutorial, one for each entity."""
        self._konnect.requests()
        seconds, _run = self._run([{f"community.konnect.konnect_{module}": options} for module, options in TUTORIAL])
        return {"seconds": seconds, "requests": len(self._konnect.requests())}

    def hosts(self, count: int, forks: int) -> Result:
        """``{seconds, requests}`` of site.yml over so many new control planes as hosts of the inventory plugin."""
        for number in range(count):
            send(self._konnect.konnect_url, "POST", "control-planes", {"name": f"forks-{forks}-{number:04}"})
        source = {"konnect_url": self._konnect.konnect_url}
        content = {"sources": [source], "filters": {"names": [f"forks-{forks}-*"]}}
        self._konnect.requests()
        started = time.monotonic()
        run = ansible_playbook(
            "playbooks/site.yml",
            *("--inventory", str(write_inventory(self._directory, content)), "--forks", str(forks)),
            environment=self._konnect.environment,
            extra_vars={**self._konnect.extra_vars, "konnect_hosts": "konnect"},
        )
        seconds = time.monotonic() - started
        _check(run)
        return {"seconds": seconds, "requests": len(self._konnect.requests())}

    def _playbook(self, name: str) -> Run:
        run = ansible_playbook(
            f"playbooks/{name}.yml",
            environment=self._konnect.environment,
            extra_vars={**self._konnect.extra_vars, "probe_delay": 0.2},
        )
        _check(run)
        return run

    def _run(
        self, tasks: list[dict[str, Any]], interpreter: str = "{{ ansible_playbook_python }}"
    ) -> tuple[float, Run]:
        told = "{{ 'TOLD ' ~ told.elapsed ~ ' ' ~ told.requests if told is defined else '' }}"
        play = {
            "name": "Measured",
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": interpreter},
            "vars_files": [str(self._variables)],
            "tasks": [*tasks, {"ansible.builtin.debug": {"msg": told}}],
        }
        playbook = self._directory / "playbook.yml"
        playbook.write_text(json.dumps([play]))
        started = time.monotonic()
        run = ansible_playbook(str(playbook), environment=self._konnect.environment)
        _check(run)
        return time.monotonic() - started, run


def _check(run: Run) -> None:
    if run.code:
        raise RuntimeError(run.output)
