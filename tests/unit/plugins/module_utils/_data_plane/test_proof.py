# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict of a history of readings. Expected hashes are letters; what was there before the write is B."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.options import Written
from ansible_collections.community.konnect.plugins.module_utils._data_plane.proof import (
    Node,
    NodeError,
    Reading,
    accepted,
    decide,
    expectation,
)

WRITTEN_AT = 1000.0
AFTER, BEFORE = WRITTEN_AT + 1, WRITTEN_AT
WRITTEN = Written(frozenset("B"), WRITTEN_AT)
NOTHING = Written()
V1, V2, V3 = (f"v02_{number:028x}" for number in (9, 10, 11))


def node(config_hash: str | None = "N", last_ping: float = AFTER, **fields: Any) -> Node:
    values = {"id": "id-a", "hostname": "a", "version": "3.15.0.0", "config_version": None, "sync_state": None}
    return Node(**{**values, "is_live": True, **fields}, config_hash=config_hash, last_ping=last_ping)


def incremental(config_version: str | None, sync_state: str | None = "IN_SYNC", **fields: Any) -> Node:
    return node(config_version=config_version, sync_state=sync_state, **fields)


LOST = node(is_live=False, last_ping=0.0)


def readings(hashes: str, seconds: float = 2.0, versions: tuple[str | None, ...] = ()) -> list[Reading]:
    """A reading every so many seconds: a letter for each expected hash, and ``-`` for none."""
    texts = [None if letter == "-" else letter for letter in hashes]
    found = [*versions, *[versions[-1] if versions else None] * (len(texts) - len(versions))]
    return [Reading(number * seconds, *row) for number, row in enumerate(zip(texts, found, strict=True))]


def cause(hashes: str, *nodes: Node, written: Written = WRITTEN, minimum_nodes: int = 1, **more: Any) -> str:
    return decide(readings(hashes, **more), nodes, written, minimum_nodes, 90).cause


def accepted_hashes(hashes: str, seconds: float = 2.0, before: str = "B") -> str:
    values = [(reading.at, reading.expected_hash) for reading in readings(hashes, seconds)]
    return "".join(sorted(accepted(values, frozenset(before))))


# Which expected hashes hold what was written


@pytest.mark.parametrize(
    ("hashes", "found"),
    [
        ("", ""),
        ("BBBB", ""),
        ("BNN", ""),
        ("BNNN", ""),
        ("BNNNN", "N"),
        ("NNNN", "N"),
        ("----NNNN", "N"),
        ("NNNN-", ""),
    ],
)
def test_a_hash_counts_after_five_seconds(hashes, found):
    assert accepted_hashes(hashes) == found


@pytest.mark.parametrize(("seconds", "found"), [(5.0, "N"), (4.9, "")])
def test_five_seconds_are_enough_and_less_is_not(seconds, found):
    assert accepted_hashes("NN", seconds) == found


def test_a_hash_that_comes_after_22_seconds_is_waited_for():
    assert accepted_hashes("B" * 11 + "NNN") == ""
    assert accepted_hashes("B" * 11 + "NNNN") == "N"


def test_a_hash_of_a_configuration_loaded_before_the_write_is_replaced_in_time():
    """Loaded before the write and stored after it, it is a hash that was never seen before."""
    assert accepted_hashes("BBXX") == ""
    assert accepted_hashes("BBXXN") == "N"
    assert accepted_hashes("XXN") == ""
    assert accepted_hashes("XXNNNN") == "N"


def test_where_another_client_writes_every_two_seconds_the_second_change_counts_and_each_one_after_it():
    assert accepted_hashes("BX") == ""
    assert accepted_hashes("BXN") == "N"
    assert accepted_hashes("BXNOP") == "NOP"


def test_a_change_from_before_the_first_reading_does_not_count():
    assert accepted_hashes("XN") == ""
    assert accepted_hashes("XNO") == "O"


def test_a_return_to_a_hash_from_before_the_write_starts_over():
    assert accepted_hashes("BNNNNB") == ""
    assert accepted_hashes("BXNB") == ""
    assert accepted_hashes("BXNBNO") == "O"
    assert accepted_hashes("BNNNNBNNNN") == "N"


def test_two_replicas_that_alternate_prove_nothing():
    assert accepted_hashes("BNBNBNBNBNBN") == ""


