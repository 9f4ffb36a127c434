# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.rotation_problem import rotation_problem
from ansible_collections.community.konnect.plugins.modules.konnect_secret_rotation import SPEC
from ansible_collections.community.konnect.plugins.plugin_utils._roles.rotate_secret import CHOICES, TYPES
from ansible_collections.community.konnect.plugins.plugin_utils._roles.variables import CONNECTION_TYPES, FORMS

GOOD = {
    "config_store": "my-config-store",
    "key": "mistral-key",
    "value": "Bearer fake-key",
    "phases": ["prepare", "try", "switch", "commit"],
    "strategy": "trial",
}


def problem(**variables):
    return rotation_problem({**GOOD, **variables})


def test_the_types_and_choices_are_those_of_the_module():
    forms = {name: option["type"] for name, option in SPEC.options.items() if option["type"] in FORMS}
    assert forms == {**CONNECTION_TYPES, **TYPES}
    assert {name: tuple(SPEC.options[name]["choices"]) for name in CHOICES} == CHOICES


@pytest.mark.parametrize(
    ("name", "value", "form"),
    [
        ("take_over", "ja", "true or false"),
        ("validate_certs", ["yes"], "true or false"),
        ("sync_timeout", "abc", "a whole number"),
        ("request_timeout", "5.5", "a whole number"),
        ("max_age_days", "a month", "a number"),
        ("probes", "http://localhost:8000", "a list of mappings, or a text with one as JSON"),
        ("probes", {"url": "http://localhost:8000"}, "a list of mappings, or a text with one as JSON"),
        ("probes", ["http://localhost:8000"], "a list of mappings, or a text with one as JSON"),
        ("strategy", "green", "one of trial, blue_green, in_place"),
        ("references", "mine", "one of own, all"),
    ],
)
def test_a_variable_of_another_type_is_named_with_what_it_must_be(name, value, form):
    assert problem(**{name: value}) == f"rotate_secret_{name} must be {form}."


@pytest.mark.parametrize(
    "given",
    [
        {},
        dict.fromkeys(TYPES),
        dict.fromkeys(TYPES, ""),
        {"take_over": "yes", "allow_no_rollback": False, "sync_timeout": "60", "request_retries": 0},
        {"max_age_days": "30.5", "probe_duration": 1},
        {"probes": [{"url": "http://localhost:8000"}]},
        {"probes": '[{"url": "http://localhost:8000"}]'},
        {"probes": '{"url": "http://localhost:8000"}'},
        {"probes": []},
    ],
)
def test_what_the_module_takes_is_right(given):
    assert problem(**given) == ""


def test_all_variables_of_a_wrong_type_are_named_at_once_without_their_values():
    said = problem(take_over="fake-secret", minimum_nodes="fake-secret")
    assert said == "rotate_secret_take_over must be true or false. rotate_secret_minimum_nodes must be a whole number."


@pytest.mark.parametrize("name", ["config_store", "key"])
def test_what_is_needed_is_named(name):
    assert problem(**{name: None}).startswith(f"Set rotate_secret_{name} to the ")


@pytest.mark.parametrize(
    ("phases", "strategy", "needed_by"),
    [
        (["prepare", "try"], "trial", "prepare"),
        (["commit"], "trial", "commit"),
        (["switch"], "in_place", "switch"),
        (["switch"], "blue_green", ""),
        (["try"], "trial", ""),
        (["rollback"], "trial", ""),
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_phase_that_needs_the_new_value_does_not_begin_without_it(phases, strategy, needed_by, value):
    said = problem(value=value, phases=phases, strategy=strategy)
    assert said == (
        f"Set rotate_secret_value to the new value, which the phase {needed_by} needs." if needed_by else ""
    )


def test_what_is_no_dict_is_refused():
    with pytest.raises(AnsibleFilterError, match="must be a dict"):
        rotation_problem(["key"])
