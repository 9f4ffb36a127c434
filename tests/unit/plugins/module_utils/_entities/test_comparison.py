# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.comparison import (
    as_set,
    merge,
    normalize_entity,
    overlay,
    without_nulls,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import KEY, ROUTE
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions
from ansible_collections.community.konnect.plugins.module_utils._vault_reference import texts


def test_nulls_are_left_out_of_mappings_at_every_depth():
    assert without_nulls({"a": None, "b": {"c": None, "d": 1}, "e": [{"f": None}]}) == {"b": {"d": 1}, "e": [{}]}


def test_nulls_in_lists_keep_their_place():
    assert without_nulls([1, None, 2]) == [1, None, 2]


@pytest.mark.parametrize("value", [(1,), {1}, [1]])
def test_every_sequence_becomes_a_list(value):
    assert without_nulls(value) == [1]


def test_names_become_texts():
    assert without_nulls({1: "a"}) == {"1": "a"}


@pytest.mark.parametrize("value", [False, 0, "", "text", None])
def test_other_values_stay(value):
    assert without_nulls(value) == value


def test_a_set_has_each_member_once_in_a_fixed_order():
    assert as_set(["b", "a", "b"]) == as_set(["a", "b", "a"]) == ["a", "b"]


def test_a_set_may_have_mappings_as_members():
    one, same = {"ip": "127.0.0.1", "port": 80}, {"port": 80, "ip": "127.0.0.1"}
    assert as_set([one, {"ip": "127.0.0.2"}, same]) == [one, {"ip": "127.0.0.2"}]


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_null_empty_and_absent_are_the_same(value):
    assert normalize_entity(ROUTE, {"name": "r", "hosts": value}) == {"name": "r"}


@pytest.mark.parametrize("field", ["id", "created_at", "updated_at"])
def test_what_only_the_server_sets_is_not_compared(field):
    assert normalize_entity(ROUTE, {"name": "r", field: 1}) == {"name": "r"}


def test_false_and_zero_are_values():
    entity = {"strip_path": False, "regex_priority": 0}
    assert normalize_entity(ROUTE, entity) == entity


@pytest.mark.parametrize("field", ["protocols", "methods", "hosts", "paths", "snis", "sources", "destinations", "tags"])
def test_sets_have_no_order(field):
    assert normalize_entity(ROUTE, {field: ["b", "a"]}) == normalize_entity(ROUTE, {field: ["a", "b"]})


def test_the_values_of_a_header_have_no_order():
    one, other = ({"headers": {"x-version": values}} for values in (["1", "2"], ["2", "1"]))
    assert normalize_entity(ROUTE, one) == normalize_entity(ROUTE, other)


def test_a_set_that_is_a_single_text_stays():
    assert normalize_entity(ROUTE, {"headers": {"x-version": "1"}, "hosts": "h"}) == {
        "headers": {"x-version": "1"},
        "hosts": "h",
    }


def test_a_list_that_is_no_set_has_an_order():
    assert normalize_entity(KEY, {"list": ["b", "a"]}) == {"list": ["b", "a"]}


def test_a_mapping_that_is_no_set_keeps_the_order_of_its_lists():
    assert normalize_entity(KEY, {"jwk": {"list": ["b", "a"]}}) == {"jwk": {"list": ["b", "a"]}}


def test_a_merge_keeps_what_is_not_named():
    assert merge({"a": 1, "b": 2}, {"b": 3, "c": 4}) == {"a": 1, "b": 3, "c": 4}


def test_a_merge_goes_into_mappings_and_a_null_removes():
    assert merge({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": None}}) == {"a": {"b": 3}}


def test_a_null_for_what_is_absent_is_fine():
    assert merge({}, {"a": None}) == {}


def test_a_list_replaces_a_list():
    assert merge({"list": [1, 2]}, {"list": [3]}) == {"list": [3]}


@pytest.mark.parametrize("current", [None, "text", [1]])
def test_a_mapping_replaces_what_is_none(current):
    assert merge(current, {"a": {"b": 1, "c": None}}) == {"a": {"b": 1}}


def test_a_merge_leaves_its_arguments_alone():
    current = {"a": {"b": 1}}
    merge(current, {"a": {"b": None}})
    assert current == {"a": {"b": 1}}


def test_an_option_left_out_keeps_the_value_of_the_server():
    assert overlay({"tags": ["x"], "name": "r"}, {"tags": None}) == {"tags": ["x"], "name": "r"}


@pytest.mark.parametrize("empty", ["", [], {}])
def test_an_empty_option_clears_the_value_of_the_server(empty):
    assert overlay({"hosts": ["h"], "name": "r"}, {"hosts": empty}) == {"name": "r"}


def test_an_option_replaces_the_whole_value_of_the_server():
    assert overlay({"config": {"a": 1}}, {"config": {"b": 2}}) == {"config": {"b": 2}}


def test_false_and_zero_are_sent():
    assert overlay({"strip_path": True}, {"strip_path": False, "port": 0}) == {"strip_path": False, "port": 0}


def test_what_only_the_server_sets_is_not_sent_back():
    assert overlay({"id": "1", "created_at": 1, "updated_at": 1, "name": "r"}, {}) == {"name": "r"}


def test_a_body_for_a_new_entity_has_the_options_alone():
    assert overlay(None, {"name": "r", "hosts": None, "config": {"a": None}}) == {"name": "r"}


PAIR = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"jwk": '{"kty":"oct","k":"MAA"}'}, {"jwk": '{\n  "k": "MAA",\n  "kty": "oct"\n}\n'}),
        ({"pem": {"private_key": PAIR}}, {"pem": {"private_key": PAIR.replace("\n", "\r\n") + "\n"}}),
    ],
)
def test_white_space_that_means_nothing_makes_no_other_key(one, other):
    assert normalize_entity(KEY, one) == normalize_entity(KEY, other)
    predictions = Predictions(key="fake-key")
    sealed = [predictions.seal(text) for _path, text in (*texts(one), *texts(other))]
    assert sealed[0] == sealed[1]


def test_another_key_in_a_jwk_is_another_one():
    assert normalize_entity(KEY, {"jwk": '{"kty":"oct","k":"MAA"}'}) != normalize_entity(KEY, {"jwk": '{"kty":"oct"}'})
