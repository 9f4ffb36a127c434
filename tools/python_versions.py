# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Pythons of this machine that really run, and a PATH on which ansible-test finds no others.

A version manager may put a ``python3.N`` on PATH for each version that it has, also for those that are not enabled and
only print an error. ansible-test takes every name that it finds, and stops at the first that does not run.
"""

from __future__ import annotations

import functools
import os
import pathlib
import subprocess

VERSIONS = tuple(f"3.{minor}" for minor in range(10, 16))
# Where pyenv keeps them; there is no harm when nobody uses it.
MANAGED = tuple(pathlib.Path.home().glob(".pyenv/versions/3.*/bin"))


@functools.cache
def _runs(python: pathlib.Path, code: str = "") -> bool:
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@functools.cache
def _sound() -> tuple[pathlib.Path, ...]:
    """The folders of PATH in which every Python runs."""
    directories = [pathlib.Path(name) for name in os.environ.get("PATH", os.defpath).split(os.pathsep) if name]
    return tuple(
        directory
        for directory in directories
        if all(_runs(python) for python in directory.glob("python3.*") if python.suffix[1:].isdigit())
    )


def find() -> dict[str, pathlib.Path]:
    """For each version a Python that can make virtual environments: ``{"3.12": Path("/usr/bin/python3.12")}``."""
    found: dict[str, pathlib.Path] = {}
    for version in VERSIONS:
        for directory in (*_sound(), *MANAGED):
            python = directory / f"python{version}"
            if python.exists() and _runs(python, "import ensurepip, venv"):
                found[version] = python
                break
    return found


def search_path(first: pathlib.Path) -> str:
    """A PATH: the folder ``first``, the sound ones of the present PATH, and those of the Pythons that were found."""
    directories = (first, *_sound(), *(python.parent for python in find().values()))
    return os.pathsep.join(str(directory) for directory in dict.fromkeys(directories))
