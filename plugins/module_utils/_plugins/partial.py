# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Partials: parts of configurations that plugins share, under the live schema of their type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._entities.comparison import normalize_entity, overlay, without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.kind import Entity
from .._entities.kinds import PARTIAL
from .._entities.listing import with_origin
from .._entities.managed_entity import entity_target, remove_entity
from .._entities.reconcile import ABSENT, Target, ensure
from .._errors import ErrorCode, InvalidInput
from .._references.targets import ReferenceTargets
from .._references.validation import check_findings, follow
from .config import PluginConfig

Options = Mapping[str, Any]


def ensure_partial(control_plane: ControlPlane, options: Options) -> dict[str, Any]:
    """The result of konnect_partial, whose options these are, with C(state=present)."""
    held = control_plane.resolve_if_exists(PARTIAL, options["name"])
    if held is None and not options["type"]:
        raise InvalidInput(f"There is no partial {options['name']} yet. To create it, give type.")
    type_name = str(options["type"] or (held or {})["type"])
    if held and held.get("type", type_name) != type_name:
        raise InvalidInput(
            f"Partial {options['name']} has the type {held['type']}, which cannot be changed to {type_name}. Give it "
            "another name, or remove it first.",
            code=ErrorCode.IMMUTABLE,
        )
    config = partial_config(control_plane, options, type_name)
    config.check(options["config"])
    config.check_literals(options["config"], options["literal_secrets"])
    found = follow(ReferenceTargets(control_plane), config.references(options["config"]))
    check_findings(control_plane.task, found, options["check_references"])
    return _result(ensure(_target(control_plane, config, options)), config, control_plane)


def remove_partial(control_plane: ControlPlane, options: Options) -> dict[str, Any]:
    """The result of konnect_partial, whose options these are, with C(state=absent)."""
    held = control_plane.resolve_if_exists(PARTIAL, options["name"])
    if held is None:
        return ABSENT.result(PARTIAL.name)
    config = partial_config(control_plane, options, str(held["type"]), must_exist=False)
    return _result(remove_entity(_target(control_plane, config, options), options["on_in_use"]), config, control_plane)


def partial_config(
    control_plane: ControlPlane, options: Options, type_name: str, *, must_exist: bool = True
) -> PluginConfig:
    """The rules of the configuration of a type."""
    hidden = options["sensitive_fields"] or ()
    return PluginConfig(control_plane, type_name, kind=PARTIAL, must_exist=must_exist, sensitive_fields=hidden)


def partial_row(control_plane: ControlPlane, config: PluginConfig, partial: Entity) -> Entity:
    """A partial as konnect_partial_info returns it."""
    return with_origin(control_plane, PARTIAL, [str(partial.get("name"))], config.mask(partial))


def _target(control_plane: ControlPlane, config: PluginConfig, options: Options) -> Target:
    fields = {"type": config.name, **{name: options[name] for name in ("name", "tags")}}
    target = entity_target(control_plane, PARTIAL, fields)
    sent = config.to_send(options["config"])

    def compose(current: Entity | None) -> Entity:
        body = overlay({name: value for name, value in target.compose(current).items() if name != "config"}, {})
        held = config.own(current or {})
        if sent is None:
            return {**body, "config": held}
        kept = config.keep(sent, held)
        # The description of the API allows no nulls in a partial.
        body["config"] = without_nulls(config.desired(held, kept.data, options["config_mode"]))
        if not options["keep_secrets_on_move"]:
            config.check_destinations(kept, held, body["config"])
        return body

    def normalize(partial: Entity) -> Entity:
        return {**normalize_entity(PARTIAL, partial), "config": config.normalize(partial.get("config"), [])}

    def view(partial: Entity) -> Entity:
        return {**partial, "config": config.without_defaults(partial["config"])}

    return replace(target, compose=compose, normalizer=normalize, view=view, hidden={"config": config.hidden})


def _result(outcome: Any, config: PluginConfig, control_plane: ControlPlane) -> dict[str, Any]:
    result: dict[str, Any] = outcome.result(PARTIAL.name, config.mask)
    known = outcome.after or outcome.before or {}
    row = partial_row(control_plane, config, known)
    return {**result, "created_by_collection": row["created_by_collection"]}
