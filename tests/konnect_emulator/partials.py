# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Partials, and plugins that take a part of their configuration from one.

A plugin's ``partials`` are links ``{"id", "path"}``. A link without a path gets the only one that the plugin's schema
has for that type (go-kong, getDefaultPartialPath). What a partial sets is not stored with the plugin, and is shown only
to who asks for ``expand_partials`` (Kong's documentation of partials, and the plugins in decK's tests, which have
nothing at that path). A path that ends in ``[]`` is that of a list, to which the partial is added (go-kong,
fillPartialConfigsInPlugin). That a plugin must not set a linked path itself is a decision of this emulator.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from .errors import Violation, on_field
from .partial_schemas import PARTIAL_CONFIGS
from .plugin_schemas import PluginSchema, fill, validate

Entity = dict[str, Any]
Find = Callable[[str], Entity | None]


def plain(value: Any) -> Any:
    """Without nulls: the API description of a partial's config does not allow any."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if item is not None}
    return [plain(item) for item in value] if isinstance(value, list) else value


def fill_partial(partial: Entity) -> None:
    """The types whose schema is known get their defaults; the others keep what they are given."""
    schema = PARTIAL_CONFIGS.get(str(partial.get("type")))
    if schema is not None and isinstance(partial.get("config"), dict):
        partial["config"] = plain(fill(schema, partial["config"]))


def check_partial(partial: Entity) -> list[Violation]:
    schema = PARTIAL_CONFIGS.get(partial["type"])
    return [] if schema is None else validate(schema, partial["config"], "config")


def links(plugin: Entity) -> list[Entity]:
    """Nothing when they are not of the right form, which the check of the fields tells."""
    found = plugin.get("partials")
    return found if isinstance(found, list) and all(isinstance(link, dict) for link in found) else []


def link_partials(plugin: Entity, schema: PluginSchema, find: Find) -> list[Violation]:
    """Fill in the paths; what is wrong with the links to partials that exist."""
    linked = []
    found = []
    for place, link in enumerate(links(plugin)):
        link = {name: link[name] for name in ("id", "path") if link.get(name) is not None}
        if isinstance(link.get("id"), str):
            link["id"] = link["id"].lower()
        linked.append(link)
        partial = find(str(link.get("id")))
        if partial is None:
            continue
        paths = schema.supported_partials.get(partial["type"], [])
        if len(paths) == 1:
            link.setdefault("path", paths[0])
        if not paths:
            found.append(on_field(f"partials[{place}]", f"partial type '{partial['type']}' is not supported"))
        elif link.get("path") not in paths:
            found.append(on_field(f"partials[{place}].path", f"expected one of: {', '.join(paths)}"))
    if linked:
        plugin["partials"] = linked
    return found


def without_linked(plugin: Entity, config: Any) -> Any:
    """A filled config less what partials set."""
    config = copy.deepcopy(config)
    for steps in _whole_paths(plugin):
        inner = _inner(config, steps)
        if inner is not None:
            inner.pop(steps[-1], None)
    return config


def set_twice(plugin: Entity) -> list[Violation]:
    """A config, as it was given, must leave linked paths alone."""
    found = []
    for steps in _whole_paths(plugin):
        inner = _inner(plugin.get("config"), steps)
        if inner is not None and inner.get(steps[-1]) is not None:
            found.append(on_field(f"config.{'.'.join(steps)}", "is set by a partial"))
    return found


def expanded(plugin: Entity, schema: PluginSchema, find: Find) -> Any:
    """The config with the values of its partials in it, as the data plane gets it."""
    config = copy.deepcopy(plugin["config"])
    for link in links(plugin):
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


def _whole_paths(plugin: Entity) -> Iterator[list[str]]:
    """The linked paths below ``config``, but for those of lists, which a plugin may fill too."""
    for link in links(plugin):
        path = link.get("path")
        if isinstance(path, str) and not path.endswith("[]"):
            yield path.removeprefix("config.").split(".")


def _inner(config: Any, steps: list[str]) -> dict[str, Any] | None:
    """The record that the last step is a field of."""
    for step in steps[:-1]:
        config = config.get(step) if isinstance(config, dict) else None
    return config if isinstance(config, dict) else None
