# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The route of a request, by host, method, headers and path, or by an expression.

As in Kong, a more specific route comes first. With the router ``expressions`` both kinds of routes work, and those with
an expression come last, by their priority: the numbers by which Kong orders the others are above any priority
(kong/router/transform.lua). With another router no request reaches a route with an expression (pull request 9800 of
Kong/kong).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..entities.text_checks import python_pattern
from ..expressions import Expression
from ..state import Record


@dataclass(frozen=True)
class Match:
    """A route, and how many characters of the request's path its own path matched."""

    route: Record
    matched_length: int


@dataclass(frozen=True)
class _CompiledPath:
    """One path of a route (None: the route has no paths), ready to be compared; a lower rank comes first."""

    route: Record
    path: str | None
    regex: re.Pattern[str] | None
    hosts: tuple[re.Pattern[str], ...]
    headers: tuple[frozenset[tuple[str, str]], ...]
    rank: tuple[object, ...]


def _host_pattern(host: str) -> re.Pattern[str]:
    escaped = re.escape(host.partition(":")[0].lower())
    return re.compile(escaped.replace(r"\*", r".+"))


def _header_pairs(route: Record) -> tuple[frozenset[tuple[str, str]], ...]:
    """Return for each header that a route asks for the pairs that fulfil it; Kong compares names and values so."""
    required = (route.get("headers") or {}).items()
    return tuple(frozenset((name.lower(), value.lower()) for value in values) for name, values in required)


def _compile_paths(route: Record) -> Iterator[_CompiledPath]:
    used = [bool(route.get(name)) for name in ("hosts", "headers", "paths", "methods")]
    hosts = route.get("hosts") or []
    wildcard = any("*" in host for host in hosts)
    headers = _header_pairs(route)
    for path in route.get("paths") or [None]:
        regex = re.compile(python_pattern(path[1:])) if path and path.startswith("~") else None
        rank = (
            -sum(used),
            [not use for use in used],
            wildcard,
            -len(headers),
            regex is None,
            -route.get("regex_priority", 0) if regex else 0,
            -len(path or ""),
            route["created_at"],
        )
        yield _CompiledPath(route, path, regex, tuple(map(_host_pattern, hosts)), headers, rank)


def _matched_length(compiled: _CompiledPath, path: str) -> int | None:
    if compiled.regex is not None:
        found = compiled.regex.match(path)
        return found.end() if found else None
    prefix = compiled.path or ""
    return len(prefix) if path.startswith(prefix) else None


def request_fields(method: str, host: str, path: str, headers: Mapping[str, str]) -> dict[str, list[object]]:
    """Return what an expression can ask of a request."""
    segments = [segment for segment in path.split("/") if segment]
    fields: dict[str, list[object]] = {
        "net.protocol": ["http"],
        "http.method": [method],
        "http.host": [host],
        "http.path": [path],
        "http.path.segments.len": [len(segments)],
    }
    for first, segment in enumerate(segments):
        fields[f"http.path.segments.{first}"] = [segment]
        for last in range(first + 1, len(segments)):
            fields[f"http.path.segments.{first}_{last}"] = ["/".join(segments[first : last + 1])]
    for name, value in headers.items():
        fields.setdefault(f"http.headers.{name.lower().replace('-', '_')}", []).append(value)
    return fields


class Router:
    """The routes of one configuration, compiled once."""

    def __init__(self, routes: list[Record], flavor: str = "expressions") -> None:
        http_routes = [route for route in routes if {"http", "https"}.intersection(route["protocols"])]
        traditional = [route for route in http_routes if "expression" not in route]
        others = [route for route in http_routes if "expression" in route] if flavor == "expressions" else []
        self._compiled = sorted(
            (path for route in traditional for path in _compile_paths(route)), key=lambda it: it.rank
        )
        others.sort(key=lambda route: (-route["priority"], route["created_at"]))
        self._expressions = [(route, Expression.parse(route["expression"], route["protocols"])) for route in others]

    def match(self, method: str, host: str, path: str, headers: Mapping[str, str]) -> Match | None:
        """Return the first route that matches a request; ``host`` may have a port."""
        name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        given = {(header.lower(), value.lower()) for header, value in headers.items()}
        for compiled in self._compiled:
            route = compiled.route
            if route.get("methods") and method not in route["methods"]:
                continue
            if compiled.hosts and not any(pattern.fullmatch(name.lower()) for pattern in compiled.hosts):
                continue
            if any(given.isdisjoint(pairs) for pairs in compiled.headers):
                continue
            length = _matched_length(compiled, path)
            if length is not None:
                return Match(route, length)
        return self._match_expression(request_fields(method, name, path, headers)) if self._expressions else None

    def _match_expression(self, fields: Mapping[str, list[object]]) -> Match | None:
        for route, expression in self._expressions:
            matched = expression.matched_path(fields)
            if matched is not None:
                return Match(route, len(matched) if str(fields["http.path"][0]).startswith(matched) else 0)
        return None
