# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of protocol: what a service or a route must give up, and what it keeps."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import ROUTE, SERVICE
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import Target
from ansible_collections.community.konnect.plugins.module_utils._resources.protocols import (
    excluded_from_route,
    excluded_from_service,
    fit_protocol,
)

CHECKOUT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared")
VECTORS = SHARED / "openapi" / "kong" / "vectors" / "routes-services.jsonl"
HELD_SERVICE = {"protocol": "https", "host": "h", "path": "/p", "tls_verify": True, "retries": 5}
HELD_ROUTE = {"protocols": ["https"], "paths": ["/p"], "methods": ["GET"], "snis": ["s"], "strip_path": True}


def body(kind, held, given):
    """The body that a task with these fields sends."""
    target = Target(None, kind, "x", lambda entity: True, compose=lambda current: {**(current or {}), **given})
    excluded_from = excluded_from_service if kind is SERVICE else excluded_from_route
    return fit_protocol(target, given, excluded_from).compose(held)


@pytest.mark.parametrize(
    ("protocol", "dropped"),
    [
        ("http", {"tls_verify"}),
        ("tcp", {"path", "tls_verify"}),
        ("tls", {"path"}),
        ("udp", {"path", "tls_verify"}),
        ("grpc", {"path", "tls_verify"}),
        ("grpcs", {"path", "tls_verify"}),
        ("wss", set()),
        ("https", set()),
    ],
)
def test_a_service_gives_up_what_its_new_protocol_excludes(protocol, dropped):
    assert set(HELD_SERVICE) - set(body(SERVICE, HELD_SERVICE, {"protocol": protocol})) == dropped


@pytest.mark.parametrize(
    ("protocols", "dropped"),
    [
        (["http"], {"snis"}),
        (["http", "https"], set()),
        (["grpc"], {"methods", "snis", "strip_path"}),
        (["grpcs"], {"methods", "strip_path"}),
        (["ws"], {"methods", "snis"}),
        (["wss"], {"methods"}),
        (["tcp"], {"methods", "paths", "snis"}),
        (["tls_passthrough"], {"methods", "paths"}),
    ],
)
def test_a_route_gives_up_what_its_new_protocols_exclude(protocols, dropped):
    assert set(HELD_ROUTE) - set(body(ROUTE, HELD_ROUTE, {"protocols": protocols})) == dropped


def test_a_route_of_streams_gives_up_its_ends_for_http():
    held = {"protocols": ["tcp"], "sources": [{"ip": "10.0.0.1"}], "strip_path": True}
    assert body(ROUTE, held, {"protocols": ["http"], "paths": ["/"]}) == {
        "protocols": ["http"],
        "paths": ["/"],
        "strip_path": True,
    }


@pytest.mark.parametrize(
    ("kind", "held", "given"),
    [
        (SERVICE, HELD_SERVICE, {"protocol": "tcp", "path": "/p", "tls_verify": True}),
        (ROUTE, HELD_ROUTE, {"protocols": ["grpcs"], "methods": ["GET"], "strip_path": True}),
    ],
)
def test_what_the_task_gives_is_sent_for_kong_to_judge(kind, held, given):
    assert body(kind, held, given) == {**held, **given}


def test_what_konnect_holds_although_its_protocol_excludes_it_stays_while_the_protocol_does():
    held = {"protocol": "tcp", "path": "/p", "retries": 5}
    assert body(SERVICE, held, {"retries": 6}) == {**held, "retries": 6}


def test_a_new_entity_has_what_the_task_gives():
    assert body(SERVICE, None, {"protocol": "tcp", "path": "/p"}) == {"protocol": "tcp", "path": "/p"}


@pytest.mark.skipif(not VECTORS.is_file(), reason=f"no vectors at {VECTORS} (KONNECT_SHARED)")
def test_nothing_that_kong_takes_is_excluded():
    excluded_from = {"services": excluded_from_service, "routes": excluded_from_route}
    rows = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
    valid = [row for row in rows if row["ok"]]
    assert len(valid) > 100
    for row in valid:
        given = {name for name, value in row["value"].items() if value not in (None, False, [])}
        assert not given & excluded_from[row["entity"]](row["stored"]), row
