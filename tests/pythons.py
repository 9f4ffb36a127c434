# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Pythons of this machine that really run, and a PATH on which ansible-test finds no others.

A version manager puts a ``python3.N`` on PATH for each version that it knows, also for those that are not enabled and
only print an error. ansible-test takes every name that it finds and stops at the first that does not run.
"""

from __future__ import annotations

import functools
import os
import pathlib
import subprocess

VERSIONS = tuple(f"3.{minor}" for minor in range(10, 16))
MANAGED = sorted(pathlib.Path.home().glob(".pyenv/versions/3.*/bin"))


@functools.cache
def runs(python: pathlib.Path) -> bool:
    """Whether this is a Python that can start, with what a virtual environment needs."""
    command = [str(python), "-c", "import ensurepip, venv"]
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _on_path() -> list[pathlib.Path]:
    return [pathlib.Path(name) for name in os.environ.get("PATH", os.defpath).split(os.pathsep) if name]


def find() -> dict[str, pathlib.Path]:
    """One Python that runs for each version, such as ``{"3.12": Path("/usr/bin/python3.12")}``."""
    found: dict[str, pathlib.Path] = {}
    for version in VERSIONS:
        candidates = (directory / f"python{version}" for directory in (*_on_path(), *MANAGED))
        for python in candidates:
            if python.exists() and runs(python):
                found[version] = python
                break
    return found


def search_path(first: pathlib.Path) -> str:
    """A PATH of ``first``, the folders of PATH in which no Python is broken, and those of the Pythons that run."""
    sound = [
        directory
        for directory in _on_path()
        if all(runs(python) for python in directory.glob("python3.*") if python.suffix[1:].isdigit())
    ]
    running = [python.parent for python in find().values() if python.parent not in sound]
    return os.pathsep.join(str(directory) for directory in dict.fromkeys((first, *sound, *running)))
