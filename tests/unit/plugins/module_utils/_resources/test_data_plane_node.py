# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._resources.data_plane_node import (
    Sync,
    SyncWait,
    read_nodes,
)

DATE, NOW = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}, 1_795_428_000
OPTIONS = {
    "timeout": 10,
    "interval": 2.0,
    "minimum_nodes": 1,
    "on_no_nodes": "fail",
    "since": None,
    "movement_timeout": 5,
}


def sync(**options: Any) -> Sync:
    return Sync.from_options({**OPTIONS, **options})


def node(name: str, config_hash: str | None = "old", age: int = 5, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"id-{name}",
        "hostname": name,
        "version": "3.15.0.0",
        "config_hash": config_hash,
        "last_ping": NOW - age,
        **fields,
    }


def responses(expected_hash: str | None, *nodes: dict[str, Any]) -> list[Any]:
    """The two responses with the nodes and the expected hash."""
    second = (200, {"expected_hash": expected_hash}, DATE) if expected_hash else (404, {}, DATE)
    return [(200, {"items": list(nodes), "page": {"total_count": len(nodes)}}, DATE), second]


def test_rows_are_sorted_and_judged_by_the_servers_clock(server, plane):
    server.script = responses("new", node("b", "new"), node("a", "old", age=90), node("c", "new", age=91))
    seen = read_nodes(plane())
    assert [(row["hostname"], row["live"], row["in_sync"]) for row in seen.nodes] == [
        ("a", True, False),
        ("b", True, True),
        ("c", False, True),
    ]
    assert [row["hostname"] for row in seen.behind] == ["a"]


@pytest.mark.parametrize("minimum_nodes", [1, 2])
def test_it_waits_for_every_live_node_and_for_enough_of_them(server, plane, pauses, minimum_nodes):
    stale = node("stale", "old", age=3600)
    server.script = responses("new", node("a", "old"), stale) + responses("new", node("a", "new"), stale)
    if minimum_nodes == 2:
        server.script += responses("new", node("a", "new"), node("b", None))
        server.script += responses("new", node("a", "new"), node("b", "new"))
    result = SyncWait(plane(), sync(minimum_nodes=minimum_nodes)).run()
    assert (result["changed"], result["in_sync"], result["moved"]) == (False, True, None)
    assert pauses == [2] * (1 if minimum_nodes == 1 else 3)
    assert result["waited"] == sum(pauses)
    assert server.script == []


def test_equal_hashes_count_only_once_the_expected_hash_moved_and_stood_still(server, plane):
    server.script = responses("old", node("a")) * 2 + responses("half", node("a", "half"))
    server.script += responses("new", node("a", "new")) * 2
    control_plane = plane()
    result = SyncWait(control_plane, sync(since="old")).run()
    assert (result["expected_hash"], result["in_sync"], result["moved"]) == ("new", True, True)
    assert server.script == []
    assert control_plane.task.warnings == []


def test_without_movement_the_nodes_are_judged_as_they_are(server, plane, pauses):
    server.script = responses("old", node("a")) * 4
    control_plane = plane()
    result = SyncWait(control_plane, sync(since="old")).run()
    assert (result["in_sync"], result["moved"], pauses) == (True, False, [2, 2, 2])
    assert "old" in control_plane.task.warnings[0]


def test_a_node_that_stays_behind_is_named_and_request_deadline_does_not_cut_the_wait(server, plane):
    server.script = responses("new", node("a", "new"), node("b", "old", age=12), node("c", None)) * 6
    with pytest.raises(KonnectError) as caught:
        SyncWait(plane(deadline=3), sync()).run()
    assert caught.value.code == "not_in_sync"
    assert "b (id-b, version 3.15.0.0) runs old and pinged 12 seconds ago" in caught.value.message
    assert "c (id-c, version 3.15.0.0) runs no configuration" in caught.value.message
    assert [row["id"] for row in caught.value.facts["nodes"]] == ["id-b", "id-c"]
    assert server.script == []


@pytest.mark.parametrize("nodes", [[], [node("gone", age=3600)], [node("a", "new")]])
@pytest.mark.parametrize("on_no_nodes", ["fail", "warn", "ok"])
def test_too_few_nodes(server, plane, nodes, on_no_nodes):
    server.script = responses("new" if nodes else None, *nodes) * 6
    control_plane = plane()
    wanted = sync(on_no_nodes=on_no_nodes, minimum_nodes=2)
    if on_no_nodes == "fail":
        with pytest.raises(KonnectError) as caught:
            SyncWait(control_plane, wanted).run()
        assert caught.value.code == "no_nodes"
        message = caught.value.message
    else:
        assert SyncWait(control_plane, wanted).run()["in_sync"] is False
        message = " ".join(control_plane.task.warnings)
    assert ("minimum_nodes is 2" in message) == (on_no_nodes != "ok")
    assert ("gone (id-gone" in message) == (on_no_nodes != "ok" and str(nodes).count("gone") > 0)


@pytest.mark.parametrize("on_no_nodes", ["fail", "warn", "ok"])
def test_of_too_few_nodes_one_that_is_behind_fails_the_wait(server, plane, on_no_nodes):
    server.script = responses("new", node("a", "old"))
    with pytest.raises(KonnectError) as caught:
        SyncWait(plane(), sync(on_no_nodes=on_no_nodes, minimum_nodes=2, timeout=0)).run()
    assert caught.value.code == "not_in_sync"


def test_no_node_is_enough_when_none_is_wanted(server, plane, pauses):
    server.script = responses(None)
    result = SyncWait(plane(), sync(minimum_nodes=0)).run()
    assert (result["expected_hash"], result["in_sync"], result["nodes"], pauses) == (None, True, [], [])


def test_reading_once_neither_waits_nor_fails(server, plane, pauses):
    server.script = responses("old", node("a", "older"))
    control_plane = plane()
    result = SyncWait(control_plane, sync(since="old", minimum_nodes=3)).run(once=True)
    assert (result["in_sync"], result["moved"], result["waited"]) == (False, False, 0)
    assert (control_plane.task.warnings, pauses) == ([], [])


def test_incompatible_nodes_are_named_with_their_issues(server, plane):
    issues = [{"code": "P121", "description": "Plugin ai-proxy is not available."}]
    status = {"compatibility_status": {"state": "COMPATIBILITY_STATE_INCOMPATIBLE", "issues": issues}}
    server.script = responses("new", node("a", "new", **status), node("gone", age=3600, **status))
    control_plane = plane()
    SyncWait(control_plane, sync()).run()
    assert control_plane.task.warnings == [
        "Data plane node a (id-a, version 3.15.0.0) is incompatible with the configuration: "
        "P121: Plugin ai-proxy is not available."
    ]


@pytest.mark.parametrize("wrong", [{"timeout": -1}, {"interval": 0.0}, {"minimum_nodes": -1}, {"movement_timeout": -1}])
def test_numbers_that_cannot_work(wrong):
    with pytest.raises(InvalidInput) as caught:
        sync(**wrong)
    assert next(iter(wrong)) in caught.value.message


def test_an_empty_hash_is_none():
    assert sync(since="").since is None


@pytest.mark.parametrize("name", ["timeout", "minimum_nodes", "movement_timeout"])
def test_zero_is_a_number_that_can_work(name):
    assert getattr(sync(**{name: 0}), name) == 0


def test_an_interval_may_be_shorter_than_a_second():
    assert sync(interval=0.1).interval == 0.1
