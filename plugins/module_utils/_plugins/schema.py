# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Configurations compared with the live schema: defaults, types, sets, secret fields.

A schema is Kong's own form, as ``GET .../core-entities/schemas/plugins/{name}`` answers it:
``{"fields": [{"config": {"type": "record", "fields": [{"auth": {...}}, ...]}}, ...]}``, perhaps with
``"supported_partials": {"redis-ce": ["config.redis"]}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import BOOLEANS, BOOLEANS_TRUE

from .._entities.comparison import as_set, without_nulls
from .._masking import hidden, is_literal, looks_secret
from .._references.validation import Site
from .._vault_reference import mentions, mistake

Spec = Mapping[str, Any]
LONG_LITERAL = 16
REFERENCEABLE: Spec = {"type": "string", "referenceable": True}
_MISSING: Any = object()


def config_spec(schema: Mapping[str, Any]) -> Spec:
    """The record of ``config`` in a schema; an empty record when the schema has none."""
    return _fields(schema).get("config") or {"type": "record", "fields": []}


def without_field(spec: Spec, path: Sequence[str]) -> Spec:
    """The record less the field at this path, of which it then knows nothing."""
    first, *rest = path
    fields = [
        {name: without_field(field, rest) if name == first else field}
        for name, field in _pairs(spec.get("fields") or [])
        if rest or name != first
    ]
    return {**spec, "fields": fields}


def normalize_config(spec: Spec, config: Any) -> dict[str, Any]:
    """A configuration with every default filled in, sets sorted, numbers and booleans as their types, nulls left out.

    Fill rules, as the server's: a field that is absent gets its default; an absent record is filled when it is
    required; a record that is given is filled inside; an explicit null stays nothing. What the schema does not know,
    such as a deprecated field that the server still answers, is left out.
    """
    filled = _filled(spec, {} if config is None else config)
    return without_nulls(filled) if isinstance(filled, Mapping) else {}


def without_defaults(spec: Spec, config: Mapping[str, Any]) -> dict[str, Any]:
    """A normalized configuration without what the server would have filled in: what a user would have written."""
    fields = _fields(spec)
    kept = {}
    for name, value in config.items():
        field = fields.get(name, {})
        if field.get("type") == "record" and isinstance(value, Mapping):
            value = without_defaults(field, value)
            if not value:
                continue
        elif value == without_nulls(_filled(field, _MISSING)):
            continue
        kept[name] = value
    return kept


def mask_config(spec: Spec, config: Any, before: Any = None) -> Any:
    """Replace every literal in a field that may hold a secret.

    Such are the fields that the schema calls encrypted or referenceable, and those that it does not know but that look
    secret by their names; a reference in them is shown.

    :param before: an earlier state of it; a literal that differs from it says so.
    """

    def mask(field: Spec, value: Any, earlier: Any) -> Any:
        return hidden(value, earlier) if _may_hold_secret(field) and is_literal(value) else value

    return _rebuild(spec, config, before, mask)


def secret_literals(spec: Spec, config: Any) -> list[str]:
    """Each literal that Ansible's own masking should know: those in encrypted fields and in fields that the schema does
    not know, and the longer ones in referenceable fields, where a short one is more likely an everyday word.
    """

    def is_sure(field: Spec) -> bool:
        return bool(field.get("encrypted") or field.get("unknown"))

    return [
        str(value)
        for _path, field, value in leaves(spec, config)
        if is_literal(value) and (is_sure(field) or (_may_hold_secret(field) and len(str(value)) >= LONG_LITERAL))
    ]


def reference_sites(spec: Spec, data: Any, path: str = "config", function: str | None = None) -> Iterator[Site]:
    """Each text that mentions a secret reference. What the schema does not know may be referenceable.

    :param function: the plugin whose code the texts are, or None.
    """
    for field, field_spec, value in leaves(spec, data, path):
        if mentions(value) or mistake(value):
            referenceable = bool(field_spec.get("referenceable") or field_spec.get("unknown"))
            yield Site(field, value, referenceable, function)


def unknown_fields(spec: Spec, config: Any) -> list[tuple[str, list[str]]]:
    """Each path in a configuration that the schema does not have, with the names that it has there."""
    return [(path, field["known"]) for path, field, _value in nodes(spec, config) if "known" in field]


def leaves(spec: Spec, value: Any, path: str = "config") -> Iterator[tuple[str, Spec, Any]]:
    """Each scalar in a configuration with its path, such as C(config.auth.header_value), and its specification."""
    for where, field, item in nodes(spec, value, path):
        if item is not None and not isinstance(item, (Mapping, list)):
            yield where, field, item


