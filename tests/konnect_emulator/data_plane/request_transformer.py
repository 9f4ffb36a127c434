# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request Transformer and Request Transformer Advanced (kong/plugins/request-transformer of Kong Gateway 3.10).

Bodies are transformed if they are JSON or a form. Of templates it knows ``$(headers.NAME)`` and
``$(query_params.NAME)``, also with brackets; ``allow`` is of the advanced plugin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.responses import Response

from .exchange import Exchange
from .running_config import ActivePlugin

Values = dict[str, Any]
TEMPLATE = re.compile(r"""\$\((headers|query_params)(?:\.([\w-]+)|\[["']([^"']+)["']\])\)""")


def _render(text: str, exchange: Exchange) -> str:
    sources = {"headers": exchange.request.headers, "query_params": exchange.request.query_params}
    return TEMPLATE.sub(lambda found: sources[found[1]].get(found[2] or found[3], ""), text)


def _pairs(entries: list[str] | None, exchange: Exchange) -> Iterator[tuple[str, str]]:
    for entry in entries or ():
        name, _colon, value = entry.partition(":")
        yield name, _render(value, exchange)


def _transform(config: dict[str, Any], part: str, values: Values, exchange: Exchange) -> Values:
    """Return what removing, renaming, replacing, adding and appending make of values, in Kong's order."""
    values = dict(values)

    def pairs(verb: str) -> Iterator[tuple[str, str]]:
        lower = part == "headers"
        found = _pairs(config[verb].get(part), exchange)
        return ((name.lower() if lower else name, value) for name, value in found)

    for name, _value in pairs("remove"):
        values.pop(name, None)
    for name, new_name in pairs("rename"):
        if name in values:
            values[new_name.lower() if part == "headers" else new_name] = values.pop(name)
    values.update({name: value for name, value in pairs("replace") if name in values})
    for name, value in pairs("add"):
        values.setdefault(name, value)
    for name, value in pairs("append"):
        known = values.get(name, [])
        values[name] = [*(known if isinstance(known, list) else [known]), value]
    return values


def _listed(values: Values) -> list[tuple[str, str]]:
    return [(name, each) for name, value in values.items() for each in (value if isinstance(value, list) else [value])]


def _several(pairs: list[tuple[str, str]]) -> Values:
    values: Values = {}
    for name, value in pairs:
        values[name] = [*values[name], value] if name in values else [value]
    return {name: value[0] if len(value) == 1 else value for name, value in values.items()}


def _transform_headers(config: dict[str, Any], exchange: Exchange) -> None:
    host = exchange.headers.get("host")
    given = _several([(name, value) for name, value in exchange.headers.items() if name != "host"])
    for name in given:
        del exchange.headers[name]
    for name, value in _listed(_transform(config, "headers", given, exchange)):
        exchange.headers.append(name, value)
    replaced = [value for name, value in _pairs(config["replace"]["headers"], exchange) if name.lower() == "host"]
    if host is not None:
        exchange.headers["host"] = [host, *replaced][-1]


def _transform_body(config: dict[str, Any], exchange: Exchange) -> None:
    media_type = exchange.request.headers.get("content-type", "").lower()
    values: Any = None
    if "application/json" in media_type:
        values = exchange.json() if exchange.body else {}
    elif "application/x-www-form-urlencoded" in media_type:
        values = _several([(name, each) for name, found in parse_qs(exchange.body.decode()).items() for each in found])
    if not isinstance(values, dict):
        return
    made = _transform(config, "body", values, exchange)
    allowed = (config.get("allow") or {}).get("body")
    if allowed:
        made = {name: value for name, value in made.items() if name in allowed}
    if made != values:
        exchange.body = (json.dumps(made) if "json" in media_type else urlencode(_listed(made))).encode()
        exchange.headers["content-length"] = str(len(exchange.body))


def transform_request(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Change method, path, headers, query and body for the upstream."""
    config = plugin.config
    if config["http_method"]:
        exchange.method = config["http_method"].upper()
    if config["replace"]["uri"]:
        exchange.path = _render(config["replace"]["uri"], exchange)
    _transform_headers(config, exchange)
    _transform_body(config, exchange)
    exchange.query = _listed(_transform(config, "querystring", _several(exchange.query), exchange))
    return None
