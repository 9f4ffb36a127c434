# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Configurations read by the live schema: which field a value belongs to, and what is unknown.

A schema is Kong's own form, as ``GET .../core-entities/schemas/plugins/{name}`` answers it:
``{"fields": [{"config": {"type": "record", "fields": [{"auth": {...}}, ...]}}, ...]}``, perhaps with
``"supported_partials": {"redis-ce": ["config.redis"]}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .._entities.kind import Spec
from .._references.validation import Site
from .._vault_reference import mentions, mistake

Path = list[str]
LISTS, TABLES = ("array", "set"), ("map", "record")
RECOMMENDED = re.compile(r"please use (?:config\.)?([\w.]+) instead")
# Old names without a deprecation (kong/plugins/session/schema.lua in Kong Gateway 3.10).
UNDOCUMENTED = {
    "cookie_discard": "stale_ttl",
    "cookie_httponly": "cookie_http_only",
    "cookie_idletime": "idling_timeout",
    "cookie_lifetime": "rolling_timeout",
    "cookie_persistent": "remember",
    "cookie_samesite": "cookie_same_site",
}


def config_spec(schema: Mapping[str, Any]) -> Spec:
    """The record of ``config`` in a schema; an empty record when the schema has none."""
    return fields_of(schema).get("config") or {"type": "record", "fields": []}


def without_field(spec: Spec, path: Sequence[str]) -> Spec:
    """The record less the field at this path, of which it then knows nothing."""
    first, *rest = path
    fields = [
        {name: without_field(field, rest) if name == first else field}
        for name, field in _pairs(spec.get("fields"))
        if rest or name != first
    ]
    return {**spec, "fields": fields}


def child(spec: Spec, name: str | None) -> Spec:
    """The specification of the field of that name, or for None of an element."""
    return elements_of(spec) if name is None else field_at(spec, name)


def encrypts(spec: Spec) -> bool:
    """True if a schema calls any field encrypted."""
    inner = [*fields_of(spec).values(), *(spec[name] for name in ("elements", "values") if spec.get(name))]
    return bool(spec.get("encrypted")) or any(map(encrypts, inner))


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
            yield from nodes(field_at(spec, str(name)), item, f"{path}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from nodes(elements_of(spec), item, f"{path}.{number}")


def rebuild(spec: Spec, value: Any, other: Any, leaf: Callable[[Spec, Any, Any], Any]) -> Any:
    """Rebuild a value with each leaf replaced; flags of a list or map hold for what is in it."""
    value = as_table(spec, value)
    if isinstance(value, Mapping):
        earlier = other if isinstance(other, Mapping) else {}
        return {name: rebuild(field_at(spec, str(name)), item, earlier.get(name), leaf) for name, item in value.items()}
    if isinstance(value, list):
        others = other if isinstance(other, list) and len(other) == len(value) else [None] * len(value)
        return [rebuild(elements_of(spec), item, earlier, leaf) for item, earlier in zip(value, others, strict=True)]
    return leaf(spec, value, other) if value is not None else None


def as_table(spec: Spec, value: Any) -> Any:
    """A value, but an empty list or mapping as the schema has it: Konnect's encoder does not tell them apart."""
    kind = spec.get("type")
    if kind in LISTS and isinstance(value, Mapping) and not value:
        return []
    if kind in TABLES and isinstance(value, list) and not value:
        return {}
    return value


def field_at(spec: Spec, name: str) -> Spec:
    """The specification for a name: of a field, a deprecated one, a value of a map, or an unknown one."""
    fields = fields_of(spec)
    if name in fields:
        return fields[name]
    shorthand = shorthands_of(spec).get(name)
    if shorthand is not None:
        for path in targets(spec, name, shorthand):
            field = spec
            for step in path:
                field = field_at(field, step)
            shorthand = _inherit(field, shorthand)
        return shorthand
    if spec.get("type") == "map":
        return _inherit(spec, spec.get("values") or {})
    known = sorted({**shorthands_of(spec), **fields})
    return {"unknown": True, "known": known} if spec.get("type") == "record" else {"unknown": True}


def elements_of(spec: Spec) -> Spec:
    return _inherit(spec, spec.get("elements") or {})


def _inherit(spec: Spec, inner: Spec) -> Spec:
    flags = {name: True for name in ("encrypted", "referenceable", "unknown") if spec.get(name)}
    return {**inner, **flags}


def targets(spec: Spec, name: str, shorthand: Spec) -> list[Path]:
    """Where the value of an old name goes, below its record; none when the schema does not say so.

    That is C(replaced_with) of its deprecation or C(translate_backwards), else the field that the deprecation's message
    recommends, else what only the code of a plugin knows.
    """
    deprecation = shorthand.get("deprecation") or {}
    paths = [item["path"] for item in deprecation.get("replaced_with") or [] if item.get("path")]
    if not paths and shorthand.get("translate_backwards"):
        paths = [shorthand["translate_backwards"]]
    recommended = RECOMMENDED.search(str(deprecation.get("message") or ""))
    if not paths and recommended:
        paths = [recommended[1].split(".")]
    if not paths and name in UNDOCUMENTED:
        paths = [[UNDOCUMENTED[name]]]
    return [path for path in paths if _has(spec, path)]


def _has(spec: Spec, path: Path) -> bool:
    first, *rest = path
    field = fields_of(spec).get(first)
    return field is not None and (not rest or _has(field, rest))


def fields_of(spec: Spec) -> dict[str, Spec]:
    """The fields of a record."""
    return dict(_pairs(spec.get("fields")))


def shorthands_of(spec: Spec) -> dict[str, Spec]:
    """The old names of fields of a record."""
    return dict(_pairs(spec.get("shorthand_fields")))


def _pairs(fields: Any) -> Iterator[tuple[str, Spec]]:
    for field in fields or []:
        # JSON data, and asked for very often.
        if isinstance(field, dict):
            for name, spec in field.items():
                if isinstance(spec, dict):
                    yield str(name), spec
