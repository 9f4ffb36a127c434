# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy

import pytest

from ansible_collections.community.konnect.plugins.module_utils._plugins import schema as schemas

SPEC = schemas.config_spec(
    {
        "fields": [
            {"protocols": {"type": "set"}},
            {
                "config": {
                    "type": "record",
                    "fields": [
                        {"limit": {"type": "integer", "default": 10}},
                        {"ratio": {"type": "number"}},
                        {"enabled": {"type": "boolean", "default": False}},
                        {"names": {"type": "set", "elements": {"type": "string"}, "default": ["b", "a"]}},
                        {"steps": {"type": "array", "elements": {"type": "string"}}},
                        {"labels": {"type": "map", "values": {"type": "string"}}},
                        {"password": {"type": "string", "encrypted": True, "referenceable": True}},
                        {"tokens": {"type": "array", "encrypted": True, "elements": {"type": "string"}}},
                        {
                            "store": {
                                "type": "record",
                                "required": True,
                                "fields": [
                                    {"host": {"type": "string", "default": "localhost"}},
                                    {"port": {"type": "integer"}},
                                ],
                            }
                        },
                        {"extra": {"type": "record", "fields": [{"level": {"type": "integer", "default": 1}}]}},
                        {
                            "rules": {
                                "type": "array",
                                "elements": {
                                    "type": "record",
                                    "fields": [
                                        {"path": {"type": "string"}},
                                        {"weight": {"type": "integer", "default": 5}},
                                    ],
                                },
                            }
                        },
                    ],
                    "shorthand_fields": [
                        {"host": {"type": "string", "deprecation": {"replaced_with": [{"path": ["store", "host"]}]}}}
                    ],
                }
            },
        ]
    }
)
NUMBER = {"type": "number"}
FILLED = {"limit": 10, "enabled": False, "names": ["a", "b"], "store": {"host": "localhost"}}


def test_defaults_are_filled_in_and_an_optional_record_is_not():
    assert schemas.normalize_config(SPEC, {}) == FILLED


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
    assert schemas.normalize_config(SPEC, response) == FILLED


def test_a_given_record_and_each_element_are_filled_inside():
    normal = schemas.normalize_config(SPEC, {"extra": {}, "rules": [{"path": "/"}, {"weight": 1}]})
    assert normal["extra"] == {"level": 1}
    assert normal["rules"] == [{"path": "/", "weight": 5}, {"weight": 1}]


def test_an_explicit_null_is_not_the_default():
    assert "limit" not in schemas.normalize_config(SPEC, {"limit": None})


def test_sets_have_no_order_and_arrays_have():
    one, other = {"names": ["x", "y"], "steps": ["x", "y"]}, {"names": ["y", "x"], "steps": ["y", "x"]}
    assert schemas.normalize_config(SPEC, one)["names"] == schemas.normalize_config(SPEC, other)["names"]
    assert schemas.normalize_config(SPEC, one)["steps"] != schemas.normalize_config(SPEC, other)["steps"]


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
    assert schemas.normalize_config(record, value) == ({} if normal is None else {"field": normal})


@pytest.mark.parametrize("config", ["text", 7, ["text"]])
def test_what_is_no_configuration_is_as_none(config):
    assert schemas.normalize_config({"type": "record", "fields": []}, config) == {}


