# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of routes: what depends on their protocols."""

from __future__ import annotations

from ..errors import Violation, entity_violation, field_violation
from .rules import Entity, RuleContext

GRPC = ("grpc", "grpcs")
HTTP_MATCHERS = {
    "http": ("hosts", "methods", "paths", "headers"),
    "https": ("hosts", "methods", "paths", "headers", "snis"),
}


def _is_grpc(entity: Entity) -> bool:
    protocols = entity.get("protocols")
    return isinstance(protocols, list) and bool(protocols) and protocols[0] in GRPC


def fill_route(entity: Entity, context: RuleContext) -> list[Violation]:
    """Fill in what has no fixed default; for protocols a switch, because Gateway 3.14 changed it."""
    entity.setdefault("protocols", context.switches.route_protocols_default.split(","))
    entity.setdefault("strip_path", not _is_grpc(entity))
    return []


def check_route(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check that a route has a field by which it can match a request, and nothing that its protocols exclude."""
    if _is_grpc(entity) and entity["strip_path"]:
        return [field_violation("strip_path", "cannot set 'strip_path' when 'protocols' is 'grpc' or 'grpcs'")]
    for protocol, matchers in HTTP_MATCHERS.items():
        if protocol in entity.get("protocols", ()) and not any(entity.get(name) for name in matchers):
            listed = ", ".join(f"'{name}'" for name in matchers[:-1]) + f" or '{matchers[-1]}'"
            return [entity_violation(f"when protocols has '{protocol}', at least one of {listed} must be set")]
    return []
