# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""What secret references can lead to in a control plane: vaults, the config stores behind them, and their secrets."""

from __future__ import annotations

from functools import cached_property

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import CONFIG_STORE, VAULT, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint import parse
from ansible_collections.community.konnect.plugins.module_utils._lookup import UUID
from ansible_collections.community.konnect.plugins.module_utils._referrers import exposed_store_id
from ansible_collections.community.konnect.plugins.module_utils._secrets import KEY_PATTERN


class ReferenceTargets:
    """Each part is read when it is first asked for, and once."""

    def __init__(self, client: KonnectClient, control_plane_id: str) -> None:
        self._client = client
        self._control_plane_id = control_plane_id
        self._secrets: dict[str, dict[str, Entity] | None] = {}
        self._known: dict[tuple[str, str], bool] = {}

    @cached_property
    def vaults(self) -> dict[str, Entity]:
        """Every vault by its prefix."""
        listed = self._client.list(VAULT.path(self._control_plane_id), VAULT.paging)
        return {vault["prefix"]: vault for vault in listed}

    @cached_property
    def stores(self) -> dict[str, Entity]:
        """Every config store by its id."""
        listed = self._client.list(CONFIG_STORE.path(self._control_plane_id), CONFIG_STORE.paging)
        return {store["id"]: store for store in listed}

    def store_behind(self, vault: Entity) -> Entity | None:
        """The config store that a vault exposes; None when it exposes none, or one that is not there."""
        return self.stores.get(exposed_store_id(vault) or "")

    def secrets(self, store_id: str) -> dict[str, Entity] | None:
        """Every secret of a config store by its key, without fingerprint records; None when there is no such store."""
        if store_id not in self._secrets:
            path = CONFIG_STORE.path(self._control_plane_id, store_id, "secrets")
            try:
                listed = {entry["key"]: entry for entry in self._client.list(path, CONFIG_STORE.paging)}
            except ApiError as error:
                if error.status != 404:
                    raise
                self._secrets[store_id] = None
            else:
                self._secrets[store_id] = {key: entry for key, entry in listed.items() if parse(key) is None}
        return self._secrets[store_id]

    def has_secret(self, store_id: str, key: str) -> bool:
        """Whether there is such a store and it holds the key; asks for that alone unless the store was read already."""
        if not UUID.fullmatch(store_id):
            return False
        if not KEY_PATTERN.fullmatch(key):
            self.secrets(store_id)  # Konnect lists such a key and does not find it by itself.
        if store_id in self._secrets:
            return key in (self._secrets[store_id] or {})
        if (store_id, key) not in self._known:
            path = CONFIG_STORE.path(self._control_plane_id, store_id, "secrets", key)
            self._known[store_id, key] = self._client.find(path) is not None
        return self._known[store_id, key]
