# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Config stores, whose names are not unique and which can only be created by POST."""

from __future__ import annotations

from .._entities import lookup
from .._entities.control_plane import ControlPlane
from .._entities.endpoint import Endpoint
from .._entities.kind import Entity
from .._entities.kinds import CONFIG_STORE, SECRET, VAULT
from .._entities.reconcile import ABSENT, Outcome
from .._entities.usage import OnInUse, Usage, check_usage, config_store_vaults, referrer
from .._errors import ApiError, ErrorCode, InvalidInput, KonnectError, with_done
from .._predictions import stand_in_id
from .._rotation_entry import without_own_entries


def ensure_config_store(control_plane: ControlPlane, name: str) -> Outcome:
    """Create the store unless it exists.

    Konnect accepts a second store of the same name, so two runs at once may each create one: the oldest wins, and a run
    removes only the one that it created itself, while it is empty.

    :param name: or the id of a store, which must exist.
    """
    if not lookup.is_id(name):
        control_plane.product.form_of(CONFIG_STORE).check({"name": name})
    stores = control_plane.endpoint(CONFIG_STORE)
    existing = lookup.find_one(stores, name)
    if existing is not None:
        view = {"name": existing.get("name")}
        return Outcome(False, existing, existing, {"before": view, "after": view})
    if lookup.is_id(name):
        raise KonnectError(f"There is no config store with the id {name}.", code=ErrorCode.NOT_FOUND)
    diff = {"before": {}, "after": {"name": name}}
    if control_plane.check_mode:
        predicted = {"id": stand_in_id(stores.path, name), "name": name}
        stores.predict(predicted)
        return Outcome(True, None, predicted, diff)
    created = _create(stores, name)
    try:
        oldest = _oldest(lookup.named(stores, name))
        if oldest is not None and oldest["id"] != created["id"]:
            stores.delete(created["id"], {"force": "false"})
            return Outcome(True, None, oldest, diff)
    except KonnectError as error:
        done = [f"config store {name} ({created['id']}) was created"]
        raise with_done(done, error, Outcome(True, None, created, diff).result("config_store")) from error
    return Outcome(True, None, created, diff)


def remove_config_store(control_plane: ControlPlane, name_or_id: str, on_in_use: OnInUse) -> Outcome:
    """Remove a store if nothing keeps it: vaults that expose it, and secrets in it. Fingerprint records and the state
    of rotations go with it.
    """
    if not name_or_id:
        raise InvalidInput("The name of a config store must not be empty.")
    stores = control_plane.endpoint(CONFIG_STORE)
    store = lookup.find_one(stores, name_or_id)
    if store is None:
        return ABSENT
    view = {"name": store.get("name")}
    secrets = stores.below(store["id"], SECRET)
    entries = [entry["key"] for entry in secrets.list()]
    keys = without_own_entries(entries)
    usage = check_usage(on_in_use, lambda: _usage(control_plane, store, keys))
    if usage:
        return Outcome(False, store, store, {"before": view, "after": view}, usage)
    done: list[str] = []
    force = {"force": "true" if on_in_use == "remove" else "false"}
    try:
        # One by one rather than with Konnect's force, which would also remove a secret stored in this moment.
        for key in entries if on_in_use != "remove" else ():
            secrets.delete(key)
            done.append(f"{key} was removed")
        stores.delete(store["id"], force, name=store.get("name"))
    except KonnectError as error:
        raise with_done(done, error, {"changed": True}) from error
    return Outcome(True, store, None, {"before": view, "after": {}})


def _create(stores: Endpoint, name: str) -> Entity:
    try:
        created = stores.create({"name": name}, lambda: _oldest(lookup.named(stores, name)))
    except ApiError as error:
        existing = _oldest(lookup.named(stores, name)) if error.is_unique_violation else None
        if existing is None:
            raise
        return existing
    return created


def _usage(control_plane: ControlPlane, store: Entity, keys: list[str]) -> Usage | None:
    vaults = config_store_vaults(control_plane, store["id"])
    reasons = []
    if vaults:
        reasons.append("is exposed by vault " + ", ".join(sorted(VAULT.display(vault) for vault in vaults)))
    if keys:
        reasons.append(f"holds {len(keys)} secret{'s' if len(keys) > 1 else ''} ({', '.join(keys)})")
    if not reasons:
        return None
    return Usage(
        f"Config store {CONFIG_STORE.display(store)}",
        " and ".join(reasons),
        ErrorCode.IN_USE if vaults else ErrorCode.NOT_EMPTY,
        "Remove these first, or set on_in_use to remove the store with every secret in it.",
        {"secrets": keys, "referrers": [referrer(VAULT, vault, "config.config_store_id") for vault in vaults]},
    )


def _oldest(stores: list[Entity]) -> Entity | None:
    return min(stores, key=lambda store: (str(store.get("created_at")), store["id"]), default=None)
