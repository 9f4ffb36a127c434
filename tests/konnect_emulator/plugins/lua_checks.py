# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that are code in Kong's plugins, and so not in their schemas as the API shows them.

``WHERE`` says which field of which plugin has which check: ``[]`` stands for the elements of a list, ``{}`` for the
names in a map, ``{}.`` for its values. Each check returns what is wrong with a value, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import hosts

PERIODS = ("second", "minute", "hour", "day", "month", "year")
# A chunk of Lua that does anything has a call, an assignment or one of these words; no parser is at hand here.
LUA = re.compile(r"[=(]|\b(return|local|function|do|if|for|while|repeat|break|goto)\b|^\s*(--.*\s*)*$")
LUA_START = re.compile(r"\s*[A-Za-z_(;:\[-]")


def _periods(limits: dict[str, Any], message: str) -> str | None:
    given = [(name, limits[name]) for name in PERIODS if isinstance(limits.get(name), (int, float))]
    for index, (lower, lower_limit) in enumerate(given):
        for upper, limit in given[index + 1 :]:
            if limit < lower_limit:
                return (
                    f"{message} for {upper}({limit:.1f}) cannot be lower than the limit for {lower}({lower_limit:.1f})"
                )
    return None


def rate_limits(config: dict[str, Any]) -> str | None:
    """Check that longer periods allow more, and that only Redis synchronizes."""
    longer = _periods(config, "The limit")
    if longer or config["sync_rate"] == -1:
        return longer
    if config["policy"] != "redis":
        return "sync_rate can only be used with the redis policy"
    return "sync_rate must be greater than 0.02, or -1 to disable" if config["sync_rate"] < 0.02 else None


def _is_present(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def termination(config: dict[str, Any]) -> str | None:
    """Check what request-termination responds with."""
    has_type, has_body = _is_present(config["content_type"]), _is_present(config["body"])
    if _is_present(config["message"]) and (has_type or has_body):
        return "message cannot be used with content_type or body"
    if has_type and not has_body:
        return "content_type requires a body"
    return "echo cannot be used with content_type and body" if config["echo"] and (has_type or has_body) else None


def http_log(config: dict[str, Any]) -> str | None:
    """Check that only one place holds credentials."""
    named = {str(name).lower() for name in config.get("headers") or ()}
    if "authorization" in named and re.match(r"[^/#]*//[^/#]*@", config["http_endpoint"]):
        return "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"
    return None


def oauth2_flows(config: dict[str, Any]) -> str | None:
    """Check that a flow is enabled."""
    names = [
        f"enable_{flow}" for flow in ("authorization_code", "implicit_grant", "client_credentials", "password_grant")
    ]
    if any(config.get(name) for name in names):
        return None
    return f"at least one of these fields must be true: {', '.join(names)}"


def attributes(values: dict[str, Any]) -> str | None:
    """Check that no attribute is empty."""
    return "required field missing" if "" in values.values() else None


def distinct_tags(tags: list[dict[str, Any]]) -> str | None:
    """Check that no tag is repeated."""
    names = [tag["name"] for tag in tags]
    repeated = next((name for index, name in enumerate(names) if name in names[:index]), None)
    return None if repeated is None else f"repeated tags are not allowed: {repeated}"


def lua_code(text: str) -> str | None:
    """Check that a text may be Lua; an approximation."""
    if LUA.search(text) and (LUA_START.match(text) or not text.strip()):
        return None
    return f'Error parsing function: [string "{text}"]:1: unexpected symbol'


def asterisk_or_regex(text: str) -> str | None:
    """Check an origin of cors."""
    try:
        re.compile("" if text == "*" else text)
    except re.error:
        return f"'{text}' is not a valid regex"
    return None


def _name_and_value(pair: str) -> tuple[str, str]:
    """Split ``name:value`` as request-transformer does; a text without a name is no pair."""
    name, _colon, value = pair.partition(":")
    return name, value.lstrip(":")


def pair(text: str) -> str | None:
    """Check a ``name:value`` of request-transformer."""
    name, value = _name_and_value(text)
    return None if name and value else f"key '{name}' has no value"


def header(text: str) -> str | None:
    """Check a header, with or without a value."""
    name = _name_and_value(text)[0]
    return f"'{name}' is not a valid header" if hosts.header_name(name) else None


def header_pair(text: str) -> str | None:
    """Check the old and new name of a header."""
    wrong = next((name for name in _name_and_value(text) if hosts.header_name(name)), None)
    return None if wrong is None else f"'{wrong}' is not a valid header"


def http_url(text: str) -> str | None:
    """Check the URL of a proxy."""
    scheme, separator, _rest = text.partition("://")
    wrong = separator and ":" not in scheme and scheme != "http"
    return hosts.url(text) or ("proxy_url scheme must be http" if wrong else None)


LUA_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "attributes": attributes,
    "distinct_tags": distinct_tags,
    "header": header,
    "header_name": hosts.header_name,
    "header_pair": header_pair,
    "host": hosts.host,
    "host_with_wildcard": hosts.host_with_wildcard,
    "http_log": http_log,
    "http_url": http_url,
    "ip_or_cidr": hosts.ip_or_cidr,
    "lua_code": lua_code,
    "oauth2_flows": oauth2_flows,
    "origin": asterisk_or_regex,
    "pair": pair,
    "path": hosts.path,
    "periods": lambda limits: _periods(limits, "the limit"),
    "rate_limits": rate_limits,
    "sni": hosts.sni,
    "termination": termination,
    "url": hosts.url,
}

