# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The Config Stores and vaults of AI Gateways that stand for those of a control plane.

Source: Konnect's OpenAPI document of AI Gateways, and Kong's schemas of vaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._entities.ai_gateways import NAME
from ...module_utils._entities.defaults import VAULT_DEFAULTS
from ...module_utils._masking import PLACEHOLDER
from .ai_proxy import NoCounterpart

Entity = Mapping[str, Any]

_FETCH = {name: name for name in ("base64_decode", "ttl", "neg_ttl", "resurrect_ttl")}


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


# By backend, the settings that a vault of an AI Gateway has too, and their names there; of hcv with its auth_method.
_HCV = {**_FETCH, **_same("host", "port", "mount", "kv", "protocol", "ssl_verify", "namespace", "auth_method")}
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "konnect": {},
    "env": _same("prefix", "base64_decode"),
    "aws": {
        **_FETCH,
        **_same("region", "endpoint_url", "assume_role_arn", "role_session_name", "sts_endpoint_url"),
    },
    "gcp": {**_FETCH, **_same("project_id")},
    "azure": {**_FETCH, **_same("credentials_prefix", "vault_uri", "location", "client_id", "tenant_id", "type")},
    "conjur": {**_FETCH, **_same("account", "api_key", "endpoint_url", "login")},
    "hcv token": {**_HCV, **_same("token")},
    "hcv kubernetes": {
        **_HCV,
        "kube_role": "role",
        "kube_auth_path": "path",
        "kube_api_token_file": "api_token_file",
    },
    "hcv approle": {
        **_HCV,
        "approle_auth_path": "path",
        "approle_role_id": "role_id",
        "approle_secret_id": "secret_id",
        "approle_secret_id_file": "secret_id_file",
        "approle_response_wrapping": "response_wrapping",
    },
}
# Settings that only another way to authenticate reads.
_UNUSED = {"hcv": re.compile(r"(kube|approle|cert|jwt|oauth2?|aws|azure|gcp)_.*|token")}
_LOGIN_PATH = re.compile(r".*_login_path")
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "gcp": ("project_id",),
    "azure": ("vault_uri", "location"),
    "conjur": ("account", "endpoint_url", "login"),
    "hcv": ("host", "port", "mount"),
}


def store_names(stores: Iterable[Entity]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """By the id of a Config Store its name on an AI Gateway, and those that have none, each with the reason."""
    names: dict[str, str] = {}
    refused: list[tuple[str, str]] = []
    for store in sorted(stores, key=lambda row: (not NAME.fullmatch(str(row.get("name"))), row["id"])):
        name = re.sub(r"[^a-z0-9]+", "-", str(store.get("name") or "").lower()).strip("-")
        if NAME.fullmatch(str(store.get("name"))):
            name = str(store["name"])
        if not NAME.fullmatch(name):
            refused.append((label(store), "No name can be made of its own that an AI Gateway takes."))
        elif name in names.values():
            refused.append((label(store), f"Another Config Store is called {name} on the AI Gateway."))
        else:
            names[store["id"]] = name
    return names, refused


def label(store: Entity) -> str:
    return f"Config Store {store.get('name') or store['id']}"


def vault_options(vault: Entity, names: Mapping[str, str]) -> dict[str, Any]:
    """The options of konnect_vault for a vault; secrets that are not shown stay placeholders. Raises NoCounterpart.

    :param names: by the id of a Config Store, its name on the AI Gateway.
    """
    backend, config = str(vault["name"]), vault.get("config") or {}
    method = f" {config.get('auth_method') or 'token'}" if backend == "hcv" else ""
    settings = SETTINGS.get(f"{backend}{method}")
    if settings is None:
        raise NoCounterpart(f"AI Gateways have no vaults of {backend}{method}.")
    options = {"prefix": vault["prefix"], "backend": backend, "description": vault.get("description") or None}
    if backend == "konnect":
        if config.get("config_store_id") not in names:
            raise NoCounterpart("The Config Store that it exposes is not carried over.")
        options["config_store"] = names[config["config_store_id"]]
        settings = {"config_store_id": ""}
    defaults = VAULT_DEFAULTS.get(backend, {})
    given = {name: value for name, value in config.items() if value not in (None, "", [], {})}
    lost = [
        name
        for name, value in given.items()
        if name not in settings
        and value not in (False, 0, defaults.get(name))
        and not _UNUSED.get(backend, _LOGIN_PATH).fullmatch(name)
    ]
    if lost:
        raise NoCounterpart(f"Vaults of AI Gateways do not have its settings {', '.join(lost)}.")
    missing = [name for name in REQUIRED.get(backend, ()) if name not in given]
    if missing:
        raise NoCounterpart(f"Vaults of AI Gateways need {', '.join(missing)}, which it does not set.")
    own = {settings[name]: value for name, value in given.items() if settings.get(name)}
    return {**options, "config": own or None}


def is_hidden(value: Any) -> bool:
    """True for a secret that Konnect or this collection does not show."""
    return isinstance(value, str) and PLACEHOLDER.search(value) is not None
