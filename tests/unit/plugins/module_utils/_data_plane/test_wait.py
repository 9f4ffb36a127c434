# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.options import SyncOptions, Written
from ansible_collections.community.konnect.plugins.module_utils._data_plane.wait import (
    SyncResult,
    check_result,
    wait_for_sync,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID
from ansible_collections.community.konnect.tests.unit.data_plane_nodes import DATE, NOW, node, responses

NOTHING = Written()
WRITTEN = Written(frozenset({"old"}), NOW - 10)
OLD, NEW = responses("old", node("a", "old")), responses("new", node("a", "new"))
BEHIND = responses("new", node("a", "old"))


def sync(**options: Any) -> SyncOptions:
    return SyncOptions(**{"timeout": 10, "hash_change_timeout": 5, **options})


# How long a wait lasts


@pytest.mark.parametrize(("timeout", "pauses_made"), [(0, []), (2, [2]), (5, [2, 2, 1])])
def test_a_wait_ends_at_its_timeout(server, plane, pauses, timeout, pauses_made):
    server.script = BEHIND * 9
    result = wait_for_sync(plane(), sync(timeout=timeout), NOTHING)
    assert (result.verdict, result.waited, pauses) == ("contradicted", timeout, pauses_made)


def test_a_wait_ends_as_soon_as_every_live_node_is_in_sync(server, plane, pauses):
    server.script = BEHIND + NEW
    result = wait_for_sync(plane(), sync(), NOTHING)
    assert (result.verdict, result.in_sync, result.hash_changed, pauses) == ("proved", True, None, [2])


def test_a_change_is_proved_by_the_second_new_hash(server, plane, pauses):
    server.script = OLD * 2 + responses("half", node("a", "half")) + NEW
    result = wait_for_sync(plane(), sync(timeout=60), WRITTEN)
    assert (result.verdict, result.hash_changed, result.expected_hash) == ("proved", True, "new")
    assert pauses == [2] * 3


def test_a_change_is_proved_by_a_new_hash_that_stays_for_five_seconds(server, plane, pauses):
    server.script = OLD * 11 + NEW * 4
    result = wait_for_sync(plane(), sync(timeout=60, hash_change_timeout=30), WRITTEN)
    assert (result.verdict, pauses) == ("proved", [2] * 14)


def test_a_hash_that_does_not_change_is_not_waited_for_until_the_timeout(server, plane, pauses):
    server.script = OLD * 9
    result = wait_for_sync(plane(), sync(timeout=60), WRITTEN)
    assert (result.verdict, result.hash_changed, result.in_sync, pauses) == ("unknown", False, False, [2, 2, 2])
    assert "is still old, as before the change" in result.reason


def test_a_node_with_an_error_ends_the_wait(server, plane, pauses):
    server.script = responses("new", node("a", "old", errors=[{"error_message": "config.auth: required"}]))
    result = wait_for_sync(plane(), sync(), WRITTEN)
    assert (result.verdict, pauses) == ("contradicted", [])
    assert "1 of 1 live data plane nodes of control plane quickstart report an error" in result.reason
    assert "a (id-a, version 3.15.0.0): config.auth: required." in result.reason


def test_a_ping_from_before_the_write_is_not_enough(server, plane):
    server.script = responses("new", node("a", "new", age=10)) * 4 + responses("new", node("a", "new", age=9))
    assert wait_for_sync(plane(), sync(), WRITTEN).verdict == "proved"
    assert server.script == []


def test_request_deadline_does_not_cut_the_wait(server, plane):
    server.script = BEHIND * 6
    assert wait_for_sync(plane(deadline=3), sync(), NOTHING).waited == 10
    assert server.script == []


@pytest.mark.parametrize("minimum_nodes", [1, 2])
def test_it_waits_for_every_live_node_and_for_enough_of_them(server, plane, pauses, minimum_nodes):
    lost = node("lost", "old", age=3600)
    server.script = responses("new", node("a", "old"), lost) + responses("new", node("a", "new"), lost)
    if minimum_nodes == 2:
        server.script += responses("new", node("a", "new"), node("b", None))
        server.script += responses("new", node("a", "new"), node("b", "new"))
    result = wait_for_sync(plane(), sync(minimum_nodes=minimum_nodes), NOTHING)
    assert (result.in_sync, pauses) == (True, [2] * (1 if minimum_nodes == 1 else 3))
    assert server.script == []


def test_no_node_is_enough_when_none_is_asked_for(server, plane, pauses):
    server.script = responses(None)
    result = wait_for_sync(plane(), sync(minimum_nodes=0), NOTHING)
    assert (result.verdict, result.in_sync, result.nodes, pauses) == ("unknown", True, [], [])


@pytest.mark.parametrize(("proved_nodes", "pauses_made"), [(None, [2]), (0, [2]), (1, []), (2, [])])
def test_there_is_no_wait_where_all_nodes_are_known_to_run_the_change(server, plane, pauses, proved_nodes, pauses_made):
    server.script = BEHIND + NEW
    result = wait_for_sync(plane(), sync(proved_nodes=proved_nodes), NOTHING)
    assert (pauses, result.verdict) == (pauses_made, "proved" if pauses_made else "contradicted")


def test_nodes_that_nothing_is_known_of_are_waited_for_beside_one_that_is(server, plane, pauses):
    server.script = responses("new", node("a", "old"), node("b", "old")) + responses(
        "new", node("a", "new"), node("b", "new")
    )
    result = wait_for_sync(plane(), sync(proved_nodes=1), NOTHING)
    assert (pauses, result.verdict) == ([2], "proved")


def test_where_no_node_is_known_and_none_is_to_be_waited_for_there_is_no_wait(server, plane, pauses):
    server.script = [*responses(None), (200, {"is_member": False}, DATE)]
    assert (wait_for_sync(plane(), sync(proved_nodes=0), NOTHING).verdict, pauses) == ("unknown", [])


# A member of a control plane group


def test_a_member_of_a_group_without_nodes_of_its_own_is_not_waited_for(server, plane, pauses):
    server.script = [*responses(None), (200, {"is_member": True}, DATE)]
    result = wait_for_sync(plane(), sync(minimum_nodes=0), WRITTEN)
    assert (result.verdict, result.in_sync, pauses) == ("unknown", False, [])
    assert "Control plane quickstart is a member of a control plane group" in result.reason
    assert "Wait with control_plane set to the group" in result.reason


def test_membership_is_read_once_and_only_without_nodes(server, plane):
    server.script = [*responses(None), (200, {"is_member": False}, DATE), *responses(None) * 5]
    wait_for_sync(plane(), sync(), NOTHING)
    assert server.sent().count(f"GET /v2/control-planes/{PLANE_ID}/group-member-status") == 1
    server.script = [*NEW]
    server.requests.clear()
    wait_for_sync(plane(), sync(), NOTHING)
    assert len(server.requests) == 2


# What a result says of nodes


def test_the_row_of_a_node(server, plane):
    server.script = [*NEW]
    assert wait_for_sync(plane(), sync(), NOTHING).nodes == [
        {**node("a", "new"), "config_version": None, "live": True, "in_sync": True}
    ]


def test_lost_nodes_are_counted_and_named_ten_at_most(server, plane):
    lost = [node(f"lost-{number:02}", age=3600) for number in range(12)]
    server.script = responses("new", node("a", "new"), *lost)
    result = wait_for_sync(plane(), sync(), NOTHING)
    assert (result.verdict, len(result.lost), result.lost_not_ignored) == ("proved", 12, True)
    assert "lost-09 (id-lost-09, version 3.15.0.0) runs old and pinged 3600 seconds ago; and 2 more." in result.reason
    assert "lost-10" not in result.reason


@pytest.mark.parametrize("ignored", ["lost", "id-lost"])
def test_lost_nodes_to_ignore_are_returned_and_not_named(server, plane, ignored):
    server.script = responses("new", node("a", "new"), node("lost", age=3600))
    result = wait_for_sync(plane(), sync(ignore_lost=frozenset({ignored})), NOTHING)
    assert [row["hostname"] for row in result.lost] == ["lost"]
    assert not result.lost_not_ignored
    assert "lost" not in result.reason


def test_a_live_node_that_is_incompatible_gets_a_warning(server, plane):
    issues = [{"code": "P121", "description": "Plugin ai-proxy is not available."}]
    status = {"compatibility_status": {"state": "COMPATIBILITY_STATE_INCOMPATIBLE", "issues": issues}}
    unnamed = {"compatibility_status": {"state": "COMPATIBILITY_STATE_INCOMPATIBLE"}}
    server.script = responses(
        "new", node("a", "new", **status), node("b", "new", **unnamed), node("lost", age=3600, **status)
    )
    assert wait_for_sync(plane(), sync(), NOTHING).warnings == [
        "Data plane node a (id-a, version 3.15.0.0) is incompatible with the configuration: "
        "P121: Plugin ai-proxy is not available.",
        "Data plane node b (id-b, version 3.15.0.0) is incompatible with the configuration.",
    ]


def reason(server: Any, plane: Any, *script: Any, written: Written = NOTHING, **options: Any) -> str:
    server.script = [*script]
    return wait_for_sync(plane(), sync(timeout=0, **options), written).reason


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "a (id-a, version 3.15.0.0) runs old and pinged 5 seconds ago"),
        ({"config_hash": None}, "runs no configuration and pinged"),
        ({"last_ping": NOW + 5}, "pinged 0 seconds ago"),
    ],
)
def test_a_node_that_is_behind(server, plane, fields, said):
    text = reason(server, plane, *responses("new", node(**fields)))
    assert said in text
    assert (
        "1 of 1 live data plane nodes of control plane quickstart do not run the expected configuration new: a ("
        in text
    )
    assert "raise timeout" in text


