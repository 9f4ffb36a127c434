# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON Threat Protection plugin, by Kong's documentation of its limits; -1 is no limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from ..json_application import json_response
from .exchange import Exchange
from .responses import JSON_UTF8
from .running_config import ActivePlugin


def _sizes(value: Any, depth: int = 1) -> Iterator[tuple[str, int]]:
    """Yield each limit that a JSON value touches, and how much of it the value takes."""
    if isinstance(value, str):
        yield "max_string_value_length", len(value)
    if isinstance(value, dict):
        yield "max_object_entry_count", len(value)
        yield from (("max_object_entry_name_length", len(name)) for name in value)
    if isinstance(value, list):
        yield "max_array_element_count", len(value)
    if isinstance(value, (dict, list)):
        yield "max_container_depth", depth
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _sizes(inner, depth + 1)


def check_json(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Refuse a body that exceeds a limit."""
    config = plugin.config
    if "json" not in exchange.request.headers.get("content-type", "") and config["allow_non_json_requests"]:
        return None
    sizes = [("max_body_size", len(exchange.body)), *_sizes(exchange.json())]
    exceeded = any(0 <= config[limit] < size for limit, size in sizes)
    if exceeded and config["enforcement_mode"] == "block":
        return json_response({"message": config["error_message"]}, config["error_status_code"], JSON_UTF8)
    return None
