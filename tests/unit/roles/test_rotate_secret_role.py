# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role rotate_secret only chains phases: decisions are in Python, where they have tests."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
ROLE = ROOT / "roles" / "rotate_secret"
FILES = sorted(path for folder in ("defaults", "tasks", "vars") for path in (ROLE / folder).rglob("*.yml"))
BLOCKS = ("block", "rescue", "always")


def content(path: pathlib.Path) -> Any:
    return yaml.safe_load(path.read_text())


def tasks(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All tasks, those in blocks included."""
    for row in rows:
        for section in BLOCKS:
            yield from tasks(row.get(section, []))
        if not any(section in row for section in BLOCKS):
            yield row


@pytest.fixture
def all_tasks() -> list[dict[str, Any]]:
    return [task for path in sorted((ROLE / "tasks").glob("*.yml")) for task in tasks(content(path))]


def test_it_has_few_tasks(all_tasks):
    assert 0 < len(all_tasks) <= 25


def test_it_has_few_internal_variables():
    names = {name for path in FILES for name in re.findall(r"__rotate_secret_\w+", path.read_text())}
    assert 0 < len(names) <= 12


def test_it_sets_no_fact_but_the_result(all_tasks):
    facts = [task["ansible.builtin.set_fact"] for task in all_tasks if "ansible.builtin.set_fact" in task]
    assert {name for fact in facts for name in fact} == {"rotate_secret_result"}


def test_each_option_of_the_role_is_documented_in_its_readme():
    options = content(ROLE / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    readme = (ROLE / "README.md").read_text()
    assert [name for name in options if name not in readme] == []


def test_each_option_of_the_role_reaches_the_module():
    options = set(content(ROLE / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"])
    used = {name for path in FILES for name in re.findall(r"(?<!_)rotate_secret_\w+", path.read_text())}
    assert options == used - {"rotate_secret_result"}
