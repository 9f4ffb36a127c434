# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reader who follows a page of the documentation from top to bottom, in an empty folder, against the emulator."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from support.doc_blocks import Block
from support.emulator import Emulator
from support.playbook import INTERPRETER, environment_of_a_run

# The languages of the blocks that are run.
RUN = ("sh", "yaml")
PLACEHOLDER = re.compile(r"^export (\w+)=\S*\.\.\.")
# Where a page has the reader's data plane.
PROXIES = ("http://localhost:8000", "https://gateway.example.com")
TLS_ADDRESS = "gateway.example.com:8443"


class Session:
    """The reader's folder and the variables of the reader's shell.

    :param values: what stands for ``...`` in ``export NAME=...``, a value for each time; else what the emulator gives.
    """

    def __init__(self, folder: Path, konnect: Emulator, values: Mapping[str, Sequence[str]]) -> None:
        self._folder = folder
        self._konnect = konnect
        self._values = {name: list(each) for name, each in values.items()}
        self._state = folder.with_suffix(".environment")
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
        # An own home, so that nothing of the developer's counts.
        self.environment = environment_of_a_run({**konnect.environment, "PATH": path, "HOME": str(folder)})

    def run(self, block: Block) -> str:
        """Do what a block says; what was printed. Raises AssertionError with it if that failed."""
        text = self._with_own_addresses(block.text)
        if block.file:
            target = self._folder / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            return ""
        if block.language == "sh":
            return self._shell(text, block)
        if block.is_fragment:
            return ""
        play = yaml.safe_load(text)
        if not block.is_playbook:
            play = [{"name": "Play", "hosts": "localhost", "gather_facts": False, "vars": INTERPRETER, "tasks": play}]
        (self._folder / "block.yml").write_text(yaml.safe_dump(play, sort_keys=False), encoding="utf-8")
        return self._shell("ansible-playbook block.yml", block)

    def _with_own_addresses(self, text: str) -> str:
        for proxy in PROXIES:
            text = text.replace(proxy, self._konnect.proxy_url)
        return text.replace(TLS_ADDRESS, self._konnect.tls_proxy_url)

    def _shell(self, script: str, block: Block) -> str:
        lines = [self._with_value(line) for line in script.splitlines()]
        script = "\n".join(["set -e", *lines, f"env -0 > {self._state}"])
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self._folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}: {script}\n{done.stdout}"
        pairs = self._state.read_text(encoding="utf-8").split("\0")
        self.environment = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        return done.stdout

    def _with_value(self, line: str) -> str:
        """Put a value in the place of the dots."""
        found = PLACEHOLDER.match(line)
        if not found:
            return line
        values = self._values.get(found[1])
        return f"export {found[1]}='{values.pop(0) if values else self._konnect.environment[found[1]]}'"
