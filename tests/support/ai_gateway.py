# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An AI Gateway of an emulator, where modules run that take one in place of a control plane."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import requests

from support import engine
from support.control_plane import ControlPlaneHarness
from support.emulator import TOKEN, Emulator

_numbers = itertools.count(1)


class AiGatewayHarness(ControlPlaneHarness):
    """An AI Gateway in an emulator that other tests use too; C(control_plane_id) is its id."""

    @classmethod
    def create(cls, emulator: Emulator) -> AiGatewayHarness:
        """Create a gateway, which is empty, and connect the data plane to it."""
        name = f"gateway-{next(_numbers)}"
        made = send_v1(emulator.konnect_url, "POST", "ai-gateways", {"name": name, "display_name": name})
        emulator.control("PUT", "ai-gateway", {"ai_gateway_id": made["id"]})
        return cls(emulator.konnect_url, made["id"], emulator, name)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a module or a playbook to this gateway."""
        return {**self.emulator.environment, "KONNECT_CONTROL_PLANE": "", "KONNECT_AI_GATEWAY": self.name}

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Send a request to a path below the gateway, as another client would; its JSON, or None."""
        return send_v1(self.konnect_url, method, f"ai-gateways/{self.control_plane_id}/{path}", body, **query)

    def run_handler(
        self, module: str, options: Mapping[str, Any], *, check: bool = False, task: engine.Task | None = None
    ) -> dict[str, Any]:
        """Run a module's handler in this process, where pauses take no time. Raises KonnectError."""
        return super().run_handler(
            module, {"control_plane": None, "ai_gateway": self.name, **options}, check=check, task=task
        )

    def chat(self, model: str = "chat") -> int:
        """Ask a model; the status of the response."""
        body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
        return requests.post(f"{self.emulator.ai_gateway_url}/v1/chat/completions", json=body, timeout=30).status_code

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
