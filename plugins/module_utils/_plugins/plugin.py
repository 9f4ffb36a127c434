# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Plugins: identity by name and scope, or by instance name; everything is checked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from .._client.side_by_side import side_by_side
from .._entities.comparison import normalize_entity, overlay
from .._entities.control_plane import ControlPlane
from .._entities.entity_view import diff_view
from .._entities.kind import Entity
from .._entities.kinds import KINDS, PLUGIN
from .._entities.listing import with_origin
from .._entities.lookup import Resolved
from .._entities.option_lists import check_lists
from .._entities.reconcile import ABSENT, Compose, Target, ensure, remove
from .._errors import ErrorCode, InvalidInput, KonnectError
from .._references.targets import ReferenceTargets
from .._references.validation import check_findings, follow
from .._task import Task
from .._vault_reference import references_in
from .config import PluginConfig
from .partials import without

# What a plugin can be scoped to, each field named as its kind; (name, scope) is the identity.
SCOPES = tuple(PLUGIN.parents)
FIELDS = ("name", "instance_name", "enabled", "protocols", "ordering", "condition", "tags")
# By field, None for a field that the plugin is to be taken off. Empty for a global plugin.
Scope: TypeAlias = "Mapping[str, Resolved | None]"


def ensure_plugin(control_plane: ControlPlane, options: Mapping[str, Any]) -> dict[str, Any]:
    """The result of konnect_plugin, whose options these are, with C(state=present)."""
    check_scope(control_plane.task, options)
    check_lists(options, ("protocols", "tags"))
    targets = ReferenceTargets(control_plane)
    read = _read(control_plane, options, targets)
    config: PluginConfig = next(read)
    config.check(options["config"])
    config.check_literals(options["config"], options["literal_secrets"])
    next(read)
    check_findings(
        control_plane.task, follow(targets, config.references(options["config"])), options["check_references"]
    )
    scope = {
        field: control_plane.resolve(KINDS[kind], options[field]) if options[field] else None
        for field, kind in PLUGIN.parents.items()
        if options[field] is not None
    }
    links = config.partials.links(options["partials"])
    fields = {**{field: options[field] for field in FIELDS}, "partials": links}
    compose = _composer(config, fields, scope, options)
    target = _by_scope(control_plane, config, scope, compose)
    listed = next(read)
    if options["instance_name"]:
        name = options["instance_name"]
        target = _pick(_by_instance_name(target, config, name), target, listed, name, scoped=bool(scope))
    return ensure(target, listed).result("plugin", config.mask)


def _read(control_plane: ControlPlane, options: Mapping[str, Any], targets: ReferenceTargets) -> Iterator[Any]:
    """Read side by side the rules of the configuration, the vaults where it refers to one, and the plugins of the name.

    Each comes when it is asked for, in this order.
    """
    name, hidden = options["name"], options["sensitive_fields"] or ()
    refers = options["check_references"] != "ignore" and any(references_in(options["config"]))
    plugins = control_plane.endpoint(PLUGIN)
    lookups: list[Callable[[], Any]] = [
        partial(PluginConfig, control_plane, name, sensitive_fields=hidden),
        lambda: targets.vaults if refers else None,
        lambda: [*plugins.list(_of_name(name))],
    ]
    return side_by_side(control_plane.client, lookups)


def remove_plugin(control_plane: ControlPlane, options: Mapping[str, Any]) -> dict[str, Any]:
    """The result of konnect_plugin, whose options these are, with C(state=absent)."""
    check_scope(control_plane.task, options)
    hidden = options["sensitive_fields"] or ()
    config = PluginConfig(control_plane, options["name"], must_exist=False, sensitive_fields=hidden)
    parents = {}
    for field, kind in PLUGIN.parents.items():
        if options[field]:
            parent = control_plane.resolve_if_exists(KINDS[kind], options[field])
            if parent is None:
                return ABSENT.result("plugin")
            parents[field] = Resolved(parent)
    target = _by_scope(control_plane, config, parents)
    if options["instance_name"]:
        target = _by_instance_name(target, config, options["instance_name"])
    return remove(target, "fail", _scope_check(parents)).result("plugin", config.mask)


def check_scope(task: Task, options: Mapping[str, Any]) -> None:
    """Refuse to take a plugin off a scope where the scope is its identity, and warn of a scope that is an empty text,
    often a variable that is not set: without another one the plugin is that of the whole control plane.
    """
    movable = options["instance_name"] and options["state"] == "present"
    none = [field for field in SCOPES if options[field] == {}]
    if none and not movable:
        raise InvalidInput(
            f"{', '.join(none)} is an empty mapping, which takes a plugin off its scope and needs instance_name. Leave "
            "it out for a plugin that is not scoped to one."
        )
    empty = [field for field in SCOPES if field in task.empty_options]
    if empty and not options["instance_name"] and not any(options[field] for field in SCOPES):
        task.warn(
            f"{', '.join(empty)} is empty, so the plugin is the one of the whole control plane. Is a variable not set?"
        )


def plugin_row(control_plane: ControlPlane, config: PluginConfig, plugin: Entity) -> Entity:
    """A plugin as konnect_plugin_info returns it."""
    return with_origin(control_plane, PLUGIN, [_natural_key(plugin["name"], _scope_of(plugin))], config.mask(plugin))


def is_created_by_collection(control_plane: ControlPlane, plugin: Entity) -> bool:
    """True if a plugin has the id that this collection gives to the plugin of its name in its scope."""
    return plugin["id"] == control_plane.deterministic_id(PLUGIN, _natural_key(plugin["name"], _scope_of(plugin)))


