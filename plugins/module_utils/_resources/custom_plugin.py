# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Custom plugins: with a schema alone, whose code is on the data planes, or streamed to them by Konnect."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .._entities.comparison import normalize_entity
from .._entities.control_plane import ControlPlane
from .._entities.kind import Entity, Kind
from .._entities.kinds import CUSTOM_PLUGIN, PLUGIN_SCHEMA
from .._entities.listing import read_entities
from .._entities.managed_entity import entity_result, entity_row, entity_target, remove_entity
from .._entities.reconcile import Outcome, Target, ensure
from .._errors import ErrorCode, InvalidInput, KonnectError

Options = Mapping[str, Any]
FIELDS = ("name", "schema", "handler", "tags")


def ensure_custom_plugin(control_plane: ControlPlane, options: Options) -> dict[str, Any]:
    """The result of konnect_custom_plugin, whose options these are, with C(state=present)."""
    _check_name(options)
    kind = _kind(control_plane, options, creates=True)
    return _result(_target(control_plane, kind, options), ensure)


def remove_custom_plugin(control_plane: ControlPlane, options: Options) -> dict[str, Any]:
    """The result of konnect_custom_plugin, whose options these are, with C(state=absent)."""
    target = _target(control_plane, _kind(control_plane, options, creates=False), options)
    return _result(target, lambda found: remove_entity(found, options["on_in_use"]))


def list_custom_plugins(control_plane: ControlPlane, options: Options) -> list[Entity]:
    """The custom plugins of a control plane in both forms, as konnect_custom_plugin_info returns them."""
    found = read_entities(control_plane, CUSTOM_PLUGIN, name=options["name"], tags=options["tags"])
    rows = [entity_row(control_plane, CUSTOM_PLUGIN, row) for row in found]
    if options["tags"] is None:
        rows += [_view(row) for row in read_entities(control_plane, PLUGIN_SCHEMA, name=options["name"])]
    return sorted(rows, key=lambda row: str(row["name"]))


def _kind(control_plane: ControlPlane, options: Options, *, creates: bool) -> Kind:
    """The form in which the plugin of that name is there, or else the one that the task asks for."""
    name = options["name"]
    held = [kind for kind in (CUSTOM_PLUGIN, PLUGIN_SCHEMA) if read_entities(control_plane, kind, name=name)]
    if len(held) > 1:
        raise KonnectError(
            f"{name!r} means a custom plugin that is streamed and one with a schema alone. Remove one of them, in "
            "Konnect's user interface or API.",
            code=ErrorCode.AMBIGUOUS,
            candidates=[kind.label for kind in held],
        )
    if options["handler"] and held == [PLUGIN_SCHEMA]:
        raise KonnectError(
            f"There is a custom plugin {name} with a schema alone already. Remove it first, to have it streamed.",
            code=ErrorCode.CONFLICT,
        )
    if creates and not held and options["schema"] is None:
        raise InvalidInput(f"There is no custom plugin {name} yet. To create it, give schema.")
    return held[0] if held else CUSTOM_PLUGIN if options["handler"] else PLUGIN_SCHEMA


def _check_name(options: Options) -> None:
    name, schema = options["name"], options["schema"]
    if schema is not None and not re.search(rf"""\bname\s*=\s*["']{re.escape(name)}["']""", schema):
        raise InvalidInput(f"schema must say name = {name!r}, as the option name does. Konnect takes the name from it.")


def _target(control_plane: ControlPlane, kind: Kind, options: Options) -> Target:
    if kind is CUSTOM_PLUGIN:
        return entity_target(control_plane, kind, {name: options[name] for name in FIELDS})
    if options["tags"]:
        raise InvalidInput("A custom plugin with a schema alone has no tags. Give handler, too, or leave tags out.")

    def compose(current: Entity | None) -> Entity:
        source = options["schema"] or (current or {}).get("lua_schema")
        return {"lua_schema": source} if source else {}

    target = entity_target(control_plane, kind, {"name": options["name"]})
    return replace(
        target,
        compose=compose,
        normalizer=lambda row: normalize_entity(kind, {name: row[name] for name in row if name == "lua_schema"}),
        view=_view,
    )


def _result(target: Target, act: Callable[[Target], Outcome]) -> dict[str, Any]:
    result = entity_result(target, act(target))
    name = CUSTOM_PLUGIN.result_name
    return {**result, name: _view(result[name])}


def _view(row: Entity) -> Entity:
    """A plugin in either form under the same names of fields."""
    return {"schema" if name == "lua_schema" else name: value for name, value in row.items()}
