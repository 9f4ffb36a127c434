# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds that bring plugins or belong to one: custom and cloned plugins, GraphQL routes and costs.

Source: Konnect OpenAPI control-planes-config v2.
"""

from __future__ import annotations

from . import rules
from .entity_kind import COMMON_FIELDS, EntityKind, entity_kind
from .fields import Field, foreign, integer, set_of, string

CUSTOM_PLUGINS = entity_kind(
    "custom-plugins",
    "custom-plugin",
    {
        "name": string(required=True, minimum=1, maximum=128),
        "schema": string(required=True, minimum=1),
        "handler": string(required=True, minimum=1),
    },
    key="name",
    unique=("name",),
)

# The API description has none, but clients of the live API write them (go-kong).
CLONED_PLUGINS = entity_kind(
    "cloned-plugins",
    "cloned-plugin",
    {
        "name": string(required=True, minimum=1, maximum=128),
        "ref": string(required=True, minimum=1),
        "priority": integer(),
    },
    key="name",
    unique=("name",),
    check=rules.check_clone,
)

WITHOUT_TAGS = {name: field for name, field in COMMON_FIELDS.items() if name != "tags"}

DEGRAPHQL_ROUTES = EntityKind(
    "degraphql_routes",
    "degraphql_route",
    {
        **WITHOUT_TAGS,
        "uri": string(required=True, minimum=1),
        "query": string(required=True, minimum=1),
        "methods": set_of(string(pattern="^[A-Z]+$"), default=["GET"]),
        "service": foreign("services", cascade=True, required=True),
    },
    nested_path="degraphql/routes",
    flat_writes=False,
)

GRAPHQL_COSTS = EntityKind(
    "graphql-rate-limiting-advanced/costs",
    "graphql-rate-limiting-advanced-cost",
    {
        **{name: field for name, field in WITHOUT_TAGS.items() if name != "updated_at"},
        "type_path": string(required=True, minimum=1),
        # Without their defaults: live Konnect fills in none (decK's tests, dump/012, konnect-expected-multiple).
        "add_arguments": set_of(string()),
        "add_constant": Field("number"),
        "mul_arguments": set_of(string()),
        "mul_constant": Field("number"),
        "service": foreign("services", cascade=True),
    },
    unique_together=(("service", "type_path"),),
    flat_writes=False,
)

OF_PLUGINS = (CUSTOM_PLUGINS, CLONED_PLUGINS, DEGRAPHQL_ROUTES, GRAPHQL_COSTS)
