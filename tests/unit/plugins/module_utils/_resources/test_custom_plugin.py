# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom plugins in both of their forms."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CUSTOM_PLUGIN,
    PLUGIN,
    PLUGIN_SCHEMA,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._resources.custom_plugin import (
    ensure_custom_plugin,
    list_custom_plugins,
    remove_custom_plugin,
)
from ansible_collections.community.konnect.tests.unit.gateway import Gateway

SCHEMA = 'return { name = "my-plugin", fields = {} }'
OTHER_SCHEMA = 'return { name = "my-plugin", fields = { } }'
STREAMED = {"id": "1", "name": "my-plugin", "schema": SCHEMA, "handler": "return {}"}
BARE = {"name": "my-plugin", "lua_schema": SCHEMA}


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    gateway.has(PLUGIN)
    return gateway


def holds(gateway, kind, *rows):
    gateway.has(kind, *rows)
    for row in rows:
        path = gateway.path(*kind.segments, row["name"])
        gateway.server.routes[f"GET {path}"] = (200, row)
        gateway.server.routes[f"DELETE {path}"] = (204, b"")


@pytest.fixture
def ensure(gateway, plane):
    def run(**options):
        given = {"name": "my-plugin", "schema": None, "handler": None, "tags": None, **options}
        return ensure_custom_plugin(plane(), given)

    return run


def test_without_a_handler_only_the_schema_is_stored(gateway, ensure):
    gateway.server.routes[f"POST {gateway.path(*PLUGIN_SCHEMA.segments)}"] = (201, BARE)
    result = ensure(schema=SCHEMA)
    assert gateway.writes() == [("POST plugin-schemas", {"lua_schema": SCHEMA})]
    assert (result["changed"], result["custom_plugin"]["schema"]) == (True, SCHEMA)
    assert "lua_schema" not in result["custom_plugin"]


def test_a_schema_that_is_there_is_unchanged_and_another_one_is_written(gateway, ensure):
    holds(gateway, PLUGIN_SCHEMA, BARE)
    assert not ensure(schema=SCHEMA)["changed"]
    assert not ensure()["changed"]
    path = gateway.path(*PLUGIN_SCHEMA.segments, "my-plugin")
    gateway.server.routes[f"PUT {path}"] = (200, {**BARE, "lua_schema": OTHER_SCHEMA})
    assert ensure(schema=OTHER_SCHEMA)["changed"]
    assert gateway.writes() == [("PUT my-plugin", {"lua_schema": OTHER_SCHEMA})]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"schema": 'return { name = "another" }'}, "schema must say name = 'my-plugin'"),
        ({"schema": SCHEMA, "tags": ["a"]}, "has no tags"),
    ],
)
def test_a_schema_of_another_name_and_tags_of_a_schema_are_refused(gateway, ensure, options, words):
    with pytest.raises(InvalidInput, match=words):
        ensure(**options)
    assert gateway.writes() == []


@pytest.mark.parametrize("schema", ["name='my-plugin'", 'local typedefs\nreturn { name   = "my-plugin" }'])
def test_the_name_in_a_schema_may_be_written_in_every_way_of_lua(gateway, ensure, schema):
    holds(gateway, PLUGIN_SCHEMA, {**BARE, "lua_schema": schema})
    assert not ensure(schema=schema)["changed"]


def test_a_plugin_with_a_schema_alone_does_not_become_a_streamed_one(gateway, ensure):
    holds(gateway, PLUGIN_SCHEMA, BARE)
    with pytest.raises(KonnectError, match="Remove it first, to have it streamed"):
        ensure(schema=SCHEMA, handler="return {}")


def test_a_streamed_plugin_stays_one_without_its_handler(gateway, ensure):
    gateway.has(CUSTOM_PLUGIN, STREAMED)
    result = ensure(schema=SCHEMA)
    assert (result["changed"], result["custom_plugin"]["handler"]) == (False, "return {}")


def test_a_name_of_both_forms_is_ambiguous(gateway, ensure):
    gateway.has(CUSTOM_PLUGIN, STREAMED)
    holds(gateway, PLUGIN_SCHEMA, BARE)
    with pytest.raises(KonnectError, match="Remove one of them") as caught:
        ensure(schema=SCHEMA)
    assert caught.value.code == "ambiguous"


def test_a_schema_is_removed_unless_plugins_use_it(gateway, plane):
    holds(gateway, PLUGIN_SCHEMA, BARE)
    options = {"name": "my-plugin", "schema": None, "handler": None, "tags": None, "on_in_use": "keep"}
    gateway.has(PLUGIN, {"id": "p", "name": "my-plugin", "config": {}})
    kept = remove_custom_plugin(plane(), options)
    assert (kept["changed"], kept["kept"]["code"], gateway.writes()) == (False, "in_use", [])
    gateway.has(PLUGIN)
    gone = remove_custom_plugin(plane(), options)
    assert (gone["changed"], gone["custom_plugin"]["schema"]) == (True, SCHEMA)
    assert gateway.writes() == [("DELETE my-plugin", None)]


def test_both_forms_are_listed_under_the_same_names_of_fields(gateway, plane):
    gateway.has(CUSTOM_PLUGIN, {**STREAMED, "name": "streamed"})
    holds(gateway, PLUGIN_SCHEMA, BARE)
    rows = list_custom_plugins(plane(), {"name": None, "tags": None})
    assert [(row["name"], row["schema"]) for row in rows] == [("my-plugin", SCHEMA), ("streamed", SCHEMA)]
    assert list_custom_plugins(plane(), {"name": None, "tags": ["a"]}) == []
