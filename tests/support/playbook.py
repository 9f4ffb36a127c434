# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real ansible-playbook as a process, for the demo, the integration tests and the benchmarks."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from support.emulator import ROOT

# Variables of a developer's own that would reach a module or ansible-playbook. KONNECT_FORK is let through, so that all
# tests can be run again with modules that are started as Ansible does.
FOREIGN_VARIABLES = re.compile(r"KONNECT_(?!FORK)|MISTRAL_|ANSIBLE_")
INTERPRETER = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}


@dataclass(frozen=True)
class Run:
    """The outcome of one ansible-playbook: its exit code, its output, and the counts of its recap."""

    code: int
    output: str

    @property
    def recap(self) -> dict[str, int]:
        """The counts of the recap, such as changed, over all hosts."""
        counts: dict[str, int] = {}
        for line in self.output.partition("PLAY RECAP")[2].splitlines():
            for name, number in re.findall(r"(\w+)=(\d+)", line):
                counts[name] = counts.get(name, 0) + int(number)
        return counts

    @property
    def changed(self) -> int:
        return self.recap["changed"]


def environment_of_a_run(given: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment without foreign variables, with ours and the given ones."""
    base = {name: value for name, value in os.environ.items() if not FOREIGN_VARIABLES.match(name)}
    return {**base, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", **given}


def run_play(*arguments: str, environment: Mapping[str, str], **play: Any) -> Run:
    """Run a play on this machine that is no playbook of the collection.

    :param play: its keywords, such as C(tasks).
    """
    with tempfile.TemporaryDirectory() as directory:
        playbook = pathlib.Path(directory) / "play.yml"
        playbook.write_text(json.dumps([{"name": "Play", "hosts": "localhost", "gather_facts": False, **play}]))
        return ansible_playbook(str(playbook), *arguments, environment=environment)


def ansible_playbook(
    *arguments: str,
    environment: Mapping[str, str],
    extra_vars: Mapping[str, Any] | None = None,
    cwd: pathlib.Path = ROOT,
    show: bool = False,
    python: pathlib.Path = pathlib.Path(sys.executable),
) -> Run:
    """Run this Python's ansible-playbook with no KONNECT_, MISTRAL_ and ANSIBLE_ variables but the given ones.

    :param show: print the output as it comes, too.
    """
    command: Sequence[str] = [str(python.with_name("ansible-playbook")), *arguments]
    if extra_vars:
        command = [*command, "--extra-vars", json.dumps(dict(extra_vars))]
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment_of_a_run(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if show:
            print(line, end="", flush=True)
    return Run(process.wait(), "".join(lines))


def install_collection(artifact: pathlib.Path, home: pathlib.Path, python: pathlib.Path) -> dict[str, str]:
    """Install a built collection in a home of its own; the variables with which a run finds that and no other.

    :param home: an empty folder.
    """
    collections, configuration = str(home / "installed"), home / "ansible.cfg"
    configuration.touch()
    environment = {"HOME": str(home), "ANSIBLE_CONFIG": str(configuration), "ANSIBLE_COLLECTIONS_PATH": collections}
    subprocess.run(
        [python.with_name("ansible-galaxy"), "collection", "install", "--offline", artifact, "-p", collections],
        cwd=home,
        env=environment_of_a_run(environment),
        check=True,
        capture_output=True,
    )
    # The tests themselves find the collection in the checkout.
    return {**environment, "PYTHONPATH": ""}
