# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.ai_comparison import merge, normalize

TARGET = {"name": "a", "provider": "p", "weight": 100, "config": {"type": "mistral", "format": "openai"}}


def test_what_is_not_given_keeps_its_value_in_entries_of_a_list_too():
    given = [{"name": "a", "provider": "p", "config": {"type": "mistral", "top_p": 1}}]
    (merged,) = merge([{**TARGET, "name": "b", "weight": 50}, TARGET], given)
    assert merged == {**TARGET, "config": {**TARGET["config"], "top_p": 1}}


def test_of_another_type_nothing_is_kept():
    assert merge({"type": "basic", "headers": []}, {"type": "azure", "client_id": "a"}) == {
        "type": "azure",
        "client_id": "a",
    }


@pytest.mark.parametrize("name", ["labels", "acls"])
def test_some_mappings_are_given_as_a_whole(name):
    assert merge({name: {"a": "b"}}, {name: {"c": "d"}}) == {name: {"c": "d"}}


def test_a_null_removes():
    assert merge({"a": 1, "b": 2}, {"a": None}) == {"b": 2}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"targets": [TARGET, {"name": "b"}]}, {"targets": [{"name": "b"}, TARGET]}),
        ({"targets": [TARGET]}, {"targets": [{**TARGET, "weight": None}]}),
        ({"enabled": True, "policies": [], "access": None}, {}),
        ({"config": {"route": {"protocols": ["https", "http"], "strip_path": True}}}, {"config": {"route": {}}}),
    ],
)
def test_what_means_the_same_is_equal(one, other):
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"enabled": False}, {}),
        ({"config": {"retries": 4}}, {}),
        ({"formats": [{"type": "openai"}]}, {"formats": [{"type": "cohere"}]}),
    ],
)
def test_what_differs_is_not_equal(one, other):
    assert normalize(one) != normalize(other)


def test_the_configuration_of_a_plugin_has_other_defaults():
    one, other = {"config": {"retries": 5}}, {"config": {}}
    assert normalize(one, opaque="config") != normalize(other, opaque="config")
    assert normalize(one) == normalize(other)
