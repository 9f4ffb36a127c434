# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Changes of protocol: Kong refuses a service or a route that keeps fields which its new protocol excludes.

Source: kong/db/schema/entities/services.lua, routes.lua and routes_subschemas.lua in Kong Gateway 3.10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .._entities.kind import Entity
from .._entities.reconcile import Target

SERVICES_WITHOUT_PATH = frozenset({"grpc", "grpcs", "tcp", "tls", "udp"})
SERVICES_WITH_TLS = frozenset({"https", "tls", "wss"})
TLS_FIELDS = frozenset({"ca_certificates", "client_certificate", "tls_verify", "tls_verify_depth"})

ROUTES_WITH_TLS = frozenset({"grpcs", "https", "tls", "tls_passthrough", "wss"})
STREAM_FIELDS = frozenset({"destinations", "sources"})
HTTP = STREAM_FIELDS
WEBSOCKET = STREAM_FIELDS | {"methods"}
# Kong's default of strip_path is another one there.
GRPC = WEBSOCKET | {"strip_path"}
STREAM = frozenset({"headers", "hosts", "methods", "paths"})
EXCLUDED_BY_ROUTES = {
    **dict.fromkeys(("http", "https"), HTTP),
    **dict.fromkeys(("ws", "wss"), WEBSOCKET),
    **dict.fromkeys(("grpc", "grpcs"), GRPC),
    **dict.fromkeys(("tcp", "tls", "tls_passthrough", "udp"), STREAM),
}


def excluded_from_service(service: Entity) -> frozenset[str]:
    """The fields that a service must not have, by its protocol."""
    protocol = service.get("protocol") or "http"
    path = frozenset({"path"}) if protocol in SERVICES_WITHOUT_PATH else frozenset()
    return path if protocol in SERVICES_WITH_TLS else path | TLS_FIELDS


def excluded_from_route(route: Entity) -> frozenset[str]:
    """The fields that a route must not have, by its protocols, of which the first decides."""
    protocols = route.get("protocols") or ["https"]
    excluded = EXCLUDED_BY_ROUTES.get(protocols[0], frozenset())
    return excluded if ROUTES_WITH_TLS & set(protocols) else excluded | {"snis"}


def fit_protocol(target: Target, given: Entity, excluded_from: Callable[[Entity], frozenset[str]]) -> Target:
    """The target without what it holds and its new protocol excludes; what the task gives stays, for Kong to judge.

    :param given: the fields that the task gives; None was not given.
    """

    def compose(current: Entity | None) -> Entity:
        body = target.compose(current)
        excluded = excluded_from(body) - excluded_from(current) if current else frozenset()
        return {name: value for name, value in body.items() if name not in excluded or given.get(name) is not None}

    return replace(target, compose=compose)
