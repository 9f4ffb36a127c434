# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and references in a configuration."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kind import REFERENCEABLE
from ansible_collections.community.konnect.plugins.module_utils._hidden_fields import HiddenFields
from ansible_collections.community.konnect.plugins.module_utils._plugins import schema as schemas
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions

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


def rule(spec=None, **more):
    return HiddenFields(SPEC if spec is None else spec, schemas.child, **more)


def view(config, before=None, spec=None):
    return rule(spec).view(config, before)


def test_literals_in_encrypted_fields_are_hidden_and_references_are_shown():
    config = {"password": "fake-password", "tokens": ["fake-one", "{vault://v/k}"], "limit": 3}
    assert view(config) == {"password": "(not shown)", "tokens": ["(not shown)", "{vault://v/k}"], "limit": 3}


def test_a_hidden_change_can_be_seen():
    assert view({"password": "fake-new"}, {"password": "fake-old"}) == {"password": "(not shown, changed)"}


SEALS = Predictions(key="fake-seal-key")


@pytest.mark.parametrize(
    "config",
    [
        {"password": "fake-password", "limit": 3},
        {"url": "https://me:fake-password@example.com/logs?token=fake-token"},
        {"tokens": ["fake-one", "{vault://v/k}"], "rules": [{"key": "fake-key"}]},
    ],
)
def test_a_sealed_configuration_holds_no_secret_and_looks_the_same(config):
    sealed = rule().sealed(config, SEALS.seal)
    assert "fake-" not in str(sealed)
    assert view(sealed) == view(config)
    assert rule().sealed(sealed, SEALS.seal) == sealed


def test_a_sealed_configuration_tells_secrets_apart():
    one, other = (rule().sealed({"password": text}, SEALS.seal) for text in ("fake-one", "fake-two"))
    assert one != other


def test_without_secrets_a_sealed_configuration_is_the_same():
    config = {"limit": 3, "password": "{vault://v/k}", "labels": {"a": "b"}}
    assert rule().sealed(config, SEALS.seal) == config


def test_a_deprecated_field_is_as_secret_as_the_one_that_replaced_it():
    record = {
        "type": "record",
        "fields": [{"redis": {"type": "record", "fields": [{"pw": {"type": "string", "encrypted": True}}]}}],
        "shorthand_fields": [{"redis_pw": {"type": "string", "translate_backwards": ["redis", "pw"]}}],
    }
    assert view({"redis_pw": "fake-pw"}, spec=record) == {"redis_pw": "(not shown)"}
    assert list(rule(record).literals({"redis_pw": "fake-pw"})) == ["fake-pw"]


def test_without_a_schema_names_decide():
    config = {"auth": {"token": "fake-token", "host": "shown"}}
    assert view(config, spec={}) == {"auth": {"token": "(not shown)", "host": "shown"}}


@pytest.mark.parametrize("value", ["fake", 12345, 0.5, 0])
@pytest.mark.parametrize("field", ["password", "salt"])
def test_each_literal_in_an_encrypted_field_is_hidden(field, value):
    assert view({field: value}) == {field: "(not shown)"}


@pytest.mark.parametrize("value", ["", None, True, "{vault://v/k}"])
def test_what_can_be_no_secret_is_shown(value):
    assert view({"password": value}) == {"password": value}


def test_what_is_merely_referenceable_is_shown():
    config = {"url": "redis.example.com", "headers": {"a": "b"}}
    assert view(config) == config
    assert list(rule().literals(config)) == []


def test_of_a_custom_plugin_every_text_that_may_be_a_reference_is_hidden():
    config = {"url": "example.com", "headers": {"a": "b"}, "labels": {"c": "d"}, "limit": 1}
    assert rule(referenceable=True).view(config) == {
        "url": "(not shown)",
        "headers": {"a": "(not shown)"},
        "labels": {"c": "d"},
        "limit": 1,
    }


def test_secrets_in_maps_lists_and_records_are_hidden():
    config = {"headers": {"X-Api-Key": "fake"}, "rules": [{"key": "fake"}], "store": {"host": "x", "password": "fake"}}
    assert view(config) == {
        "headers": {"X-Api-Key": "(not shown)"},
        "rules": [{"key": "(not shown)"}],
        "store": {"host": "x", "password": "(not shown)"},
    }


