# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Config stores, whose names are not unique and which can only be created by POST."""

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import CONFIG_STORE, VAULT, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint import parse
from ansible_collections.community.konnect.plugins.module_utils._lookup import matching, named, only
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Outcome
from ansible_collections.community.konnect.plugins.module_utils._referrers import config_store_vaults, referrer


def find_config_store(client: KonnectClient, control_plane_id: str, name: str, *, or_id: bool = False) -> Entity | None:
    """The store of that name, or of that id; several are an error that says which is which."""
    path = CONFIG_STORE.path(control_plane_id)
    return only(client, CONFIG_STORE, path, name, (matching if or_id else named)(client, CONFIG_STORE, path, name))


def ensure_config_store(client: KonnectClient, control_plane_id: str, name: str, *, check_mode: bool) -> Outcome:
    """Create the store unless it is there.

    Konnect accepts a second store of the same name, so two runs at once may each make one: the oldest wins, and a run
    takes back only the one that it made itself, while it is empty.
    """
    shown = {"before": {}, "after": {"name": name}}
    existing = find_config_store(client, control_plane_id, name)
    if existing is not None:
        return Outcome(False, existing, existing, {"before": {"name": name}, "after": {"name": name}})
    if check_mode:
        return Outcome(True, None, {"name": name}, shown)
    path = CONFIG_STORE.path(control_plane_id)
    try:
        created = client.persist(
            lambda: client.request("POST", path, body={"name": name}),
            lambda: _oldest(named(client, CONFIG_STORE, path, name)),
        )
    except ApiError as error:
        created = _oldest(named(client, CONFIG_STORE, path, name)) if error.is_unique_violation else None
        if created is None:
            raise
    oldest = _oldest(named(client, CONFIG_STORE, path, name))
    if oldest is not None and oldest["id"] != created["id"]:
        client.delete((*path, created["id"]), {"force": "false"})
        return Outcome(True, None, oldest, shown)
    return Outcome(True, None, created, shown)


def remove_config_store(
    client: KonnectClient, control_plane_id: str, store: Entity, *, force: bool, check_mode: bool
) -> Outcome:
    """Remove a store. One that vaults expose or that holds secrets is refused unless forced; records go with it."""
    path = CONFIG_STORE.path(control_plane_id, store["id"])
    entries = [entry["key"] for entry in client.list((*path, "secrets"), CONFIG_STORE.paging)]
    if not force:
        _refuse_used(client, control_plane_id, store, sorted(key for key in entries if parse(key) is None))
    if not check_mode:
        if not force:
            # One by one rather than with Konnect's force, which would take along a secret stored in this moment.
            for key in entries:
                client.delete((*path, "secrets", key))
        client.delete(path, {"force": "true" if force else "false"})
    return Outcome(True, store, None, {"before": {"name": store.get("name")}, "after": {}})


def _refuse_used(client: KonnectClient, control_plane_id: str, store: Entity, keys: list[str]) -> None:
    vaults = config_store_vaults(client, control_plane_id, store["id"])
    reasons = []
    if vaults:
        reasons.append("is exposed by vault " + ", ".join(sorted(VAULT.display(vault) for vault in vaults)))
    if keys:
        reasons.append(f"holds {len(keys)} secrets: {', '.join(keys)}")
    if reasons:
        raise KonnectError(
            f"Config store {CONFIG_STORE.display(store)} was not removed: it {' and '.join(reasons)}. "
            "Remove these first, or set force to remove the store with every secret in it.",
            code="in_use" if vaults else "not_empty",
            secrets=keys,
            referrers=[referrer(VAULT, vault, "config.config_store_id") for vault in vaults],
        )


def _oldest(stores: list[Entity]) -> Entity | None:
    return min(stores, key=lambda store: (store["created_at"], store["id"]), default=None)
