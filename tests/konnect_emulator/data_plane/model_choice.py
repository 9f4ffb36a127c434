# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which model responds to a request: that of AI Proxy, or a target of AI Proxy Advanced."""

from __future__ import annotations

import json

from starlette.responses import Response

from .balancer import next_in_turn
from .exchange import Exchange
from .running_config import ActivePlugin

SHARED = ("max_request_body_size", "response_streaming", "model_name_header")


def choose_model(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Take the target of AI Proxy Advanced whose alias the client asks for, or whose turn it is."""
    config, body = plugin.config, exchange.json()
    targets = [{**target, "id": str(number)} for number, target in enumerate(config["targets"])]
    asked = body.get("model") if isinstance(body, dict) else None
    aliased = [target for target in targets if asked and target["model"].get("model_alias") == asked]
    if aliased and isinstance(body, dict):
        exchange.body = json.dumps({name: value for name, value in body.items() if name != "model"}).encode()
    chosen = next_in_turn(plugin.record["id"], aliased or targets, exchange)
    exchange.model = {**chosen, **{name: config[name] for name in SHARED}}
    return None


def use_model(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Let the model of AI Proxy respond."""
    exchange.model = plugin.config
    return None
