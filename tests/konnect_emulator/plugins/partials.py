# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Partials, and plugins that take a part of their configuration from one.

A plugin's ``partials`` are links ``{"id", "path"}``. A link without a path gets the only one that the plugin's schema
has for that type (go-kong, getDefaultPartialPath). The values of a partial are not stored with the plugin, and are
shown only with ``expand_partials`` (Kong's documentation of partials); what stays at the path is what no partial of the
type has (live Konnect in decK's tests: ``redis: {redis_proxy_type: null}``). A path that ends in ``[]`` is that of a
list, to which the partial is added (go-kong, fillPartialConfigsInPlugin). That a plugin must not set a linked path
itself is a decision of this emulator.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import Violation, field_violation
from .partial_schemas import PARTIAL_CONFIGS
from .schema import PluginSchema
from .schema_rules import fill, validate

Entity = dict[str, Any]
FindPartial = Callable[[str], Entity | None]


def _without_nulls(value: Any) -> Any:
    """Remove nulls, which the API description does not allow in a partial's config."""
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def fill_partial(partial: Entity) -> None:
    """Fill in the config of the types whose schema is known."""
    schema = PARTIAL_CONFIGS.get(str(partial.get("type")))
    if schema is not None and isinstance(partial.get("config"), dict):
        partial["config"] = _without_nulls(fill(schema, partial["config"]))


def with_nulls(partial: Entity) -> Entity:
    """Return a partial whose config also has the fields that are not set, where its schema is known."""
    schema = PARTIAL_CONFIGS.get(partial["type"])
    return {**partial, "config": fill(schema, partial["config"])} if schema else partial


def check_partial(partial: Entity) -> list[Violation]:
    """Return what is wrong with the config of the types whose schema is known."""
    schema = PARTIAL_CONFIGS.get(partial["type"])
    return [] if schema is None else validate(schema, partial["config"], "config")


def partial_links(plugin: Entity) -> list[Entity]:
    """Return the links of a plugin; none if they are malformed, which the check of its fields reports."""
    found = plugin.get("partials")
    return found if isinstance(found, list) and all(isinstance(link, dict) for link in found) else []


def complete_links(plugin: Entity, schema: PluginSchema, find: FindPartial) -> list[Violation]:
    """Fill in the paths of a plugin's links; returns what is wrong with those to partials that exist."""
    completed = []
    found = []
    for index, given in enumerate(partial_links(plugin)):
        link = {name: given[name] for name in ("id", "path") if given.get(name) is not None}
        if isinstance(link.get("id"), str):
            link["id"] = link["id"].lower()
        completed.append(link)
        partial = find(str(link.get("id")))
        if partial is None:
            continue
        paths = schema.supported_partials.get(partial["type"], [])
        if len(paths) == 1:
            link.setdefault("path", paths[0])
        if not paths:
            message = f"partial type '{partial['type']}' is not supported"
            found.append(field_violation(f"partials[{index}]", message))
        elif link.get("path") not in paths:
            found.append(field_violation(f"partials[{index}].path", f"expected one of: {', '.join(paths)}"))
    if completed:
        plugin["partials"] = completed
    return found


def without_linked_paths(plugin: Entity, config: Any, find: FindPartial) -> Any:
    """Return a filled config without what partials set; of a record, what its partial cannot set stays."""
    config = copy.deepcopy(config)
    for steps, partial in _replaced_paths(plugin, find):
        inner = _record_of(config, steps)
        if inner is not None:
            rest = _not_of_partial(inner.pop(steps[-1], None), partial)
            if rest:
                inner[steps[-1]] = rest
    return config


def check_no_overlap(plugin: Entity, find: FindPartial) -> list[Violation]:
    """Return the linked paths that the given config sets too, not counting nulls, as responses show them."""
    found = []
    for steps, _partial in _replaced_paths(plugin, find):
        inner = _record_of(plugin.get("config"), steps)
        value = inner.get(steps[-1]) if inner is not None else None
        given = [item for item in value.values() if item is not None] if isinstance(value, dict) else value
        if given or value == {}:
            found.append(field_violation(f"config.{'.'.join(steps)}", "is set by a partial"))
    return found


def _not_of_partial(value: Any, partial: Entity | None) -> Entity:
    """Return the fields of a record that no partial of this type has."""
    schema = PARTIAL_CONFIGS.get(partial["type"]) if partial else None
    if schema is None or not isinstance(value, dict):
        return {}
    known = {name for entry in schema["fields"] for name in entry}
    return {name: item for name, item in value.items() if name not in known}


def expanded_config(plugin: Entity, schema: PluginSchema, find: FindPartial) -> Any:
    """Return the config with the values of its partials, as the data plane gets it."""
    config = copy.deepcopy(plugin["config"])
    for link in partial_links(plugin):
        partial = find(str(link.get("id")))
        if partial is None or "path" not in link:
            continue
        *outer, last = link["path"].removeprefix("config.").split(".")
        inner = config
        for step in outer:
            inner[step] = inner.get(step) or {}
            inner = inner[step]
        name = last.removesuffix("[]")
        value = copy.deepcopy(partial["config"])
        inner[name] = value if name == last else [*(inner.get(name) or ()), value]
    return fill(schema.config, config)


def _replaced_paths(plugin: Entity, find: FindPartial) -> Iterator[tuple[list[str], Entity | None]]:
    """Yield the linked paths below ``config``, each with its partial, except those of lists, to which a plugin may add
    elements too.
    """
    for link in partial_links(plugin):
        path = link.get("path")
        if isinstance(path, str) and not path.endswith("[]"):
            yield path.removeprefix("config.").split("."), find(str(link.get("id")))


def _record_of(config: Any, steps: list[str]) -> dict[str, Any] | None:
    """Return the record that has the last step as its field."""
    for step in steps[:-1]:
        config = config.get(step) if isinstance(config, dict) else None
    return config if isinstance(config, dict) else None
