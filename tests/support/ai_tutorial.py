# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial on an AI Gateway as tasks of modules, as the role ai_gateway chains them."""

from __future__ import annotations

from typing import Any

from support.emulator import API_KEY

KEY = f"Bearer {API_KEY}"
REFERENCE = "{vault://mysecretvault/mistral-key}"
SECRET = {"config_store": "my-config-store", "key": "mistral-key"}
FINGERPRINT_KEY = {"fingerprint_key": "a-fake-fingerprint-key-of-32-characters"}
MODEL = {
    "name": "chat",
    "type": "model",
    "capabilities": ["generate"],
    "formats": [{"type": "openai"}],
    "config": {"route": {"paths": ["/v1"], "model": {"body_param": "model", "values": ["chat"]}}},
}

Task = tuple[str, dict[str, Any]]


def provider(value: str = REFERENCE, **more: Any) -> Task:
    """The provider whose key is a reference, or a secret itself."""
    auth = {"type": "basic", "headers": [{"name": "Authorization", "value": value}]}
    return "ai_model_provider", {"name": "mistral", "type": "mistral", "config": {"auth": auth}, **more}


def model(upstream_url: str, **more: Any) -> Task:
    """The model that asks the chat upstream of an emulator."""
    config = {"type": "mistral", "format": "openai", "upstream_url": f"{upstream_url}/v1/chat/completions"}
    target = {"name": "mistral-small-latest", "provider": "mistral", "config": config}
    return "ai_model", {**MODEL, "targets": [target], **more}


def tutorial(upstream_url: str, value: str = KEY, key: str = REFERENCE) -> list[Task]:
    """All tasks below a gateway.

    :param value: of the secret.
    :param key: of the provider.
    """
    return [
        ("config_store", {"name": "my-config-store"}),
        ("vault", {"prefix": "mysecretvault", "config_store": "my-config-store"}),
        ("secret", {**SECRET, "value": value, **FINGERPRINT_KEY}),
        provider(key, **FINGERPRINT_KEY),
        model(upstream_url),
    ]
