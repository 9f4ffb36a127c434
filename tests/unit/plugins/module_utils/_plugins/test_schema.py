# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._plugins import schema as schemas
from ansible_collections.community.konnect.tests.unit.plugins.module_utils._plugins.example_schema import NUMBER, SPEC


def test_without_a_schema_nothing_is_known():
    spec = schemas.config_spec({"fields": [{"protocols": {"type": "set"}}]})
    assert schemas.config_spec({}) == spec
    assert schemas.unknown_fields(spec, {"a": 1}) == [("config.a", [])]


def test_unknown_fields_are_named_with_what_there_is():
    config = {
        "limt": 1,
        "store": {"hots": "x"},
        "rules": [{"path": "/"}, {"wieght": 1}],
        "labels": {"any": "x"},
        "host": "y",
    }
    found = dict(schemas.unknown_fields(SPEC, config))
    assert set(found) == {"config.limt", "config.store.hots", "config.rules.1.wieght"}
    assert found["config.store.hots"] == ["host", "port"]
    assert found["config.limt"][:3] == ["enabled", "extra", "host"]


def test_without_field_leaves_other_fields_of_that_name():
    spec = {"type": "record", "fields": [{"a": {"type": "record", "fields": [{"b": NUMBER}]}}, {"b": NUMBER}]}
    assert schemas.unknown_fields(schemas.without_field(spec, ["b"]), {"a": {"b": 1}, "b": 2}) == [("config.b", ["a"])]
    assert schemas.without_field(spec, ["a", "none"]) == schemas.without_field(spec, ["none"]) == spec


def test_only_an_empty_list_stands_for_an_empty_mapping():
    spec = {"type": "map"}
    assert [schemas.as_table(spec, value) for value in ([], ["a"], {})] == [{}, ["a"], {}]


def test_only_an_empty_mapping_stands_for_an_empty_list():
    spec = {"type": "array"}
    assert [schemas.as_table(spec, value) for value in ({}, {"a": 1}, [])] == [[], {"a": 1}, []]
