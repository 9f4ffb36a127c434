# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compact schemas of the plugins that limit, transform or end requests, as of Kong Gateway 3.15."""

from __future__ import annotations

from .config_checks import at_least_one, required_if
from .lua_checks import PERIODS
from .partial_schemas import redis_ce
from .schema import (
    ALL_PROTOCOLS,
    ROUTES_AND_SERVICES,
    Field,
    PluginSchema,
    array,
    boolean,
    flag,
    integer,
    number,
    one_of,
    plugin,
    record,
    string,
)

METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT"]
PHASES = ("certificate", "rewrite", "access", "header_filter", "body_filter", "log")
WS_PHASES = ("ws_handshake", "ws_client_frame", "ws_upstream_frame", "ws_close")


def _string_lists(*names: str) -> dict[str, Field]:
    return {name: array(required=True, default=[]) for name in names}


def _serverless_function(name: str) -> PluginSchema:
    phases = PHASES + WS_PHASES
    return plugin(
        name,
        _string_lists(*phases),
        at_least_one(*(f"config.{phase}" for phase in phases)),
        scopes=ROUTES_AND_SERVICES,
        allowed_protocols=ALL_PROTOCOLS,
    )


def _typed_json_lists() -> Field:
    types = array(one_of("boolean", "number", "string"), required=True, default=[])
    return record({**_string_lists("json"), "json_types": types, **_string_lists("headers")})


def _old_redis_fields(plugin_name: str) -> list[dict[str, Field]]:
    """Return the shorthands ``redis_host`` and so on, as a recorded live schema has them."""
    types = {name: string() for name in ("host", "username", "server_name")}
    types |= {"password": string(len_min=0), "ssl": boolean(), "ssl_verify": boolean()}
    types |= {name: integer() for name in ("port", "timeout", "database")}

    def deprecated(name: str, field: Field) -> Field:
        message = f"{plugin_name}: config.redis_{name} is deprecated, please use config.redis.{name} instead"
        replaced_with = [{"path": ["redis", name]}]
        deprecation = {"message": message, "removal_in_version": "4.0", "replaced_with": replaced_with}
        return {**field, "deprecation": deprecation}

    return [{f"redis_{name}": deprecated(name, field)} for name, field in types.items()]


RATE_LIMITING = plugin(
    "rate-limiting",
    {
        **{period: number(gt=0) for period in PERIODS},
        "limit_by": one_of(
            "consumer", "credential", "ip", "service", "header", "path", "consumer-group", default="consumer"
        ),
        "header_name": string(),
        "path": string(),
        "policy": one_of("local", "cluster", "redis", default="local"),
        "fault_tolerant": flag(True),
        "redis": redis_ce(),
        "hide_client_headers": flag(False),
        "error_code": number(default=429, gt=0),
        "error_message": string(default="API rate limit exceeded"),
        "sync_rate": number(required=True, default=-1),
    },
    at_least_one(*(f"config.{period}" for period in PERIODS)),
    *(required_if(f"config.redis.{name}", "config.policy", "redis") for name in ("host", "port", "timeout")),
    required_if("config.header_name", "config.limit_by", "header"),
    required_if("config.path", "config.limit_by", "path"),
    shorthand_fields=_old_redis_fields("rate-limiting"),
    supported_partials={"redis-ce": ["config.redis"]},
)


REQUEST_TRANSFORMER = plugin(
    "request-transformer",
    {
        "http_method": string(),
        "remove": record(_string_lists("body", "headers", "querystring")),
        "rename": record(_string_lists("body", "headers", "querystring")),
        "replace": record({**_string_lists("body", "headers", "querystring"), "uri": string()}),
        "add": record(_string_lists("body", "headers", "querystring")),
        "append": record(_string_lists("body", "headers", "querystring")),
    },
    allowed_protocols=ALL_PROTOCOLS,
)


RESPONSE_TRANSFORMER = plugin(
    "response-transformer",
    {
        "remove": record(_string_lists("json", "headers")),
        "rename": record(_string_lists("json", "headers")),
        "replace": _typed_json_lists(),
        "add": _typed_json_lists(),
        "append": _typed_json_lists(),
    },
)


REQUEST_TERMINATION = plugin(
    "request-termination",
    {
        "status_code": integer(required=True, default=503, between=[100, 599]),
        "message": string(),
        "content_type": string(),
        "body": string(),
        "echo": flag(False),
        "trigger": string(),
    },
)


CORS = plugin(
    "cors",
    {
        "origins": array(),
        "headers": array(),
        "exposed_headers": array(),
        "methods": array(one_of(*METHODS), default=METHODS),
        "max_age": number(),
        "credentials": flag(False),
        "private_network": flag(False),
        "preflight_continue": flag(False),
        "allow_origin_absent": flag(True),
    },
    scopes=ROUTES_AND_SERVICES,
)


PROXY_CACHE = plugin(
    "proxy-cache",
    {
        "response_code": array(integer(between=[100, 900]), len_min=1, required=True, default=[200, 301, 404]),
        "request_method": array(one_of("HEAD", "GET", "POST", "PATCH", "PUT"), required=True, default=["GET", "HEAD"]),
        "content_type": array(required=True, default=["text/plain", "application/json"]),
        "cache_ttl": integer(default=300, gt=0),
        "strategy": one_of("memory", required=True),
        "cache_control": flag(False),
        "ignore_uri_case": boolean(default=False),
        "storage_ttl": integer(),
        "memory": record({"dictionary_name": string(required=True, default="kong_db_cache")}),
        "vary_query_params": array(),
        "vary_headers": array(),
        "response_headers": record(
            {
                "age": boolean(default=True),
                "X-Cache-Status": boolean(default=True),
                "X-Cache-Key": boolean(default=True),
            }
        ),
    },
    allowed_protocols=ALL_PROTOCOLS,
)

PRE_FUNCTION = _serverless_function("pre-function")
POST_FUNCTION = _serverless_function("post-function")
