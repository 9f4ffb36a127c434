# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of roles and playbooks take what a survey answers: texts, and empty ones for what is not given."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
FILES = sorted([*(ROOT / "roles").rglob("*.yml"), *(ROOT / "playbooks").rglob("*.yml")])
# Ansible checks a role's specification before any task, and refuses there what a module takes as not given.
TYPES = {"str", "raw"}
# default(x, true) replaces what Python calls false, such as 0 and false.
NUMBERS_AND_BOOLEANS = (
    r"take_over|allow_no_rollback|validate_certs|max_age_days|value_version|probe_(successes|duration|deadline)|"
    r"expiry_days|handshake_timeout|sync_timeout|hash_change_timeout|minimum_nodes|request_(timeout|retries|deadline)"
)


def options_of(role):
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return {name: option for spec in specs.values() for name, option in spec["options"].items()}


@pytest.mark.parametrize("role", ROLES)
def test_a_variable_of_a_role_takes_any_text(role):
    assert {name for name, option in options_of(role).items() if option["type"] not in TYPES} == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_variable_of_a_role_may_be_null(role):
    """In ansible-core 2.18, null is no text for one that is required or has a default."""
    texts = {name: option for name, option in options_of(role).items() if option["type"] == "str"}
    assert {name for name, option in texts.items() if "default" in option or option.get("required")} == set()


@pytest.mark.parametrize("role", ROLES)
def test_the_values_of_a_variable_are_checked_by_the_role_and_not_by_its_specification(role):
    assert {name for name, option in options_of(role).items() if "choices" in option} == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_secret_of_a_role_is_marked(role):
    secret = re.compile(r"_(token|api_key|fingerprint_keys?|access_key_id|value)$")
    unmarked = {name for name, option in options_of(role).items() if secret.search(name) and not option.get("no_log")}
    assert unmarked == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_number_or_boolean_that_is_zero_or_false_is_not_replaced(path):
    found = re.findall(rf"\w*(?:{NUMBERS_AND_BOOLEANS})\s*\|\s*default\([^()]*,\s*true\)", path.read_text())
    assert found == []
