# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python tools/matrix.py [WORD ...]``: the collection under every ansible-core that it supports.

A cell is an ansible-core with a Python that can be its controller. Each gets an environment of its own below
``.venv/matrix``, and in it the unit tests of plugins/, ``ansible-test sanity``, and the tutorial against the emulator
with the collection as it is installed from a build.
A Python that can only be a target gets the unit tests, from the ansible-test of the default environment. WORDs pick
the cells whose name, such as ``2.21-py3.13``, holds one of them. Exits with 1 when a cell failed. A cell that cannot be
had on this machine has not failed; the table says what it lacks.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

import artifact
import python_versions

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))

from support.emulator import ROOT, emulator
from support.playbook import ansible_playbook, install_collection

CONTROLLERS = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
    "2.22": ("3.13", "3.14", "3.15"),
}
PRE_RELEASES = {"2.22"}
# The pylint of the pre-release is not a release in the package index.
SKIPPED_TESTS = {"2.22": ("pylint",)}
TARGETS_ONLY = ("3.10",)
ENVIRONMENTS = ROOT / ".venv" / "matrix"
STEPS = ("units", "sanity", "tutorial")
LAST_LINES = 40


@dataclass
class Cell:
    """An ansible-core with a Python, and what came of it: a word or two for each step, or what the machine lacks."""

    core: str
    python: str
    results: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    missing: str = ""

    @property
    def name(self) -> str:
        return f"{self.core}-py{self.python}"

    @property
    def directory(self) -> pathlib.Path:
        return ENVIRONMENTS / self.name

    @property
    def failed(self) -> bool:
        return "FAILED" in self.results.values()

    def run(self, step: str, *command: str | pathlib.Path, note: str = "") -> None:
        """Run a step, keep its output in the cell's folder, and show what is wrong when it failed."""
        log = self.directory / f"{step}.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        with log.open("w", encoding="utf-8") as output:
            run = subprocess.run(
                [str(word) for word in command],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        self.results[step] = f"ok{note}" if run.returncode == 0 else "FAILED"
        if run.returncode != 0:
            lines = log.read_text(encoding="utf-8").splitlines()
            errors = [line for line in lines if re.match("ERROR|FATAL|FAILED", line)]
            print(*(errors or lines[-LAST_LINES:]), f"All of it: {log}", sep="\n")


def requirements(core: str) -> list[str]:
    """What to install: this ansible-core, and the rest as tests/requirements.txt has it."""
    lines = (ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if re.match(r"(requests|pytest|pytest-xdist)==", line)]
    return [f"ansible-core~={core}.0{'.dev0' if core in PRE_RELEASES else ''}", "PyYAML", *others]


def install(cell: Cell, base: pathlib.Path) -> pathlib.Path | None:
    """The Python of the cell's environment, made when it is not there as wanted; None when it cannot be made."""
    wanted = requirements(cell.core)
    python, stamp = cell.directory / "bin" / "python", cell.directory / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8").splitlines() == wanted:
        return python
    shutil.rmtree(cell.directory, ignore_errors=True)
    for command in ([base, "-m", "venv", cell.directory], [python, "-m", "pip", "install", "--quiet", *wanted]):
        made = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            errors = [line for line in made.stderr.splitlines() if line.startswith("ERROR")]
            cell.missing = errors[-1] if errors else f"exit code {made.returncode} of {command[1:3]}"
            return None
    stamp.write_text("\n".join(wanted), encoding="utf-8")
    return python


def tutorial(cell: Cell, python: pathlib.Path) -> None:
    """The tutorial twice, from an installed collection: it has to work, and then to change nothing."""
    with emulator() as konnect, tempfile.TemporaryDirectory() as directory:
        home = pathlib.Path(directory)
        installed = install_collection(artifact.build(home), home, python)
        for _attempt in range(2):
            run = ansible_playbook(
                "community.konnect.site",
                environment={**konnect.environment, **installed},
                extra_vars=konnect.extra_vars,
                cwd=home,
                python=python,
            )
            if run.code != 0:
                break
    good = run.code == 0 and run.changed == 0
    cell.results["tutorial"] = "ok" if good else "FAILED"
    if not good:
        print(*run.output.splitlines()[-LAST_LINES:], sep="\n")


def try_controller(cell: Cell, found: dict[str, pathlib.Path]) -> None:
    if cell.python not in found:
        cell.missing = f"no Python {cell.python} here"
        return
    python = install(cell, found[cell.python])
    if python is None:
        return
    skipped = SKIPPED_TESTS.get(cell.core, ())
    sanity = ["tools/run_ansible_test.py", "sanity", "--python", cell.python]
    for test in skipped:
        sanity += ["--skip-test", test]
    cell.run("units", python, "-m", "pytest", "-p", "no:cacheprovider", "-n", "2", "tests/unit/plugins")
    cell.run("sanity", python, *sanity, note="".join(f", no {test}" for test in skipped))
    tutorial(cell, python)


def try_target(cell: Cell, found: dict[str, pathlib.Path]) -> None:
    if cell.python not in found:
        cell.missing = f"no Python {cell.python} here"
        return
    cell.directory.mkdir(parents=True, exist_ok=True)
    options = ("--venv", "--requirements", "--python", cell.python, "tests/unit/plugins/")
    cell.run("units", sys.executable, "tools/run_ansible_test.py", "units", *options)


def table(cells: list[Cell]) -> str:
    rows = [["core", "python", *STEPS, "seconds"]]
    for cell in cells:
        results = [cell.results.get(step, "-") for step in STEPS]
        rows.append([cell.core, cell.python, *results, f"{cell.seconds:.0f}  {cell.missing}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main(words: list[str]) -> int:
    found = python_versions.find()
    targets = [Cell("target", version) for version in TARGETS_ONLY]
    controllers = [Cell(core, version) for core, versions in CONTROLLERS.items() for version in versions]
    cells = [cell for cell in (*targets, *controllers) if not words or any(word in cell.name for word in words)]
    for cell in cells:
        print(f"===== {cell.name} =====", flush=True)
        start = time.monotonic()
        (try_target if cell in targets else try_controller)(cell, found)
        cell.seconds = time.monotonic() - start
    print(table(cells))
    return 1 if any(cell.failed for cell in cells) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
