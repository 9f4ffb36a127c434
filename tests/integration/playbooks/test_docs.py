# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reader who follows a guide from top to bottom, in an empty folder: every block that can run does what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.doc_blocks import blocks_of
from support.doc_session import RUN, Session
from support.emulator import API_KEY, ROOT, emulator, send
from support.playbook import ansible_playbook
from support.stand_in_lookups import write_lookups

NEW_KEYS = ("mistral-second-fake-key", "mistral-third-fake-key")
GUIDES = "docs/docsite/rst"


@dataclass(frozen=True)
class Start:
    """What is there when the reader begins.

    :param keys: the values of ``export MISTRAL_API_KEY=...``, in their order.
    :param lookups: whether other systems have the key, which lookups of other collections read.
    """

    tutorial: bool = False
    control_planes: Sequence[str] = ()
    keys: Sequence[str] = (API_KEY,)
    lookups: bool = False


STARTS = {
    f"{GUIDES}/ai_gateways.rst": Start(keys=NEW_KEYS[:1]),
    f"{GUIDES}/authentication.rst": Start(),
    f"{GUIDES}/awx.rst": Start(),
    f"{GUIDES}/certificates.rst": Start(),
    f"{GUIDES}/coming_from.rst": Start(),
    f"{GUIDES}/compatibility.rst": Start(),
    f"{GUIDES}/conventions.rst": Start(),
    f"{GUIDES}/idempotent_secrets.rst": Start(),
    f"{GUIDES}/many_control_planes.rst": Start(control_planes=("shop-production", "search-production", "shop-staging")),
    f"{GUIDES}/references.rst": Start(tutorial=True),
    f"{GUIDES}/rotation.rst": Start(tutorial=True, keys=NEW_KEYS),
    f"{GUIDES}/secrets_kept_elsewhere.rst": Start(tutorial=True, lookups=True),
    f"{GUIDES}/troubleshooting.rst": Start(tutorial=True),
    f"{GUIDES}/tutorial.rst": Start(keys=(API_KEY, NEW_KEYS[0])),
    "README.md": Start(keys=(API_KEY, NEW_KEYS[0])),
    "docs/error_codes.md": Start(control_planes=("production",)),
    "roles/ai_gateway/README.md": Start(),
    "roles/ai_proxy/README.md": Start(),
    "roles/certificate_secret/README.md": Start(),
    "roles/rotate_secret/README.md": Start(tutorial=True),
}
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / GUIDES).glob("*.rst"))

pytestmark = pytest.mark.exhaustive


def test_every_guide_is_followed():
    assert [page for page in PAGES if page not in STARTS] == []


@pytest.mark.parametrize("page", STARTS)
def test_a_reader_can_follow_the_page(page: str, tmp_path: Path):
    start = STARTS[page]
    folder = tmp_path / "reader"
    folder.mkdir()
    accepted = [word for key in (API_KEY, *NEW_KEYS) for word in ("--upstream-key", key)]
    with emulator("--tls", "--clock-speed", "10", *accepted) as konnect:
        for name in start.control_planes:
            send(konnect.konnect_url, "POST", "control-planes", {"name": name, "labels": {"env": "production"}})
        if start.tutorial:
            done = ansible_playbook("playbooks/site.yml", environment=konnect.environment)
            assert done.code == 0, done.output
        session = Session(folder, konnect, {"MISTRAL_API_KEY": start.keys})
        if start.lookups:
            write_lookups(folder / "collections", API_KEY)
            collections = (folder / "collections", ROOT / ".venv" / "collections")
            session.environment["ANSIBLE_COLLECTIONS_PATH"] = os.pathsep.join(map(str, collections))
        for block in blocks_of(Path(page), (ROOT / page).read_text(encoding="utf-8")):
            if block.language in RUN and not block.not_run:
                session.run(block)


def test_a_reader_of_the_readme_can_install_the_collection(tmp_path: Path):
    """In a clone with the link to it that make leaves, and with a home of the reader's own."""
    clone = tmp_path / "konnect"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    link = clone / ".venv" / "collections" / "ansible_collections" / "community" / "konnect"
    link.parent.mkdir(parents=True)
    link.symlink_to(clone)
    blocks = blocks_of(Path("README.md"), (ROOT / "README.md").read_text(encoding="utf-8"))
    (block,) = [block for block in blocks if "collection install" in block.text]
    script = "set -e\n" + block.text.replace("/tmp", str(tmp_path))
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    environment = {"PATH": path, "HOME": str(tmp_path / "home")}
    subprocess.run(["bash", "-c", script], cwd=clone, env=environment, check=True)
    installed = tmp_path / "home" / ".ansible" / "collections" / "ansible_collections" / "community" / "konnect"
    assert (installed / "MANIFEST.json").is_file()
