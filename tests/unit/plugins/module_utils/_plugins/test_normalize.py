# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of a configuration: with every default, without them, and as it is sent."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._plugins import normalize
from ansible_collections.community.konnect.plugins.module_utils._plugins.schema import without_field
from ansible_collections.community.konnect.tests.unit.plugins.module_utils._plugins.example_schema import NUMBER, SPEC

FILLED = {"limit": 10, "enabled": False, "names": ["a", "b"], "store": {"host": "localhost"}}


def test_defaults_are_filled_in_and_an_optional_record_is_not():
    assert normalize.normalize_config(SPEC, {}) == FILLED


def test_what_the_server_returns_is_normal_already():
    response = {
        **FILLED,
        "ratio": None,
        "steps": None,
        "labels": None,
        "password": None,
        "tokens": None,
        "store": {"host": "localhost", "port": None},
        "extra": None,
        "rules": None,
        "host": "localhost",
    }
    assert normalize.normalize_config(SPEC, response) == FILLED


def test_a_given_record_and_each_element_are_filled_inside():
    normal = normalize.normalize_config(SPEC, {"extra": {}, "rules": [{"path": "/"}, {"weight": 1}]})
    assert normal["extra"] == {"level": 1}
    assert normal["rules"] == [{"path": "/", "weight": 5}, {"weight": 1}]


def test_an_explicit_null_is_not_the_default():
    assert "limit" not in normalize.normalize_config(SPEC, {"limit": None})


def test_sets_have_no_order_and_arrays_have():
    one, other = {"names": ["x", "y"], "steps": ["x", "y"]}, {"names": ["y", "x"], "steps": ["y", "x"]}
    assert normalize.normalize_config(SPEC, one)["names"] == normalize.normalize_config(SPEC, other)["names"]
    assert normalize.normalize_config(SPEC, one)["steps"] != normalize.normalize_config(SPEC, other)["steps"]


@pytest.mark.parametrize(
    ("spec", "value", "normal"),
    [
        ({"type": "record", "default": {"level": 2}, "fields": [{"level": NUMBER}]}, {}, {"level": 2}),
        ({"type": "record", "required": True, "fields": [{"level": NUMBER}]}, {}, None),
        ({"type": "record", "fields": [{"level": NUMBER}]}, {"field": {"level": None}}, None),
        ({"type": "record", "required": True, "fields": [{"a": {"default": 1}}]}, {"field": None}, None),
        ({"type": "record", "fields": [{"a": {"default": 1}}]}, {"field": "{vault://v/k}"}, "{vault://v/k}"),
        ({"type": "number", "default": 0}, {}, 0),
        ({"type": "string"}, {"field": {"a": 1}}, {"a": 1}),
        ({"type": "number", "default": "7"}, {}, 7),
        ({"type": "map", "values": NUMBER}, {"field": {"a": "1", "b": None}}, {"a": 1}),
        ({"type": "map"}, {"field": {}}, {}),
        # Konnect's encoder writes an empty Lua table as a list, and Kong takes {} for a list.
        ({"type": "map"}, {"field": []}, {}),
        ({"type": "array"}, {"field": {}}, []),
        ({"type": "set"}, {"field": {}}, []),
        ({"type": "record", "fields": [{"a": {"default": 1}}]}, {"field": []}, {"a": 1}),
        ({"type": "record", "fields": []}, {"field": []}, None),
        ({"type": "map", "values": {"type": "map"}}, {"field": {"a": []}}, {"a": {}}),
        ({"type": "map", "values": {"type": "record", "fields": [{"a": {"default": 1}}]}}, {"field": {"x": {}}}, "x"),
        ({"type": "array", "elements": NUMBER}, {"field": ["2", "1", "1"]}, [2, 1, 1]),
        ({"type": "array"}, {"field": []}, []),
        ({"type": "set", "elements": NUMBER}, {"field": ["2", "1", "1"]}, [1, 2]),
        ({"type": "set", "elements": {"type": "record", "fields": [{"a": NUMBER}]}}, {"field": [{"a": None}]}, [{}]),
    ],
)
def test_each_type_has_one_normal_form(spec, value, normal):
    normal = {"x": {"a": 1}} if normal == "x" else normal
    record = {"type": "record", "fields": [{"field": spec}]}
    assert normalize.normalize_config(record, value) == ({} if normal is None else {"field": normal})