def test_a_node_that_tracks_versions_and_is_behind(server, plane):
    pending = node(config_sync={"state": "STATE_PENDING", "version_id": "7"})
    text = reason(server, plane, *responses("new", pending, version="8"))
    assert "runs 7 in state PENDING and pinged 5 seconds ago" in text


def test_nodes_in_sync(server, plane):
    assert reason(server, plane, *NEW) == (
        "The only live data plane node of control plane quickstart runs the expected configuration new."
    )


def test_nodes_in_sync_after_a_change(server, plane):
    server.script = OLD + NEW * 4
    assert wait_for_sync(plane(), sync(), WRITTEN).reason == (
        "The only live data plane node of control plane quickstart runs the change, as of configuration new."
    )


def test_nodes_that_show_nothing_yet(server, plane):
    text = reason(server, plane, *BEHIND, written=WRITTEN)
    assert "do not show whether they run the change, as of configuration new: a (id-a" in text
    assert "expected the same configuration for 5 seconds" in text


def test_nodes_that_track_versions_and_show_nothing(server, plane):
    text = reason(server, plane, *responses("new", node(config_version="7"), version="7"), written=WRITTEN)
    assert "previous_hashes also needs the expected version from before the change" in text
    assert "previous_hashes" not in reason(server, plane, *BEHIND, written=WRITTEN)


