# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Every secret reference in a control plane: where it stands, what it leads to, and what nothing refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils import _schemas as schemas
from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import (
    CERTIFICATE,
    KEY,
    KINDS,
    PLUGIN,
    REFERRING,
    VAULT,
    Entity,
    Kind,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError
from ansible_collections.community.konnect.plugins.module_utils._lookup import Parent
from ansible_collections.community.konnect.plugins.module_utils._partials import Partials
from ansible_collections.community.konnect.plugins.module_utils._plugins import config_spec, own_config
from ansible_collections.community.konnect.plugins.module_utils._reference_check import (
    STATES,
    Finding,
    Site,
    findings,
    plugin_sites,
    refuse_broken,
    sites,
)
from ansible_collections.community.konnect.plugins.module_utils._reference_targets import ReferenceTargets
from ansible_collections.community.konnect.plugins.module_utils._references import mentions, texts
from ansible_collections.community.konnect.plugins.module_utils._referrers import exposed_store_id
from ansible_collections.community.konnect.plugins.module_utils._secrets import age

_REFERENCEABLE = {"type": "string", "referenceable": True}
# The referenceable fields of the kinds that have no live schema. Source: x-referenceable in the OpenAPI document of the
# control planes configuration API; of a vault's settings, any may be, because they depend on the backend.
SPECS: dict[str, schemas.Spec] = {
    CERTIFICATE.name: {
        "type": "record",
        "fields": [{name: _REFERENCEABLE} for name in ("cert", "key", "cert_alt", "key_alt")],
    },
    KEY.name: {
        "type": "record",
        "fields": [{"jwk": _REFERENCEABLE}, {"pem": {"type": "map", "values": _REFERENCEABLE}}],
    },
    VAULT.name: {"type": "record", "fields": [{"config": {"type": "map", "values": _REFERENCEABLE}}]},
}


class EntitySpecs:
    """What is known of the fields that may hold references; each live schema is read once."""

    def __init__(self, client: KonnectClient, control_plane_id: str) -> None:
        self._client = client
        self._control_plane_id = control_plane_id
        self._live: dict[tuple[str, str], schemas.Spec] = {}

    def of(self, kind: Kind, entity: Entity) -> schemas.Spec:
        """The record of the whole entity; of a plugin, that of its configuration."""
        if kind.name in SPECS:
            return SPECS[kind.name]
        name = str(entity["name"] if kind is PLUGIN else entity.get("type"))
        if (kind.name, name) not in self._live:
            self._live[kind.name, name] = self._read(kind, name)
        return self._live[kind.name, name]

    def own_config(self, plugin: Entity) -> Any:
        """Without deprecated fields and what a partial gives: Konnect may answer these too, and they count once."""
        spec = self.of(PLUGIN, plugin)
        return own_config(spec, plugin, Partials(self._client, {"id": self._control_plane_id}, spec))

    def _read(self, kind: Kind, name: str) -> schemas.Spec:
        if kind is PLUGIN:
            return config_spec(self._client, self._control_plane_id, name, must_exist=False)
        path = ("control-planes", self._control_plane_id, "core-entities", "schemas", "partials", name)
        return {"fields": [{"config": schemas.config_spec(self._client.find(path) or {})}]}


def read_findings(
    client: KonnectClient, control_plane_id: str, targets: ReferenceTargets
) -> Iterator[tuple[Kind, Entity, Finding]]:
    """Every reference in every entity that can hold one."""
    specs = EntitySpecs(client, control_plane_id)
    for kind in REFERRING:
        for entity in read_all(client, control_plane_id, kind):
            for finding in findings(targets, entity_sites(kind, entity, specs)):
                yield kind, entity, finding


def check_vault(
    client: KonnectClient, control_plane_id: str, options: Mapping[str, Any], store: Parent | None, *, check_mode: bool
) -> None:
    """Refuse references in a vault's settings that lead nowhere, and a config store that lacks what is asked of it.

    :param options: of konnect_vault.
    :param store: the config store that it is to expose, when one is named.
    """
    prefix, severity = options["prefix"], options["check_references"]
    targets = ReferenceTargets(client, control_plane_id)
    config = options["config"] or {}
    settings = findings(targets, sites({"type": "map", "values": _REFERENCEABLE}, config, "config"))
    refuse_broken(client, settings, severity, check_mode=check_mode)
    store_id = store.id if store else exposed_store_id(dict(options))
    vault = targets.vaults.get(prefix) if store_id and severity != "ignore" else None
    if vault is None or exposed_store_id(vault) in (None, store_id):
        return
    targets.vaults[prefix] = {**vault, "config": {"config_store_id": store_id}}
    moved = [
        replace(finding, message=f"{kind.label} {kind.display(entity)} ({entity['id']}): {finding.message}")
        for kind, entity, finding in read_findings(client, control_plane_id, targets)
        if finding.state == "dangling" and finding.parsed and finding.parsed.prefix == prefix
    ]
    refuse_broken(client, moved, severity, check_mode=check_mode)


def entity_sites(kind: Kind, entity: Entity, specs: EntitySpecs) -> Iterator[Site]:
    """The texts of an entity that mention references, in the fields that its schema knows."""
    if not any(mentions(text) for _path, text in texts(entity)):
        return
    spec = specs.of(kind, entity)
    if kind is PLUGIN:
        yield from plugin_sites(spec, entity["name"], specs.own_config(entity))
        return
    for field in spec["fields"]:
        for name, field_spec in field.items():
            yield from sites(field_spec, entity.get(name), name)


def read_all(client: KonnectClient, control_plane_id: str, kind: Kind) -> list[Entity]:
    """All of a kind; none in a control plane of a type that has no such kind."""
    try:
        return list(client.list(kind.path(control_plane_id), kind.paging))
    except ApiError as error:
        if error.status == 404:
            return []
        raise


def read_map(client: KonnectClient, control_plane: Entity) -> dict[str, Any]:
    """``{"control_plane", "references", "secrets", "vaults", "summary"}``, as konnect_reference_info returns it."""
    control_plane_id = control_plane["id"]
    targets = ReferenceTargets(client, control_plane_id)
    for store_id in targets.stores:
        targets.secrets(store_id)
    found = list(read_findings(client, control_plane_id, targets))
    parents = _parents(client, control_plane_id, [entity for _kind, entity, _finding in found])
    rows = [_row(targets, kind, entity, finding, parents) for kind, entity, finding in found]
    rows.sort(key=lambda row: (row["entity"], str(row["name"]), row["id"], row["field"], row["reference"]))
    secrets, vaults = _secrets(client, targets, rows), _vaults(targets, rows)
    summary = dict.fromkeys(STATES, 0) | Counter(row["state"] for row in rows)
    summary["unused_secrets"] = sum(not secret["in_use"] for secret in secrets)
    summary["unused_vaults"] = sum(not vault["in_use"] for vault in vaults)
    return {
        "control_plane": _named(control_plane),
        "references": rows,
        "secrets": secrets,
        "vaults": vaults,
        "summary": summary,
    }


def _row(
    targets: ReferenceTargets, kind: Kind, entity: Entity, finding: Finding, parents: Mapping[str, Entity]
) -> dict[str, Any]:
    def parent(field: str) -> dict[str, Any] | None:
        parent_id = (entity.get(field) or {}).get("id")
        return {"id": parent_id, "name": parents.get(parent_id, {}).get("name")} if parent_id else None

    scope = {field: parent(field) for field in PLUGIN.parents}
    route = parents.get((scope["route"] or {}).get("id") or "", {})
    if scope["service"] is None and route.get("service"):
        scope["service"] = _named(parents.get(route["service"]["id"], route["service"]))
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
        "field": finding.field,
        **scope,
        "vault": parsed.prefix if parsed else None,
        "backend": _backend(finding),
        "config_store": _named(store) if store else None,
        "secret": parsed.resource if parsed else None,
        "property": parsed.property if parsed else None,
    }