def test_a_return_to_any_of_several_hashes_from_before_starts_over():
    assert accepted_hashes("NNNNA", before="AB") == ""


def test_without_hashes_from_before_the_first_one_may_be_one():
    written = Written(at=WRITTEN_AT)
    assert expectation(readings("NNNNNN"), written).hashes == frozenset()
    assert expectation(readings("XNNNN"), written).hashes == {"N"}
    assert expectation(readings("--NNNN"), written).hashes == {"N"}


def test_when_nothing_was_written_the_last_hash_counts_at_once():
    assert expectation(readings("BN"), NOTHING).hashes == {"N"}
    assert expectation(readings("B-"), NOTHING).hashes == frozenset()


@pytest.mark.parametrize(
    ("hashes", "written", "changed"),
    [
        ("BB", WRITTEN, False),
        ("--", WRITTEN, False),
        ("BN", WRITTEN, True),
        ("BNB", WRITTEN, True),
        ("N", WRITTEN, True),
        ("NN", Written(at=WRITTEN_AT), False),
        ("BN", NOTHING, None),
    ],
)
def test_whether_the_expected_hash_changed(hashes, written, changed):
    assert expectation(readings(hashes), written).changed is changed


# Which nodes run what was written


def test_a_node_that_runs_an_accepted_hash_proves_it():
    decision = decide(readings("BNNNN"), [node("N")], WRITTEN, 1, 90)
    assert (decision.verdict, decision.is_final, decision.statuses) == ("proved", True, ("in_sync",))


def test_any_accepted_hash_will_do():
    assert cause("BXNOP", node("N"), node("O"), node("P")) == "in_sync"


def test_a_hash_that_is_not_accepted_will_not_do():
    assert cause("BXNOP", node("X")) == "behind"
    assert cause("BXNOP", node("B")) == "behind"


def test_before_a_hash_is_accepted_no_node_shows_anything():
    assert cause("BN", node("N")) == "unclear"
    assert cause("BN", node("B")) == "unclear"


def test_a_node_that_stays_behind_contradicts_it_and_may_still_follow():
    decision = decide(readings("BNNNN"), [node("N"), node("B")], WRITTEN, 1, 90)
    assert (decision.verdict, decision.is_final, decision.statuses) == ("contradicted", False, ("in_sync", "behind"))


@pytest.mark.parametrize(("last_ping", "found"), [(BEFORE, "unclear"), (AFTER, "in_sync")])
def test_only_a_ping_after_the_write_proves_anything(last_ping, found):
    assert cause("BNNNN", node("N", last_ping)) == found


def test_a_node_that_did_not_ping_since_the_write_contradicts_nothing():
    assert cause("BNNNN", node("B", BEFORE)) == "unclear"


def test_where_the_time_of_the_write_is_not_known_every_ping_counts():
    assert cause("BNNNN", node("N", BEFORE), written=Written(frozenset("B"))) == "in_sync"


def test_a_lost_node_is_not_waited_for():
    decision = decide(readings("BNNNN"), [node("N"), LOST], WRITTEN, 1, 90)
    assert (decision.cause, decision.statuses) == ("in_sync", ("in_sync", "lost"))


def test_when_nothing_was_written_nodes_are_compared_at_once():
    assert cause("N", node("N", BEFORE), written=NOTHING) == "in_sync"
    assert cause("N", node("B"), written=NOTHING) == "behind"
    assert cause("N", node(None), written=NOTHING) == "behind"
    assert cause("-", node("B"), written=NOTHING) == "unclear"


# Errors of nodes


@pytest.mark.parametrize("config_hash", [None, "N"])
@pytest.mark.parametrize("written", [WRITTEN, NOTHING])
def test_a_node_with_an_error_contradicts_it_at_once(config_hash, written):
    bad = node("B", errors=(NodeError("invalid", config_hash),))
    decision = decide(readings("N"), [node("N"), bad], written, 3, 90)
    assert (decision.verdict, decision.cause, decision.is_final) == ("contradicted", "errors", True)
    assert decision.statuses[1] == "errors"


def test_an_error_from_before_the_write_is_no_matter():
    assert cause("BNNNN", node("N", errors=(NodeError("invalid", "B"),))) == "in_sync"
    assert cause("BNNNN", node("B", BEFORE, errors=(NodeError("invalid", None),))) == "unclear"


