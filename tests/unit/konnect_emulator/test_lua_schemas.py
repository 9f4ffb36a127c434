# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom plugins: the fields of their configuration, read from Lua code that is not run."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from konnect_emulator.plugins.lua_tables import NoLiteral, returned_table

SOURCE = """
local typedefs = require "kong.db.schema.typedefs"
-- a comment
return {
  name = "NAME",
  fields = {
    { protocols = typedefs.protocols_http },
    { config = { type = "record", fields = {
      { word = { type = "string", required = true } },
      { count = { type = "integer", default = 3, between = { 1, 10 } }; },
    } } },
  },
}
"""


def test_a_table_is_read() -> None:
    source = """return { ["a"] = 'it\\'s', b = { 1, -2.5, true, nil }, c = {} }"""
    assert returned_table(source) == {"a": "it's", "b": [1, -2.5, True, None], "c": []}


def test_a_call_in_a_table_is_a_text() -> None:
    source = 'return { fields = { { protocols = require("typedefs").protocols_http }, { a = url({ len_min = 1 }) } } }'
    assert returned_table(source) == {"fields": [{"protocols": "require"}, {"a": "url"}]}


@pytest.mark.parametrize("source", ["", "return make()", "return {", "return { 1, 2 }", "return { a = # }"])
def test_what_is_no_literal_is_told(source: str) -> None:
    with pytest.raises(NoLiteral):
        returned_table(source)


@pytest.mark.parametrize("streamed", [True, False])
def test_a_custom_plugin_is_configured_by_its_schema(api: Any, streamed: bool) -> None:
    name = f"plugin-{uuid.uuid4()}"
    source = SOURCE.replace("NAME", name)
    if streamed:
        api.create_entity("custom-plugins", name=name, schema=source, handler="return {}")
    else:
        api.create("/core-entities/plugin-schemas", {"lua_schema": source})
    assert api.create_entity("plugins", name=name, config={"word": "a"})["config"] == {"word": "a", "count": 3}
    refused = api("POST", "/core-entities/plugins", {"name": name, "config": {"count": 11}})
    assert {field for _type, field, _text in api.violations(refused)} == {"config.word", "config.count"}
    shown = api("GET", f"/core-entities/schemas/plugins/{name}").json()
    assert [next(iter(field)) for field in shown["fields"][-1]["config"]["fields"]] == ["word", "count"]
