# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python tools/ai_gateway_schemas.py FILE``: make the emulator's rules for AI Gateways from Kong's API description.

FILE is ``ai-gateways-v1.yaml``. The rules are those of the bodies of requests, without their descriptions: a schema a
line, ``$ref`` by its name alone, ``discriminator`` by its field alone.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import yaml

RULES = pathlib.Path(__file__).parents[1] / "tests" / "konnect_emulator" / "ai_gateways" / "schemas.json"
KEYWORDS = (
    *("type", "properties", "required", "additionalProperties", "items", "const", "enum", "oneOf", "anyOf", "allOf"),
    *("maxLength", "minLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "minItems", "maxItems"),
    *("uniqueItems", "maxProperties", "default", "discriminator", "writeOnly", "readOnly", "nullable"),
    *("x-referenceable", "$ref"),
)

Schema = dict[str, Any]


def rules(schema: Any) -> Any:
    """A schema with the keywords that rule what a value may be."""
    if not isinstance(schema, dict):
        return schema
    found = {name: schema[name] for name in KEYWORDS if name in schema}
    if "properties" in found:
        found["properties"] = {name: rules(value) for name, value in found["properties"].items()}
    for name in ("items", "additionalProperties"):
        if name in found:
            found[name] = rules(found[name])
    for name in ("oneOf", "anyOf", "allOf"):
        if name in found:
            found[name] = [rules(value) for value in found[name]]
    if "discriminator" in found:
        found["discriminator"] = found["discriminator"]["propertyName"]
    if "$ref" in found:
        found["$ref"] = found["$ref"].rpartition("/")[2]
    return found


def references(schema: Any) -> Iterator[str]:
    """The names of the schemas that a schema is made of."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def request_schemas(description: dict[str, Any]) -> dict[str, Schema]:
    """The schemas of all bodies of requests in an API description, and those that they are made of, by name."""
    schemas = description["components"]["schemas"]
    found: dict[str, Schema] = {}
    waiting = [name for name in schemas if name.endswith("Request")]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = rules(schemas[name])
            waiting += references(found[name])
    return dict(sorted(found.items()))


def as_text(schemas: dict[str, Schema]) -> str:
    """JSON with a schema a line."""
    lines = [f"{json.dumps(name)}: {json.dumps(schema, ensure_ascii=False)}" for name, schema in schemas.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    description = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    RULES.write_text(as_text(request_schemas(description)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