def _backend(finding: Finding) -> str | None:
    if finding.vault:
        return str(finding.vault["name"])
    return finding.parsed.prefix if finding.parsed and finding.state == "other_backend" else None


def _secrets(client: KonnectClient, targets: ReferenceTargets, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    used = Counter((row["config_store"]["id"], row["secret"]) for row in rows if row["state"] == "ok")
    prefixes: dict[str, list[str]] = {}
    for prefix, vault in sorted(targets.vaults.items()):
        store = targets.store_behind(vault)
        if store:
            prefixes.setdefault(store["id"], []).append(prefix)
    now = client.server_time
    return [
        {
            "key": key,
            "config_store": _named(store),
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
                "config_store": _named(store) if store else None,
                "references": used[prefix],
                "in_use": used[prefix] > 0,
            }
        )
    return result


def _parents(client: KonnectClient, control_plane_id: str, entities: list[Entity]) -> dict[str, Entity]:
    """What the entities are scoped to, by id, with a C(name) each; only the kinds that occur are read."""
    occurring = {field for entity in entities for field in PLUGIN.parents if entity.get(field)}
    if "route" in occurring:
        occurring.add("service")
    kinds = [KINDS[PLUGIN.parents[field]] for field in sorted(occurring)]
    return {
        entity["id"]: {**entity, "name": entity.get(kind.name_field)}
        for kind in kinds
        for entity in read_all(client, control_plane_id, kind)
    }


def _named(entity: Entity) -> dict[str, Any]:
    return {"id": entity["id"], "name": entity.get("name")}
