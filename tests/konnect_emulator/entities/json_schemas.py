# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON schemas of core entities, ``.../core-entities/v1/schemas/json/{kind}``, from which decK takes defaults.

No API description names them. Their form is what decK reads (go-database-reconciler, pkg/schema): ``properties`` with a
``default`` each, nested where a field is an object; the config of a vault by its backend, in ``allOf``.
"""

from __future__ import annotations

from typing import Any

from .fields import Field
from .healthchecks import DEFAULTS as HEALTHCHECKS
from .kinds import BACKENDS, KINDS, kind_by_name
from .vault_rules import backend_defaults

JsonSchema = dict[str, Any]


def _with_defaults(defaults: dict[str, Any]) -> JsonSchema:
    """Describe an object whose fields all have defaults."""
    fields = {
        name: _with_defaults(value) if isinstance(value, dict) else {"default": value}
        for name, value in defaults.items()
    }
    return {"type": "object", "properties": fields}


def _field_schema(field: Field) -> JsonSchema:
    """Describe a field. decK takes an object to which anything may be added for a record, and sends an empty one."""
    if field.foreign:
        return {"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": False}
    if field.elements and field.type == "object":
        return {"type": "object", "additionalProperties": {"type": field.elements.type}}
    default = {} if field.default is None else {"default": field.default}
    return {"type": field.type, **default}


def _vault_conditions() -> list[JsonSchema]:
    """Describe the config of a vault, which depends on its backend."""
    return [
        {
            "if": {"properties": {"name": {"const": backend}}},
            "then": {"properties": {"config": {"properties": {backend: _with_defaults(backend_defaults(backend))}}}},
        }
        for backend in BACKENDS
    ]


def json_schema(name: str, route_protocols: list[str]) -> JsonSchema | None:
    """Return the schema of a kind by its singular name, None if there is none."""
    kind = kind_by_name(name)
    if kind is None:
        return None
    fields = {key: _field_schema(field) for key, field in kind.fields.items() if not field.hidden}
    if kind is KINDS["routes"]:
        fields["protocols"]["default"] = route_protocols
        fields["strip_path"]["default"] = True
        fields["regex_priority"]["default"] = 0
    if kind is KINDS["upstreams"]:
        fields["healthchecks"] = _with_defaults(HEALTHCHECKS)
    conditions = {"allOf": _vault_conditions()} if kind is KINDS["vaults"] else {}
    return {"type": "object", "properties": fields, **conditions}
