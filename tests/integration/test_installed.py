# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as a user gets it: built, installed in an empty home, and nothing of the checkout in sight."""

from __future__ import annotations

import sys
from pathlib import Path

import artifact
import pytest

from support import tutorial
from support.emulator import API_KEY, emulator
from support.playbook import ansible_playbook, install_collection

NEW_KEY = "mistral-second-fake-key"

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact.build(tmp_path_factory.mktemp("built"))


def test_the_build_is_small_and_holds_what_an_installation_needs(built):
    assert artifact.unexpected(built) == []


def test_every_playbook_works_from_an_installed_collection(built, tmp_path):
    python = Path(sys.executable)
    installed = install_collection(built, tmp_path, python)
    with emulator("--clock-speed", "10", "--upstream-key", API_KEY, "--upstream-key", NEW_KEY) as konnect:
        # As a shell in that folder would have it.
        environment = {**konnect.environment, **installed, "PWD": str(tmp_path)}
        for playbook, key in (("site", API_KEY), ("rotate", NEW_KEY), ("audit", NEW_KEY), ("teardown", NEW_KEY)):
            done = ansible_playbook(
                f"community.konnect.{playbook}",
                environment={**environment, "MISTRAL_API_KEY": key},
                cwd=tmp_path,
                python=python,
            )
            assert done.code == 0, done.output
        assert (tmp_path / "konnect-audit" / "audit.html").exists()
        assert not any(tutorial.everything(konnect).values())
