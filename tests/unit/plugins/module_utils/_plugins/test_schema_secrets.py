# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and references in a configuration."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._plugins import schema as schemas

SECRET = {"type": "string", "encrypted": True, "referenceable": True}
SPEC = {
    "type": "record",
    "fields": [
        {"limit": {"type": "integer"}},
        {"password": SECRET},
        {"salt": {"type": "string", "encrypted": True}},
        {"url": {"type": "string", "referenceable": True}},
        {"tokens": {"type": "array", "encrypted": True, "elements": {"type": "string"}}},
        {"headers": {"type": "map", "values": {"type": "string", "referenceable": True}}},
        {"labels": {"type": "map", "values": {"type": "string"}}},
        {"store": {"type": "record", "fields": [{"host": {"type": "string"}}, {"password": SECRET}]}},
        {"rules": {"type": "array", "elements": {"type": "record", "fields": [{"key": SECRET}]}}},
    ],
}
LONG, SHORT = "fake-16-letters-", "fake-15-letters"


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


def test_without_a_schema_names_decide():
    assert schemas.mask_config({}, {"auth": {"token": "fake-token", "host": "shown"}}) == {
        "auth": {"token": "(not shown)", "host": "shown"}
    }


def test_what_is_misspelt_may_be_a_secret():
    assert schemas.secret_literals(SPEC, {"pasword": "fake-password"}) == ["fake-password"]


# Masking


@pytest.mark.parametrize("value", ["fake", 12345, 0.5, 0])
@pytest.mark.parametrize("field", ["password", "salt", "url"])
def test_each_literal_in_a_field_that_may_hold_a_secret_is_masked(field, value):
    assert schemas.mask_config(SPEC, {field: value}) == {field: "(not shown)"}


@pytest.mark.parametrize("value", ["", None, True, "{vault://v/k}"])
def test_what_can_be_no_secret_is_shown(value):
    assert schemas.mask_config(SPEC, {"password": value}) == {"password": value}


def test_secrets_in_maps_lists_and_records_are_masked():
    config = {"headers": {"a": "fake"}, "rules": [{"key": "fake"}], "store": {"host": "x", "password": "fake"}}
    assert schemas.mask_config(SPEC, config) == {
        "headers": {"a": "(not shown)"},
        "rules": [{"key": "(not shown)"}],
        "store": {"host": "x", "password": "(not shown)"},
    }


@pytest.mark.parametrize(
    ("before", "masked"),
    [
        ({"tokens": ["fake-one", "fake-two"]}, ["(not shown)", "(not shown, changed)"]),
        ({"tokens": ["fake-one"]}, ["(not shown)", "(not shown)"]),
        ({"tokens": "fake-one"}, ["(not shown)", "(not shown)"]),
        ({"tokens": None}, ["(not shown)", "(not shown)"]),
        ("text", ["(not shown)", "(not shown)"]),
        (None, ["(not shown)", "(not shown)"]),
    ],
)
def test_elements_are_compared_with_lists_of_the_same_length(before, masked):
    assert schemas.mask_config(SPEC, {"tokens": ["fake-one", "fake-new"]}, before)["tokens"] == masked


def test_of_unknown_fields_those_with_secret_names_are_masked_with_all_that_is_in_them():
    config = {"secret": {"any": ["fake"]}, "unknown": {"token": "fake", "host": "x"}, "store": {"api_key": "fake"}}
    assert schemas.mask_config(SPEC, config) == {
        "secret": {"any": ["(not shown)"]},
        "unknown": {"token": "(not shown)", "host": "x"},
        "store": {"api_key": "(not shown)"},
    }


@pytest.mark.parametrize("field", ["labels", "limit"])
def test_of_known_fields_the_schema_decides_and_not_the_name(field):
    config = {"labels": {"password": "shown"}} if field == "labels" else {"limit": 5}
    assert schemas.mask_config(SPEC, config) == config


# Literals for Ansible's own masking


@pytest.mark.parametrize(
    ("config", "literals"),
    [
        ({"salt": "pw"}, ["pw"]),
        ({"password": 12345}, ["12345"]),
        ({"url": SHORT}, []),
        ({"url": LONG}, [LONG]),
        ({"headers": {"a": SHORT, "b": LONG}}, [LONG]),
        ({"labels": {"a": LONG}}, []),
        ({"limit": 1234567890123456}, []),
        ({"unknown": {"a": "x", "b": True, "c": None}}, ["x"]),
        ({"password": "{vault://v/k}", "salt": True}, []),
    ],
)
def test_what_ansible_is_to_hide(config, literals):
    assert schemas.secret_literals(SPEC, config) == literals


# References


def test_texts_that_mention_references_are_found_with_whether_the_gateway_resolves_them():
    config = {
        "password": "{vault://v/a}",
        "salt": "{vault://v/b}",
        "headers": {"x": "Bearer {vault://v/c}"},
        "rules": [{"key": "fake"}, {"key": "{vault://v/d}"}],
        "unknown": ["{vault://v/e"],
        "limit": 5,
    }
    sites = list(schemas.reference_sites(SPEC, config))
    assert [(site.field, site.text, site.referenceable) for site in sites] == [
        ("config.password", "{vault://v/a}", True),
        ("config.salt", "{vault://v/b}", False),
        ("config.headers.x", "Bearer {vault://v/c}", True),
        ("config.rules.1.key", "{vault://v/d}", True),
        ("config.unknown.0", "{vault://v/e", True),
    ]
    assert {site.function for site in sites} == {None}


def test_a_reference_may_stand_in_a_field_of_another_entity_or_in_code():
    [site] = schemas.reference_sites(schemas.REFERENCEABLE, "{vault://v/k}", "cert", "pre-function")
    assert (site.field, site.referenceable, site.function) == ("cert", True, "pre-function")


def test_leaves_are_scalars_with_their_paths():
    config = {"limit": 0, "salt": "", "tokens": ["a", None], "store": {}, "labels": None, "rules": [{"key": False}]}
    found = [(path, value) for path, _field, value in schemas.leaves(SPEC, config)]
    assert found == [("config.limit", 0), ("config.salt", ""), ("config.tokens.0", "a"), ("config.rules.0.key", False)]
