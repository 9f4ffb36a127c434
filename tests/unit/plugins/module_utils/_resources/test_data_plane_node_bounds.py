# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a wait ends, to the second, and what it says of nodes."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._resources.data_plane_node import (
    Snapshot,
    Sync,
    SyncWait,
    read_nodes,
)

DATE, NOW = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}, 1_795_428_000


def sync(*, timeout=10.0, interval=2.0, minimum_nodes=1, on_no_nodes="fail", since=None, movement_timeout=5.0):
    return Sync(timeout, interval, minimum_nodes, on_no_nodes, since, movement_timeout)


def node(config_hash="old", **fields):
    return {
        "id": "id-a",
        "hostname": "a",
        "version": "3.15.0.0",
        "config_hash": config_hash,
        "last_ping": NOW - 5,
        **fields,
    }


def responses(expected_hash, *nodes):
    """The two responses with the nodes and the expected hash."""
    return [(200, {"items": list(nodes), "page": {"total_count": len(nodes)}}, DATE), expected(expected_hash)]


def expected(expected_hash):
    return 200, {"expected_hash": expected_hash}, DATE


OLD, NEW = responses("old", node("old")), responses("new", node("new"))
BEHIND = responses("new", node("old"))


# The end of a wait


@pytest.mark.parametrize(("timeout", "pauses_made"), [(0, []), (2, [2]), (5, [2, 2, 1])])
def test_a_wait_ends_at_its_timeout(server, plane, pauses, timeout, pauses_made):
    server.script = BEHIND * 9
    with pytest.raises(KonnectError, match=f"After {timeout}.0 seconds 1 of 1 live data plane nodes"):
        SyncWait(plane(), sync(timeout=timeout)).run()
    assert pauses == pauses_made


def test_a_wait_ends_as_soon_as_the_nodes_are_in_sync(server, plane, pauses):
    server.script = BEHIND + NEW
    assert SyncWait(plane(), sync()).run()["waited"] == 2.0
    assert pauses == [2]


def test_a_hash_that_moved_counts_when_it_did_not_change_for_a_while(server, plane, pauses):
    server.script = OLD + NEW * 2
    result = SyncWait(plane(), sync(since="old")).run()
    assert (result["moved"], pauses) == (True, [2, 1.5])


def test_a_hash_that_changes_again_starts_that_while_anew(server, plane, pauses):
    server.script = responses("half", node("half")) + NEW * 2
    SyncWait(plane(), sync(since="old")).run()
    assert pauses == [1.5, 1.5]


def test_a_hash_that_moved_before_the_wait_counts_too(server, plane, pauses):
    server.script = NEW * 2
    assert SyncWait(plane(), sync(since="old")).run()["moved"] is True
    assert pauses == [1.5]


def test_while_nodes_are_behind_the_interval_stays(server, plane, pauses):
    server.script = BEHIND * 2 + NEW
    SyncWait(plane(), sync(since="old")).run()
    assert pauses == [2, 2]


@pytest.mark.parametrize(("movement_timeout", "pauses_made"), [(0, []), (4, [2, 2]), (5, [2, 2, 2])])
def test_a_hash_that_does_not_move_counts_after_the_movement_timeout(
    server, plane, pauses, movement_timeout, pauses_made
):
    server.script = OLD * 9
    control_plane = plane()
    result = SyncWait(control_plane, sync(since="old", movement_timeout=movement_timeout)).run()
    assert (result["in_sync"], result["moved"], pauses) == (True, False, pauses_made)
    (warning,) = control_plane.task.warnings
    assert f"The expected hash was still that of since, old, after {float(sum(pauses_made))} seconds" in warning


def test_without_an_expected_hash_none_has_moved(server, plane):
    server.script = responses(None) * 9
    control_plane = plane()
    result = SyncWait(control_plane, sync(since="old", minimum_nodes=0, movement_timeout=0)).run()
    assert (result["moved"], result["expected_hash"], control_plane.task.warnings) == (False, None, [])


# What is said of nodes