def nodes(spec: Spec, value: Any, path: str = "config") -> Iterator[tuple[str, Spec, Any]]:
    """Each value in a configuration, containers before what is in them, with its path and its specification."""
    yield path, spec, value
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from nodes(_field(spec, str(name)), item, f"{path}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from nodes(_elements(spec), item, f"{path}.{number}")


def _may_hold_secret(field: Spec) -> bool:
    return bool(field.get("encrypted") or field.get("referenceable") or field.get("looks_secret"))


def _rebuild(spec: Spec, value: Any, other: Any, leaf: Callable[[Spec, Any, Any], Any]) -> Any:
    """Rebuild a value with each leaf replaced; flags of a list or map hold for what is in it."""
    if isinstance(value, Mapping):
        earlier = other if isinstance(other, Mapping) else {}
        return {name: _rebuild(_field(spec, str(name)), item, earlier.get(name), leaf) for name, item in value.items()}
    if isinstance(value, list):
        others = other if isinstance(other, list) and len(other) == len(value) else [None] * len(value)
        return [_rebuild(_elements(spec), item, earlier, leaf) for item, earlier in zip(value, others, strict=True)]
    return leaf(spec, value, other) if value is not None else None


def _field(spec: Spec, name: str) -> Spec:
    """The specification for a name: of a field, a deprecated one, a value of a map, or an unknown one."""
    fields = _fields(spec)
    if name in fields:
        return fields[name]
    shorthand = dict(_pairs(spec.get("shorthand_fields") or [])).get(name)
    if shorthand is not None:
        for path in _replacements(shorthand):
            field = spec
            for step in path:
                field = _field(field, step)
            shorthand = _inherit(field, shorthand)
        return shorthand
    if spec.get("type") == "map":
        return _inherit(spec, spec.get("values") or {})
    unknown = {"unknown": True, "looks_secret": bool(spec.get("looks_secret")) or looks_secret(name)}
    known = sorted({**dict(_pairs(spec.get("shorthand_fields") or [])), **fields})
    return {**unknown, "known": known} if spec.get("type") == "record" else unknown


def _elements(spec: Spec) -> Spec:
    return _inherit(spec, spec.get("elements") or {})


def _inherit(spec: Spec, inner: Spec) -> Spec:
    flags = {name: True for name in ("encrypted", "referenceable", "unknown", "looks_secret") if spec.get(name)}
    return {**inner, **flags}


def _filled(spec: Spec, value: Any) -> Any:
    kind = spec.get("type")
    if value is _MISSING:
        if spec.get("default") is not None:
            return _filled(spec, spec["default"])
        return _filled(spec, {}) if kind == "record" and spec.get("required") else None
    if value is None:
        return None
    if kind == "record" and isinstance(value, Mapping):
        fields = _fields(spec)
        filled = {name: _filled(field, value.get(name, _MISSING)) for name, field in fields.items()}
        return _without_empty_records(fields, filled)
    if kind == "map" and isinstance(value, Mapping):
        return {name: _filled(spec.get("values") or {}, item) for name, item in value.items()}
    if kind in ("array", "set") and isinstance(value, list):
        items = [_filled(spec.get("elements") or {}, item) for item in value]
        return as_set(without_nulls(items)) if kind == "set" else items
    return _typed(kind, value)


def _without_empty_records(fields: Mapping[str, Spec], filled: dict[str, Any]) -> dict[str, Any]:
    def empty_record(name: str, value: Any) -> bool:
        return fields[name].get("type") == "record" and isinstance(value, Mapping) and not without_nulls(value)

    return {name: value for name, value in filled.items() if not empty_record(name, value)}


def _typed(kind: Any, value: Any) -> Any:
    """A scalar as the type of its field, as options are; templates of older ansible-core versions make texts of
    numbers.
    """
    if isinstance(value, str):
        text = value.strip().lower()
        if kind == "boolean" and text in BOOLEANS:
            return text in BOOLEANS_TRUE
        if kind in ("integer", "number"):
            try:
                return int(text)
            except ValueError:
                pass
        if kind == "number":
            try:
                return float(text)
            except ValueError:
                pass
    elif kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    elif kind == "boolean" and not isinstance(value, bool) and isinstance(value, int) and value in (0, 1):
        return value == 1
    return value


def to_send(spec: Spec, config: Any) -> Any:
    """The configuration as the server stores it: deprecated fields under their new names, scalars of the right type.

    Of a deprecated field and its new one, both given, the new one counts.
    """
    config = _without_shorthands(spec, config)
    return _rebuild(spec, config, None, lambda field, value, earlier: _typed(field.get("type"), value))


def _without_shorthands(spec: Spec, value: Any) -> Any:
    if isinstance(value, list):
        return [_without_shorthands(spec.get("elements") or {}, item) for item in value]
    if spec.get("type") != "record" or not isinstance(value, Mapping):
        return value
    fields = _fields(spec)
    result = {name: _without_shorthands(fields.get(name, {}), item) for name, item in value.items()}
    for name, shorthand in _pairs(spec.get("shorthand_fields") or []):
        paths = _replacements(shorthand)
        if name not in result or name in fields or not paths:
            continue
        given = result.pop(name)
        for path in paths:
            inner = result
            for step in path[:-1]:
                if not isinstance(inner.get(step), dict):
                    inner[step] = {}
                inner = inner[step]
            inner.setdefault(path[-1], given)
    return result


def _replacements(shorthand: Spec) -> list[list[str]]:
    replaced = (shorthand.get("deprecation") or {}).get("replaced_with") or []
    paths = [item["path"] for item in replaced if item.get("path")]
    return paths or ([shorthand["translate_backwards"]] if shorthand.get("translate_backwards") else [])


def _fields(spec: Spec) -> dict[str, Spec]:
    return dict(_pairs(spec.get("fields") or []))


def _pairs(fields: Any) -> Iterator[tuple[str, Spec]]:
    for field in fields:
        if isinstance(field, Mapping):
            for name, spec in field.items():
                if isinstance(spec, Mapping):
                    yield str(name), spec
