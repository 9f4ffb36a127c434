# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a request goes: the host of its service, or the target of an upstream of that name, whose turn it is.

Weights work as in nginx' smooth round-robin, and by rendezvous hashing where an upstream hashes; there are no health
checks, so targets marked as failover serve only where there are no others.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from ..state import Record
from .exchange import Exchange

DEFAULT_PORTS = {"http": "80", "https": "443"}


class NoTarget(Exception):
    """An upstream has no target that takes requests."""


def _hash_input(upstream: Record, prefix: str, exchange: Exchange) -> str | None:
    """Return the text to hash (``hash_on``, ``hash_fallback``), None if the request does not have it."""
    request, kind = exchange.request, upstream[prefix]
    name = upstream.get(f"{prefix}_{kind}") or ""
    if kind == "header":
        return request.headers.get(name)
    if kind == "query_arg":
        return request.query_params.get(name)
    if kind == "cookie":
        return request.cookies.get(upstream.get("hash_on_cookie") or "")
    if kind == "consumer":
        identity = exchange.consumer or exchange.credential
        return identity["id"] if identity else None
    return {"ip": exchange.client_ip, "path": request.url.path}.get(kind)


def _by_hash(text: str, targets: Sequence[Record]) -> Record:
    def score(target: Record) -> float:
        digest = hashlib.sha256(f"{target['target']}\n{text}".encode()).digest()
        fraction = (int.from_bytes(digest[:8], "big") + 1) / 2**64
        return -target["weight"] / math.log(min(fraction, 1 - 2**-53))

    return max(targets, key=score)


def next_in_turn(name: str, targets: Sequence[Record], exchange: Exchange) -> Record:
    """Return the one of these weighted records whose turn it is in the list of this name."""
    turns = exchange.memory.turns
    total = sum(target["weight"] for target in targets)
    for target in targets:
        turns[name, target["id"]] += target["weight"]
    chosen = max(targets, key=lambda target: turns[name, target["id"]])
    turns[name, chosen["id"]] -= total
    return chosen


def _choose(upstream: Record, exchange: Exchange) -> Record:
    usable = [target for target in exchange.config.targets_of(upstream["id"]) if target["weight"]]
    targets = [target for target in usable if not target["failover"]] or usable
    if not targets:
        raise NoTarget
    text = _hash_input(upstream, "hash_on", exchange)
    if text is None:
        text = _hash_input(upstream, "hash_fallback", exchange)
    return next_in_turn(upstream["id"], targets, exchange) if text is None else _by_hash(text, targets)


def upstream_url(service: Record, exchange: Exchange) -> str:
    """Return the URL that a request goes to, without its query, and set its header Host. Raises NoTarget."""
    host, port = exchange.upstream_name or service["host"], str(service["port"])
    upstream = exchange.config.upstreams.get(host)
    if upstream is not None:
        host, _colon, port = _choose(upstream, exchange)["target"].rpartition(":")
    address = host if port == DEFAULT_PORTS.get(service["protocol"]) else f"{host}:{port}"
    if not exchange.route["preserve_host"]:
        exchange.headers["host"] = (upstream or {}).get("host_header") or address
    return f"{service['protocol']}://{address}{_path(service, exchange)}"


def _path(service: Record, exchange: Exchange) -> str:
    if exchange.path is not None:
        return exchange.path
    given = exchange.request.url.path
    path = given[exchange.match.matched_length :] if exchange.route["strip_path"] else given
    base = (service.get("path") or "/").rstrip("/")
    return f"{base}/{path.lstrip('/')}" if path else base or "/"


def route_by_headers(exchange: Exchange, rules: Sequence[Record]) -> None:
    """Send a request to the upstream of the first rule of Route By Header whose headers it has."""
    headers = exchange.request.headers
    for rule in rules:
        if all(headers.get(name) == value for name, value in rule["condition"].items()):
            exchange.upstream_name = rule["upstream_name"]
            return