def message(server, plane, expected_hash, *nodes, minimum_nodes=1):
    server.script = responses(expected_hash, *nodes)
    with pytest.raises(KonnectError) as caught:
        SyncWait(plane(), sync(timeout=0, minimum_nodes=minimum_nodes)).run()
    return caught.value.message


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "a (id-a, version 3.15.0.0) runs old and pinged 5 seconds ago"),
        ({"config_hash": None}, "runs no configuration and pinged"),
        ({"last_ping": NOW + 5}, "pinged 0 seconds ago"),
    ],
)
def test_a_node_that_is_behind(server, plane, fields, said):
    text = message(server, plane, "new", node(**fields))
    assert said in text
    assert "of control plane quickstart do not run the expected configuration new: a (" in text
    assert "raise timeout" in text


def test_nodes_that_are_behind_an_unknown_configuration(server, plane):
    assert "expected configuration (none is known yet)" in message(server, plane, None, node(None))


def test_a_node_that_never_pinged_is_not_live(server, plane):
    text = message(server, plane, "new", node(last_ping=None))
    assert "control plane quickstart has 0 live data plane nodes, and minimum_nodes is 1." in text
    assert "Not live, because their last ping is too old: a (id-a, version 3.15.0.0) runs old and never pinged." in text
    assert "or set on_no_nodes" in text


def test_without_any_node_none_is_named(server, plane):
    assert "Not live" not in message(server, plane, "new")


def test_of_too_few_nodes_the_live_ones_are_not_named(server, plane):
    text = message(server, plane, "new", node("new"), minimum_nodes=2)
    assert "has 1 live data plane nodes" in text
    assert "Not live" not in text


@pytest.mark.parametrize(
    ("issues", "reasons"),
    [
        (None, ""),
        ([], ""),
        (
            ["unexpected", {"code": "P1", "description": "One."}, {"code": "P2", "description": "Two"}],
            ": P1: One; P2: Two",
        ),
    ],
)
def test_a_node_that_cannot_run_the_configuration(server, plane, issues, reasons):
    status = {"state": "COMPATIBILITY_STATE_INCOMPATIBLE", "issues": issues}
    server.script = responses("new", node("new", compatibility_status=status))
    assert read_nodes(plane()).incompatible == [
        f"Data plane node a (id-a, version 3.15.0.0) is incompatible with the configuration{reasons}."
    ]


@pytest.mark.parametrize("status", [None, {}, {"state": "COMPATIBILITY_STATE_FULLY_COMPATIBLE"}])
def test_a_node_that_can_run_the_configuration(server, plane, status):
    server.script = responses("new", node("new", compatibility_status=status))
    assert read_nodes(plane()).incompatible == []


def test_the_row_of_a_node(server, plane):
    server.script = responses("new", node("new"))
    seen = read_nodes(plane())
    assert seen.nodes == [{**node("new"), "live": True, "in_sync": True}]
    assert (seen.expected_hash, seen.server_time) == ("new", NOW)


def test_a_node_of_which_konnect_knows_little(server, plane):
    server.script = responses(None, {"last_ping": NOW})
    (row,) = read_nodes(plane()).nodes
    assert row == {
        "id": "",
        "hostname": "",
        "version": None,
        "config_hash": None,
        "last_ping": NOW,
        "live": True,
        "in_sync": False,
    }


def test_nodes_of_one_name_are_in_the_order_of_their_ids(server, plane):
    server.script = responses("new", node(id="2"), node(id="1"))
    assert [row["id"] for row in read_nodes(plane()).nodes] == ["1", "2"]


@pytest.mark.parametrize(
    ("rows", "minimum_nodes", "in_sync"),
    [
        ([], 0, True),
        ([], 1, False),
        ([{"live": True, "in_sync": True}], 1, True),
        ([{"live": True, "in_sync": True}], 2, False),
        ([{"live": True, "in_sync": True}, {"live": True, "in_sync": False}], 1, False),
        ([{"live": True, "in_sync": True}, {"live": False, "in_sync": False}], 1, True),
    ],
)
def test_when_nodes_are_in_sync(rows, minimum_nodes, in_sync):
    assert Snapshot("new", rows, [], 0.0).in_sync(minimum_nodes) == in_sync
