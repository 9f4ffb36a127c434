# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which route a request takes: hosts, methods, headers and paths, the more specific first (as Kong does)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .entity_fields import python_pattern
from .state import Record


@dataclass(frozen=True)
class Match:
    """A route, and how much of the request's path its ``path`` took."""

    route: Record
    taken: int


@dataclass(frozen=True)
class _Entry:
    """One path of a route (None: the route has no paths), ready to be compared."""

    route: Record
    path: str | None
    regex: re.Pattern[str] | None
    hosts: tuple[re.Pattern[str], ...]
    rank: tuple[object, ...]


def _host_pattern(host: str) -> re.Pattern[str]:
    escaped = re.escape(host.partition(":")[0].lower())
    return re.compile(escaped.replace(r"\*", r".+"))


def _entries(route: Record) -> Iterator[_Entry]:
    used = [bool(route.get(name)) for name in ("hosts", "headers", "paths", "methods")]
    hosts = route.get("hosts") or []
    wildcard = any("*" in host for host in hosts)
    for path in route.get("paths") or [None]:
        regex = re.compile(python_pattern(path[1:])) if path and path.startswith("~") else None
        rank = (
            -sum(used),
            [not use for use in used],
            wildcard,
            -len(route.get("headers") or {}),
            regex is None,
            -route.get("regex_priority", 0) if regex else 0,
            -len(path or ""),
            route["created_at"],
        )
        yield _Entry(route, path, regex, tuple(map(_host_pattern, hosts)), rank)


class Router:
    """Built once for a config."""

    def __init__(self, routes: list[Record]) -> None:
        spoken = [route for route in routes if {"http", "https"}.intersection(route["protocols"])]
        self._entries = sorted((entry for route in spoken for entry in _entries(route)), key=lambda entry: entry.rank)

    def match(self, method: str, host: str, path: str, headers: Mapping[str, str]) -> Match | None:
        name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        for entry in self._entries:
            route = entry.route
            if route.get("methods") and method not in route["methods"]:
                continue
            if entry.hosts and not any(pattern.fullmatch(name.lower()) for pattern in entry.hosts):
                continue
            wanted = (route.get("headers") or {}).items()
            if any(headers.get(header) not in values for header, values in wanted):
                continue
            if entry.regex is not None:
                found = entry.regex.match(path)
                if found:
                    return Match(route, found.end())
            elif path.startswith(entry.path or ""):
                return Match(route, len(entry.path or ""))
        return None
