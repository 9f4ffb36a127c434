# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The Config Stores, secrets and vaults that an AI Gateway lacks."""

from __future__ import annotations

from collections.abc import Mapping

from ...module_utils._errors import InvalidInput
from .ai_proxy import NoCounterpart
from .sides import Entity, Plan
from .stores import label, store_names, vault_options

SKIPPED = "move_skip names it."


def plan_stores(plan: Plan) -> dict[str, str]:
    """Plan Config Stores and secrets. Returns the names on the AI Gateway by the ids of the Config Stores."""
    stores = plan.source.stores
    plan.known |= {str(store.get("name") or store["id"]) for store in stores}
    names, refused = store_names(store for store in stores if str(store.get("name") or store["id"]) not in plan.skip)
    for what, reason in refused:
        plan.leave(what, reason)
    for store in stores:
        name = names.get(store["id"])
        if name is None:
            own = str(store.get("name") or store["id"])
            plan.known |= {f"{own}/{key}" for key in plan.source.keys.get(store["id"], ())}
            if own in plan.skip:
                plan.leave(label(store), SKIPPED)
            continue
        if name != store.get("name"):
            plan.notes.append(f"{label(store)} is called {name} on the AI Gateway.")
        if plan.gateway.store(name):
            plan.kept.append(f"Config Store {name}")
        else:
            plan.stores.append(name)
        _plan_secrets(plan, store, name)
    return names


def _plan_secrets(plan: Plan, store: Entity, name: str) -> None:
    held = plan.gateway.keys_of(name)
    for key in plan.source.keys.get(store["id"], ()):
        needed = f"{store.get('name') or store['id']}/{key}"
        plan.known.add(needed)
        if key in held:
            plan.kept.append(f"secret {name}/{key}")
        elif needed in plan.skip:
            plan.leave(f"secret {needed}", SKIPPED)
        else:
            plan.secrets.setdefault(name, []).append({"key": key, "value": plan.value(needed) or ""})


def plan_vaults(plan: Plan, names: Mapping[str, str]) -> None:
    """Plan vaults. Raises InvalidInput where the AI Gateway has another one of the same name."""
    there = {vault["prefix"]: vault for vault in plan.gateway.vaults}
    for vault in plan.source.vaults:
        prefix = vault["prefix"]
        try:
            options = vault_options(vault, names)
        except NoCounterpart as reason:
            plan.leave(f"vault {prefix}", str(reason))
            continue
        if vault.get("tags"):
            plan.leave(f"tags of vault {prefix}", "Vaults of AI Gateways have none.")
        if prefix in there:
            _check_same(plan, there[prefix], options)
            plan.kept.append(f"vault {prefix}")
            plan.filled(options["config"], f"vault:{prefix}", is_needed=False)
        else:
            plan.vaults[prefix] = {**options, "config": plan.filled(options["config"], f"vault:{prefix}")}
        store = options.get("config_store")
        new = [row["key"] for row in plan.secrets.get(str(store), ())]
        plan.behind[prefix] = [*plan.gateway.keys_of(store), *new] if store else None
    for prefix, vault in there.items():
        store_id = (vault.get("config") or {}).get("config_store_id")
        plan.behind.setdefault(prefix, list(plan.gateway.keys.get(store_id, ())) if store_id else None)


def _check_same(plan: Plan, held: Entity, options: Entity) -> None:
    store = plan.gateway.store(str(options.get("config_store"))) or {}
    exposed = (held.get("config") or {}).get("config_store_id")
    if held["name"] != options["backend"] or (options.get("config_store") and exposed != store.get("id")):
        raise InvalidInput(
            f"The AI Gateway has another vault {held['prefix']}, and what refers to it would get other secrets than on "
            "the control plane. Name another AI Gateway, or remove that vault."
        )
