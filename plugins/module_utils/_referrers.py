# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Who refers to an entity, so that nothing in use is removed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import KINDS, REFERRING, VAULT, Entity, Kind
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._references import Reference, references_in

Referrer = dict[str, Any]


def refuse_referenced(
    client: KonnectClient, control_plane_id: str, what: str, means: Callable[[Reference], bool]
) -> None:
    """Raise KonnectError with the code in_use when a reference that is meant stands anywhere in the control plane."""
    refuse(what, [row for row, _reference in _by_reference(client, control_plane_id, means)])


def refuse_referenced_secrets(
    client: KonnectClient, control_plane_id: str, store_id: str, keys: Collection[str]
) -> None:
    """The same for secrets of a config store, by whatever vaults expose that store; one reading serves all."""
    prefixes = {vault["prefix"] for vault in config_store_vaults(client, control_plane_id, store_id)}
    if not prefixes:
        return
    wanted = set(keys)
    found = [
        {**row, "secret": reference.resource}
        for row, reference in _by_reference(
            client, control_plane_id, lambda found: found.prefix in prefixes and found.resource in wanted
        )
    ]
    used = sorted({row["secret"] for row in found})
    refuse(f"Secret {used[0]}" if len(used) == 1 else f"Each of the secrets {', '.join(used)}", found)


def pointing_at(client: KonnectClient, control_plane_id: str, kind: Kind, entity: Entity) -> list[Referrer]:
    """What belongs to an entity, such as a service's routes and plugins."""
    found = []
    for name, field in kind.dependents:
        dependent = KINDS[name]
        for item in client.list(dependent.path(control_plane_id), dependent.paging):
            if (item.get(field) or {}).get("id") == entity["id"]:
                found.append(referrer(dependent, item, field))
    return found


def config_store_vaults(client: KonnectClient, control_plane_id: str, store_id: str) -> list[Entity]:
    """The vaults that expose a config store."""
    vaults = client.list(VAULT.path(control_plane_id), VAULT.paging)
    return [vault for vault in vaults if exposed_store_id(vault) == store_id]


def exposed_store_id(vault: Entity) -> str | None:
    """The id of the config store that a vault exposes. Konnect keeps it as it was written, capitals included."""
    store_id = (vault.get("config") or {}).get("config_store_id")
    return store_id.lower() if isinstance(store_id, str) else None


def _by_reference(
    client: KonnectClient, control_plane_id: str, means: Callable[[Reference], bool]
) -> Iterable[tuple[Referrer, Reference]]:
    for kind in REFERRING:
        for entity in client.list(kind.path(control_plane_id), kind.paging):
            for path, reference in references_in(entity):
                if means(reference):
                    yield referrer(kind, entity, path), reference


def referrer(kind: Kind, entity: Entity, field: str) -> Referrer:
    """``{"entity": kind, "id", "name", "field": path}``, with the ids of its route and service where it has them."""
    parents = {name: entity[name]["id"] for name in kind.parents if (entity.get(name) or {}).get("id")}
    return {"entity": kind.name, "id": entity["id"], "name": kind.display(entity), "field": field, **parents}


def refuse(what: str, referrers: list[Referrer]) -> None:
    """Raise KonnectError with the code in_use unless the list is empty."""
    if not referrers:
        return
    lines = [
        f"{row['entity']} {row['name']} ({row['id']}) in {row['field']}"
        + "".join(f", {name} {row[name]}" for name in ("route", "service") if name in row and name != row["field"])
        for row in referrers
    ]
    raise KonnectError(
        f"{what} is in use and was not removed: {'; '.join(lines)}. Remove what uses it first, or set force.",
        code="in_use",
        referrers=referrers,
    )
