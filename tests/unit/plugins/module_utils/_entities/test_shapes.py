# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import KINDS, PLUGIN, SECRET, VAULT
from ansible_collections.community.konnect.plugins.module_utils._entities.shapes import (
    entity_problem,
    object_problem,
    schema_problem,
)

AI_PROXY = {"id": "1", "name": "ai-proxy", "config": {}, "route": {"id": "2"}, "tags": ["a"], "created_at": 1}


def test_an_entity_with_fields_of_the_right_types_is_none():
    assert entity_problem(PLUGIN, AI_PROXY) is None


@pytest.mark.parametrize("name", [name for name in AI_PROXY if name not in ("id", "name")])
def test_null_counts_as_absent(name):
    assert entity_problem(PLUGIN, {**AI_PROXY, name: None}) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": None}, "a plugin without id"),
        ({"name": None}, "a plugin without name"),
        ({"id": 5}, "a plugin whose id is a number instead of an id"),
        ({"id": ".."}, "a plugin whose id is a text instead of an id"),
        ({"name": ["ai-proxy"]}, "a plugin whose name is a list instead of a text"),
        ({"config": []}, "a plugin whose config is a list instead of an object"),
        ({"route": "2"}, "a plugin whose route is a text instead of an object with an id"),
        ({"route": {"id": 2}}, "a plugin whose route is an object instead of an object with an id"),
        ({"tags": "a"}, "a plugin whose tags is a text instead of a list of texts"),
        ({"tags": [1]}, "a plugin whose tags is a list instead of a list of texts"),
        ({"created_at": True}, "a plugin whose created_at is a boolean instead of a time"),
        ({"created_at": "soon"}, "a plugin whose created_at is a text instead of a time"),
        ({"partials": [{"id": 1}]}, "a plugin whose partials is a list instead of a list of objects with ids"),
    ],
)
def test_a_field_of_another_type_is_named(change, problem):
    assert entity_problem(PLUGIN, {**AI_PROXY, **change}) == problem


@pytest.mark.parametrize(("data", "what"), [(None, "no content"), ([], "a list"), ("x", "a text"), (True, "a boolean")])
def test_what_is_no_object_is_no_entity(data, what):
    assert entity_problem(VAULT, data) == f"{what} instead of a vault"
    assert object_problem(data) == f"{what} instead of an object"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_is_known_by_its_id_or_key(kind):
    names = [f"a {kind.label} without {name}" for name in ("id", "updated_at")]
    assert entity_problem(kind, {}, written=True) in (*names, None)


def test_a_secret_always_has_its_time_and_is_listed_with_its_key():
    assert entity_problem(SECRET, {"key": "a"}) == "a secret without updated_at"
    assert entity_problem(SECRET, {"updated_at": "2026-01-01T00:00:00Z"}) == "a secret without key"
    assert entity_problem(SECRET, {"updated_at": "2026-01-01T00:00:00Z"}, written=True) is None


SCHEMA = {
    "fields": [{"config": {"type": "record", "fields": [{"a": {"type": "array", "elements": {"type": "string"}}}]}}],
    "supported_partials": {"redis-ce": ["config.redis"]},
}


def test_a_schema_in_the_form_of_kong_is_fine():
    assert schema_problem(SCHEMA) is None


@pytest.mark.parametrize(
    "schema",
    [
        None,
        [],
        {"fields": {}},
        {"fields": ["config"]},
        {"fields": [{"config": None}]},
        {"fields": [{"config": {"type": 5}}]},
        {"fields": [{"config": {"fields": [{"a": {"elements": "string"}}]}}]},
        {"fields": [{"config": {"shorthand_fields": [{"a": {"deprecation": "old"}}]}}]},
        {"fields": [{"config": {"shorthand_fields": [{"a": {"deprecation": {"replaced_with": [{"path": 5}]}}}]}}]},
        {"fields": [{"config": {"shorthand_fields": [{"a": {"translate_backwards": "b"}}]}}]},
        {"supported_partials": {"redis-ce": "config.redis"}},
        {"supported_partials": ["redis-ce"]},
    ],
)
def test_a_schema_in_another_form_is_a_problem(schema):
    assert "schema" in str(schema_problem(schema)) or "instead of an object" in str(schema_problem(schema))
