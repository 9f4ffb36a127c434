# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Proxy Cache plugin (kong/plugins/proxy-cache of Kong Gateway 3.10), without ``cache_control``."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.responses import Response

from .exchange import Exchange, Kept
from .running_config import ActivePlugin

STATUS, KEY = "X-Cache-Status", "X-Cache-Key"


def _show(config: dict[str, Any], exchange: Exchange, name: str, value: str) -> None:
    if config["response_headers"][name]:
        exchange.response_headers[name] = value


def _key(config: dict[str, Any], exchange: Exchange) -> str:
    request = exchange.request
    varying = config["vary_query_params"]
    query = sorted((name, value) for name, value in exchange.query if not varying or name in varying)
    headers = sorted((name.lower(), request.headers.get(name, "")) for name in config["vary_headers"] or ())
    path = request.url.path.lower() if config["ignore_uri_case"] else request.url.path
    consumer_id = exchange.consumer["id"] if exchange.consumer else None
    parts = [consumer_id, exchange.route["id"], exchange.method, path, query, headers]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def answer_from_cache(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Return the kept response to an equal request, if there is one that is not too old."""
    config = plugin.config
    if exchange.method not in config["request_method"]:
        _show(config, exchange, STATUS, "Bypass")
        return None
    key = _key(config, exchange)
    _show(config, exchange, KEY, key)
    kept = exchange.memory.responses.get(key)
    age = (exchange.now_ms - kept.stored_ms) // 1000 if kept else 0
    if kept is None or age > config["cache_ttl"]:
        _show(config, exchange, STATUS, "Refresh" if kept else "Miss")
        return None
    _show(config, exchange, STATUS, "Hit")
    _show(config, exchange, "age", str(age))
    return Response(kept.body, kept.status, kept.headers)


def keep_response(plugin: ActivePlugin, exchange: Exchange, response: Response) -> None:
    """Keep a response that may be kept, if it is not from the cache."""
    config = plugin.config
    if exchange.method not in config["request_method"] or exchange.response_headers.get(STATUS) == "Hit":
        return
    media_type = response.headers.get("content-type", "").replace(" ", "")
    wanted = media_type in [each.replace(" ", "") for each in config["content_type"]]
    body = getattr(response, "body", None)
    if response.status_code not in config["response_code"] or not wanted or not isinstance(body, bytes):
        if config["response_headers"][STATUS]:
            response.headers[STATUS] = "Bypass"
        return
    headers = {name: value for name, value in response.headers.items() if name not in exchange.response_headers}
    kept = Kept(exchange.now_ms, response.status_code, body, headers)
    exchange.memory.responses[_key(config, exchange)] = kept