def test_nodes_of_an_unknown_configuration(server, plane):
    assert "the expected configuration (none is known yet)" in reason(server, plane, *responses(None, node()))
    assert "is still not known" in reason(server, plane, *responses(None, node()), written=WRITTEN)


def test_too_few_nodes(server, plane):
    text = reason(server, plane, *responses("new", node("a", "new"), node("b", last_ping=None)), minimum_nodes=2)
    assert "After 0.0 seconds control plane quickstart has 1 live data plane nodes, and minimum_nodes is 2." in text
    assert "Not live, because their last ping is too old: b (id-b, version 3.15.0.0) runs old and never pinged." in text


def test_without_any_node_none_is_named(server, plane):
    assert "Not live" not in reason(server, plane, *responses("new"))


def test_the_result_of_the_module(server, plane):
    server.script = [*NEW]
    result = wait_for_sync(plane(), sync(), NOTHING).to_dict()
    assert result.pop("nodes")
    assert result.pop("reason")
    assert result == {
        "changed": False,
        "expected_hash": "new",
        "expected_hashes": ["new"],
        "hash_changed": None,
        "in_sync": True,
        "lost_nodes": [],
        "verdict": "proved",
        "waited": 0.0,
    }


# What becomes of a verdict


def check(plane: Any, result: SyncResult, on_no_nodes: str = "fail", on_unknown: str = "fail") -> list[str]:
    """The warnings of a task with this result; the code of its failure, if it fails."""
    control_plane = plane()
    try:
        check_result(control_plane, result, on_no_nodes=on_no_nodes, on_unknown=on_unknown)
    except KonnectError as error:
        return [error.code.value]
    return control_plane.task.warnings


