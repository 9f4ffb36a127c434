# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate Limiting, Rate Limiting Advanced and Service Protection; each node counts for itself, as by the policy local.

Source of the first: kong/plugins/rate-limiting of Kong Gateway 3.10. The others are not open source: what they do is
from Kong's documentation of them and of sliding windows.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timezone
from math import ceil
from typing import Any, NamedTuple

from starlette.responses import Response

from ..state import Record
from .exchange import Exchange
from .running_config import ActivePlugin

PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 2_592_000, "year": 31_536_000}
NAMES = {seconds: name.title() for name, seconds in PERIODS.items()}


class _Usage(NamedTuple):
    """One limit: what headers call it, how many seconds it is for and has left, and how many requests."""

    name: str
    window: int
    limit: int
    remaining: int
    reset: int


def _id(record: Record | None) -> str | None:
    return record["id"] if record else None


def _identifier(limit_by: str, config: dict[str, Any], exchange: Exchange) -> str:
    """Return what requests are counted by; the address where there is nothing else."""
    groups = exchange.config.groups_of(exchange.consumer["id"]) if exchange.consumer else []
    path = exchange.request.url.path
    found = {
        "consumer": _id(exchange.consumer) or _id(exchange.credential),
        "credential": _id(exchange.credential),
        "consumer-group": groups[0]["id"] if groups else None,
        "service": _id(exchange.service),
        "header": exchange.request.headers.get(config.get("header_name") or ""),
        "path": path if path == config.get("path") else None,
    }
    return found.get(limit_by) or exchange.client_ip


def _start_of(period: str, now_ms: int) -> int:
    """Return the second in which the current period began."""
    now = now_ms // 1000
    if period in ("month", "year"):
        moment = datetime.fromtimestamp(now, timezone.utc)
        first = datetime(moment.year, moment.month if period == "month" else 1, 1, tzinfo=timezone.utc)
        return int(first.timestamp())
    return now - now % PERIODS[period]


def _answer(plugin: ActivePlugin, exchange: Exchange, usages: list[_Usage], exceeded: bool) -> Response | None:
    """Set the headers, the general ones by the limit that is reached first, and refuse what exceeds it."""
    tightest = min(usages, key=lambda usage: (usage.remaining, -usage.window))
    if not plugin.config["hide_client_headers"]:
        for usage in usages:
            exchange.response_headers[f"X-RateLimit-Limit-{usage.name}"] = str(usage.limit)
            exchange.response_headers[f"X-RateLimit-Remaining-{usage.name}"] = str(usage.remaining)
        exchange.response_headers["RateLimit-Limit"] = str(tightest.limit)
        exchange.response_headers["RateLimit-Remaining"] = str(tightest.remaining)
        exchange.response_headers["RateLimit-Reset"] = str(tightest.reset)
        if exceeded:
            exchange.response_headers["Retry-After"] = str(tightest.reset)
    return exchange.refuse(int(plugin.config["error_code"]), plugin.config["error_message"]) if exceeded else None


def limit_by_periods(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Run Rate Limiting: fixed periods; what is refused does not count."""
    config, hits, now_ms = plugin.config, exchange.memory.hits, exchange.now_ms
    identifier = _identifier(config["limit_by"], config, exchange)
    scope = (_id(plugin.record.get("route")), _id(plugin.record.get("service")))
    keys: dict[str, Hashable] = {
        period: (*scope, identifier, period, _start_of(period, now_ms)) for period in PERIODS if config[period]
    }
    left = {period: int(config[period]) - hits[key] for period, key in keys.items()}
    stopped = [period for period, number in left.items() if number <= 0]
    usages = []
    for period, number in left.items():
        remaining = max(0, number - 1 if not stopped or period in stopped else number)
        reset = max(1, PERIODS[period] - (now_ms // 1000 - _start_of(period, now_ms)))
        usages.append(_Usage(period.title(), PERIODS[period], int(config[period]), remaining, reset))
    if not stopped:
        hits.update(keys.values())
    return _answer(plugin, exchange, usages, bool(stopped))


def _limit_by_windows(plugin: ActivePlugin, exchange: Exchange, identifier: str) -> Response | None:
    """Count in windows; what is refused counts too, unless ``disable_penalty``."""
    config, hits, now = plugin.config, exchange.memory.hits, exchange.now_ms // 1000
    usages, keys = [], []
    exceeded = False
    for limit, size in zip(map(int, config["limit"]), map(int, config["window_size"]), strict=True):
        name = (config["namespace"] or plugin.record["id"], size, identifier)
        elapsed, window = now % size, now // size
        rate = hits[(*name, window)] + 1.0
        if config["window_type"] == "sliding":
            rate += hits[(*name, window - 1)] * (size - elapsed) / size
        keys.append((*name, window))
        exceeded = exceeded or rate > limit
        remaining = max(0, limit - ceil(rate))
        usages.append(_Usage(NAMES.get(size, str(size)), size, limit, remaining, size - elapsed))
    if not (exceeded and config["disable_penalty"]):
        hits.update(keys)
    return _answer(plugin, exchange, usages, exceeded)


def limit_by_windows(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Run Rate Limiting Advanced."""
    return _limit_by_windows(plugin, exchange, _identifier(plugin.config["identifier"], plugin.config, exchange))


def protect_service(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Run Service Protection, which counts all requests to a service."""
    return _limit_by_windows(plugin, exchange, _identifier("service", plugin.config, exchange))
