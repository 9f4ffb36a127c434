# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Plugins: identity by name and scope, and configurations in the light of their live schema."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, Literal, TypeAlias

from ansible_collections.community.konnect.plugins.module_utils import _schemas as schemas
from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import canonical, merge, overlay, plain
from ansible_collections.community.konnect.plugins.module_utils._entities import PLUGIN, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._lookup import Parent
from ansible_collections.community.konnect.plugins.module_utils._named import show_parents
from ansible_collections.community.konnect.plugins.module_utils._partials import Partials, without
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Target

# What a plugin can be scoped to, each field named as its kind; (name, scope) is the identity.
SCOPES = tuple(PLUGIN.parents)
ConfigMode = Literal["replace", "merge"]
Scope: TypeAlias = "Mapping[str, Parent | None]"


def config_spec(client: KonnectClient, control_plane_id: str, name: str, *, must_exist: bool = True) -> schemas.Spec:
    """The live schema of a plugin's configuration; a plugin that Konnect does not know is an error, if it must."""
    path = ("control-planes", control_plane_id, "core-entities", "schemas", "plugins", name)
    schema = client.find(path)
    if schema is None and must_exist:
        raise InvalidInput(
            f"Konnect knows no plugin {name}. Check name; a custom plugin must be uploaded to the control plane first.",
            code="unknown_plugin",
        )
    return schemas.config_spec(schema or {})


def check_config(client: KonnectClient, spec: schemas.Spec, name: str, config: Any) -> None:
    """Refuse misspelt fields, and keep literals in secret fields out of everything that is shown."""
    client.secrets.update(schemas.secret_literals(spec, config))
    unknown = schemas.unknown_fields(spec, config)
    found = []
    for path, known in unknown:
        close = difflib.get_close_matches(path.rpartition(".")[2], known, n=1)
        found.append(f"{path} (did you mean {close[0]}?)" if close else f"{path} (there are {', '.join(known)})")
    if found:
        raise InvalidInput(
            f"Plugin {name} has no such field: {'; '.join(found)}.",
            code="unknown_field",
            fields=[{"field": path, "reason": "unknown field"} for path, _known in unknown],
        )


def check_scope(options: Mapping[str, Any]) -> None:
    """Refuse an empty scope, often a variable that is not set: it would mean the whole control plane."""
    movable = options["instance_name"] and options["state"] == "present"
    empty = [field for field in SCOPES if options[field] == ""]
    if empty and not movable:
        raise InvalidInput(
            f"{', '.join(empty)} is empty. Leave it out for a plugin that is not scoped to one; an empty one takes a "
            "plugin off its scope, which needs instance_name.",
        )


def plugin_target(
    client: KonnectClient,
    control_plane_id: str,
    name: str,
    instance_name: str | None,
    scope: Scope,
    spec: schemas.Spec,
    partials: Partials,
) -> Target:
    """The plugin of that name in that scope, or the one that carries the instance name, wherever it is.

    :param scope: the parents by field; None for a field that the plugin is to be taken off. Empty for a global plugin.
    """
    parents = {field: parent for field, parent in scope.items() if parent}
    name_parents = show_parents(parents)

    def in_scope(plugin: Entity) -> bool:
        wanted = {field: parent.id for field, parent in parents.items()}
        return plugin["name"] == name and all(_id(plugin.get(field)) == wanted.get(field) for field in SCOPES)

    def carries_name(plugin: Entity) -> bool:
        return plugin["name"] == name and plugin.get("instance_name") == instance_name

    def normal(plugin: Entity) -> Entity:
        links = partials.normal(plugin.get("partials"))
        result = canonical(PLUGIN, {**plugin, "config": None, "partials": links})
        own_spec = reduce(schemas.without_field, partials.paths(links), spec)
        return {**result, "config": schemas.normal(own_spec, plugin.get("config"))}

    def show(plugin: Entity) -> Entity:
        links = {"partials": partials.show(plugin["partials"])} if "partials" in plugin else {}
        return {**name_parents(plugin), **links, "config": schemas.without_defaults(spec, plugin["config"])}

    keys = [name, *(f"{field}/{parents[field].id}" for field in SCOPES if field in parents)]
    target = Target(
        client,
        control_plane_id,
        PLUGIN,
        natural_key="/".join(keys),
        matches=in_scope,
        query={"filter[name][eq]": name},
        normal=normal,
        show=show,
        can_validate=not partials.predicted,
    )
    return replace(target, matches=carries_name) if instance_name else target