def _scope_of(plugin: Entity) -> dict[str, str]:
    """The ids of what a plugin is scoped to, by field."""
    return {field: parent_id for field in SCOPES if (parent_id := _id(plugin.get(field)))}


def _by_scope(
    control_plane: ControlPlane, config: PluginConfig, scope: Scope, compose: Compose | None = None
) -> Target:
    """The plugin of that name in that scope."""
    parents = {field: parent for field, parent in scope.items() if parent}
    ids = {field: parent.id for field, parent in parents.items()}
    partials, name_parents = config.partials, diff_view(PLUGIN, parents)

    def in_scope(plugin: Entity) -> bool:
        return plugin["name"] == config.name and all(_id(plugin.get(field)) == ids.get(field) for field in SCOPES)

    def normalize(plugin: Entity) -> Entity:
        links = partials.normalize(plugin.get("partials"))
        result = normalize_entity(PLUGIN, {**plugin, "partials": links})
        return {**result, "config": config.normalize(plugin.get("config"), links)}

    def view(plugin: Entity) -> Entity:
        links = {"partials": partials.view(plugin["partials"])} if "partials" in plugin else {}
        return {**name_parents(plugin), **links, "config": config.without_defaults(plugin["config"])}

    target = Target(
        control_plane,
        PLUGIN,
        natural_key=_natural_key(config.name, ids),
        matches=in_scope,
        query=_of_name(config.name),
        normalizer=normalize,
        view=view,
        can_validate=not partials.predicted,
        hidden={"config": config.hidden},
    )
    return replace(target, compose=compose) if compose else target


def _by_instance_name(target: Target, config: PluginConfig, instance_name: str) -> Target:
    """The plugin of that name that carries the instance name, wherever it is."""
    return replace(
        target,
        matches=lambda plugin: plugin["name"] == config.name and plugin.get("instance_name") == instance_name,
    )


def _pick(
    by_instance_name: Target, by_scope: Target, listed: list[Entity], instance_name: str, *, scoped: bool
) -> Target:
    """Of the plugin that carries an instance name and the one in the scope, the one to bring to the desired state.

    A plugin of another name may not carry it.

    When none carries the name, the one in the scope gets it. When two are meant, only one can be.

    :param listed: the plugins of that name.
    :param scoped: whether the task names a scope, into which the plugin with the name would have to move.
    """
    named, in_scope = by_instance_name.find(listed), by_scope.find(listed)
    if named is None:
        _check_instance_name(by_instance_name, instance_name)
    if scoped and named and in_scope and named["id"] != in_scope["id"]:
        raise KonnectError(
            f"Plugin {named['name']} with the instance name {named['instance_name']} is {named['id']}, but the scope "
            f"of the task belongs to plugin {in_scope['id']}. Remove one of them.",
            code=ErrorCode.AMBIGUOUS,
        )
    return by_instance_name if named or not in_scope else by_scope


def _check_instance_name(target: Target, instance_name: str) -> None:
    for plugin in target.endpoint.list():
        if plugin.get("instance_name") == instance_name:
            raise KonnectError(
                f"The instance name {instance_name} is that of plugin {plugin['name']} ({plugin['id']}) already. "
                "Choose another instance_name.",
                code=ErrorCode.CONFLICT,
            )


def _scope_check(parents: Mapping[str, Resolved]) -> Callable[[Entity], None]:
    """Refuse to remove a plugin that carries an instance name and is not in the scope that the task gives."""

    def check(plugin: Entity) -> None:
        other = [field for field, parent in parents.items() if _id(plugin.get(field)) != parent.id]
        if other:
            raise KonnectError(
                f"Plugin {PLUGIN.display(plugin)} ({plugin['id']}) was not removed: it is not on that "
                f"{' and '.join(other)}. Leave the scope out to remove it wherever it is.",
                code=ErrorCode.SCOPE_MISMATCH,
            )

    return check


def _composer(config: PluginConfig, fields: Entity, scope: Scope, options: Mapping[str, Any]) -> Compose:
    """Compose the desired plugin: options over the current one, and the configuration as config_mode says.

    :param scope: a field that is not in it stays as it is.
    :param options: its C(config) of None keeps the server's configuration, but for what belongs to a partial, before or
        after.
    """
    parents = {field: {"id": parent.id} for field, parent in scope.items() if parent}
    partials, config_mode = config.partials, options["config_mode"]
    sent = config.to_send(options["config"])

    def compose(current: Entity | None) -> Entity:
        held = {field: value for field, value in (current or {}).items() if field not in scope and field != "config"}
        body = {**overlay(held, fields), **parents}
        theirs = partials.paths(body.get("partials"))
        # With its nulls, which are not the defaults, and without deprecated twins of fields that are about to change.
        held_config = without(config.own(current or {}), theirs)
        if sent is None:
            return {**body, "config": held_config}
        given = config.without_unchanged(sent, current or {}, theirs)
        partials.check_config(body.get("partials"), given)
        kept = config.keep(given, held_config)
        body["config"] = config.desired(held_config, kept.data, config_mode)
        if not options["keep_secrets_on_move"]:
            config.check_destinations(kept, held_config, body["config"])
        return body

    return compose


def _of_name(name: str) -> dict[str, str]:
    """The filter for the plugins of a name."""
    return {"filter[name][eq]": name}


def _natural_key(name: str, scope: Mapping[str, str]) -> str:
    """The identity of a plugin as text.

    :param scope: ids by field.
    """
    return "/".join([name, *(f"{field}/{scope[field]}" for field in SCOPES if field in scope)])


def _id(parent: Any) -> str | None:
    return parent.get("id") if isinstance(parent, Mapping) else None