@pytest.fixture
def result(server, plane):
    def make(*script: Any, written: Written = NOTHING, **options: Any) -> SyncResult:
        server.script = [*script]
        return wait_for_sync(plane(), sync(timeout=0, **options), written)

    return make


def test_a_proved_change_neither_fails_nor_warns(plane, result):
    assert check(plane, result(*NEW)) == []


def test_a_contradicted_change_fails_in_any_case(plane, result):
    assert check(plane, result(*BEHIND), "ok", "ok") == ["not_in_sync"]
    erroneous = node(errors=[{"name": "invalid"}])
    assert check(plane, result(*responses("old", erroneous)), "ok", "ok") == ["not_in_sync"]


@pytest.mark.parametrize("script", [OLD, BEHIND, [*responses(None), (200, {"is_member": True}, DATE)]])
def test_an_unknown_outcome_fails_warns_or_does_neither(plane, result, script):
    found = result(*script, written=WRITTEN)
    assert check(plane, found, "ok", "fail") == ["not_proved"]
    assert check(plane, found, "fail", "warn") == [found.reason]
    assert check(plane, found, "fail", "ok") == []


@pytest.mark.parametrize("nodes", [[], [node("gone", age=3600)], [node("a", "new")]])
def test_too_few_nodes_fail_warn_or_do_neither(plane, result, nodes):
    found = result(*responses("new", *nodes), minimum_nodes=2)
    assert check(plane, found, "fail", "ok") == ["no_nodes"]
    assert check(plane, found, "warn", "fail") == [found.reason]
    assert check(plane, found, "ok", "fail") == []


def test_no_node_is_fine_when_none_is_asked_for(plane, result):
    assert check(plane, result(*responses(None), written=WRITTEN, minimum_nodes=0)) == []


def test_a_failure_names_the_nodes_that_it_is_due_to(plane, result):
    def failed(found: SyncResult) -> list[str]:
        with pytest.raises(KonnectError) as caught:
            check_result(plane(), found, on_no_nodes="fail", on_unknown="fail")
        assert found.reason in caught.value.message
        return [row["hostname"] for row in caught.value.facts["nodes"]]

    both = responses("new", node("a", "new"), node("b", "old"), node("gone", age=3600))
    assert failed(result(*both)) == ["b"]
    assert failed(result(*both, written=WRITTEN)) == ["a", "b"]
    assert failed(result(*responses("old", node("a")), written=WRITTEN)) == ["a"]
    assert failed(result(*responses("new", node("a", "new"), node("gone", age=3600)), minimum_nodes=2)) == ["a", "gone"]


def test_a_failure_for_want_of_nodes_says_what_to_do(plane, result):
    with pytest.raises(KonnectError, match=r"set on_no_nodes\.$"):
        check_result(plane(), result(*responses("new")), on_no_nodes="fail", on_unknown="fail")
