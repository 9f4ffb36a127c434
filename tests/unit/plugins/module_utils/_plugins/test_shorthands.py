# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Old names of fields: which new ones they stand for, in what form, and when they are refused."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.community.konnect.plugins.module_utils._plugins import shorthands
from ansible_collections.community.konnect.plugins.module_utils._plugins.schema import unknown_fields
from ansible_collections.community.konnect.tests.unit.plugins.module_utils._plugins.example_schema import NUMBER, SPEC


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"host": "redis"}, {"store": {"host": "redis"}}),
        ({"host": "redis", "store": {"host": "new"}}, {"store": {"host": "new"}}),
        ({"host": "redis", "store": {"host": None}}, {"store": {"host": "redis"}}),
        ({"host": "redis", "store": {"port": 1}}, {"store": {"host": "redis", "port": 1}}),
        ({"host": "redis", "store": "text"}, {"store": {"host": "redis"}}),
        ({"host": None}, {"store": {"host": None}}),
        ({"store": {"port": 1}}, {"store": {"port": 1}}),
    ],
)
def test_a_deprecated_field_is_sent_under_its_new_name_unless_that_is_given(given, sent):
    before = copy.deepcopy(given)
    assert shorthands.with_new_names(SPEC, given) == sent
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
    assert shorthands.with_new_names(spec, {"servers": [{"timeout": 5}], "main": {"timeout": 5}}) == {
        "servers": [new],
        "main": new,
    }
    assert unknown_fields(spec, {"main": {"timeout": 5}}) == []


def test_a_name_that_is_also_a_field_is_no_old_one():
    """Kong keeps some names as a shorthand of themselves."""
    spec = {
        "type": "record",
        "fields": [{"old": NUMBER}, {"new": NUMBER}],
        "shorthand_fields": [{"old": {**NUMBER, "translate_backwards": ["new"]}}],
    }
    assert shorthands.with_new_names(spec, {"old": 1}) == {"old": 1}


def record(old, **fields):
    """A record with these fields and one old name."""
    return {"type": "record", "fields": [{name: field} for name, field in fields.items()], "shorthand_fields": [old]}


def advice(text):
    return {"type": "number", "deprecation": {"message": text}}


@pytest.mark.parametrize(
    ("name", "shorthand", "new"),
    [
        ("old", advice("otel: config.old is deprecated, please use config.traces instead"), "traces"),
        ("old", advice("old is deprecated, please use traces instead"), "traces"),
        ("old", {"type": "number", "translate_backwards": ["traces"]}, "traces"),
        ("cookie_discard", {"type": "number"}, "stale_ttl"),
    ],
)
def test_where_the_schema_does_not_say_what_replaced_a_name_its_message_or_kongs_code_does(name, shorthand, new):
    spec = record({name: shorthand}, **{new: NUMBER})
    assert [*shorthands.refused(spec, {name: 5})] == []
    assert shorthands.with_new_names(spec, {name: 5}) == {new: 5}


@pytest.mark.parametrize(
    ("shorthand", "reason"),
    [
        (advice("config.old option does not exist anymore"), "config.old option does not exist anymore"),
        (
            advice("config.old is deprecated, please use config.other instead"),
            "config.old is deprecated, please use config.other instead",
        ),
        ({"type": "number"}, "Kong accepts this old name, and it has no effect any more"),
    ],
)
def test_a_name_whose_successor_is_not_known_is_refused_and_never_sent(shorthand, reason):
    spec = record({"old": shorthand}, new=NUMBER)
    assert [*shorthands.refused(spec, {"old": 5})] == [("config.old", reason)]
    assert shorthands.with_new_names(spec, {"old": 5}) == {}


NODE = {"type": "record", "fields": [{"ip": {"type": "string"}}, {"port": {"type": "integer", "default": 6379}}]}
TEXTS = {"type": "array", "elements": {"type": "string"}}


@pytest.mark.parametrize(
    ("shorthand", "field", "old", "new"),
    [
        (
            TEXTS,
            {"type": "array", "elements": NODE},
            ["a:1", "[::1]:2"],
            [{"ip": "a", "port": 1}, {"ip": "[::1]", "port": 2}],
        ),
        (TEXTS, {"type": "array", "elements": NODE}, ["a"], [{"ip": "a"}]),
        (TEXTS, {"type": "array", "elements": NODE}, ["a:b"], [{"ip": "a", "port": "b"}]),
        (TEXTS, {"type": "array", "elements": TEXTS}, ["sub", "id"], [["sub", "id"]]),
        (TEXTS, {"type": "array", "elements": TEXTS}, [], []),
        (TEXTS, TEXTS, ["a:1"], ["a:1"]),
        ({"type": "string"}, {"type": "string", "one_of": ["Lax", "None"]}, "off", "Lax"),
        ({"type": "string"}, {"type": "string", "one_of": ["on", "off"]}, "off", "off"),
    ],
)
def test_a_value_takes_the_form_of_its_new_name(shorthand, field, old, new):
    spec = record({"old": {**shorthand, "deprecation": {"replaced_with": [{"path": ["new"]}]}}}, new=field)
    assert shorthands.with_new_names(spec, {"old": old}) == {"new": new}
    assert [*shorthands.refused(spec, {"old": old, "new": new})] == []


def test_old_and_new_name_at_odds_are_refused():
    reason = "the old name of config.store.host, which is given another value"
    assert [*shorthands.refused(SPEC, {"host": "a", "store": {"host": "b"}})] == [("config.host", reason)]


@pytest.mark.parametrize(
    "config",
    [
        {"host": "a", "store": {"host": "a"}},
        {"host": "a", "store": {"host": None}},
        {"host": "a", "store": {"port": 1}},
        {"host": None, "store": {"host": "b"}},
        {"store": {"host": "b"}},
    ],
)
def test_an_old_name_is_taken_where_nothing_contradicts_it(config):
    assert [*shorthands.refused(SPEC, config)] == []


def test_an_old_name_is_refused_deep_in_a_configuration_too():
    inner = record({"old": {"type": "number"}}, new=NUMBER)
    spec = {"type": "record", "fields": [{"servers": {"type": "array", "elements": inner}}]}
    assert [path for path, _reason in shorthands.refused(spec, {"servers": [{}, {"old": 1}]})] == [
        "config.servers.1.old"
    ]
