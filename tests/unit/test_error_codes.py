# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of error codes, the codes themselves, and what the modules' documentation says of them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from ansible_collections.community.konnect.plugins.module_utils import _errors

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "error_codes.md"
LINK = "https://github.com/ansible-collections/community.konnect/blob/main/docs/error_codes.md"
SENTENCE = f"Why the task failed, with an error code to branch on. See U({LINK})."
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \|$", re.MULTILINE)


def documented_codes() -> list[str]:
    _introduction, _heading, sections = PAGE.read_text(encoding="utf-8").partition("\n## ")
    return [code for code, _what, _remedy in ROW.findall(sections)]


def returned(module: Path) -> dict:
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RETURN":
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{module.name} has no RETURN")


def test_the_page_has_every_code_once_and_no_other():
    assert Counter(documented_codes()) == Counter(code.value for code in _errors.ErrorCode)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_each_module_links_to_the_page(module):
    failure = returned(module)["failure"]
    assert failure["description"] == SENTENCE
    assert failure["returned"] == "on failure"
    assert "contains" not in failure


def test_the_keys_that_every_failure_has_are_on_the_page():
    introduction = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    keys = _errors.KonnectError("It failed.", code=next(iter(_errors.ErrorCode))).to_fail_json()["failure"]
    assert set(re.findall(r"^\| `(\w+)` \|", introduction, re.MULTILINE)) == set(keys)


def test_the_link_leads_to_the_page():
    documentation = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["documentation"]
    assert documentation.replace("README.md", PAGE.relative_to(ROOT).as_posix()) == LINK


def test_the_readme_links_to_the_page():
    assert "(docs/error_codes.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