def test_an_error_of_a_lost_node_is_no_matter():
    lost = node("B", is_live=False, errors=(NodeError("invalid", None),))
    assert cause("BNNNN", node("N"), lost) == "in_sync"


# Nodes with incremental configuration sync


@pytest.mark.parametrize(("version", "found"), [(V1, "behind"), (V2, "in_sync"), (V3, "in_sync"), (None, "unclear")])
def test_a_version_at_or_above_one_that_was_expected_after_the_write_proves_it(version, found):
    assert cause("B" * 5, incremental(version), versions=(V1, V2)) == found


def test_a_version_that_did_not_change_since_the_wait_began_proves_nothing():
    assert cause("BNNNN", incremental(V1), versions=(V1,)) == "unclear"


def test_a_version_that_is_none_of_those_from_before_the_write_is_enough():
    written = Written(frozenset({"B", V1}), WRITTEN_AT)
    assert cause("BBBB", incremental(V2), written=written, versions=(V2,)) == "in_sync"
    assert cause("BBBB", incremental(V1), written=written, versions=(V1,)) == "no_change"


def test_a_new_version_has_to_stay_for_five_seconds_too():
    assert cause("BBB", incremental(V2), versions=(V1, V2)) == "unclear"


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("IN_SYNC", "in_sync"),
        (None, "in_sync"),
        ("PENDING", "behind"),
        ("RESILIENCY", "behind"),
        ("UNSPECIFIED", "unclear"),
    ],
)
def test_a_node_has_to_be_in_sync_by_its_own_account(state, found):
    assert cause("B" * 5, incremental(V2, state), versions=(V1, V2)) == found


def test_versions_that_cannot_be_compared_prove_nothing():
    assert cause("B" * 5, incremental("7"), versions=(V1, V2)) == "unclear"


def test_a_node_that_tracks_versions_is_not_compared_by_its_hash():
    assert cause("BNNNN", incremental(V1, config_hash="N"), versions=(V1,)) == "unclear"


def test_nodes_of_both_kinds_are_each_compared_in_their_own_way():
    assert cause("BNNNN", node("N"), incremental(V2), versions=(V1, V2)) == "in_sync"
    assert cause("BNNNN", node("B"), incremental(V2), versions=(V1, V2)) == "behind"


def test_when_nothing_was_written_versions_are_compared_at_once():
    assert cause("N", incremental(V2), written=NOTHING, versions=(V2,)) == "in_sync"
    assert cause("N", incremental(V1), written=NOTHING, versions=(V2,)) == "behind"


# What cannot be known


@pytest.mark.parametrize(("count", "is_final"), [(45, False), (46, True)])
def test_a_hash_that_does_not_change_for_90_seconds_proves_nothing(count, is_final):
    """Such as when equal content was written, or content that no data plane uses."""
    decision = decide(readings("B" * count), [node("B")], WRITTEN, 1, 90)
    assert (decision.verdict, decision.cause, decision.is_final) == ("unknown", "no_change", is_final)


def test_a_hash_that_changed_once_is_waited_for():
    decision = decide(readings("B" * 90 + "N"), [node("B")], WRITTEN, 1, 90)
    assert (decision.cause, decision.is_final) == ("unclear", False)


@pytest.mark.parametrize("written", [WRITTEN, NOTHING])
def test_too_few_nodes_are_waited_for(written):
    decision = decide(readings("NNNN"), [node("N")], written, 2, 90)
    assert (decision.verdict, decision.cause, decision.is_final) == ("unknown", "no_nodes", False)


def test_lost_nodes_are_not_counted():
    assert cause("NNNN", node("N"), LOST, minimum_nodes=2) == "no_nodes"


def test_of_too_few_nodes_one_that_is_behind_contradicts_it():
    assert cause("NNNN", node("B"), minimum_nodes=2) == "behind"


@pytest.mark.parametrize("nodes", [[], [LOST]])
def test_no_node_proves_nothing_and_is_not_waited_for_when_none_is_asked_for(nodes):
    decision = decide(readings("B"), nodes, WRITTEN, 0, 90)
    assert (decision.verdict, decision.cause, decision.is_final) == ("unknown", "no_nodes", True)
