# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Vaults: identity by prefix, the config store by name, settings merged over what the server filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import canonical, merge, overlay, plain
from ansible_collections.community.konnect.plugins.module_utils._entities import (
    CONFIG_STORE,
    VAULT,
    VAULT_DEFAULTS,
    Entity,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._lookup import UUID, Parent, find_parent
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Target
from ansible_collections.community.konnect.plugins.module_utils._redact import mask_by_name
from ansible_collections.community.konnect.plugins.module_utils._references import (
    RESERVED_PREFIXES,
    check_prefix,
)
from ansible_collections.community.konnect.plugins.module_utils._referrers import exposed_store_id

BACKENDS = ["konnect", "env", "aws", "gcp", "azure", "azure-certs", "hcv", "conjur", "fs"]


def check_options(options: Mapping[str, Any]) -> None:
    """Refuse a prefix that Konnect would choke on and options that contradict each other, before any request."""
    prefix = options["prefix"]
    check_prefix(prefix)
    if prefix in RESERVED_PREFIXES:
        raise InvalidInput(f"{prefix} is the name of a vault backend and cannot be a vault's prefix.")
    if options["config_store"] is None:
        return
    if options["backend"] not in (None, "konnect"):
        raise InvalidInput(f"config_store goes with the backend konnect, not with {options['backend']}.")
    if "config_store_id" in (options["config"] or {}):
        raise InvalidInput("Give config_store or config.config_store_id, not both.")


def vault_target(client: KonnectClient, control_plane_id: str, prefix: str, store: Parent | None = None) -> Target:
    """The vault of that prefix.

    :param store: its config store as the task names it, so that a diff can name it too.
    """

    def normal(vault: Entity) -> Entity:
        result = canonical(VAULT, vault)
        defaults = VAULT_DEFAULTS.get(vault["name"], {})
        config = {key: value for key, value in result.pop("config", {}).items() if defaults.get(key) != value}
        if exposed_store_id(vault):
            config["config_store_id"] = exposed_store_id(vault)
        return {**result, "config": config} if config else result

    def show(vault: Entity) -> Entity:
        config = dict(vault.get("config", {}))
        if store is None or config.get("config_store_id") != store.id:
            return vault
        del config["config_store_id"]
        return {**vault, "config": config, "config_store": CONFIG_STORE.display(store.entity)}

    return Target(
        client,
        control_plane_id,
        VAULT,
        natural_key=prefix,
        matches=lambda vault: vault.get("prefix") == prefix,
        normal=normal,
        show=show,
    )


def find_store(
    client: KonnectClient, control_plane: Entity, name_or_id: str | None, *, check_mode: bool
) -> Parent | None:
    """The config store that a task names, or None when it names none."""
    if name_or_id is None:
        return None
    return find_parent(client, control_plane, CONFIG_STORE, name_or_id, check_mode=check_mode)


def vault_composer(options: Mapping[str, Any], store: Parent | None) -> Callable[[Entity | None], Entity]:
    """What the vault should be, out of what it is."""
    config = options["config"]
    if store is not None:
        config = {**(config or {}), "config_store_id": store.id}
    elif config and UUID.fullmatch(str(config.get("config_store_id"))):
        config = {**config, "config_store_id": config["config_store_id"].lower()}
    backend = options["backend"] or ("konnect" if store else None)

    def compose(current: Entity | None) -> Entity:
        held = current or {}
        name = backend or held.get("name")
        if name is None:
            raise InvalidInput(
                f"There is no vault {options['prefix']} yet. To create it, give backend or config_store."
            )
        simple = {"name": name, "prefix": options["prefix"], **{key: options[key] for key in ("description", "tags")}}
        body = overlay(held, simple)
        kept = {} if config == {} or name != held.get("name") else plain(held.get("config") or {})
        body["config"] = merge(kept, config or {})
        return body

    return compose


def shown(vault: Entity | None, before: Entity | None = None) -> Entity:
    """A vault for a result or a diff."""
    if not vault:
        return {}
    return plain({**vault, "config": mask_by_name(vault.get("config") or {}, (before or {}).get("config"))})
