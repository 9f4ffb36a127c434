# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compact schemas of the common plugins, as of Kong Gateway 3.15 (ai-proxy: ``ai_proxy_schema``).

Names, types, defaults and choices follow Kong's plugin schemas; the order of a default list is that of Kong's code.
"""

from __future__ import annotations

from typing import Any

from .ai_proxy_schema import AI_PROXY
from .errors import Violation, on_field
from .partial_schemas import redis_ce
from .plugin_schemas import (
    ALL_PROTOCOLS,
    WS_PROTOCOLS,
    Field,
    PluginSchema,
    array,
    at_least_one,
    boolean,
    choice,
    exactly_one,
    flag,
    integer,
    map_of,
    needs,
    number,
    plugin,
    record,
    secret,
    set_of,
    string,
)

ON_ROUTES = ("route", "service")
NOT_GROUPS = ("consumer", "route", "service")
PERIODS = ("second", "minute", "hour", "day", "month", "year")
METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT"]
PHASES = ("certificate", "rewrite", "access", "header_filter", "body_filter", "log")
WS_PHASES = ("ws_handshake", "ws_client_frame", "ws_upstream_frame", "ws_close")


def _strings(*names: str) -> dict[str, Field]:
    return {name: array(required=True, default=[]) for name in names}


def _principals() -> Field:
    fields = {
        "enabled": boolean(default=False),
        "directory": string(default="default"),
        "error_on_miss": boolean(default=True),
    }
    return record(fields)


def _periods_in_order(config: dict[str, Any]) -> list[Violation]:
    given = [(name, config[name]) for name in PERIODS if isinstance(config.get(name), (int, float))]
    for place, (lower, least) in enumerate(given):
        for upper, most in given[place + 1 :]:
            if most < least:
                text = f"The limit for {upper}({most:.1f}) cannot be lower than the limit for {lower}({least:.1f})"
                return [on_field("config", text)]
    return []


def _termination_is_of_one_mind(config: dict[str, Any]) -> list[Violation]:
    if config.get("message") and (config.get("content_type") or config.get("body")):
        return [on_field("config", "message cannot be used with content_type or body")]
    if config.get("content_type") and not config.get("body"):
        return [on_field("config", "content_type requires a body")]
    if config.get("echo") and (config.get("content_type") or config.get("body")):
        return [on_field("config", "echo cannot be used with content_type and body")]
    return []


def _function(name: str) -> PluginSchema:
    phases = PHASES + WS_PHASES
    return plugin(name, _strings(*phases), at_least_one(*phases), scopes=ON_ROUTES, allowed=ALL_PROTOCOLS)


def _queue() -> Field:
    return record(
        {
            "max_batch_size": integer(default=1, between=[1, 1000000]),
            "max_coalescing_delay": number(default=1, between=[0, 3600]),
            "max_entries": integer(default=10000, between=[1, 1000000]),
            "max_bytes": integer(),
            "max_retry_time": number(default=60),
            "initial_retry_delay": number(default=0.01, between=[0.001, 1000000]),
            "max_retry_delay": number(default=60, between=[0.001, 1000000]),
            "concurrency_limit": integer(default=1, one_of=[-1, 1]),
        }
    )


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
            record({"scope": choice("cp", "realm", default="cp"), "id": string(), "region": string()})
        ),
        "principals": _principals(),
    },
    scopes=ON_ROUTES,
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
                "strategy": choice("cluster", "memory", "off", "redis", required=True, default="off"),
                "redis": redis_ce(),
            }
        ),
        "principals": _principals(),
    },
    scopes=ON_ROUTES,
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
        "claims_to_verify": set_of(choice("exp", "nbf")),
        "anonymous": string(),
        "run_on_preflight": flag(True),
        "maximum_expiration": number(default=0, between=[0, 31536000]),
        "header_names": set_of(default=["authorization"]),
        "realm": string(),
    },
    scopes=ON_ROUTES,
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
    exactly_one("allow", "deny"),
    at_least_one("allow", "deny"),
    scopes=ON_ROUTES,
    allowed=WS_PROTOCOLS,
)

RATE_LIMITING = plugin(
    "rate-limiting",
    {
        **{period: number(gt=0) for period in PERIODS},
        "limit_by": choice(
            "consumer", "credential", "ip", "service", "header", "path", "consumer-group", default="consumer"
        ),
        "header_name": string(),
        "path": string(),
        "policy": choice("local", "cluster", "redis", default="local"),
        "fault_tolerant": flag(True),
        "redis": redis_ce(),
        "hide_client_headers": flag(False),
        "error_code": number(default=429, gt=0),
        "error_message": string(default="API rate limit exceeded"),
        "sync_rate": number(required=True, default=-1),
    },
    _periods_in_order,
    at_least_one(*PERIODS),
    needs("redis.host", "policy", "redis"),
    needs("header_name", "limit_by", "header"),
    needs("path", "limit_by", "path"),
    supported_partials={"redis-ce": ["config.redis"]},
)

REQUEST_TRANSFORMER = plugin(
    "request-transformer",
    {
        "http_method": string(),
        "remove": record(_strings("body", "headers", "querystring")),
        "rename": record(_strings("body", "headers", "querystring")),
        "replace": record({**_strings("body", "headers", "querystring"), "uri": string()}),
        "add": record(_strings("body", "headers", "querystring")),
        "append": record(_strings("body", "headers", "querystring")),
    },
    allowed=ALL_PROTOCOLS,
)


def _typed_json() -> Field:
    types = array(choice("boolean", "number", "string"), required=True, default=[])
    return record({**_strings("json"), "json_types": types, **_strings("headers")})


RESPONSE_TRANSFORMER = plugin(
    "response-transformer",
    {
        "remove": record(_strings("json", "headers")),
        "rename": record(_strings("json", "headers")),
        "replace": _typed_json(),
        "add": _typed_json(),
        "append": _typed_json(),
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
    _termination_is_of_one_mind,
)

CORS = plugin(
    "cors",
    {
        "origins": array(),
        "headers": array(),
        "exposed_headers": array(),
        "methods": array(choice(*METHODS), default=METHODS),
        "max_age": number(),
        "credentials": flag(False),
        "private_network": flag(False),
        "preflight_continue": flag(False),
        "allow_origin_absent": flag(True),
    },
    scopes=ON_ROUTES,
)

HTTP_LOG = plugin(
    "http-log",
    {
        "http_endpoint": secret(required=True),
        "method": choice("POST", "PUT", "PATCH", default="POST"),
        "content_type": choice("application/json", "application/json; charset=utf-8", default="application/json"),
        "timeout": number(default=10000),
        "keepalive": number(default=60000),
        "retry_count": integer(),
        "queue_size": integer(),
        "flush_timeout": number(),
        "headers": map_of(string(referenceable=True)),
        "queue": _queue(),
        "custom_fields_by_lua": map_of(),
        "ssl_verify": boolean(default=True),
        "client_certificate": {"type": "foreign", "reference": "certificates"},
    },
    scopes=NOT_GROUPS,
    allowed=ALL_PROTOCOLS,
)

FILE_LOG = plugin(
    "file-log",
    {"path": string(required=True), "reopen": flag(False), "custom_fields_by_lua": map_of()},
    scopes=NOT_GROUPS,
    allowed=ALL_PROTOCOLS,
)

CORRELATION_ID = plugin(
    "correlation-id",
    {
        "header_name": string(default="Kong-Request-ID"),
        "generator": choice("uuid", "uuid#counter", "tracker", required=True, default="uuid#counter"),
        "echo_downstream": flag(False),
    },
    scopes=NOT_GROUPS,
)

IP_RESTRICTION = plugin(
    "ip-restriction",
    {"allow": array(), "deny": array(), "status": number(), "message": string()},
    at_least_one("allow", "deny"),
    protocols=("grpc", "grpcs", "http", "https", "tcp", "tls"),
    allowed=ALL_PROTOCOLS,
)

PROXY_CACHE = plugin(
    "proxy-cache",
    {
        "response_code": array(integer(between=[100, 900]), len_min=1, required=True, default=[200, 301, 404]),
        "request_method": array(choice("HEAD", "GET", "POST", "PATCH", "PUT"), required=True, default=["GET", "HEAD"]),
        "content_type": array(required=True, default=["text/plain", "application/json"]),
        "cache_ttl": integer(default=300, gt=0),
        "strategy": choice("memory", required=True),
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
    allowed=ALL_PROTOCOLS,
)

COMPACT: dict[str, PluginSchema] = {
    schema.name: schema
    for schema in (
        AI_PROXY,
        KEY_AUTH,
        BASIC_AUTH,
        JWT,
        ACL,
        RATE_LIMITING,
        REQUEST_TRANSFORMER,
        RESPONSE_TRANSFORMER,
        REQUEST_TERMINATION,
        CORS,
        HTTP_LOG,
        FILE_LOG,
        CORRELATION_ID,
        IP_RESTRICTION,
        PROXY_CACHE,
        _function("pre-function"),
        _function("post-function"),
    )
}
