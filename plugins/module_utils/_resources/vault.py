# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Vaults: identity by prefix, the config store by name, settings merged over what the server filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._entities.ai_secrets import without_entry
from .._entities.comparison import merge, normalize_entity, overlay, without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.defaults import VAULT_DEFAULTS
from .._entities.kept_secrets import check_destinations, keep_secrets
from .._entities.kind import Entity
from .._entities.kinds import CONFIG_STORE, VAULT
from .._entities.listing import with_origin
from .._entities.lookup import Resolved, is_id
from .._entities.option_lists import check_lists
from .._entities.reconcile import Compose, Target
from .._entities.usage import exposed_store_id
from .._errors import InvalidInput
from .._hidden_fields import HiddenFields
from .._vault_reference import RESERVED_PREFIXES, check_prefix
from .write_only import with_write_only

# Those whose settings may hold secrets.
WITH_SECRETS = ("hcv", "conjur")
BACKENDS = ["konnect", "env", "aws", "gcp", "azure", "azure-certs", "hcv", "conjur", "fs"]


def check_options(options: Mapping[str, Any]) -> None:
    """Refuse a prefix that Konnect cannot handle and options that contradict each other, before any request."""
    prefix = options["prefix"]
    check_prefix(prefix)
    check_lists(options, VAULT.sets)
    if prefix in RESERVED_PREFIXES:
        raise InvalidInput(f"{prefix} is the name of a vault backend and cannot be a vault's prefix.")
    if options["config_store"] is None:
        return
    if options["backend"] not in (None, "konnect"):
        raise InvalidInput(f"config_store goes with the backend konnect, not with {options['backend']}.")
    if "config_store_id" in (options["config"] or {}):
        raise InvalidInput("Give config_store or config.config_store_id, not both.")


def find_store(control_plane: ControlPlane, name_or_id: str | None) -> Resolved | None:
    """The config store that a task names, or None when it names none."""
    return None if name_or_id is None else control_plane.resolve(CONFIG_STORE, name_or_id)


def vault_target(control_plane: ControlPlane, options: Mapping[str, Any], store: Resolved | None = None) -> Target:
    """The vault of the prefix in the options, as they say it should be.

    :param store: its config store as the task names it, so that a diff can name it too.
    """
    prefix = options["prefix"]
    control_plane.task.views["config"] = hidden_settings(options).view

    def view(vault: Entity) -> Entity:
        config = dict(vault.get("config", {}))
        if store is None or config.get("config_store_id") != store.id:
            return vault
        del config["config_store_id"]
        return {**vault, "config": config, "config_store": CONFIG_STORE.display(store.entity)}

    target = Target(
        control_plane,
        VAULT,
        natural_key=prefix,
        matches=lambda vault: vault.get("prefix") == prefix,
        compose=_composer(control_plane, options, store),
        normalizer=_normalize,
        view=view,
        can_validate=store is None or not store.predicted,
        hidden={"config": hidden_settings(options)},
    )
    if not control_plane.product.hides_secrets:
        return target
    return with_write_only(
        target,
        {"config": hidden_settings(options)},
        {**options, "update_secret": "on_change", "fingerprint_key": None},
        may_hold_secrets=lambda vault: vault.get("name") in WITH_SECRETS,
        has_slots=False,
    )


def hidden_settings(options: Mapping[str, Any]) -> HiddenFields:
    """The rule for the settings of a vault, for which Konnect has no schema.

    :param options: C(sensitive_fields) names more.
    """
    return HiddenFields(also={path.removeprefix("config.") for path in options["sensitive_fields"] or ()})


def mask_vault(options: Mapping[str, Any], vault: Entity, before: Entity | None = None) -> Entity:
    """A vault for a result or a diff, without secrets."""
    if not vault:
        return {}
    config = hidden_settings(options).view(vault.get("config") or {}, (before or {}).get("config"))
    return without_entry(dict(without_nulls({**vault, "config": config})))


def vault_row(control_plane: ControlPlane, options: Mapping[str, Any], vault: Entity) -> Entity:
    """A vault as konnect_vault_info returns it."""
    return with_origin(control_plane, VAULT, [vault["prefix"]], mask_vault(options, vault))


def _normalize(vault: Entity) -> Entity:
    result = normalize_entity(VAULT, vault)
    defaults = VAULT_DEFAULTS.get(vault["name"], {})
    config = {key: value for key, value in result.pop("config", {}).items() if defaults.get(key) != value}
    if exposed_store_id(vault):
        config["config_store_id"] = exposed_store_id(vault)
    return {**result, "config": config} if config else result


def _composer(control_plane: ControlPlane, options: Mapping[str, Any], store: Resolved | None) -> Compose:
    config = options["config"]
    if store is not None:
        config = {**(config or {}), "config_store_id": store.id}
    elif config and is_id(str(config.get("config_store_id"))):
        config = {**config, "config_store_id": config["config_store_id"].lower()}
    backend, hidden = options["backend"] or ("konnect" if store else None), hidden_settings(options)

    def compose(current: Entity | None) -> Entity:
        held = current or {}
        name = backend or held.get("name")
        if name is None:
            raise InvalidInput(
                f"There is no vault {options['prefix']} yet. To create it, give backend or config_store."
            )
        simple = {"name": name, "prefix": options["prefix"], **{key: options[key] for key in ("description", "tags")}}
        body = overlay(held, simple)
        settings = without_nulls(held.get("config")) if name == held.get("name") else None
        kept = keep_secrets(hidden, config or {}, settings, "config")
        body["config"] = merge({} if config == {} else settings or {}, kept.data)
        if not options["keep_secrets_on_move"]:
            check_destinations(hidden, kept, settings, body["config"])
        control_plane.task.hide(hidden.literals(body["config"]))
        return body

    return compose
