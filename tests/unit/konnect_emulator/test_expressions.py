# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes that match by an expression: what the control plane takes, and which requests reach them."""

from __future__ import annotations

from typing import Any

import pytest

from konnect_emulator.data_plane.router import Router
from konnect_emulator.expressions import Expression, InvalidExpression


def by_expression(expression: str, priority: int = 0, name: str = "by-expression") -> dict[str, Any]:
    return {"name": name, "protocols": ["http"], "created_at": 0, "expression": expression, "priority": priority}


def match(*routes: dict[str, Any], headers: dict[str, str] | None = None, flavor: str = "expressions") -> Any:
    return Router([*routes], flavor).match("POST", "Example.com:8000", "/a/b/c", headers or {})


@pytest.mark.parametrize(
    "expression",
    [
        'http.path == "/a/b/c"',
        'http.path != "/a"',
        'http.path ^= "/a" && http.path =^ "/c"',
        'http.path contains "b"',
        'http.path ~ r#"^/a/.+\\w$"#',
        'http.path ~ "^/(?<first>a)"',
        'http.path.segments.1 == "b" && http.path.segments.1_2 == "b/c" && http.path.segments.len == 3',
        'lower(http.host) == "example.com"',
        'http.method == "GET" || http.method == "POST"',
        '(net.protocol == "http" || net.protocol == "https") && !(http.path == "/")',
        # The second of the two binds tighter.
        'http.method == "POST" || http.method == "GET" && http.path == "/a/b/c"',
        'http.headers.x_trial == "one"',
        'lower(any(http.headers.x_trial)) == "one"',
    ],
)
def test_a_request_reaches_the_route(expression: str) -> None:
    assert match(by_expression(expression), headers={"X-Trial": "one"}) is not None


@pytest.mark.parametrize(
    "expression",
    [
        'http.path == "/a"',
        'http.host == "example.com"',
        'http.headers.x_other == "one"',
        'http.headers.x_other != "one"',
        '(http.path ^= "/a") && http.headers.x_trial == "two"',
        'http.method == "POST" && http.path == "/a" || http.path == "/b"',
        "net.dst.port == 8443",
    ],
)
def test_a_request_does_not_reach_the_route(expression: str) -> None:
    assert match(by_expression(expression), headers={"X-Trial": "one"}) is None


@pytest.mark.parametrize(
    ("expression", "length"),
    [
        ('http.path ^= "/a/b"', 4),
        ('http.path == "/a/b/c"', 6),
        ('http.path ~ "^/a"', 2),
        ('http.path =^ "/c"', 0),
        ('http.method == "POST"', 0),
    ],
)
def test_a_match_tells_how_much_of_the_path_it_covers(expression: str, length: int) -> None:
    assert match(by_expression(expression)).matched_length == length


def test_of_several_routes_the_highest_priority_wins() -> None:
    routes = [by_expression('http.path ^= "/"', number, str(number)) for number in (1, 3, 2)]
    assert match(*routes).route["name"] == "3"


def test_a_route_without_an_expression_comes_first() -> None:
    traditional = {"name": "traditional", "protocols": ["http"], "created_at": 0, "paths": ["/"]}
    assert match(by_expression('http.path ^= "/a"', 2**46 - 1), traditional).route["name"] == "traditional"


def test_another_router_reaches_no_route_with_an_expression() -> None:
    assert match(by_expression('http.path ^= "/a"'), flavor="traditional_compatible") is None


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "expected term"),
        ('http.path = "/"', "expected term at 11"),
        ('http.path == "/" &&', "expected term"),
        ('(http.path == "/"', "expected )"),
        ('! http.path == "/"', "unknown field !"),
        ('http.path == "/" http.path == "/"', "expected logical_operator"),
        ('http.pfad == "/"', "unknown field http.pfad"),
        ('http.headers.X-Trial == "a"', "unknown field http.headers.X-Trial"),
        ("http.path == 5", "String == Int is not supported"),
        ('http.path.segments.len == "5"', "Int == String is not supported"),
        ('net.src.ip == "127.0.0.1"', "IpAddr == String is not supported"),
        ("net.src.ip in 192.168.0.1/24", "expected rhs"),
        ('http.path ~ "("', "regex parse error"),
        ('upper(http.path) == "/"', "unknown transformation function: upper"),
        ("lower(net.dst.port) == 5", "lower-case transformation function"),
        ('http.path == "/', "expected term at 14"),
    ],
)
def test_what_is_no_expression_is_refused(expression: str, reason: str) -> None:
    with pytest.raises(InvalidExpression) as caught:
        Expression.parse(expression, ["http"])
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    "expression", ["net.src.ip in 192.168.0.0/24", "net.src.ip not in fd00::/8", "net.dst.port == 0x1f"]
)
def test_addresses_and_ports_are_known_to_every_protocol(expression: str) -> None:
    for protocol in ("http", "tcp"):
        Expression.parse(expression, [protocol])


def test_streams_have_no_paths() -> None:
    with pytest.raises(InvalidExpression, match="unknown field http.path"):
        Expression.parse('http.path == "/"', ["tcp"])


def test_the_control_plane_refuses_what_is_no_expression(api: Any) -> None:
    (found,) = api.violations(api("POST", "/core-entities/routes", {"expression": 'http.path = "/"'}))
    assert found == ("ENTITY", "", "Router Expression failed validation: expected term at 11")


def test_both_kinds_of_routes_go_into_one_control_plane(api: Any) -> None:
    api.create_entity("routes", expression='http.path ^= "/a"')
    api.create_entity("routes", paths=["/b"])
