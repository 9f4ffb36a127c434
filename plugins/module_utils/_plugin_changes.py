# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Make a plugin what a task says, or remove it: everything is checked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import KINDS, PLUGIN, Entity
from ansible_collections.community.konnect.plugins.module_utils._lookup import (
    Parent,
    find_parent,
    find_parent_if_there,
)
from ansible_collections.community.konnect.plugins.module_utils._partials import Partials
from ansible_collections.community.konnect.plugins.module_utils._plugins import (
    check_config,
    check_scope,
    composer,
    config_spec,
    masked,
    plugin_target,
    refuse_elsewhere,
    target_to_ensure,
)
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Outcome, remove, sync
from ansible_collections.community.konnect.plugins.module_utils._reference_check import (
    check_literals,
    findings,
    plugin_sites,
    refuse_broken,
)
from ansible_collections.community.konnect.plugins.module_utils._reference_targets import ReferenceTargets
from ansible_collections.community.konnect.plugins.module_utils._schemas import Spec

SCOPE_KINDS = tuple(KINDS[name] for name in PLUGIN.parents.values())
FIELDS = ("name", "instance_name", "enabled", "protocols", "ordering", "condition", "tags")


def ensure_plugin(
    client: KonnectClient, control_plane: Entity, options: Mapping[str, Any], *, check_mode: bool
) -> dict[str, Any]:
    """The result of konnect_plugin, whose options these are, with C(state=present)."""
    check_scope(options)
    name, instance_name, config = options["name"], options["instance_name"], options["config"]
    spec = config_spec(client, control_plane["id"], name)
    partials = Partials(client, control_plane, spec)
    check_config(client, spec, name, config)
    check_literals(client, spec, config, options["literal_secrets"])
    found = findings(ReferenceTargets(client, control_plane["id"]), plugin_sites(spec, name, config))
    refuse_broken(client, found, options["check_references"], check_mode=check_mode)
    scope = {
        kind.name: options[kind.name]
        and find_parent(client, control_plane, kind, options[kind.name], check_mode=check_mode)
        for kind in SCOPE_KINDS
        if options[kind.name] is not None
    }
    links = partials.links(options["partials"], check_mode=check_mode)
    target = plugin_target(client, control_plane["id"], name, instance_name, scope, spec, partials)
    if instance_name:
        by_scope = plugin_target(client, control_plane["id"], name, None, scope, spec, partials)
        target = target_to_ensure(target, by_scope, scoped=bool(scope))
    own = {**{field: options[field] for field in FIELDS}, "partials": links}
    compose = composer(own, scope, spec, config, options["config_mode"], partials)
    return _result(spec, sync(target, compose, check_mode=check_mode))


def remove_plugin(
    client: KonnectClient, control_plane: Entity, options: Mapping[str, Any], *, check_mode: bool
) -> dict[str, Any]:
    """The same with C(state=absent)."""
    check_scope(options)
    name = options["name"]
    spec = config_spec(client, control_plane["id"], name, must_exist=False)
    parents = {}
    for kind in SCOPE_KINDS:
        if options[kind.name]:
            parent = find_parent_if_there(client, control_plane, kind, options[kind.name])
            if parent is None:
                return _result(spec, Outcome(False, None, None))
            parents[kind.name] = Parent(parent)
    partials = Partials(client, control_plane, spec)
    target = plugin_target(client, control_plane["id"], name, options["instance_name"], parents, spec, partials)
    return _result(spec, remove(target, check_mode=check_mode, guard=refuse_elsewhere(parents)))


def _result(spec: Spec, outcome: Outcome) -> dict[str, Any]:
    before, after = outcome.shown["before"], outcome.shown["after"]
    return {
        "changed": outcome.changed,
        "plugin": masked(spec, outcome.after or outcome.before),
        "diff": {"before": masked(spec, before), "after": masked(spec, after, before)},
    }
