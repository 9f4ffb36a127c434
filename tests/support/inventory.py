# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real ansible-inventory as a process, over files of the inventory plugin."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from support.emulator import ROOT
from support.playbook import environment_of_a_run


@dataclass(frozen=True)
class Listing:
    """What ``ansible-inventory --list`` printed, and what it said beside it."""

    output: str
    errors: str

    @property
    def hosts(self) -> dict[str, dict[str, Any]]:
        """The variables of each host."""
        return dict(json.loads(self.output)["_meta"]["hostvars"])

    def group(self, name: str) -> list[str]:
        """The hosts in a group, sorted."""
        return sorted(json.loads(self.output)[name]["hosts"])


def write_inventory(directory: pathlib.Path, content: Mapping[str, Any]) -> pathlib.Path:
    """Write a file of the inventory plugin."""
    file = directory / "konnect.yml"
    file.write_text(json.dumps({"plugin": "community.konnect.konnect", **content}))
    return file


def list_inventory(file: pathlib.Path, *arguments: str, environment: Mapping[str, str]) -> Listing:
    """List the hosts of an inventory file. What cannot be parsed is an error, which Ansible takes for no hosts."""
    command = [str(pathlib.Path(sys.executable).with_name("ansible-inventory")), "--inventory", str(file), "--list"]
    run = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env=environment_of_a_run({"ANSIBLE_INVENTORY_UNPARSED_FAILED": "true", **environment}),
        capture_output=True,
        text=True,
        check=False,
    )
    return Listing(run.stdout, run.stderr)