def test_without_a_schema_nothing_is_known():
    spec = schemas.config_spec({"fields": [{"protocols": {"type": "set"}}]})
    assert schemas.config_spec({}) == spec
    assert schemas.unknown_fields(spec, {"a": 1}) == [("config.a", [])]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"limit": "7"}, {"limit": 7}),
        ({"limit": " -7 "}, {"limit": -7}),
        ({"limit": "many"}, {"limit": "many"}),
        ({"limit": "0.5"}, {"limit": "0.5"}),
        ({"ratio": "0.5"}, {"ratio": 0.5}),
        ({"ratio": "7"}, {"ratio": 7}),
        ({"ratio": "half"}, {"ratio": "half"}),
        ({"enabled": " True "}, {"enabled": True}),
        ({"enabled": "FALSE"}, {"enabled": False}),
        ({"enabled": "yes"}, {"enabled": True}),
        ({"enabled": 1}, {"enabled": True}),
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
    result = schemas.to_send(SPEC, given)
    assert result == sent
    assert [type(value) for value in result.values()] == [type(value) for value in sent.values()]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"host": "redis"}, {"store": {"host": "redis"}}),
        ({"host": "redis", "store": {"host": "new"}}, {"store": {"host": "new"}}),
        ({"host": "redis", "store": {"host": None}}, {"store": {"host": None}}),
        ({"host": "redis", "store": {"port": 1}}, {"store": {"host": "redis", "port": 1}}),
        ({"host": "redis", "store": "text"}, {"store": {"host": "redis"}}),
        ({"host": None}, {"store": {"host": None}}),
        ({"store": {"port": 1}}, {"store": {"port": 1}}),
    ],
)
def test_a_deprecated_field_is_sent_under_its_new_name_unless_that_is_given(given, sent):
    before = copy.deepcopy(given)
    assert schemas.to_send(SPEC, given) == sent
    assert given == before


def test_a_deprecated_field_may_stand_for_several_and_deep_in_a_configuration():
    both = [{"path": ["connect", "timeout"]}, {"path": ["read"]}, {"removed_in": "4.0"}]
    record = {
        "type": "record",
        "fields": [{"connect": {"type": "record", "fields": [{"timeout": NUMBER}]}}, {"read": NUMBER}],
        "shorthand_fields": [{"timeout": {**NUMBER, "deprecation": {"replaced_with": both}}}],
    }
    spec = {"type": "record", "fields": [{"servers": {"type": "array", "elements": record}}, {"main": record}]}
    new = {"connect": {"timeout": 5}, "read": 5}
    assert schemas.to_send(spec, {"servers": [{"timeout": "5"}], "main": {"timeout": 5}}) == {
        "servers": [new],
        "main": new,
    }
    assert schemas.unknown_fields(spec, {"main": {"timeout": 5}}) == []


@pytest.mark.parametrize(
    "shorthand",
    [
        {"type": "number"},
        {"type": "number", "deprecation": {}},
        # Kong keeps some names as a shorthand of themselves.
        {"type": "number", "translate_backwards": ["new"]},
    ],
)
def test_a_shorthand_that_stands_for_nothing_or_is_a_field_too_stays(shorthand):
    fields = [{"old": NUMBER}] if "translate_backwards" in shorthand else []
    spec = {"type": "record", "fields": fields, "shorthand_fields": [{"old": shorthand}]}
    assert schemas.to_send(spec, {"old": 1}) == {"old": 1}


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
    assert schemas.without_defaults(SPEC, schemas.normalize_config(SPEC, config)) == given


def test_a_diff_shows_what_the_schema_does_not_know():
    assert schemas.without_defaults(SPEC, {"unknown": {"a": 1}, "store": "{vault://v/k}"}) == {
        "unknown": {"a": 1},
        "store": "{vault://v/k}",
    }


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


def test_without_field():
    spec = schemas.without_field(schemas.without_field(SPEC, ["store", "host"]), ["limit"])
    assert schemas.normalize_config(spec, {"limit": 1, "store": {"host": "h", "port": 1}}) == {
        "enabled": False,
        "names": ["a", "b"],
        "store": {"port": 1},
    }


def test_without_field_leaves_other_fields_of_that_name():
    spec = {"type": "record", "fields": [{"a": {"type": "record", "fields": [{"b": NUMBER}]}}, {"b": NUMBER}]}
    assert schemas.unknown_fields(schemas.without_field(spec, ["b"]), {"a": {"b": 1}, "b": 2}) == [("config.b", ["a"])]
    assert schemas.without_field(spec, ["a", "none"]) == schemas.without_field(spec, ["none"]) == spec


def test_of_a_record_only_what_is_not_a_default_is_kept():
    config = schemas.normalize_config(SPEC, {"store": {"port": 6379}})
    assert schemas.without_defaults(SPEC, config) == {"store": {"port": 6379}}


# Booleans


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
    assert schemas.to_send(spec, {"enabled": given}) == {"enabled": meant}
    assert schemas.normalize_config(spec, {"enabled": given}) == {"enabled": meant}
