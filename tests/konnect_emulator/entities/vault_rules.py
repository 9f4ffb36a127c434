# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of vaults: what Konnect fills in by backend, and what it checks.

Defaults are those of a recorded dump of live Konnect, which has no nulls (decK, tests/integration/testdata/dump/
009-skip-defaults/konnect/vaults.yaml). Login paths are Kong's documentation of HashiCorp vaults from 3.14 on; that
live Konnect fills them in too is reported (terraform-provider-konnect issue 475), hence the switch.
"""

from __future__ import annotations

from typing import Any

from ..errors import Violation, reference_violation
from ..plugins.schema import boolean, integer, record, string
from ..plugins.schema_rules import fill, validate
from .rules import Entity, RuleContext

# Kong adds these to backends that fetch secrets; a konnect vault has nothing but its config store.
FETCH_OPTIONS = {"base64_decode": boolean(), **{name: integer() for name in ("ttl", "neg_ttl", "resurrect_ttl")}}
VAULT_CONFIGS = {
    "konnect": record({"config_store_id": string(required=True)}),
    "env": record({"prefix": string(), **FETCH_OPTIONS}),
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "aws": {"role_session_name": "KongVault"},
    "azure": {"credentials_prefix": "AZURE", "type": "secrets"},
    "conjur": {"auth_method": "api_key"},
    "hcv": {
        "auth_method": "token",
        "kube_auth_path": "kubernetes",
        "kv": "v1",
        "mount": "secret",
        "protocol": "http",
    },
}
LOGIN_PATHS: dict[str, dict[str, Any]] = {
    backend: {f"{cloud}_login_path": f"/v1/auth/{cloud}/login" for cloud in clouds}
    for backend, clouds in {"aws": ["aws"], "azure": ["azure"], "hcv": ["aws", "azure", "gcp"]}.items()
}


def backend_defaults(backend: str) -> dict[str, Any]:
    """Return what Konnect fills in."""
    return {} if backend == "konnect" else {"base64_decode": False, **DEFAULTS.get(backend, {})}


def fill_vault(entity: Entity, context: RuleContext) -> list[Violation]:
    """Fill in the config by backend; what is not set is absent."""
    name, config = str(entity.get("name")), entity.setdefault("config", {})
    if isinstance(config, dict):
        defaults = backend_defaults(name)
        if context.switches.vault_login_paths:
            defaults |= LOGIN_PATHS.get(name, {})
        entity["config"] = {**defaults, **{key: value for key, value in config.items() if value is not None}}
    return []


def check_vault(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check the config of a vault; with a switch, also that its config store exists."""
    name, config = entity["name"], entity["config"]
    schema = VAULT_CONFIGS.get(name)
    found = validate(schema, fill(schema, config), "config") if schema else []
    strict = name == "konnect" and context.switches.strict_config_store_id
    if strict and not found and context.control_plane.config_stores.get(config["config_store_id"]) is None:
        path = "config.config_store_id"
        found.append(reference_violation(path, f"{path} (type: foreign) constraint failed"))
    return found
