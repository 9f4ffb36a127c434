# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of routes: what depends on their protocols, and routes that match by an expression.

(kong/db/schema/entities/routes.lua and routes_subschemas.lua.) The first protocol decides to which family a route
belongs. An empty list counts as given where a field is forbidden, and as not given where one is required.

Either kind of route is taken in any control plane: a router is a matter of the data planes (Konnect's API description,
RouteExpression, and Terraform's konnect_gateway_route_expression).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Violation, entity_violation, field_violation
from ..expressions import Expression, InvalidExpression
from ..plugins.field_rules import quoted
from .rules import Entity, RuleContext

TLS_PROTOCOLS = ("grpcs", "https", "tls", "tls_passthrough", "wss")
MATCHERS = ("methods", "hosts", "paths", "headers", "snis", "sources", "destinations")


@dataclass(frozen=True)
class Family:
    """Protocols that belong together; ``label`` is how Kong names them.

    ``matchers`` are the fields of which a route needs one; of several protocols of a route the first in it counts.
    """

    label: str
    forbidden: tuple[str, ...]
    matchers: dict[str, tuple[str, ...]]


FAMILIES = (
    Family(
        "'http' or 'https'",
        ("sources", "destinations"),
        {
            "https": ("hosts", "methods", "paths", "headers", "snis"),
            "http": ("hosts", "methods", "paths", "headers"),
        },
    ),
    Family(
        "'grpc' or 'grpcs'",
        ("methods", "sources", "destinations"),
        {"grpcs": ("hosts", "headers", "paths", "snis"), "grpc": ("hosts", "headers", "paths")},
    ),
    Family(
        "'tcp', 'tls', 'tls_passthrough' or 'udp'",
        ("methods", "hosts", "paths", "headers"),
        dict.fromkeys(("tcp", "tls", "udp"), ("sources", "destinations", "snis")),
    ),
    Family(
        "'tcp', 'tls', 'tls_passthrough' or 'udp'",
        ("methods", "hosts", "paths", "headers"),
        {"tls_passthrough": ("snis",)},
    ),
    Family(
        "'ws' or 'wss'",
        ("methods", "sources", "destinations"),
        {"wss": ("hosts", "headers", "paths", "snis"), "ws": ("hosts", "headers", "paths")},
    ),
)


def family_of(protocols: list[str]) -> Family:
    """Return the family of a route."""
    return next(family for family in FAMILIES if protocols[0] in family.matchers)


def inapplicable_fields(entity: Entity) -> tuple[str, ...]:
    """Return the fields of the other way in which a route matches: by an expression, or by its matchers."""
    return (*MATCHERS, "regex_priority") if "expression" in entity else ("expression", "priority")


def fill_route(entity: Entity, context: RuleContext) -> list[Violation]:
    """Fill in what has no fixed default; for protocols a switch, because Gateway 3.14 changed it."""
    entity.setdefault("protocols", context.switches.route_protocols_default.split(","))
    protocols = entity["protocols"]
    is_grpc = isinstance(protocols, list) and bool(protocols) and protocols[0] in ("grpc", "grpcs")
    entity.setdefault("strip_path", not is_grpc)
    entity.setdefault("priority" if "expression" in entity else "regex_priority", 0)
    return []


def check_route(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check that a route has a field by which it can match a request, and nothing that its protocols exclude."""
    protocols = entity["protocols"]
    families = [family for family in FAMILIES if set(protocols) & set(family.matchers)]
    found = []
    if len(families) > 1:
        subsets = [[item for item in protocols if item in family.matchers] for family in families]
        found.append(field_violation("protocols", f"these sets are mutually exclusive: {quoted(subsets)}"))
    found += _forbidden(entity, family_of(protocols))
    if entity.get("snis") and not set(protocols) & set(TLS_PROTOCOLS):
        reason = "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'"
        found.append(entity_violation(reason))
    return found + (_check_expression(entity) if "expression" in entity else _check_matchers(entity, protocols))


def _forbidden(entity: Entity, family: Family) -> Iterator[Violation]:
    for name in family.forbidden:
        if name in entity:
            yield field_violation(name, f"cannot set '{name}' when 'protocols' is {family.label}")
    if "grpc" in family.matchers and entity["strip_path"]:
        yield field_violation("strip_path", f"cannot set 'strip_path' when 'protocols' is {family.label}")


def _check_matchers(entity: Entity, protocols: list[str]) -> list[Violation]:
    protocol, matchers = next(item for item in family_of(protocols).matchers.items() if item[0] in protocols)
    found = []
    if not any(entity.get(name) for name in matchers):
        listed = ", ".join(f"'{name}'" for name in matchers[:-1]) + f" or '{matchers[-1]}'"
        needed = f"at least one of {listed}" if len(matchers) > 1 else f"'{matchers[0]}'"
        found.append(entity_violation(f"when protocols has '{protocol}', {needed} must be set"))
    if entity.get("priority"):
        found.append(entity_violation("cannot set 'priority' without 'expression'"))
    return found


def _check_expression(entity: Entity) -> list[Violation]:
    others = [name for name in MATCHERS if entity.get(name)]
    if entity.get("regex_priority"):
        others.append("regex_priority")
    if others:
        return [entity_violation(f"cannot set 'expression' with {quoted(others)} simultaneously")]
    try:
        Expression.parse(entity["expression"], entity["protocols"])
    except InvalidExpression as error:
        return [entity_violation(f"Router Expression failed validation: {error}")]
    return []
