# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CORS plugin (kong/plugins/cors of Kong Gateway 3.10)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from .exchange import Exchange
from .running_config import ActivePlugin

ALLOW_ORIGIN, ALLOW_CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
PLAIN = re.compile(r"[A-Za-z0-9.:/-]+")


def _is_allowed(entry: str, origin: str) -> bool:
    if PLAIN.fullmatch(entry):
        return entry == origin
    subject = origin if ":" in entry else urlsplit(origin).hostname or ""
    return re.fullmatch(entry.removeprefix("^").removesuffix("$"), subject) is not None


def _set_origin(config: dict[str, Any], headers: MutableHeaders, origin: str) -> None:
    origins = config["origins"] or ["*"]
    if origins == ["*"]:
        headers[ALLOW_ORIGIN] = "*"
    else:
        headers.add_vary_header("Origin")
        if len(origins) == 1 and PLAIN.fullmatch(origins[0]):
            headers[ALLOW_ORIGIN] = origins[0]
        elif "*" in origins:
            headers[ALLOW_ORIGIN] = "*"
        elif origin and any(_is_allowed(entry, origin) for entry in origins):
            headers[ALLOW_ORIGIN] = origin
    if not config["credentials"]:
        return
    if headers.get(ALLOW_ORIGIN) != "*":
        headers[ALLOW_CREDENTIALS] = "true"
    elif origin:
        headers.add_vary_header("Origin")
        headers[ALLOW_ORIGIN], headers[ALLOW_CREDENTIALS] = origin, "true"


def _is_preflight(exchange: Exchange) -> bool:
    headers = exchange.request.headers
    return exchange.method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def answer_preflight(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Respond to a preflight, unless the upstream shall."""
    config, given = plugin.config, exchange.request.headers
    if not _is_preflight(exchange) or config["preflight_continue"]:
        return None
    headers = exchange.response_headers
    _set_origin(config, headers, given["origin"])
    allowed = ",".join(config["headers"] or ()) or given.get("access-control-request-headers")
    if allowed:
        headers["Access-Control-Allow-Headers"] = allowed
    headers["Access-Control-Allow-Methods"] = ",".join(config["methods"])
    if config["max_age"] is not None:
        headers["Access-Control-Max-Age"] = f"{config['max_age']:g}"
    if config["private_network"] and given.get("access-control-request-private-network") == "true":
        headers["Access-Control-Allow-Private-Network"] = "true"
    return Response(status_code=200)


def add_cors_headers(plugin: ActivePlugin, exchange: Exchange, response: Response) -> None:
    """Add the headers to a response that is none to a preflight."""
    config, origin = plugin.config, exchange.request.headers.get("origin", "")
    if _is_preflight(exchange) or not (origin or config["allow_origin_absent"]):
        return
    _set_origin(config, response.headers, origin)
    if config["exposed_headers"]:
        response.headers["Access-Control-Expose-Headers"] = ",".join(config["exposed_headers"])
