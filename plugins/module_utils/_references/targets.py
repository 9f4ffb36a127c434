# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The targets of secret references in a control plane: vaults, the config stores behind them, and their secrets."""

from __future__ import annotations

from copy import copy
from functools import cached_property

from .._entities.control_plane import ControlPlane
from .._entities.endpoint import Endpoint
from .._entities.kind import Entity
from .._entities.kinds import CONFIG_STORE, SECRET, VAULT
from .._entities.lookup import is_id
from .._entities.usage import exposed_store_id
from .._errors import ApiError
from .._rotation_entry import without_own_entries
from .._secrets.secret import KEY_PATTERN


class ReferenceTargets:
    """Each part is read when it is first asked for, and once."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._control_plane = control_plane
        self._secrets: dict[str, dict[str, Entity] | None] = {}
        self._known: dict[tuple[str, str], bool] = {}

    @cached_property
    def vaults(self) -> dict[str, Entity]:
        """Every vault by its prefix."""
        return {vault["prefix"]: vault for vault in self._control_plane.list(VAULT)}

    def with_vault(self, vault: Entity) -> ReferenceTargets:
        """These targets as they would be with this vault in the place of the one with its prefix."""
        changed = copy(self)
        changed.vaults = {**self.vaults, vault["prefix"]: vault}
        return changed

    @cached_property
    def stores(self) -> dict[str, Entity]:
        """Every config store by its id."""
        return {store["id"]: store for store in self._control_plane.list(CONFIG_STORE)}

    def store_behind(self, vault: Entity) -> Entity | None:
        """The config store that a vault exposes; None when it exposes none, or one that does not exist."""
        return self.stores.get(exposed_store_id(vault) or "")

    def secrets(self, store_id: str) -> dict[str, Entity] | None:
        """Every secret of a config store by its key, without what this collection keeps beside them; None when there is
        no such store.
        """
        if store_id not in self._secrets:
            try:
                listed = {entry["key"]: entry for entry in self._endpoint(store_id).list()}
            except ApiError as error:
                if error.status != 404:
                    raise
                self._secrets[store_id] = None
            else:
                self._secrets[store_id] = {key: listed[key] for key in without_own_entries(listed)}
        return self._secrets[store_id]

    def would_be_gone(self, prefix: str, store_id: str | None = None, key: str | None = None) -> bool:
        """True if an earlier task in check mode would have removed the vault, the store, or the secret."""
        endpoint = self._control_plane.endpoint
        return (
            endpoint(VAULT).was_removed(prefix)
            or (store_id is not None and endpoint(CONFIG_STORE).was_removed(store_id))
            or (store_id is not None and key is not None and self._endpoint(store_id).was_removed(key))
        )

    def has_secret(self, store_id: str, key: str) -> bool:
        """True if the store exists and holds the key; requests that secret alone unless the store was read already."""
        if not is_id(store_id):
            return False
        if not KEY_PATTERN.fullmatch(key):
            self.secrets(store_id)  # Konnect lists such a key and does not find it by itself.
        if store_id in self._secrets:
            return key in (self._secrets[store_id] or {})
        if (store_id, key) not in self._known:
            self._known[store_id, key] = self._endpoint(store_id).find(key) is not None
        return self._known[store_id, key]

    def _endpoint(self, store_id: str) -> Endpoint:
        return self._control_plane.endpoint(CONFIG_STORE).below(store_id, SECRET)
