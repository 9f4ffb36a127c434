# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the collection where Ansible's own tools want it: in a real ``ansible_collections/community/konnect``.

ansible-test does not take the link below ``.venv``, and it and the build would otherwise see what git ignores.
"""

from __future__ import annotations

import contextlib
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[1]


def files() -> list[pathlib.Path]:
    """Return the files of the working tree that git has or would take, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [pathlib.Path(name) for name in sorted(set(listed)) if name and (ROOT / name).is_file()]


@contextlib.contextmanager
def create() -> Iterator[pathlib.Path]:
    """Create the copy; it lasts as long as the context."""
    with tempfile.TemporaryDirectory(prefix="konnect-") as directory:
        tree = pathlib.Path(directory) / "ansible_collections" / "community" / "konnect"
        for name in files():
            target = tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        yield tree
