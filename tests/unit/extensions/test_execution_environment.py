# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment: its definition, and the metadata that ansible-builder reads of the collection."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from support.emulator import ROOT

DEFINITION = ROOT / "extensions" / "execution_environment" / "execution-environment.yml"
BUILDER = pathlib.Path(sys.executable).with_name("ansible-builder")


def test_the_metadata_has_dependencies_alone():
    """The keys of a definition are ignored there."""
    metadata = yaml.safe_load((ROOT / "meta" / "execution-environment.yml").read_text())
    assert (metadata["version"], list(metadata["dependencies"])) == (1, ["python"])
    assert (ROOT / metadata["dependencies"]["python"]).is_file()


def test_it_has_an_ansible_core_that_the_collection_takes():
    needed = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"]
    installed = yaml.safe_load(DEFINITION.read_text())["dependencies"]["ansible_core"]["package_pip"]
    (oldest,) = re.findall(r"ansible-core>=([\d.]+),", installed)
    assert SpecifierSet(needed).contains(oldest)


def test_it_takes_the_collection_from_where_the_project_of_awx_does():
    requirements = [
        yaml.safe_load(file.read_text())["collections"]
        for file in (
            ROOT / "extensions" / "awx" / "project" / "collections" / "requirements.yml",
            DEFINITION.with_name("requirements.yml"),
        )
    ]
    assert requirements[0] == requirements[1]


@pytest.mark.exhaustive
def test_ansible_builder_makes_a_build_context_of_it(tmp_path):
    command = [
        str(BUILDER),
        "create",
        "--file",
        str(DEFINITION),
        "--context",
        str(tmp_path),
        "--output-filename",
        "Dockerfile",
    ]
    subprocess.run(command, check=True, cwd=DEFINITION.parent)
    dockerfile = (tmp_path / "Dockerfile").read_text()
    assert "ansible-core>=2.18" in dockerfile
    assert "community.konnect" in (tmp_path / "_build" / "requirements.yml").read_text()


@pytest.mark.exhaustive
def test_ansible_builder_finds_what_the_collection_needs():
    command = [str(BUILDER), "introspect", str(ROOT / ".venv" / "collections")]
    found = yaml.safe_load(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert "requests>=2.28  # from collection community.konnect" in found["python"]
