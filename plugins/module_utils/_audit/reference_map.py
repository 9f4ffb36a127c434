# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Every secret reference in a control plane: where it is, where it leads, and which secrets are unused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from .._client.side_by_side import side_by_side
from .._entities.ai_secrets import UNVERIFIED
from .._entities.control_plane import DEFAULT_WORKSPACE, ControlPlane
from .._entities.kind import REFERENCEABLE, Entity, Kind, Spec
from .._entities.kinds import CONFIG_STORE, KINDS, PLUGIN, VAULT
from .._entities.listing import read_lists
from .._entities.lookup import Resolved
from .._entities.usage import exposed_store_id
from .._hidden_fields import BY_NAME, EVERYTHING, HiddenFields
from .._masking import ANSIBLE_PLACEHOLDER, PLACEHOLDER
from .._plugins.config import PluginConfig
from .._plugins.schema import config_spec, reference_sites
from .._references.targets import ReferenceTargets
from .._references.validation import STATES, Finding, Site, check_findings, follow
from .._secrets.secret import age
from .._vault_reference import mentions, mistake, texts
from .certificates import read_certificates
from .vault_backend import check_backend

SUMMARY = (*STATES, "unused_secrets", "unused_vaults")


class ReferenceFields:
    """The fields that may hold references, by live schemas that are read once each."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._control_plane = control_plane
        self._configs: dict[str, PluginConfig] = {}
        self._partials: dict[str, dict[str, Spec]] = {}

    def sites(self, kind: Kind, entity: Entity) -> Iterator[Site]:
        """The texts of an entity that mention references, in the fields that its schema knows."""
        if not _may_refer(entity):
            return
        if kind is PLUGIN:
            # Konnect may also return deprecated fields and what a partial gives; these count once.
            config = self.plugin_config(entity)
            yield from config.references(config.own(entity))
            return
        for name, field_spec in self._specs(kind, entity).items():
            yield from reference_sites(field_spec, entity.get(name), name)

    def read_plugins(self, plugins: Sequence[Entity]) -> None:
        """Read side by side the schemas of the plugins that mention references."""
        names = sorted({str(plugin["name"]) for plugin in plugins if _may_refer(plugin)} - self._configs.keys())
        lookups = [partial(PluginConfig, self._control_plane, name, must_exist=False) for name in names]
        self._configs.update(zip(names, side_by_side(self._control_plane.client, lookups), strict=True))

    def hidden(self, kind: Kind, entity: Entity) -> Mapping[str, HiddenFields]:
        """The rule of what is secret in an entity, by field."""
        if kind is PLUGIN:
            return {"config": self.plugin_config(entity).hidden}
        return {"config": BY_NAME} if kind is VAULT else dict.fromkeys(self._specs(kind, entity), EVERYTHING)

    def plugin_config(self, plugin: Entity) -> PluginConfig:
        name = str(plugin["name"])
        if name not in self._configs:
            self._configs[name] = PluginConfig(self._control_plane, name, must_exist=False)
        return self._configs[name]

    def _specs(self, kind: Kind, entity: Entity) -> Mapping[str, Spec]:
        if not kind.live_schema:
            return kind.texts
        name = str(entity.get("type"))
        if name not in self._partials:
            live = self._control_plane.schema("partials", name)
            self._partials[name] = {"config": config_spec(live or {})}
        return self._partials[name]


def _may_refer(entity: Entity) -> bool:
    return any(mentions(text) or mistake(text) for _path, text in texts(entity))


def read_findings(
    control_plane: ControlPlane,
    targets: ReferenceTargets,
    lists: Mapping[str, Sequence[Entity]],
) -> Iterator[tuple[Kind, Entity, Finding]]:
    """Every reference in every entity that can hold one, and every placeholder that was written over a secret.

    :param lists: all entities of each kind that can, by its name; those of vaults need not be there.
    """
    fields = ReferenceFields(control_plane)
    fields.read_plugins(lists.get(PLUGIN.name, ()))
    for kind in control_plane.product.referring:
        for entity in targets.vaults.values() if kind is VAULT else lists[kind.name]:
            for finding in chain(follow(targets, fields.sites(kind, entity)), _placeholders(entity)):
                yield kind, entity, finding


def _placeholders(entity: Entity) -> Iterator[Finding]:
    for field, text in texts(entity):
        found = PLACEHOLDER.search(text) or ANSIBLE_PLACEHOLDER.search(text)
        if found:
            message = (
                f"{field} holds the text {found[0]}, which stood for a secret that was not shown and was written over "
                "it. Write the secret again."
            )
            yield Finding(field, found[0], "malformed", "placeholder", message)


def check_vault(
    control_plane: ControlPlane, targets: ReferenceTargets, options: Mapping[str, Any], store: Resolved | None
) -> None:
    """Refuse references in a vault's settings that cannot be resolved, and a config store that lacks secrets to which
    references lead through the vault; and what C(check_backend) refuses.

    :param options: of konnect_vault.
    :param store: the config store that it is to expose, when one is named.
    """
    prefix, severity = options["prefix"], options["check_references"]
    settings = reference_sites({"type": "map", "values": REFERENCEABLE}, options["config"] or {})
    check_findings(control_plane.task, follow(targets, settings), severity)
    check_backend(targets, control_plane, options)
    store_id = store.id if store else exposed_store_id(dict(options))
    vault = targets.vaults.get(prefix) if store_id and severity != "ignore" else None
    if vault is None or exposed_store_id(vault) in (None, store_id):
        return
    after = targets.with_vault({**vault, "config": {"config_store_id": store_id}})
    lists = read_lists(control_plane, control_plane.product.referring_besides_vaults)
    moved = [
        replace(
            finding, message=f"{kind.label.capitalize()} {kind.display(entity)} ({entity['id']}): {finding.message}"
        )
        for kind, entity, finding in read_findings(control_plane, after, lists)
        if finding.is_dangling and finding.parsed and finding.parsed.prefix == prefix
    ]
    check_findings(control_plane.task, moved, severity)


def read_map(control_plane: ControlPlane) -> dict[str, Any]:
    """``{"control_plane", "references", "secrets", "vaults", "certificates", "summary"}`` of all workspaces, as
    konnect_reference_info returns it.
    """
    maps = [_read_workspace(view) for view in control_plane.everywhere()]
    summary = sum((Counter(found.pop("summary")) for found in maps), Counter(dict.fromkeys(SUMMARY, 0)))
    return {
        "control_plane": {**_name_and_id(control_plane.entity), "kind": control_plane.product.kind.name},
        **{name: [row for found in maps for row in found[name]] for name in maps[0]},
        "summary": {name: summary[name] for name in SUMMARY},
    }


def _read_workspace(control_plane: ControlPlane) -> dict[str, Any]:
    """The map of one workspace; each row has its name."""
    targets = ReferenceTargets(control_plane)
    lists = _read_lists(control_plane, targets)
    found = list(read_findings(control_plane, targets, lists))
    parents = _parents(control_plane, [entity for _kind, entity, _finding in found])
    rows = [_row(targets, kind, entity, finding, parents) for kind, entity, finding in found]
    rows.sort(key=lambda row: (row["entity"], str(row["name"]), row["id"], row["field"], row["reference"]))
    secrets = _secrets(targets, rows, control_plane.client.server_time)
    vaults = _vaults(targets, rows)
    place = {"workspace": control_plane.workspace}
    return {
        "references": [{**row, **place} for row in rows],
        "secrets": [{**row, **place} for row in secrets],
        "vaults": [{**row, **place} for row in vaults],
        "certificates": [{**row, **place} for row in read_certificates(control_plane.product, lists)],
        "summary": {
            **Counter(row["state"] for row in rows),
            "unused_secrets": sum(not secret["in_use"] for secret in secrets),
            "unused_vaults": sum(not vault["in_use"] for vault in vaults),
        },
    }


def _read_lists(control_plane: ControlPlane, targets: ReferenceTargets) -> dict[str, Sequence[Entity]]:
    """All entities of each kind that the map is of, by its name. What targets are asked for is read with them."""
    product, client = control_plane.product, control_plane.client
    # What belongs to no workspace is in the map of the first one.
    is_first = control_plane.workspace == DEFAULT_WORKSPACE
    certificates = [kind for kind, _fields in product.certificates if is_first or not kind.shared]
    kinds = {kind.name: kind for kind in (*product.referring_besides_vaults, *certificates)}
    lookups: dict[str, Callable[[], Any]] = {
        CONFIG_STORE.name: lambda: targets.stores,
        VAULT.name: lambda: targets.vaults,
        **{name: partial(control_plane.list_if_supported, kind) for name, kind in kinds.items()},
    }
    lists = dict(zip(lookups, side_by_side(client, [*lookups.values()]), strict=True))
    list(side_by_side(client, [partial(targets.secrets, store_id) for store_id in targets.stores]))
    return lists


def _row(
    targets: ReferenceTargets, kind: Kind, entity: Entity, finding: Finding, parents: Mapping[str, Entity]
) -> dict[str, Any]:
    def parent(field: str) -> dict[str, Any] | None:
        parent_id = (entity.get(field) or {}).get("id")
        return {"id": parent_id, "name": parents.get(parent_id, {}).get("name")} if parent_id else None

    scope = {field: parent(field) for field in PLUGIN.parents}
    route = parents.get((scope["route"] or {}).get("id") or "", {})
    if scope["service"] is None and route.get("service"):
        scope["service"] = _name_and_id(parents.get(route["service"]["id"], route["service"]))
    store = targets.store_behind(finding.vault) if finding.vault else None
    parsed = finding.parsed
    return {
        "reference": finding.reference,
        "state": finding.state,
        "problem": finding.problem,
        "message": finding.message,
        "entity": kind.name,
        "id": entity["id"],
        "name": kind.display(entity),
        "instance_name": entity.get("instance_name"),
        "enabled": entity.get("enabled", True),
        "verified": not entity.get(UNVERIFIED, False),
        "field": finding.field,
        **scope,
        "vault": parsed.prefix if parsed else None,
        "backend": _backend(finding),
        "config_store": _name_and_id(store) if store else None,
        "secret": parsed.resource if parsed else None,
        "property": parsed.property if parsed else None,
    }


def _backend(finding: Finding) -> str | None:
    if finding.vault:
        return str(finding.vault["name"])
    return finding.parsed.prefix if finding.parsed and finding.state == "other_backend" else None


def _secrets(targets: ReferenceTargets, rows: list[dict[str, Any]], now: float) -> list[dict[str, Any]]:
    used = Counter((row["config_store"]["id"], row["secret"]) for row in rows if row["state"] == "ok")
    prefixes: dict[str, list[str]] = {}
    for prefix, vault in sorted(targets.vaults.items()):
        store = targets.store_behind(vault)
        if store:
            prefixes.setdefault(store["id"], []).append(prefix)
    return [
        {
            "key": key,
            "config_store": _name_and_id(store),
            "created_at": secret.get("created_at"),
            "updated_at": secret.get("updated_at"),
            "age": age(secret, now),
            "vaults": prefixes.get(store_id, []),
            "references": used[store_id, key],
            "in_use": used[store_id, key] > 0,
        }
        for store_id, store in sorted(targets.stores.items(), key=lambda item: (str(item[1].get("name")), item[0]))
        for key, secret in sorted((targets.secrets(store_id) or {}).items())
    ]


def _vaults(targets: ReferenceTargets, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    used = Counter(row["vault"] for row in rows if row["state"] in ("ok", "other_backend", "dangling"))
    result = []
    for prefix, vault in sorted(targets.vaults.items()):
        store = targets.store_behind(vault)
        result.append(
            {
                "id": vault["id"],
                "prefix": prefix,
                "backend": vault["name"],
                "config_store": _name_and_id(store) if store else None,
                "references": used[prefix],
                "in_use": used[prefix] > 0,
            }
        )
    return result


def _parents(control_plane: ControlPlane, entities: list[Entity]) -> dict[str, Entity]:
    """The parents that entities are scoped to, by id, with a C(name) each; only the kinds that occur are read."""
    occurring = {field for entity in entities for field in PLUGIN.parents if entity.get(field)}
    if "route" in occurring:
        occurring.add("service")
    kinds = [KINDS[PLUGIN.parents[field]] for field in sorted(occurring)]
    lists = read_lists(control_plane, kinds)
    return {
        entity["id"]: {**entity, "name": entity.get(kind.name_field)} for kind in kinds for entity in lists[kind.name]
    }


def _name_and_id(entity: Entity) -> dict[str, Any]:
    return {"id": entity["id"], "name": entity.get("name")}