@pytest.mark.parametrize("config", ["text", 7, ["text"]])
def test_what_is_no_configuration_is_as_none(config):
    assert normalize.normalize_config({"type": "record", "fields": []}, config) == {}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"limit": "7"}, {"limit": 7}),
        ({"limit": " -7 "}, {"limit": -7}),
        ({"limit": "many"}, {"limit": "many"}),
        ({"limit": "0.5"}, {"limit": "0.5"}),
        ({"limit": "1_000"}, {"limit": "1_000"}),
        ({"limit": "\uff17"}, {"limit": "\uff17"}),
        ({"limit": 7.0}, {"limit": 7}),
        ({"ratio": "nan"}, {"ratio": "nan"}),
        ({"ratio": "inf"}, {"ratio": "inf"}),
        ({"ratio": "1e3"}, {"ratio": 1000.0}),
        ({"ratio": "-.5"}, {"ratio": -0.5}),
        ({"ratio": 7.5}, {"ratio": 7.5}),
        ({"ratio": "0.5"}, {"ratio": 0.5}),
        ({"ratio": "7"}, {"ratio": 7}),
        ({"ratio": "half"}, {"ratio": "half"}),
        ({"enabled": " True "}, {"enabled": True}),
        ({"enabled": "FALSE"}, {"enabled": False}),
        ({"enabled": "yes"}, {"enabled": True}),
        ({"enabled": 1}, {"enabled": True}),
        ({"enabled": 2}, {"enabled": 2}),
        ({"password": 12345}, {"password": "12345"}),
        ({"password": 0.5}, {"password": "0.5"}),
        ({"password": True}, {"password": True}),
        ({"password": "7"}, {"password": "7"}),
        ({"limit": "{vault://v/k}"}, {"limit": "{vault://v/k}"}),
        ({"limit": None}, {"limit": None}),
        ({"steps": [1, None], "labels": {"a": 1}}, {"steps": ["1", None], "labels": {"a": "1"}}),
        ({"rules": [{"weight": "3"}]}, {"rules": [{"weight": 3}]}),
    ],
)
def test_scalars_are_sent_as_the_type_of_their_field(given, sent):
    result = normalize.as_typed(SPEC, given)
    assert result == sent
    assert [type(value) for value in result.values()] == [type(value) for value in sent.values()]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"limit": 11},
        {"limit": None},
        {"names": ["b", "c"]},
        {"extra": {"level": 2}},
        {"store": {"host": "redis"}},
        {"rules": [{"path": "/", "weight": 5}]},
        {"ratio": 0.0, "enabled": True},
    ],
)
def test_a_diff_shows_what_is_not_a_default(config):
    given = {name: value for name, value in config.items() if value is not None}
    assert normalize.without_defaults(SPEC, normalize.normalize_config(SPEC, config)) == given


def test_a_diff_shows_what_the_schema_does_not_know():
    assert normalize.without_defaults(SPEC, {"unknown": {"a": 1}, "store": "{vault://v/k}"}) == {
        "unknown": {"a": 1},
        "store": "{vault://v/k}",
    }


def test_without_field():
    spec = without_field(without_field(SPEC, ["store", "host"]), ["limit"])
    assert normalize.normalize_config(spec, {"limit": 1, "store": {"host": "h", "port": 1}}) == {
        "enabled": False,
        "names": ["a", "b"],
        "store": {"port": 1},
    }


def test_of_a_record_only_what_is_not_a_default_is_kept():
    config = normalize.normalize_config(SPEC, {"store": {"port": 6379}})
    assert normalize.without_defaults(SPEC, config) == {"store": {"port": 6379}}


# Values that the server makes

AUTO = {"type": "string", "auto": True}
RANDOM = {"type": "string", "encrypted": True, "default": "fake-random-text"}
MADE = {
    "type": "record",
    "fields": [
        {"salt": AUTO},
        {"secret": RANDOM},
        {"limit": {"type": "integer", "default": 1}},
        {
            "inner": {
                "type": "record",
                "required": True,
                "default": {"level": 2},
                "fields": [{"id": AUTO}, {"level": NUMBER}],
            }
        },
        {"extra": {"type": "record", "fields": [{"id": AUTO}]}},
    ],
}
HELD = {"salt": "s", "secret": "t", "limit": 7, "inner": {"id": "i", "level": 3}, "extra": {"id": "e"}}


def test_what_the_server_makes_is_no_default():
    assert normalize.normalize_config(MADE, {}) == {"limit": 1, "inner": {"level": 2}}
    assert normalize.without_defaults(MADE, {"secret": "fake-random-text"}) == {"secret": "fake-random-text"}


@pytest.mark.parametrize(
    ("given", "complete"),
    [
        ({}, {"salt": "s", "secret": "t", "inner": {"level": 2, "id": "i"}}),
        ({"salt": "x", "secret": "y", "inner": {"id": "z"}}, {"salt": "x", "secret": "y", "inner": {"id": "z"}}),
        ({"extra": {}}, {"salt": "s", "secret": "t", "inner": {"level": 2, "id": "i"}, "extra": {"id": "e"}}),
    ],
)
def test_a_complete_configuration_keeps_what_the_server_made_and_the_task_leaves_out(given, complete):
    assert normalize.with_made_values(MADE, given, HELD) == complete


@pytest.mark.parametrize("held", [{}, {"salt": None}, None])
def test_where_nothing_is_held_nothing_is_kept(held):
    assert normalize.with_made_values(MADE, {"limit": 2}, held) == {"limit": 2}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        *[(text, True) for text in ("yes", "on", "1", "true", "True", "y", 1)],
        *[(text, False) for text in ("no", "off", "0", "false", "False", "n", 0)],
        ("maybe", "maybe"),
        (7, 7),
    ],
)
def test_a_boolean_is_given_as_for_an_option(given, meant):
    spec = {"type": "record", "fields": [{"enabled": {"type": "boolean"}}]}
    assert normalize.as_typed(spec, {"enabled": given}) == {"enabled": meant}
    assert normalize.normalize_config(spec, {"enabled": given}) == {"enabled": meant}
