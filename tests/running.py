# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator and ansible-playbook as processes, for the demo, the integration tests and the benchmarks."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

ROOT = pathlib.Path(__file__).resolve().parents[1]
API_KEY = "mistral-emulator-key"
TOKEN = "kpat_emulator"
# The validate endpoint is a POST that changes nothing.
WRITES = re.compile(r"(POST (?!.*/validate$)|PUT|DELETE|PATCH)")


@dataclass
class Emulator:
    """A running emulator: where its three faces are, and what it was asked."""

    konnect_url: str
    proxy_url: str
    upstream_url: str
    control_plane_id: str
    request_log: pathlib.Path
    seen: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a user would export to work with it."""
        return {
            "KONNECT_TOKEN": TOKEN,
            "KONNECT_SERVER_URL": self.konnect_url,
            "KONNECT_CONTROL_PLANE": "quickstart",
            "KONNECT_PROXY_URL": self.proxy_url,
            "MISTRAL_API_KEY": API_KEY,
        }

    @property
    def extra_vars(self) -> dict[str, str]:
        return {"mistral_upstream_url": f"{self.upstream_url}/v1/chat/completions"}

    def requests(self) -> list[dict[str, Any]]:
        """Every request since the last call."""
        rows = [json.loads(line) for line in self.request_log.read_text().splitlines()]
        new, self.seen = rows[self.seen :], len(rows)
        return new

    def writes(self) -> list[str]:
        """Method and path of every write since the last call."""
        lines = [f"{row['method']} {row['path']}" for row in self.requests()]
        return [line for line in lines if WRITES.match(line)]

    def faults(self, *faults: str) -> None:
        """From now on these faults, as --fault of the emulator takes them, and no others."""
        requests.put(f"{self.konnect_url}/_emulator/faults", json=faults, timeout=10).raise_for_status()

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """A request of somebody else, below the control plane."""
        url = f"{self.konnect_url}/v2/control-planes/{self.control_plane_id}/{path}"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.request(method, url, json=body, params=query, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def list(self, path: str) -> list[dict[str, Any]]:
        """All of a short list, whatever the page size."""
        items: list[dict[str, Any]] = []
        query: dict[str, str] = {}
        while True:
            page = self.call("GET", path, **query)
            items += page["data"]
            following = page.get("offset") or ((page.get("meta") or {}).get("page") or {}).get("next")
            if not following:
                return items
            query = {"offset": following} if "offset" in page else {"page[after]": following.partition("=")[2]}


@contextlib.contextmanager
def emulator(*arguments: str) -> Iterator[Emulator]:
    """Run ``python -m konnect_emulator`` on free ports for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as directory:
        log = pathlib.Path(directory) / "requests.jsonl"
        log.touch()
        process = subprocess.Popen(
            [sys.executable, "-m", "konnect_emulator", "--port", "0", "--request-log", str(log), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        )
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            if not ready:
                raise RuntimeError(f"the emulator did not start (exit {process.wait()})")
            yield Emulator(**json.loads(ready), request_log=log)
        finally:
            process.terminate()
            process.wait(timeout=30)


@dataclass(frozen=True)
class Run:
    """What came of one ansible-playbook: its exit code, its output, and the counts of its recap."""

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


def run_play(*arguments: str, environment: Mapping[str, str], **play: Any) -> Run:
    """Run a play on this machine that is no playbook of the collection.

    :param play: its keywords, such as C(tasks).
    """
    with tempfile.TemporaryDirectory() as directory:
        playbook = pathlib.Path(directory) / "theirs.yml"
        playbook.write_text(json.dumps([{"name": "Theirs", "hosts": "localhost", "gather_facts": False, **play}]))
        return ansible_playbook(str(playbook), *arguments, environment=environment)


def ansible_playbook(
    *arguments: str,
    environment: Mapping[str, str],
    extra_vars: Mapping[str, Any] | None = None,
    cwd: pathlib.Path = ROOT,
    show: bool = False,
    python: pathlib.Path = pathlib.Path(sys.executable),
) -> Run:
    """Run this Python's ansible-playbook with nothing but these KONNECT_ and MISTRAL_ variables in its environment.

    But for KONNECT_FORK, so that all of it can be run again with modules that are started as Ansible does.
    """
    foreign = re.compile(r"(KONNECT_(?!FORK)|MISTRAL_|ANSIBLE_)")
    base = {name: value for name, value in os.environ.items() if not foreign.match(name)}
    command: Sequence[str] = [str(python.with_name("ansible-playbook")), *arguments]
    if extra_vars:
        command = [*command, "--extra-vars", json.dumps(dict(extra_vars))]
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**base, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", **environment},
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
