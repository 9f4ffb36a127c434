# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._entities.comparison import (
    merge,
    normalize_entity,
    overlay,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import ROUTE


def test_null_empty_and_absent_are_the_same():
    assert normalize_entity(ROUTE, {"name": "r", "hosts": None, "paths": []}) == normalize_entity(ROUTE, {"name": "r"})


def test_sets_have_no_order():
    one = {"paths": ["/a", "/b"], "protocols": ["http", "https"]}
    other = {"paths": ["/b", "/a"], "protocols": ["https", "http"]}
    assert normalize_entity(ROUTE, one) == normalize_entity(ROUTE, other)


def test_false_and_zero_are_values():
    assert normalize_entity(ROUTE, {"strip_path": False, "regex_priority": 0}) == {
        "strip_path": False,
        "regex_priority": 0,
    }


def test_merge_goes_into_mappings_and_a_null_removes():
    current = {"a": {"b": 1, "c": 2}, "list": [1, 2]}
    assert merge(current, {"a": {"b": 3, "c": None}, "list": [3]}) == {"a": {"b": 3}, "list": [3]}


def test_an_option_left_out_keeps_and_an_empty_one_clears():
    current = {"id": "1", "created_at": 1, "tags": ["x"], "hosts": ["h"], "strip_path": True}
    body = overlay(current, {"tags": None, "hosts": [], "strip_path": False})
    assert body == {"tags": ["x"], "strip_path": False}


def test_values_of_a_header_have_no_order():
    one, other = ({"headers": {"x-version": values}} for values in (["1", "2"], ["2", "1"]))
    assert normalize_entity(ROUTE, one) == normalize_entity(ROUTE, other)
