# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import yaml

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._arguments import (
    guessed_values,
    holds_secret,
    unquoted_references,
    wants_fork,
)

SECRET = "fake-secret-value"

# References without quotes


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("config: {auth: {header_value: {vault://my-vault/key}}}", ["config.auth.header_value"]),
        ("config:\n  headers:\n    - {vault://my-vault/key}", ["config.headers.0"]),
        ("value: {vault://my-vault/key/field}", ["value"]),
        ("value: {vault:/my-vault/key}", ["value"]),
        ("value: { VAULT://my-vault/key }", ["value"]),
        ("a: {vault://my-vault/a}\nb: {vault://my-vault/b}", ["a", "b"]),
    ],
)
def test_a_reference_without_quotes_is_found_by_its_path(text, paths):
    assert unquoted_references(yaml.safe_load(text)) == paths


@pytest.mark.parametrize(
    "text",
    [
        'value: "{vault://my-vault/key}"',
        "config: {vault: {a: b}}",
        "config: {vaults: [a]}",
        "name: vault://my-vault/key",
    ],
)
def test_other_arguments_are_no_references_without_quotes(text):
    assert unquoted_references(yaml.safe_load(text)) == []


# Texts that became lists or mappings


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
def test_a_list_or_mapping_in_place_of_a_template_is_guessed(value):
    assert guessed_values({"value": value}, {"value": "{{ secret }}"}) == ["value"]


def test_a_guessed_value_of_many_is_found_by_its_path():
    arguments = {"secrets": [{"key": "a", "value": "text"}, {"key": "b", "value": {"a": 1}}]}
    written = {"secrets": [{"key": "a", "value": "{{ a }}"}, {"key": "b", "value": "{{ b }}"}]}
    assert guessed_values(arguments, written) == ["secrets.1.value"]


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ({"value": {"a": 1}}, {"value": {"a": "{{ one }}"}}),
        ({"value": "text"}, {"value": "{{ secret }}"}),
        ({"config": {"a": 1}}, {"config": "{{ config }}"}),
        ({"secrets": [{"key": "a", "value": {"a": 1}}]}, {"secrets": "{{ secrets }}"}),
    ],
)
def test_a_value_that_is_what_the_task_says_is_not_guessed(arguments, written):
    assert guessed_values(arguments, written) == []


def test_a_mapping_that_the_task_does_not_show_is_guessed():
    assert guessed_values({"value": {"a": 1}}, {}) == ["value"]


# Items of a loop


@pytest.mark.parametrize(
    "item", [SECRET, {"key": "a", "value": SECRET}, ["a", SECRET], f"a={SECRET}", {"token": SECRET[:10]}]
)
def test_an_item_that_holds_the_value_is_found(item):
    assert holds_secret(item, {"key": "a", "value": f"Bearer {SECRET}"}) or holds_secret(item, {"value": SECRET})


@pytest.mark.parametrize(
    "arguments",
    [
        {"value": {"password": SECRET}},
        {"old_value": SECRET},
        {"konnect_token": SECRET},
        {"secrets": [{"key": "a", "value": SECRET}]},
        {"previous_fingerprint_keys": [SECRET]},
    ],
)
def test_every_secret_of_a_task_counts(arguments):
    assert holds_secret({"any": SECRET}, arguments)


@pytest.mark.parametrize("item", ["a", {"key": "my-key", "version": 1}, ["fak"], None, True])
def test_an_item_without_the_value_is_not_found(item):
    assert not holds_secret(item, {"key": "my-key", "value": SECRET})


# The switch of the fork


@pytest.mark.parametrize(
    ("variable", "environment", "wanted"),
    [
        (None, None, True),
        ("", "", True),
        (None, "false", False),
        ("", "no", False),
        (True, "false", True),
        ("off", "true", False),
        (False, None, False),
    ],
)
def test_the_variable_goes_before_the_environment(variable, environment, wanted):
    assert wants_fork(variable, environment) is wanted


@pytest.mark.parametrize(
    ("variable", "environment", "name"), [(None, "maybe", "KONNECT_FORK"), ("maybe", "true", "konnect_fork")]
)
def test_a_switch_that_is_neither_true_nor_false_is_refused_by_name(variable, environment, name):
    with pytest.raises(InvalidInput, match=f"^{name} must be true or false"):
        wants_fork(variable, environment)
