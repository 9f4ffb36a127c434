# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial by the modules' own handlers in this process, for tests that run it some hundred times.

Everything is real but the playbook around it, and pauses take no time.
"""

from __future__ import annotations

import importlib
import itertools
from typing import Any

import requests
from running import TOKEN, Emulator

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._connection import Connection

ONE, TWO = "Bearer fake-key-number-one", "Bearer fake-key-number-two"
SECRET = {"config_store": "my-config-store", "key": "mistral-key"}
TUTORIAL: list[tuple[str, dict[str, Any]]] = [
    ("config_store", {"name": "my-config-store"}),
    ("vault", {"prefix": "mysecretvault", "config_store": "my-config-store", "description": "Storing secrets"}),
    ("secret", {**SECRET, "value": ONE}),
    ("service", {"name": "example-service", "url": "http://httpbin.konghq.com/anything"}),
    ("route", {"name": "example-route", "service": "example-service", "paths": ["/anything"]}),
    (
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
    ),
]
# What a comparison of two control planes looks at.
FIELDS = ("name", "prefix", "description", "host", "path", "port", "protocol", "paths", "protocols", "enabled")


class World:
    """A control plane of its own in the running emulator, or that with the data plane by its name."""

    numbers = itertools.count()

    def __init__(self, konnect: Emulator, name: str | None = None) -> None:
        self.konnect = konnect
        self.name = name or f"plane-{next(self.numbers)}"
        konnect.faults()
        if name:
            self.id = konnect.control_plane_id
            return
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"{konnect.konnect_url}/v2/control-planes"
        self.id = requests.post(url, json={"name": self.name}, headers=headers, timeout=10).json()["id"]

    def requests_sent(self) -> int:
        return int(requests.get(f"{self.konnect.konnect_url}/_emulator/faults", timeout=10).json()["requests"])

    def run(self, module: str, options: dict[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        """Run a module's handler, and see that it sends no write in check mode."""
        code = importlib.import_module(f"ansible_collections.community.konnect.plugins.modules.konnect_{module}")
        params = {name: option.get("default") for name, option in code.SPEC.options.items()}
        params |= {"control_plane": self.name, "konnect_token": TOKEN, **options}
        now = [0.0]
        client = KonnectClient(
            Connection(self.konnect.konnect_url, TOKEN),
            safe_only=check_mode,
            sleep=lambda seconds: now.__setitem__(0, now[0] + seconds),
            clock=lambda: now[0],
        )
        return dict(code.handler(client, params, check_mode))

    def tutorial(self) -> int:
        """Run it; how many tasks changed something."""
        return sum(self.run(module, options)["changed"] for module, options in TUTORIAL)

    def state(self) -> dict[str, Any]:
        """All that is there, without ids and times, and the secret's value as the emulator holds it."""
        headers = {"Authorization": f"Bearer {TOKEN}"}

        def get(path: str) -> Any:
            url = f"{self.konnect.konnect_url}/v2/control-planes/{self.id}/{path}"
            return requests.get(url, headers=headers, timeout=10).json()

        stores = get("config-stores")["data"]
        secrets = {store["name"]: get(f"config-stores/{store['id']}/secrets")["data"] for store in stores}
        core = {kind: get(f"core-entities/{kind}")["data"] for kind in ("vaults", "services", "routes", "plugins")}
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


def remove(world: World) -> None:
    """Remove what the tutorial made."""
    for module, options in (TUTORIAL[5], TUTORIAL[2], TUTORIAL[1], TUTORIAL[0], TUTORIAL[4], TUTORIAL[3]):
        identity = (
            ("name", "prefix", "key", "config_store", "route") if module in ("secret", "plugin") else ("name", "prefix")
        )
        world.run(module, {name: options[name] for name in identity if name in options} | {"state": "absent"})
