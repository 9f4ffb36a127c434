# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX runs them: its own injectors, and ansible-runner's transmit, worker and process, one piped into the next.

No container: the worker runs in this environment, with an empty home.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

from support.emulator import ROOT
from support.playbook import FOREIGN_VARIABLES

AWX = ROOT / "extensions" / "awx"
PROJECT = AWX / "project"
DATA = AWX / "configuration" / "vars"


class _Loader(yaml.SafeLoader):
    """YAML with Ansible's tag for texts that are no templates."""


def _text(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    assert isinstance(node, yaml.ScalarNode)
    return str(loader.construct_scalar(node))


_Loader.add_constructor("!unsafe", _text)


def load(path: pathlib.Path) -> Any:
    """The content of a YAML file of Ansible."""
    return yaml.load(path.read_text(), _Loader)


def credential_types() -> dict[str, dict[str, Any]]:
    """Those of extensions/awx, by name."""
    return {item["name"]: item for item in load(DATA / "credential_types.yml")["controller_credential_types"]}


def inject(name: str, inputs: Mapping[str, Any], directory: pathlib.Path) -> tuple[dict[str, str], dict[str, str]]:
    """The environment that a credential of a type gives a job, and what of it AWX keeps in its database.

    :param directory: gets the files, in ``env``.
    """
    definition = credential_types()[name]
    credential_type = ManagedCredentialType(
        namespace="konnect",
        name=name,
        kind=definition["kind"],
        inputs=definition["inputs"],
        injectors=definition["injectors"],
    )
    (directory / "env").mkdir(parents=True, exist_ok=True)
    environment: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    arguments: list[str] = []
    inject_credential(credential_type, Credential(dict(inputs)), environment, kept, arguments, str(directory))
    assert arguments == [], "an injector sets extra variables"
    return environment, kept


@dataclass(frozen=True)
class Job:
    """A job that is over.

    :param directory: all that came back to AWX: events, facts, standard output.
    """

    directory: pathlib.Path

    @property
    def code(self) -> int:
        """0 when the playbook came to its end and no host failed, else 1; process does not say."""
        stats = [row["event_data"] for row in self.events("playbook_on_stats")]
        return 0 if stats and not (stats[0].get("failures") or stats[0].get("dark")) else 1

    def events(self, name: str = "") -> list[dict[str, Any]]:
        """The events of the job in their order, or those of one name, such as C(runner_on_ok)."""
        files = sorted(
            self.directory.glob("artifacts/**/job_events/*.json"), key=lambda file: int(file.name.split("-")[0])
        )
        rows = [json.loads(file.read_text()) for file in files]
        return [row for row in rows if not name or row["event"] == name]

    @property
    def artifacts(self) -> dict[str, Any]:
        """What AWX keeps of the statistics, and hands on in a workflow."""
        (stats,) = self.events("playbook_on_stats")
        return dict(stats["event_data"].get("artifact_data") or {})

    @property
    def output(self) -> str:
        return "".join(row["stdout"] + "\n" for row in self.events())

    @property
    def changed(self) -> int:
        """How many tasks changed something, by the events."""
        return sum(bool(row["event_data"]["res"].get("changed")) for row in self.events("runner_on_ok"))

    def everything(self) -> Iterator[str]:
        """The text of every file that came back, but the command with its environment.

        AWX reads that before the job starts, and keeps what its injectors call safe.
        """
        for file in self.directory.rglob("*"):
            if file.is_file() and file.name != "command":
                yield file.read_text(errors="replace")


def slice_hosts(hosts: Sequence[str], number: int, count: int) -> list[str]:
    """The hosts of a slice; AWX numbers slices from 1 and deals the hosts out in turn."""
    return list(hosts)[number - 1 :: count]


def run_job(
    base: pathlib.Path,
    playbook: str,
    *,
    environment: Mapping[str, str],
    hosts: Mapping[str, Mapping[str, Any]],
    extra_vars: Mapping[str, Any] | None = None,
    check: bool = False,
    project: pathlib.Path = PROJECT,
    collections: pathlib.Path = ROOT / ".venv" / "collections",
) -> Job:
    """Run a playbook of a project as AWX does.

    :param base: a directory for this job alone.
    :param hosts: of the inventory, with their variables.
    """
    sent, worker, received, home = (base / name for name in ("sent", "worker", "received", "home"))
    for directory in (sent / "env", sent / "inventory", worker, received, home):
        directory.mkdir(parents=True)
    shutil.copytree(project, sent / "project")
    inventory = {"all": {"hosts": {name: dict(variables) for name, variables in hosts.items()}}}
    (sent / "inventory" / "hosts.json").write_text(json.dumps(inventory))
    (sent / "env" / "extravars").write_text(json.dumps({"konnect_hosts": "all", **(extra_vars or {})}))
    given = {
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_FORCE_COLOR": "false",
        "HOME": str(home),
        **environment,
    }
    (sent / "env" / "envvars").write_text(json.dumps(given))
    (sent / "env" / "settings").write_text(json.dumps({"suppress_env_files": True}))
    options = ["--cmdline", "--check --diff"] if check else []
    _pipe(
        ["transmit", str(sent), "--playbook", playbook, *options],
        ["worker", "--private-data-dir", str(worker)],
        ["process", str(received)],
    )
    return Job(received)


def _pipe(*commands: Sequence[str]) -> None:
    """Run subcommands of ansible-runner, each with the output of the one before, to their end."""
    clean = {name: value for name, value in os.environ.items() if not FOREIGN_VARIABLES.match(name)}
    runner = str(pathlib.Path(sys.executable).with_name("ansible-runner"))
    # The worker finds ansible-playbook beside it.
    clean["PATH"] = os.pathsep.join([str(pathlib.Path(sys.executable).parent), clean.get("PATH", "")])
    processes: list[subprocess.Popen[bytes]] = []
    for number, command in enumerate(commands):
        last = number == len(commands) - 1
        processes.append(
            subprocess.Popen(
                [runner, *command],
                stdin=processes[-1].stdout if processes else subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if last else subprocess.PIPE,
                env=clean,
            )
        )
        if number:
            before = processes[-2].stdout
            assert before is not None
            before.close()
    for process in processes:
        process.wait()
