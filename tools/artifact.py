# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python tools/artifact.py``: build the collection from the checkout as it is, and put it through Galaxy's importer.

Exits with 1 when the build holds what an installation does not need or a file that git would not take, when it is too
large, or when the importer has an error or a warning.
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

import collection_copy

BIN = pathlib.Path(sys.executable).parent
# The one ignored sanity test has its reason in tests/sanity.
EXPECTED = re.compile(r"WARNING: Ignore files skip ansible-test sanity tests, found ignore-\S+ with 1 statement\(s\)")
MADE_BY_THE_BUILD = {"MANIFEST.json", "FILES.json"}
# What an installation has; the importer reads .ansible-lint and asks for the lists of ignored sanity tests.
INSTALLED = re.compile(
    r"\.ansible-lint|(MANIFEST|FILES)\.json|README\.md|CHANGELOG\.rst|LICENSE|galaxy\.yml"
    r"|changelogs/(changelog|config)\.yaml|docs/.+|extensions/(awx|execution_environment)/.+|meta/.+"
    r"|playbooks/.+|plugins/.+|roles/.+|tests/config\.yml|tests/sanity/ignore-[0-9.]+\.txt"
)
# More than this means that something is in it that does not belong there.
MOST_BYTES = 500_000


def build(directory: pathlib.Path) -> pathlib.Path:
    """The built collection in this folder."""
    command = [
        str(BIN / "ansible-galaxy"),
        "collection",
        "build",
        "--output-path",
        str(directory),
        str(collection_copy.ROOT),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (artifact,) = directory.glob("*.tar.gz")
    return artifact


def unexpected(artifact: pathlib.Path) -> list[str]:
    """Return the files in it that no installation needs or that git has not, such as caches, and a size too large."""
    with tarfile.open(artifact) as archive:
        names = {member.name for member in archive.getmembers() if not member.isdir()}
    known = MADE_BY_THE_BUILD | {str(name) for name in collection_copy.files()}
    found = [f"unexpected: {name}" for name in sorted(names) if name not in known or not INSTALLED.fullmatch(name)]
    size = artifact.stat().st_size
    return [*found, *([f"{size} bytes are more than {MOST_BYTES}"] if size > MOST_BYTES else [])]


def complaints(artifact: pathlib.Path) -> list[str]:
    """What the importer says that is not just information; its whole output when it fails."""
    # The importer finds ansible-doc and ansible-lint on PATH.
    path = os.pathsep.join((str(BIN), os.environ.get("PATH", os.defpath)))
    run = subprocess.run(
        [sys.executable, "-m", "galaxy_importer.main", str(artifact)],
        cwd=artifact.parent,
        env={**os.environ, "PATH": path, "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = run.stdout.splitlines()
    if run.returncode != 0:
        return lines
    return [line for line in lines if re.match(r"(WARNING|ERROR|CRITICAL)\b", line) and not EXPECTED.match(line)]


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        artifact = build(pathlib.Path(directory))
        found = unexpected(artifact) or complaints(artifact)
        print(*found, f"{artifact.name}, {artifact.stat().st_size} bytes: {len(found)} complaints", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
