# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Plugins: identity by name and scope, and configurations in the light of their live schema."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from ansible_collections.community.konnect.plugins.module_utils import _schemas as schemas
from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import canonical, merge, overlay, plain
from ansible_collections.community.konnect.plugins.module_utils._entities import PLUGIN, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._lookup import Parent
from ansible_collections.community.konnect.plugins.module_utils._named import show_parents
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Target

# What a plugin can be scoped to, each field named as its kind; (name, scope) is the identity.
SCOPES = tuple(PLUGIN.parents)
ConfigMode = Literal["replace", "merge"]


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
    found = []
    for path, known in schemas.unknown_fields(spec, config):
        close = difflib.get_close_matches(path.rpartition(".")[2], known, n=1)
        found.append(f"{path} (did you mean {close[0]}?)" if close else f"{path} (there are {', '.join(known)})")
    if found:
        raise InvalidInput(
            f"Plugin {name} has no such field: {'; '.join(found)}.",
            code="unknown_field",
            fields=[
                {"field": path, "reason": "unknown field"} for path, _known in schemas.unknown_fields(spec, config)
            ],
        )


def plugin_target(
    client: KonnectClient,
    control_plane_id: str,
    name: str,
    instance_name: str | None,
    scope: Mapping[str, Parent],
    spec: schemas.Spec,
) -> Target:
    """The plugin of that name in that scope; with an instance name, the plugin that carries it goes first.

    :param scope: the parents by field; empty for a global plugin.
    """
    ids = {field: parent.id for field, parent in scope.items()}
    name_parents = show_parents(scope)

    def in_scope(plugin: Entity) -> bool:
        return plugin["name"] == name and all(_id(plugin.get(field)) == ids.get(field) for field in SCOPES)

    def normal(plugin: Entity) -> Entity:
        result = canonical(PLUGIN, {key: value for key, value in plugin.items() if key != "config"})
        return {**result, "config": schemas.normal(spec, plugin.get("config"))}

    def show(plugin: Entity) -> Entity:
        return {**name_parents(plugin), "config": schemas.without_defaults(spec, plugin["config"])}

    target = Target(
        client,
        control_plane_id,
        PLUGIN,
        natural_key="/".join([name, *(f"{field}/{ids[field]}" for field in SCOPES if field in ids)]),
        matches=in_scope,
        query={"filter[name][eq]": name},
        normal=normal,
        show=show,
    )
    if not instance_name:
        return target
    by_instance = replace(target, matches=lambda plugin: plugin.get("instance_name") == instance_name)
    by_instance = replace(by_instance, natural_key=f"{target.natural_key}/instance/{instance_name}")
    found = by_instance.find()
    if found is None:
        return target if target.find() is not None else replace(target, natural_key=by_instance.natural_key)
    occupied = target.find()
    if occupied is not None and occupied["id"] != found["id"]:
        raise KonnectError(
            f"Plugin {name} with the instance name {instance_name} is {found['id']}, but its scope belongs to plugin "
            f"{occupied['id']}. Remove one of them.",
            code="ambiguous",
        )
    return by_instance


def composer(
    options: Entity, scope: Mapping[str, Parent], spec: schemas.Spec, config: Any, config_mode: ConfigMode
) -> Callable[[Entity | None], Entity]:
    """What the plugin should be: options over what is there, and the configuration as config_mode says.

    :param config: None keeps the server's.
    """
    parents = {field: {"id": scope[field].id} if field in scope else None for field in SCOPES}
    wanted = None if config is None else schemas.to_send(spec, plain(config) if config_mode == "replace" else config)

    def compose(current: Entity | None) -> Entity:
        held = {field: value for field, value in (current or {}).items() if field not in SCOPES}
        body = {**overlay(held, options), **{field: parent for field, parent in parents.items() if parent}}
        held_config = plain((current or {}).get("config") or {})
        if wanted is None:
            body["config"] = held_config
        else:
            body["config"] = plain(wanted) if config_mode == "replace" else merge(held_config, wanted)
        return body

    return compose


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
