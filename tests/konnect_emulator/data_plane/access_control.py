# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins that let requests pass or not: ACL, IP Restriction, Request Size Limiting.

Source: kong/plugins/{acl,ip-restriction,request-size-limiting} of Kong Gateway 3.10; for
``include_consumer_groups`` Kong's documentation of the ACL plugin.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.responses import Response

from .exchange import Exchange
from .running_config import ActivePlugin

NOT_ALLOWED = "You cannot consume this service"
SIZES = {"megabytes": 2**20, "kilobytes": 2**10, "bytes": 1}


def check_groups(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Let a consumer pass by its groups, and name them to the upstream."""
    config = plugin.config
    if exchange.consumer is None:
        return exchange.refuse(401, "Unauthorized")
    groups = exchange.config.acl_groups(exchange.consumer["id"])
    if config["include_consumer_groups"]:
        groups = [*groups, *(group["name"] for group in exchange.config.groups_of(exchange.consumer["id"]))]
    if not groups and not config["deny"]:
        if exchange.credential is None:
            return exchange.refuse(401, "Unauthorized")
        return exchange.refuse(403, NOT_ALLOWED)
    listed = not set(groups).isdisjoint(config["deny"] or config["allow"] or ())
    if listed == bool(config["deny"]):
        return exchange.refuse(403, NOT_ALLOWED)
    if groups and not config["hide_groups_header"]:
        exchange.headers["x-consumer-groups"] = ", ".join(groups)
    return None


def _is_in(address: str, networks: Iterable[str]) -> bool:
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False) for network in networks)


def check_address(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Let a client pass by its address."""
    config, address = plugin.config, exchange.client_ip
    denied = bool(config["deny"]) and _is_in(address, config["deny"])
    if denied or (config["allow"] and not _is_in(address, config["allow"])):
        message = config["message"] or f"IP address not allowed: {address}"
        return exchange.refuse(int(config["status"] or 403), message)
    return None


def check_size(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Let a request pass by the size of its body."""
    config = plugin.config
    if config["require_content_length"] and "content-length" not in exchange.request.headers:
        return exchange.refuse(411, "A valid Content-Length header is required")
    if len(exchange.body) > config["allowed_payload_size"] * SIZES[config["size_unit"]]:
        return exchange.refuse(413, "Request size limit exceeded")
    return None
