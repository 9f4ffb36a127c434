# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An AI Gateway of an emulator, where modules run that take one in place of a control plane."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from typing import Any
from unittest import mock

import requests

from support import engine
from support.control_plane import DIFF_MODE, ControlPlaneHarness, ModuleRun
from support.emulator import TOKEN, Emulator

TEMPORARY = "konnect-rotation-"
_numbers = itertools.count(1)


class AiGatewayHarness(ControlPlaneHarness):
    """An AI Gateway in an emulator that other tests use too; C(control_plane_id) is its id."""

    @classmethod
    def create(cls, emulator: Emulator) -> AiGatewayHarness:
        """Create a gateway, which is empty, and connect the data plane to it."""
        name = f"gateway-{next(_numbers)}"
        made = send_v1(emulator.konnect_url, "POST", "ai-gateways", {"name": name, "display_name": name})
        return cls._connected(emulator, made)

    @classmethod
    def find(cls, emulator: Emulator, name: str) -> AiGatewayHarness:
        """Return the only gateway of a name, and connect the data plane to it."""
        rows = send_v1(emulator.konnect_url, "GET", "ai-gateways", **{"page[size]": "1000"})["data"]
        (found,) = [row for row in rows if row["name"] == name]
        return cls._connected(emulator, found)

    @classmethod
    def _connected(cls, emulator: Emulator, gateway: dict[str, Any]) -> AiGatewayHarness:
        emulator.control("PUT", "ai-gateway", {"ai_gateway_id": gateway["id"]})
        return cls(emulator.konnect_url, gateway["id"], emulator, gateway["name"])

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a module or a playbook to this gateway."""
        named = {"KONNECT_CONTROL_PLANE": "", "KONNECT_AI_GATEWAY": self.name}
        # Under the token, each fingerprint takes a second.
        return {**self.emulator.environment, **named, "KONNECT_FINGERPRINT_KEY": "fake-fingerprint-key" * 2}

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Send a request to a path below the gateway, as another client would; its JSON, or None."""
        return send_v1(self.konnect_url, method, f"ai-gateways/{self.control_plane_id}/{path}", body, **query)

    def run(
        self,
        module: str,
        options: Mapping[str, Any] | None = None,
        *,
        check: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> ModuleRun:
        """Run a module's real ``main()`` in this process, in diff mode; pauses take no time."""
        foreign = {name: "" for name in os.environ if name.startswith("KONNECT_")}
        client = engine.make_client(self.konnect_url, TOKEN, read_only=check)
        self.emulator.requests()
        with mock.patch.dict(os.environ, {**foreign, **self.environment, **(environment or {})}):
            result = engine.run_module(module, {**(options or {}), **DIFF_MODE}, client, check_mode=check)
        return ModuleRun(result, self._relative(self.emulator.requests()))

    @property
    def parent(self) -> dict[str, str]:
        """The options that lead a module to this gateway."""
        return {"ai_gateway": self.name}

    @property
    def proxy_urls(self) -> list[str]:
        """Where its data planes accept requests."""
        return self.emulator.ai_gateway_urls

    def chat(self, model: str = "chat") -> int:
        """Ask a model; the status of the response."""
        return self.chat_at(self.emulator.ai_gateway_url, model)

    def chat_at(self, proxy_url: str, model: str = "chat") -> int:
        """Ask a model through a node; the status of the response."""
        body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
        return requests.post(f"{proxy_url}/v1/chat/completions", json=body, timeout=30).status_code

    def uses(self) -> list[dict[str, Any]]:
        """A row for each request to the data planes, of which those of a trial are known by their model."""
        rows = self.emulator.uses()
        # An alias that no model has is that of a trial that has not begun, or that no data plane has yet.
        return [{**row, "trial": row["route"] is None or row["route"].startswith(TEMPORARY)} for row in rows]

    def write_secret(self, key: str, value: str) -> None:
        """Write a secret of the only Config Store as another client does."""
        (store,) = self.list("config-stores")
        secrets = f"config-stores/{store['id']}/secrets"
        if key in [row["key"] for row in self.list(secrets)]:
            self.call("PUT", f"{secrets}/{key}", {"value": value})
        else:
            self.call("POST", secrets, {"key": key, "value": value})

    def temporary(self) -> list[str]:
        """The names of what the trials of rotations left."""
        rows = [*self.list("models"), *self.list("model-providers")]
        return [row["name"] for row in rows if row["name"].startswith(TEMPORARY)]

    def _relative(self, rows: list[dict[str, Any]]) -> list[str]:
        below = f"/v1/ai-gateways/{self.control_plane_id}/"
        return [f"{row['method']} {row['path'].removeprefix(below)}" for row in rows]


def send_v1(konnect_url: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    """Send a request to a path below ``/v1``; its JSON, or None. Raises requests.HTTPError."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = requests.request(
        method, f"{konnect_url}/v1/{path}", json=body, params=query, headers=headers, timeout=30
    )
    response.raise_for_status()
    return response.json() if response.content else None
