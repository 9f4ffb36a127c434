# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AI Prompt Guard and AI Prompt Decorator (kong/plugins of Kong Gateway 3.10)."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.responses import Response

from .ai_proxy_errors import RequestRejected
from .exchange import Exchange
from .running_config import ActivePlugin

NO_JSON = "this LLM route only supports application/json requests"


def _reject(message: str) -> Response:
    return RequestRejected(400, message).response()


def _prompt(config: dict[str, Any], body: dict[str, Any]) -> str | None:
    """Return what the client asks, None in an unknown form."""
    if not isinstance(body.get("messages"), list):
        prompt = body.get("prompt")
        return prompt if isinstance(prompt, str) else None
    texts = [
        message.get("content")
        for message in reversed(body["messages"])
        if config["match_all_roles"] or message.get("role") == "user"
    ]
    if not all(isinstance(text, str) for text in texts):
        return None
    return " ".join(map(str, texts[:1] if config["allow_all_conversation_history"] else texts))


def guard_prompt(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Refuse a prompt with a pattern that is denied, or without any that is allowed; the client learns no more."""
    body, config = exchange.json(), plugin.config
    if not isinstance(body, dict):
        return _reject(NO_JSON)
    prompt = _prompt(config, body)
    allowed, denied = config["allow_patterns"] or (), config["deny_patterns"] or ()
    if prompt is None or any(re.search(pattern, prompt) for pattern in denied):
        return _reject("bad request")
    if allowed and not any(re.search(pattern, prompt) for pattern in allowed):
        return _reject("bad request")
    return None


def decorate_prompt(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Put messages before and after those of the client."""
    body = exchange.json()
    if not isinstance(body, dict):
        return _reject(NO_JSON)
    if not body.get("messages"):
        return _reject("this LLM route only supports llm/chat type requests")
    before, after = (plugin.config["prompts"][place] or [] for place in ("prepend", "append"))
    exchange.body = json.dumps({**body, "messages": [*before, *body["messages"], *after]}).encode()
    return None
