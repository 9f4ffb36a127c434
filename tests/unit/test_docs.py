# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the pages use options and variables that exist; integration/playbooks/test_docs.py runs them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.doc_blocks import Block, blocks_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / "docs" / "docsite" / "rst").glob("*.rst"),
    *(ROOT / "roles").glob("*/README.md"),
    ROOT / "README.md",
    ROOT / "docs" / "error_codes.md",
]
BLOCKS = [block for page in PAGES for block in blocks_of(page.relative_to(ROOT), page.read_text(encoding="utf-8"))]
YAML = [block for block in BLOCKS if block.language == "yaml"]
ROLES = {path.name: path for path in (ROOT / "roles").iterdir()}
MODULE = re.compile(r"community\.konnect\.(konnect_\w+)")
LISTED = (ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8")


def modules_used(data: Any) -> Iterator[tuple[str, Any]]:
    """Every task of a module of the collection: its name and its options."""
    if isinstance(data, list):
        for item in data:
            yield from modules_used(item)
    elif isinstance(data, dict):
        for name, value in data.items():
            if found := MODULE.fullmatch(str(name)):
                yield found[1], value
            else:
                yield from modules_used(value)


def role_variables(data: Any) -> Iterator[str]:
    """Every variable that begins with the name of a role."""
    if isinstance(data, list):
        for item in data:
            yield from role_variables(item)
    elif isinstance(data, dict):
        for name, value in data.items():
            if str(name).startswith(tuple(f"{role}_" for role in ROLES)):
                yield str(name)
            yield from role_variables(value)


@pytest.mark.parametrize("block", YAML, ids=str)
def test_the_options_in_an_example_exist(block: Block):
    for module, options in modules_used(block.data):
        spec = importlib.import_module(f"ansible_collections.community.konnect.plugins.modules.{module}").SPEC
        assert set(options or {}) <= set(spec.options)


@pytest.mark.parametrize("block", YAML, ids=str)
def test_the_variables_of_roles_in_an_example_exist(block: Block):
    specs = [yaml.safe_load((role / "meta" / "argument_specs.yml").read_text()) for role in ROLES.values()]
    known = {name for spec in specs for name in spec["argument_specs"]["main"]["options"]}
    assert set(role_variables(block.data)) <= known


def test_every_guide_is_in_the_table_of_contents():
    listed = {page for section in yaml.safe_load(LISTED)["sections"] for page in section["toctree"]}
    assert listed == {page.stem for page in PAGES if page.suffix == ".rst"}


def test_every_guide_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in PAGES if page.suffix == ".rst" and f"(docs/docsite/rst/{page.name})" not in readme
    ] == []


def test_the_readme_names_the_version_that_is_built():
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    assert set(re.findall(r"community-konnect-(\S+?)\.tar\.gz", (ROOT / "README.md").read_text())) == {version}
