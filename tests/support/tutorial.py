# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial as tasks of modules, for tests that run it some hundred times in control planes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.emulator import ControlPlaneApi
from support.options import ABSENT, OLD_VALUE

if TYPE_CHECKING:
    from support.control_plane import ControlPlaneHarness

CONFIG_STORE: tuple[str, dict[str, Any]] = ("config_store", {"name": "my-config-store"})
VAULT: tuple[str, dict[str, Any]] = (
    "vault",
    {"prefix": "mysecretvault", "config_store": "my-config-store", "description": "Storing secrets"},
)
SECRET: tuple[str, dict[str, Any]] = (
    "secret",
    {"config_store": "my-config-store", "key": "mistral-key", "value": OLD_VALUE},
)
SERVICE: tuple[str, dict[str, Any]] = (
    "service",
    {"name": "example-service", "url": "http://httpbin.konghq.com/anything"},
)
ROUTE: tuple[str, dict[str, Any]] = (
    "route",
    {"name": "example-route", "service": "example-service", "paths": ["/anything"]},
)
PLUGIN: tuple[str, dict[str, Any]] = (
    "plugin",
    {
        "name": "ai-proxy",
        "route": "example-route",
        "config": {
            "route_type": "llm/v1/chat",
            "auth": {"header_name": "Authorization", "header_value": "{vault://mysecretvault/mistral-key}"},
            "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
        },
    },
)
TUTORIAL = [CONFIG_STORE, VAULT, SECRET, SERVICE, ROUTE, PLUGIN]
REMOVAL: list[tuple[str, dict[str, Any]]] = [
    ("plugin", {"name": "ai-proxy", "route": "example-route"}),
    ("secret", {"config_store": "my-config-store", "key": "mistral-key"}),
    ("vault", {"prefix": "mysecretvault"}),
    ("config_store", {"name": "my-config-store"}),
    ("route", {"name": "example-route"}),
    ("service", {"name": "example-service"}),
]
# The fields in which two control planes are compared.
FIELDS = ("name", "prefix", "description", "host", "path", "port", "protocol", "paths", "protocols", "enabled")


def apply(konnect: ControlPlaneHarness) -> int:
    """Run the tutorial by the modules' handlers, and return how many of its six tasks changed something."""
    return sum(konnect.run_handler(module, options)["changed"] for module, options in TUTORIAL)


def remove(konnect: ControlPlaneHarness) -> None:
    """Remove all that the tutorial creates, by the modules' handlers."""
    for module, identity in REMOVAL:
        konnect.run_handler(module, {**identity, **ABSENT})


def content(konnect: ControlPlaneHarness) -> dict[str, Any]:
    """Return all that a control plane holds, without ids and times, and with the values that the emulator shows."""
    stores = konnect.list("config-stores")
    secrets = {store["name"]: konnect.list(f"config-stores/{store['id']}/secrets") for store in stores}
    core = {kind: konnect.list(f"core-entities/{kind}") for kind in ("vaults", "services", "routes", "plugins")}
    return {
        "stores": [store["name"] for store in stores],
        "secrets": {
            name: sorted((entry["key"].partition(".fingerprint.")[:2], entry["value"]) for entry in entries)
            for name, entries in secrets.items()
        },
        **{
            kind: [{name: value for name, value in entity.items() if name in FIELDS} for entity in entities]
            for kind, entities in core.items()
        },
    }


def everything(konnect: ControlPlaneApi) -> dict[str, list[str]]:
    """Return the names of all that is in the control plane, by kind."""
    stores = konnect.list("config-stores")
    found = {
        "stores": [store["name"] for store in stores],
        "secrets": [
            secret["key"] for store in stores for secret in konnect.list(f"config-stores/{store['id']}/secrets")
        ],
    }
    for kind in ("vaults", "services", "routes", "plugins"):
        found[kind] = [item.get("prefix") or item["name"] for item in konnect.list(f"core-entities/{kind}")]
    return {kind: sorted(names) for kind, names in found.items()}
