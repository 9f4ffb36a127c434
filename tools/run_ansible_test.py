# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python tools/run_ansible_test.py sanity [...]``: the ansible-test of this Python, on a copy of the collection.

Every argument goes to ansible-test. The exit code is that of ansible-test.
"""

from __future__ import annotations

import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys

import collection_copy
from python_versions import search_path

CACHE = pathlib.Path.home() / ".ansible" / "test" / "cache"
BIN = pathlib.Path(sys.executable).parent


def provide_get_pip() -> None:
    """Put our stand-in where ansible-test keeps the script that it else downloads, which not every network allows."""
    package = importlib.util.find_spec("ansible_test")
    if package is None or not package.submodule_search_locations:
        raise SystemExit(f"{sys.executable} has no ansible-test: install ansible-core")
    source = pathlib.Path(package.submodule_search_locations[0]) / "_internal" / "python_requirements.py"
    for version in re.findall(r"""\bpip['"]?\s*[=:]\s*['"]([0-9.]+)['"]""", source.read_text(encoding="utf-8")):
        script = CACHE / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            shutil.copy(pathlib.Path(__file__).with_name("get_pip.py"), script)


def main(arguments: list[str]) -> int:
    provide_get_pip()
    # What is set for the checkout would lead to its files, past the copy.
    base = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|PYTHONPATH$", name)}
    with collection_copy.create() as directory:
        command = [str(BIN / "ansible-test"), *arguments]
        return subprocess.run(command, cwd=directory, env={**base, "PATH": search_path(BIN)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
