# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

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
FILLED = {"limit": 10, "enabled": False, "names": ["a", "b"], "store": {"host": "localhost"}}


def test_defaults_are_filled_in_and_an_optional_record_is_not():
    assert schemas.normalize_config(SPEC, {}) == FILLED


def test_what_the_server_answers_is_normal_already():
    answer = {
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
    assert schemas.normalize_config(SPEC, answer) == FILLED


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
    ("given", "sent"),
    [
        ({"limit": "7"}, {"limit": 7}),
        ({"ratio": "0.5"}, {"ratio": 0.5}),
        ({"enabled": "True"}, {"enabled": True}),
        ({"password": 12345}, {"password": "12345"}),
        ({"limit": "many"}, {"limit": "many"}),
        ({"host": "redis"}, {"store": {"host": "redis"}}),
        ({"host": "redis", "store": {"host": "kept"}}, {"store": {"host": "kept"}}),
    ],
)
def test_to_send(given, sent):
    assert schemas.to_send(SPEC, given) == sent


def test_people_see_what_is_not_a_default():
    config = schemas.normalize_config(SPEC, {"limit": 11, "extra": {"level": 2}})
    assert schemas.without_defaults(SPEC, config) == {"limit": 11, "extra": {"level": 2}}


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


def test_literals_in_secret_fields_are_masked_and_references_are_shown():
    config = {"password": "fake-password", "tokens": ["fake-one", "{vault://v/k}"], "limit": 3}
    assert schemas.mask_config(SPEC, config) == {
        "password": "(not shown)",
        "tokens": ["(not shown)", "{vault://v/k}"],
        "limit": 3,
    }


def test_a_masked_change_can_be_seen():
    masked = schemas.mask_config(SPEC, {"password": "fake-new"}, {"password": "fake-old"})
    assert masked == {"password": "(not shown, changed)"}


def test_secret_literals_are_collected():
    config = {"password": "fake-password", "tokens": ["fake-one", "{vault://v/k}"], "labels": {"x": "shown"}}
    assert schemas.secret_literals(SPEC, config) == ["fake-password", "fake-one"]


def test_a_deprecated_field_is_as_secret_as_the_one_that_replaced_it():
    record = {
        "type": "record",
        "fields": [{"redis": {"type": "record", "fields": [{"password": {"type": "string", "encrypted": True}}]}}],
        "shorthand_fields": [{"redis_pw": {"type": "string", "translate_backwards": ["redis", "password"]}}],
    }
    assert schemas.mask_config(record, {"redis_pw": "fake-pw"}) == {"redis_pw": "(not shown)"}
    assert schemas.secret_literals(record, {"redis_pw": "fake-pw"}) == ["fake-pw"]
    assert schemas.to_send(record, {"redis": None, "redis_pw": "fake-pw"}) == {"redis": {"password": "fake-pw"}}


def test_without_a_schema_names_decide():
    assert schemas.mask_config({}, {"auth": {"token": "fake-token", "host": "shown"}}) == {
        "auth": {"token": "(not shown)", "host": "shown"}
    }


def test_what_is_misspelt_may_be_a_secret():
    assert schemas.secret_literals(SPEC, {"pasword": "fake-password"}) == ["fake-password"]


def test_without_field():
    spec = schemas.without_field(schemas.without_field(SPEC, ["store", "host"]), ["limit"])
    assert schemas.normalize_config(spec, {"limit": 1, "store": {"host": "h", "port": 1}}) == {
        "enabled": False,
        "names": ["a", "b"],
        "store": {"port": 1},
    }