_REDIS = {"redis.host": "host", "redis.server_name": "sni"}
_PHASES = ("certificate", "rewrite", "access", "header_filter", "body_filter", "log")
_WS_PHASES = ("ws_handshake", "ws_client_frame", "ws_upstream_frame", "ws_close")
_FUNCTIONS = {f"{phase}[]": "lua_code" for phase in _PHASES + _WS_PHASES}
_TRACING = {"propagation.clear[]": "header_name"}
_CUSTOM_FIELDS = {"custom_fields_by_lua{}.": "lua_code"}
_PAIRS = {
    f"{action}.{part}[]": check
    for action in ("replace", "add", "append")
    for part, check in (("body", "pair"), ("headers", "header"), ("querystring", "pair"))
}
_PROXY = {"http_proxy_host": "host", "https_proxy_host": "host", "llm.model.options.upstream_url": "url"}

WHERE: dict[str, dict[str, str]] = {
    "acme": {
        "api_uri": "url",
        "domains[]": "host_with_wildcard",
        "storage_config.redis.host": "host",
        "storage_config.redis.server_name": "sni",
        "storage_config.consul.host": "host",
        "storage_config.vault.host": "host",
    },
    "ai-proxy": {"model.options.upstream_url": "url"},
    "ai-request-transformer": _PROXY,
    "ai-response-transformer": _PROXY,
    "aws-lambda": {"aws_sts_endpoint_url": "url", "aws_region": "host", "host": "host", "proxy_url": "http_url"},
    "cors": {"origins[]": "origin"},
    "datadog": {"host": "host"},
    "file-log": _CUSTOM_FIELDS,
    "http-log": {"": "http_log", "http_endpoint": "url", "headers{}": "header_name", **_CUSTOM_FIELDS},
    "ip-restriction": {"allow[]": "ip_or_cidr", "deny[]": "ip_or_cidr"},
    "key-auth": {"key_names[]": "header_name"},
    "ldap-auth": {"ldap_host": "host"},
    "loggly": {"host": "host", **_CUSTOM_FIELDS},
    "oauth2": {"": "oauth2_flows"},
    "opentelemetry": {
        "traces_endpoint": "url",
        "logs_endpoint": "url",
        "endpoint": "url",
        "headers{}": "header_name",
        "resource_attributes": "attributes",
        **_TRACING,
    },
    "post-function": _FUNCTIONS,
    "pre-function": _FUNCTIONS,
    "rate-limiting": {"": "rate_limits", "header_name": "header_name", "path": "path", **_REDIS},
    "redirect": {"location": "url"},
    "request-termination": {"": "termination", "trigger": "header_name"},
    "request-transformer": {
        "remove.headers[]": "header",
        "rename.body[]": "pair",
        "rename.headers[]": "header_pair",
        "rename.querystring[]": "pair",
        **_PAIRS,
    },
    "response-ratelimiting": {"limits{}.": "periods", **_REDIS},
    "response-transformer": {"rename.headers[]": "header_pair"},
    "statsd": {"host": "host"},
    "syslog": _CUSTOM_FIELDS,
    "tcp-log": {"host": "host", **_CUSTOM_FIELDS},
    "udp-log": {"host": "host", **_CUSTOM_FIELDS},
    "zipkin": {"http_endpoint": "url", "static_tags": "distinct_tags", **_TRACING},
}


def with_lua_checks(plugin: str, config: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a plugin's config in which each field knows its check, as ``_check``."""
    return _marked(config, "", WHERE.get(plugin, {}))


def _marked(field: dict[str, Any], path: str, where: dict[str, str]) -> dict[str, Any]:
    marked = {**field, "_check": where[path]} if path in where else dict(field)
    for key in ("fields", "shorthand_fields"):
        if key in field:
            marked[key] = [
                {name: _marked(inner, f"{path}.{name}".lstrip("."), where) for name, inner in entry.items()}
                for entry in field[key]
            ]
    for key, suffix in (("elements", "[]"), ("keys", "{}"), ("values", "{}.")):
        if key in field:
            marked[key] = _marked(field[key], path + suffix, where)
    return marked
