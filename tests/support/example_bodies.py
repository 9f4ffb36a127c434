# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies of requests made of the schemas in an API description: small ones, full ones, each type of a union."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# By a pattern, or a format.
TEXTS = {
    "^[0-9a-z-]+$": "name",
    "^[a-z][a-z0-9-]*[a-z0-9]+$": "name",
    r"^[0-9]+\.?[0-9]*[hm]$": "1h",
    r"^[0-9]+\.?[0-9]*[km]$": "1k",
    "uri": "https://example.com/v1",
}
DEEPEST = 7


class Examples:
    """Bodies by the schemas of one description."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._schemas = description["components"]["schemas"]

    def bodies(self, name: str, *, full: bool = False) -> Iterator[dict[str, Any]]:
        """Yield a body for each branch of a schema: with the required fields, or with all."""
        schema = self._plain({"$ref": f"#/components/schemas/{name}"})
        for branch in schema.get("oneOf", [schema]):
            yield self._value(branch, full, 0)

    def _plain(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema or "allOf" in schema:
            name = schema.get("$ref", "").rpartition("/")[2]
            schema = self._schemas[name] if name else schema["allOf"][0]
        return schema

    def _value(self, schema: Mapping[str, Any], full: bool, depth: int) -> Any:
        schema = self._plain(schema)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        if "oneOf" in schema:
            return self._value(schema["oneOf"][0], full, depth)
        kind = schema.get("type", "object")
        if kind == "object":
            return self._object(schema, full, depth)
        if kind == "array":
            count = max(schema.get("minItems", 0), int(full))
            return [self._value(schema["items"], full, depth + 1) for _number in range(count)]
        if kind == "string":
            text = TEXTS.get(schema.get("pattern", schema.get("format", "")), "text")
            return text.ljust(schema.get("minLength", 0), "x")
        return False if kind == "boolean" else max(schema.get("minimum", 1), 2)

    def _object(self, schema: Mapping[str, Any], full: bool, depth: int) -> dict[str, Any]:
        fields = schema.get("properties", {})
        names = fields if full and depth < DEEPEST else schema.get("required", ())
        return {
            name: self._value(fields[name], full, depth + 1)
            for name in names
            if not self._plain(fields[name]).get("readOnly")
        }
