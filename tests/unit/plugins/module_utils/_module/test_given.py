# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._module.given import given_options, misfits

OPTIONS = {
    "name": {"type": "str"},
    "description": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"]},
    "timeout": {"type": "int"},
    "enabled": {"type": "bool"},
    "value": {"type": "raw"},
    "config": {"type": "dict"},
    "tags": {"type": "list", "elements": "str"},
    "paths": {"type": "list", "elements": "str"},
    "previous_hashes": {"type": "list", "elements": "str"},
    "rows": {"type": "list", "elements": "dict", "options": {"key": {"type": "str"}, "path": {"type": "str"}}},
}


def refused(**params):
    return list(misfits(OPTIONS, given_options(OPTIONS, params)))


# Not given


@pytest.mark.parametrize("name", OPTIONS)
def test_null_is_not_given(name):
    assert given_options(OPTIONS, {name: None}) == {}


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "description"])
def test_an_empty_text_is_not_given(name):
    assert given_options(OPTIONS, {name: ""}) == {}


def test_an_empty_text_clears_free_text_that_konnect_stores():
    assert given_options(OPTIONS, {"description": ""}) == {"description": ""}


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_suboption_is_not_given(empty):
    assert given_options(OPTIONS, {"rows": [{"key": "a", "path": empty}]}) == {"rows": [{"key": "a"}]}


@pytest.mark.parametrize("given", [{"tags": []}, {"config": {}}, {"timeout": 0}, {"enabled": False}])
def test_other_empty_values_are_given(given):
    assert given_options(OPTIONS, given) == given


def test_what_is_no_option_stays_for_ansible_to_refuse():
    assert given_options(OPTIONS, {"misspelt": "", "_ansible_check_mode": None}) == {
        "misspelt": "",
        "_ansible_check_mode": None,
    }


@pytest.mark.parametrize("gap", [None, ""])
def test_gaps_in_a_list_that_is_not_stored_mean_nothing(gap):
    assert given_options(OPTIONS, {"previous_hashes": ["a", gap]}) == {"previous_hashes": ["a"]}


# Texts for lists and mappings


@pytest.mark.parametrize(
    ("params", "given"),
    [
        ({"tags": "a, b,c"}, {"tags": ["a", "b", "c"]}),
        ({"tags": "a,"}, {"tags": ["a"]}),
        ({"tags": '["a, b"]'}, {"tags": ["a, b"]}),
        ({"tags": "[a"}, {"tags": ["[a"]}),
        ({"paths": "~/a{1,2}"}, {"paths": ["~/a{1,2}"]}),
        ({"paths": '["/a", "/b"]'}, {"paths": ["/a", "/b"]}),
        ({"config": ' {"a": 1}'}, {"config": {"a": 1}}),
        ({"rows": '[{"key": "a", "path": ""}]'}, {"rows": [{"key": "a"}]}),
        ({"rows": '{"key": "a"}'}, {"rows": [{"key": "a"}]}),
        ({"value": '{"a": 1}'}, {"value": '{"a": 1}'}),
        ({"name": "a, b"}, {"name": "a, b"}),
    ],
)
def test_a_text_stands_for_a_list_or_a_mapping(params, given):
    assert given_options(OPTIONS, params) == given


def test_a_text_that_is_broken_json_is_left_for_ansible_to_refuse():
    assert given_options(OPTIONS, {"config": '{"a": '}) == {"config": '{"a": '}


# What is refused


@pytest.mark.parametrize("name", ["name", "description"])
@pytest.mark.parametrize(("value", "word"), [({"a": 1}, "mapping"), (["a"], "list"), (True, "boolean")])
def test_a_text_that_is_none_is_refused_by_name(name, value, word):
    (message,) = refused(**{name: value})
    assert name in message
    assert word in message


def test_a_blank_name_is_refused():
    (message,) = refused(name="  ")
    assert "name is empty or blank" in message


def test_free_text_may_be_blank():
    assert refused(description="  ") == []


@pytest.mark.parametrize("tags", [["a", ""], ["a", None], ["a", " "], ",", " ", [["a"]], [{"a": 1}], [True]])
def test_an_element_that_is_no_name_is_refused_by_the_name_of_its_list(tags):
    assert "an element of tags" in refused(tags=tags)[0]


def test_a_mapping_is_not_made_of_a_text_with_equals_signs():
    (message,) = refused(config="a=1, b=2")
    assert "config must be a mapping" in message


def test_a_suboption_is_named_with_its_option():
    assert "rows.key " in refused(rows=[{"key": ["a"]}])[0]


@pytest.mark.parametrize(
    "params",
    [
        {"name": "a"},
        {"name": 5},
        {"tags": ["a", 5]},
        {"tags": []},
        {"state": True},
        {"value": {"a": 1}},
        {"config": {"a": ["b"]}},
        {"misspelt": ["a"]},
    ],
)
def test_what_fits_is_not_refused(params):
    assert refused(**params) == []


def test_a_refusal_does_not_show_the_value():
    assert "fake" not in str(refused(name=["fake-secret"], config="fake-secret=1", rows=[{"key": {"fake": "fake"}}]))


def test_a_mapping_in_the_place_of_a_text_in_json_is_that_text():
    options = {"jwk": {"type": "str", "no_log": True}}
    assert given_options(options, {"jwk": {"kty": "oct", "kid": "1"}}) == {"jwk": '{"kty": "oct", "kid": "1"}'}