def target_to_ensure(target: Target, by_scope: Target, *, scoped: bool) -> Target:
    """Of the plugin that carries an instance name and the one in the scope, the one to make as the task says.

    When none carries the name, the one in the scope gets it. When two are meant, only one can be.

    :param scoped: whether the task names a scope, into which the carrier would have to move.
    """
    carrier, occupant = target.find(), by_scope.find()
    if scoped and carrier and occupant and carrier["id"] != occupant["id"]:
        raise KonnectError(
            f"Plugin {carrier['name']} with the instance name {carrier['instance_name']} is {carrier['id']}, but the "
            f"scope of the task belongs to plugin {occupant['id']}. Remove one of them.",
            code="ambiguous",
        )
    return target if carrier or not occupant else by_scope


def refuse_elsewhere(parents: Mapping[str, Parent]) -> Callable[[Entity], None]:
    """A guard for a removal: the plugin that carries an instance name must be in the scope, when one is given."""

    def guard(plugin: Entity) -> None:
        elsewhere = [field for field, parent in parents.items() if _id(plugin.get(field)) != parent.id]
        if elsewhere:
            raise KonnectError(
                f"Plugin {PLUGIN.display(plugin)} ({plugin['id']}) was not removed: it is not on that "
                f"{' and '.join(elsewhere)}. Leave the scope out to remove it wherever it is.",
                code="elsewhere",
            )

    return guard


def composer(
    options: Entity, scope: Scope, spec: schemas.Spec, config: Any, config_mode: ConfigMode, partials: Partials
) -> Callable[[Entity | None], Entity]:
    """What the plugin should be: options over what is there, and the configuration as config_mode says.

    :param scope: as for plugin_target; a field that is not in it stays as it is.
    :param config: None keeps the server's, but for what belongs to a partial, before or after.
    """
    parents = {field: {"id": parent.id} for field, parent in scope.items() if parent}
    wanted = None if config is None else schemas.to_send(spec, plain(config) if config_mode == "replace" else config)

    def compose(current: Entity | None) -> Entity:
        held = {field: value for field, value in (current or {}).items() if field not in scope and field != "config"}
        body = {**overlay(held, options), **parents}
        links = body.get("partials")
        partials.refuse_config(links, wanted)
        # With its nulls, which are not the defaults, and without deprecated twins of fields that are about to change.
        held_config = without(own_config(spec, current or {}, partials), partials.paths(links))
        if wanted is None:
            body["config"] = held_config
        else:
            body["config"] = wanted if config_mode == "replace" else merge(held_config, wanted)
        return body

    return compose


def own_config(spec: schemas.Spec, plugin: Entity, partials: Partials) -> Any:
    """The configuration that a plugin holds itself, as it is sent: without what a partial gives it."""
    return without(schemas.to_send(spec, plugin.get("config") or {}), partials.paths(plugin.get("partials")))


def masked(spec: schemas.Spec, plugin: Entity | None, before: Entity | None = None) -> Entity:
    """A plugin for a result or a diff."""
    if not plugin:
        return {}
    shown = plain(plugin)
    if "config" in shown:
        shown["config"] = schemas.masked(spec, shown["config"], (before or {}).get("config"))
    return shown


def _id(parent: Any) -> str | None:
    return parent.get("id") if isinstance(parent, Mapping) else None
