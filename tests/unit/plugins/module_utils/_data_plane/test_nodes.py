# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.nodes import (
    count_live_nodes,
    is_group_member,
    read_expected_hash,
    read_snapshot,
)
from ansible_collections.community.konnect.plugins.module_utils._data_plane.proof import Node, NodeError
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID
from ansible_collections.community.konnect.tests.unit.data_plane_nodes import NOW, node, nodes_page, responses

VERSION = "v02_0000000000000000000000000007"


@pytest.fixture
def read(server, plane):
    """Reads nodes of which Konnect shows these fields."""

    def one(**fields):
        server.script = responses("new", node(**fields))
        return read_snapshot(plane()).nodes[0]

    return one


def test_nodes_are_sorted_and_live_by_the_servers_clock(server, plane):
    server.script = responses("new", node("b"), node("a", age=90), node("c", age=91), node("d", last_ping=None))
    seen = read_snapshot(plane())
    assert [(row.hostname, row.is_live) for row in seen.nodes] == [("a", True), ("b", True), ("c", False), ("d", False)]
    assert (seen.expected_hash, seen.expected_version, seen.server_time) == ("new", None, NOW)


def test_nodes_of_one_name_are_in_the_order_of_their_ids(server, plane):
    server.script = responses("new", node(id="2"), node(id="1"))
    assert [row.id for row in read_snapshot(plane()).nodes] == ["1", "2"]


def test_a_node(read):
    assert read() == Node("id-a", "a", "3.15.0.0", "old", None, None, NOW - 5, True)


def test_a_node_of_which_konnect_knows_little(server, plane):
    server.script = responses(None, {"last_ping": NOW})
    assert read_snapshot(plane()).nodes == (Node("", "", None, None, None, None, NOW, True),)


# Counts


def test_live_nodes_are_counted_by_one_request(server, plane):
    server.script = [nodes_page(node("a"), node("b", age=91), node("c"))]
    assert count_live_nodes(plane()) == 2
    assert len(server.requests) == 1


@pytest.mark.parametrize(("status", "count"), [({"is_member": True}, None), ({"is_member": False}, 0)])
def test_no_nodes_are_none_unless_a_group_has_them(server, plane, status, count):
    server.script = [nodes_page(), (200, status)]
    assert count_live_nodes(plane()) == count


def test_a_control_plane_of_a_type_without_nodes_has_none(plane):
    assert count_live_nodes(plane()) == 0


# Versions


@pytest.mark.parametrize(
    ("fields", "version", "state"),
    [
        ({"config_hash": VERSION}, VERSION, None),
        ({"config_hash": "0" * 31 + "7"}, "0" * 31 + "7", None),
        ({"config_hash": "0" * 32}, None, None),
        ({"config_sync": {"state": "STATE_IN_SYNC", "version_id": VERSION}}, VERSION, "IN_SYNC"),
        ({"config_sync": {"state": "STATE_PENDING"}, "config_hash": VERSION}, VERSION, "PENDING"),
        ({"config_sync": {"state": "STATE_PENDING"}}, None, "PENDING"),
        ({"config_version": "7"}, "7", None),
        ({"config_sync": None}, None, None),
    ],
)
def test_what_a_node_says_of_versions(read, server, fields, version, state):
    found = read(**fields)
    assert (found.config_version, found.sync_state) == (version, state)
    assert found.is_incremental == (version is not None or state is not None)


def test_the_expected_version_is_read_when_a_live_node_tracks_versions(server, plane):
    server.script = responses("new", node(config_hash=VERSION), version=VERSION)
    seen = read_snapshot(plane())
    assert (seen.expected_version, seen.expected_hashes) == (VERSION, ["new", VERSION])
    assert server.sent()[-1].endswith("/expected-config-version")


def test_it_is_not_read_for_a_lost_node(server, plane):
    server.script = responses("new", node(config_hash=VERSION, age=91))
    assert read_snapshot(plane()).expected_hashes == ["new"]
    assert len(server.requests) == 2


def test_there_may_be_no_expected_version(server, plane):
    server.script = responses("new", node(config_hash=VERSION))
    assert read_snapshot(plane()).expected_version is None


# Errors and incompatibility


@pytest.mark.parametrize(
    ("errors", "found"),
    [
        (None, ()),
        ([], ()),
        (["unexpected"], ()),
        ([{"name": "invalid declarative configuration"}], (NodeError("invalid declarative configuration", None),)),
        ([{"name": "n", "error_message": "It is invalid", "config_hash": "h"}], (NodeError("It is invalid", "h"),)),
        ([{}], (NodeError("an error without a text", None),)),
        ([{"error_message": "x" * 501}], (NodeError("x" * 500, None),)),
        (
            [
                {
                    "name": "invalid declarative configuration",
                    "flattened_errors": [
                        {
                            "entity_type": "plugin",
                            "entity_name": "ai-proxy",
                            "errors": [
                                {"type": "field", "field": "config.auth", "error_message": "required"},
                                {"type": "entity", "error_message": "at least one"},
                            ],
                        },
                        {"entity_type": "route", "entity_id": "1", "errors": [{"field": "f", "error_message": "bad"}]},
                    ],
                }
            ],
            (
                NodeError(
                    "plugin ai-proxy: config.auth: required; plugin ai-proxy: entity: at least one; route 1: f: bad",
                    None,
                ),
            ),
        ),
    ],
)
def test_the_errors_of_a_node(read, errors, found):
    assert read(errors=errors).errors == found


@pytest.mark.parametrize("before", [490, 499, 500])
def test_of_a_secret_in_a_long_error_no_part_is_left(server, plane, before):
    control_plane = plane()
    control_plane.task.hide(["fake-secret-of-a-node"])
    server.script = responses("new", node(errors=[{"error_message": "x" * before + "fake-secret-of-a-node is wrong"}]))
    (error,) = read_snapshot(control_plane).nodes[0].errors
    assert error.message == ("x" * before + "(not shown) is wrong")[:500]


@pytest.mark.parametrize(
    ("issues", "found"),
    [
        (None, ""),
        ([], ""),
        (["x", {"code": "P1", "description": "One."}, {"code": "P2", "description": "Two"}], "P1: One; P2: Two"),
    ],
)
def test_a_node_that_cannot_run_the_configuration(read, issues, found):
    status = {"state": "COMPATIBILITY_STATE_INCOMPATIBLE", "issues": issues}
    assert read(compatibility_status=status).issues == found


@pytest.mark.parametrize("status", [None, {}, {"state": "COMPATIBILITY_STATE_FULLY_COMPATIBLE"}])
def test_a_node_that_can_run_the_configuration(read, status):
    assert read(compatibility_status=status).issues is None


# One request


@pytest.mark.parametrize(
    ("response", "found"),
    [((200, {"expected_hash": "h"}), "h"), ((404, {}), None), ((200, {"expected_hash": ""}), None)],
)
def test_the_expected_hash(server, plane, response, found):
    server.script = [response]
    assert read_expected_hash(plane()) == found
    assert server.sent() == [f"GET /v2/control-planes/{PLANE_ID}/expected-config-hash"]


@pytest.mark.parametrize(
    ("response", "found"),
    [((200, {"is_member": True}), True), ((200, {"is_member": False}), False), ((404, {}), False), ((403, {}), False)],
)
def test_membership_of_a_group(server, plane, response, found):
    server.script = [response]
    assert is_group_member(plane()) is found
    assert server.sent() == [f"GET /v2/control-planes/{PLANE_ID}/group-member-status"]
