# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python tools/docs.py [--online]``: build the documentation site into ``docs/build/html``.

antsibull-docs makes the pages of modules, plugins and roles, and takes the guides of ``docs/docsite/rst``. The start
page, the configuration and the style are in ``docs/docsite/site``. A warning is an error. With ``--online``, references
to Ansible's own documentation become links, and links to other sites are checked too.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys

import collection_copy
import yaml

ROOT = collection_copy.ROOT
SITE = ROOT / "docs" / "docsite" / "site"
BUILD = ROOT / "docs" / "build"
PAGES = BUILD / "rst"
BIN = pathlib.Path(sys.executable).parent
# Pages of the site that are written for readers of the repository too.
MARKDOWN = ("error_codes.md",)
CONTENTS = re.compile(r"^\.\. contents::.*\n(?: +:.+\n)*\n", re.MULTILINE)
# A section of the list of plugins that has guides.
GUIDES = re.compile(r"^.+\n-+\n\n\.\. toctree::\n    :maxdepth: 1\n\n(?:    docsite/.+\n)+\n", re.MULTILINE)


def make_pages() -> None:
    """Write the sources of every page."""
    shutil.rmtree(BUILD, ignore_errors=True)
    # antsibull-docs refuses a directory that others can write to.
    PAGES.mkdir(parents=True, mode=0o755)
    with collection_copy.create() as collection:
        command = [BIN / "antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
        subprocess.run(
            [*map(str, command), "--dest-dir", str(PAGES), "community.konnect"],
            # antsibull-docs finds ansible-doc on PATH.
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(collection.parents[2]),
                "PATH": os.pathsep.join((str(BIN), os.environ.get("PATH", os.defpath))),
            },
            check=True,
        )
    # Ours is the start page, with the guides; theirs is the list of plugins.
    plugins = (PAGES / "index.rst").read_text(encoding="utf-8")
    (PAGES / "collection.rst").write_text(GUIDES.sub("", plugins), encoding="utf-8")
    # The theme shows what is on a page beside it.
    for page in PAGES.glob("*.rst"):
        page.write_text(CONTENTS.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
    start = (SITE / "index.rst").read_text(encoding="utf-8")
    (PAGES / "index.rst").write_text(start.replace(".. guides\n", menu()), encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "drawings", PAGES / "drawings")
    for name in MARKDOWN:
        shutil.copy(ROOT / "docs" / name, PAGES)


def menu() -> str:
    """The guides, in the sections in which docs.ansible.com lists them."""
    extra = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))
    entries = []
    for section in extra["sections"]:
        pages = "".join(f"   docsite/{page}\n" for page in section["toctree"])
        entries.append(f".. toctree::\n   :caption: {section['title']}\n   :hidden:\n\n{pages}")
    return "\n".join(entries)


def sphinx(builder: str, online: bool) -> int:
    """Run Sphinx; its exit code."""
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    command = [str(BIN / "sphinx-build"), "-b", builder, "-c", str(SITE), "-W", "--keep-going", "-q"]
    environment = {**os.environ, "KONNECT_DOCS_VERSION": version, "KONNECT_DOCS_ONLINE": "1" if online else ""}
    return subprocess.run([*command, str(PAGES), str(BUILD / builder)], env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    online = "--online" in arguments
    make_pages()
    codes = [sphinx(builder, online) for builder in ("html", *(["linkcheck"] if online else []))]
    if not any(codes):
        print(f"{(BUILD / 'html' / 'index.html').as_uri()}")
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
