# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routing: which route a request to the data plane takes."""

from __future__ import annotations

from typing import Any

import pytest

from konnect_emulator.data_plane.router import Router


def route(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "protocols": ["http"], "created_at": 0, **fields}


ROUTES = [
    route("root", paths=["/"]),
    route("short", paths=["/api"]),
    route("long", paths=["/x", "/api/"]),
    route("regex", paths=["~/v(?<number>\\d+)/"]),
    route("host", hosts=["b.example"]),
    route("wildcard", hosts=["*.wild.example"]),
    route("plain", hosts=["plain.wild.example"]),
    route("method", paths=["/only"], methods=["DELETE"]),
    route("header", paths=["/only"], headers={"x-team": ["a", "b"]}),
    route("tcp", protocols=["tcp"], paths=["/"]),
]


@pytest.mark.parametrize(
    ("method", "host", "path", "headers", "expected"),
    [
        ("GET", "a.example", "/", {}, "root"),
        ("GET", "a.example", "/api/x", {}, "long"),
        ("GET", "a.example", "/apix", {}, "short"),
        ("GET", "a.example", "/v42/x", {}, "regex"),
        ("GET", "b.example:8000", "/", {}, "host"),
        ("GET", "x.wild.example", "/", {}, "wildcard"),
        ("GET", "plain.wild.example", "/", {}, "plain"),
        ("DELETE", "a.example", "/only", {}, "method"),
        ("GET", "a.example", "/only", {}, "root"),
        ("GET", "a.example", "/only", {"x-team": "b"}, "header"),
        ("GET", "a.example", "/only", {"x-team": "c"}, "root"),
    ],
)
def test_the_most_specific_route_is_taken(
    method: str, host: str, path: str, headers: dict[str, str], expected: str
) -> None:
    match = Router(ROUTES).match(method, host, path, headers)
    assert match is not None and match.route["name"] == expected


@pytest.mark.parametrize(("path", "length"), [("/x/y", 2), ("/v42/x", 5)])
def test_a_match_tells_how_much_of_the_path_it_covers(path: str, length: int) -> None:
    match = Router(ROUTES).match("GET", "a.example", path, {})
    assert match is not None and match.matched_length == length


def test_a_request_may_match_no_route() -> None:
    assert Router([route("a", paths=["/a"])]).match("GET", "h", "/b", {}) is None