CHANGED = "(not shown, changed)"


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ({"tokens": ["fake-one", "fake-two"]}, ["(not shown)", CHANGED]),
        ({"tokens": ["fake-one"]}, [CHANGED, CHANGED]),
        ({"tokens": "fake-one"}, [CHANGED, CHANGED]),
        ({"tokens": None}, ["(not shown)", "(not shown)"]),
        ("text", ["(not shown)", "(not shown)"]),
        (None, ["(not shown)", "(not shown)"]),
    ],
)
def test_elements_are_compared_with_lists_of_the_same_length(before, shown):
    assert view({"tokens": ["fake-one", "fake-new"]}, before)["tokens"] == shown


def test_of_unknown_fields_those_with_secret_names_are_hidden_with_all_that_is_in_them():
    config = {"secret": {"any": ["fake"]}, "unknown": {"token": "fake", "host": "x"}, "store": {"api_key": "fake"}}
    assert view(config) == {
        "secret": {"any": ["(not shown)"]},
        "unknown": {"token": "(not shown)", "host": "x"},
        "store": {"api_key": "(not shown)"},
    }


def test_what_is_misspelt_may_be_a_secret():
    strict = rule(misspelt=True)
    assert list(strict.literals({"pasword": {"x": "fake-password"}, "limit": 1})) == ["fake-password"]
    assert strict.view({"store": {"hots": "fake", "host": "x"}}) == {"store": {"hots": "(not shown)", "host": "x"}}


def test_a_text_in_place_of_a_record_may_be_a_secret():
    assert view({"store": "fake-text", "labels": {"a": "b"}}) == {"store": "(not shown)", "labels": {"a": "b"}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "integer"}, 3),
        ({"type": "boolean"}, True),
        ({"type": "string", "one_of": ["none", "strict"]}, "strict"),
        ({"type": "string", "default": "session"}, "session"),
    ],
)
def test_a_secret_name_hides_no_number_no_choice_and_no_default(field, value):
    spec = {"type": "record", "fields": [{"cookie": field}]}
    assert view({"cookie": value}, spec=spec) == {"cookie": value}


def test_the_default_of_an_encrypted_field_may_be_made_by_the_server():
    spec = {"type": "record", "fields": [{"secret": {"type": "string", "encrypted": True, "default": "fake"}}]}
    assert view({"secret": "fake"}, spec=spec) == {"secret": "(not shown)"}


def test_records_in_a_list_speak_for_themselves():
    inner = {"type": "record", "fields": [{"kid": {"type": "string"}}, {"d": SECRET}]}
    spec = {"type": "record", "fields": [{"client_jwk": {"type": "array", "elements": inner}}]}
    assert view({"client_jwk": [{"kid": "one", "d": "fake"}]}, spec=spec) == {
        "client_jwk": [{"kid": "one", "d": "(not shown)"}]
    }


def test_a_field_called_nothing_but_key_is_a_secret_where_the_schema_says_so_or_is_silent():
    spec = {"type": "record", "fields": [{"key": {"type": "string"}}]}
    assert view({"key": "x-region"}, spec=spec) == {"key": "x-region"}
    assert view({"key": "fake"}, spec={}) == {"key": "(not shown)"}


@pytest.mark.parametrize("name", ["host", "store.host"])
def test_a_task_may_name_more_fields(name):
    assert rule(also={name}).view({"store": {"host": "x"}}) == {"store": {"host": "(not shown)"}}


def test_whether_a_schema_encrypts_anything():
    assert schemas.encrypts(SPEC)
    assert not schemas.encrypts({"type": "record", "fields": [{"url": {"type": "string", "referenceable": True}}]})


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
    [site] = schemas.reference_sites(REFERENCEABLE, "{vault://v/k}", "cert", "pre-function")
    assert (site.field, site.referenceable, site.function) == ("cert", True, "pre-function")


def test_leaves_are_scalars_with_their_paths():
    config = {"limit": 0, "salt": "", "tokens": ["a", None], "store": {}, "labels": None, "rules": [{"key": False}]}
    found = [(path, value) for path, _field, value in schemas.leaves(SPEC, config)]
    assert found == [("config.limit", 0), ("config.salt", ""), ("config.tokens.0", "a"), ("config.rules.0.key", False)]
