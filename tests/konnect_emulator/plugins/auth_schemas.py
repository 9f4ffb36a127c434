# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compact schemas of the plugins that authenticate and authorize, as of Kong Gateway 3.15."""

from __future__ import annotations

from .config_checks import at_least_one, exactly_one
from .partial_schemas import redis_ce
from .schema import (
    ALL_PROTOCOLS,
    ROUTES_AND_SERVICES,
    WS_PROTOCOLS,
    Field,
    array,
    boolean,
    flag,
    number,
    one_of,
    plugin,
    record,
    set_of,
    string,
)


def _principals() -> Field:
    fields = {
        "enabled": boolean(default=False),
        "directory": string(default="default"),
        "error_on_miss": boolean(default=True),
    }
    return record(fields)


KEY_AUTH = plugin(
    "key-auth",
    {
        "key_names": array(required=True, default=["apikey"]),
        "hide_credentials": flag(True),
        "anonymous": string(),
        "key_in_header": flag(True),
        "key_in_query": flag(True),
        "key_in_body": flag(False),
        "run_on_preflight": flag(True),
        "realm": string(),
        "identity_realms": array(
            record({"scope": one_of("cp", "realm", default="cp"), "id": string(), "region": string()})
        ),
        "principals": _principals(),
    },
    scopes=ROUTES_AND_SERVICES,
    protocols=WS_PROTOCOLS,
)


BASIC_AUTH = plugin(
    "basic-auth",
    {
        "anonymous": string(),
        "hide_credentials": flag(True),
        "realm": string(required=True, default="service"),
        "brute_force_protection": record(
            {
                "strategy": one_of("cluster", "memory", "off", "redis", required=True, default="off"),
                "redis": redis_ce(),
            },
            required=False,
        ),
        "principals": _principals(),
    },
    scopes=ROUTES_AND_SERVICES,
    protocols=WS_PROTOCOLS,
    supported_partials={"redis-ce": ["config.brute_force_protection.redis"]},
)


JWT = plugin(
    "jwt",
    {
        "uri_param_names": set_of(default=["jwt"]),
        "cookie_names": set_of(default=[]),
        "key_claim_name": string(default="iss"),
        "secret_is_base64": flag(False),
        "claims_to_verify": set_of(one_of("exp", "nbf")),
        "anonymous": string(),
        "run_on_preflight": flag(True),
        "maximum_expiration": number(default=0, between=[0, 31536000]),
        "header_names": set_of(default=["authorization"]),
        "realm": string(),
    },
    scopes=ROUTES_AND_SERVICES,
)


ACL = plugin(
    "acl",
    {
        "allow": array(),
        "deny": array(),
        "hide_groups_header": flag(False),
        "always_use_authenticated_groups": flag(False),
        "include_consumer_groups": boolean(default=False),
    },
    exactly_one("config.allow", "config.deny"),
    at_least_one("config.allow", "config.deny"),
    scopes=ROUTES_AND_SERVICES,
    allowed_protocols=WS_PROTOCOLS,
)


IP_RESTRICTION = plugin(
    "ip-restriction",
    {"allow": array(), "deny": array(), "status": number(), "message": string()},
    at_least_one("config.allow", "config.deny"),
    protocols=("grpc", "grpcs", "http", "https", "tcp", "tls"),
    allowed_protocols=ALL_PROTOCOLS,
)
