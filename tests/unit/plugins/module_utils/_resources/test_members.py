# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is in a consumer group, from either side."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import CONSUMER, CONSUMER_GROUP
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError, PartialFailure
from ansible_collections.community.konnect.plugins.module_utils._resources.entity import (
    ensure_entity,
    list_entities,
    remove_entity_of,
)
from ansible_collections.community.konnect.tests.unit.gateway import DATE, Gateway

GOLD = {"id": "g", "name": "gold"}
ALICE, BOB, CAROL = ({"id": name[0], "username": name} for name in ("alice", "bob", "carol"))
A_LONG_ID = "a0000000-0000-4000-8000-000000000000"
BELOW = (*CONSUMER_GROUP.segments, "g", "consumers")


class Group:
    """A group on the scripted server, and the module on it."""

    def __init__(self, server, plane):
        self.server, self.plane, self.gateway = server, plane, Gateway(server)
        self.gateway.has(CONSUMER, ALICE, BOB, CAROL)
        self.gateway.has(CONSUMER_GROUP, GOLD)

    def holds(self, *consumers):
        self.server.routes[f"GET {self.gateway.path(*BELOW)}"] = (200, {"data": consumers}, DATE)
        self.server.routes[f"POST {self.gateway.path(*BELOW)}"] = (201, {})
        for consumer in consumers:
            self.server.routes[f"DELETE {self.gateway.path(*BELOW, consumer['id'])}"] = (204, b"")

    def ensure(self, consumers, check_mode=False):
        options = {"name": "gold", "tags": None, "consumers": consumers}
        return ensure_entity(self.plane(check_mode=check_mode), CONSUMER_GROUP, options, ("name", "tags"))

    @property
    def writes(self):
        return self.gateway.writes()


@pytest.fixture
def group(server, plane):
    return Group(server, plane)


def test_members_are_added_and_taken_off_until_these_are_all(group):
    group.holds(ALICE, CAROL)
    result = group.ensure(["alice", "bob"])
    assert group.writes == [("POST consumers", {"consumer": "b"}), ("DELETE c", None)]
    assert result["changed"]
    assert result["consumer_group"]["consumers"] == ["alice", "bob"]
    assert (result["diff"]["before"]["consumers"], result["diff"]["after"]["consumers"]) == (
        ["alice", "carol"],
        ["alice", "bob"],
    )


def test_a_group_with_these_members_is_unchanged(group):
    group.holds(ALICE, BOB)
    result = group.ensure(["bob", "alice", "bob"])
    assert (result["changed"], group.writes, result["consumer_group"]["consumers"]) == (False, [], ["alice", "bob"])
    assert "consumers" not in result["diff"]["before"]


def test_the_list_is_read_once_for_all_names_and_ids(group, server):
    group.gateway.has(CONSUMER, {**ALICE, "id": A_LONG_ID}, BOB, CAROL)
    group.holds(BOB, CAROL)
    group.ensure([A_LONG_ID, "bob", "carol"])
    assert group.writes == [("POST consumers", {"consumer": A_LONG_ID})]
    assert len([request for request in server.sent() if request.endswith("/core-entities/consumers?size=1000")]) == 1


def test_an_empty_list_takes_all_off_and_without_a_list_members_stay(group):
    group.holds(ALICE)
    left = group.ensure(None)
    assert (left["changed"], group.writes, "consumers" in left["consumer_group"]) == (False, [], False)
    assert group.ensure([])["consumer_group"]["consumers"] == []
    assert group.writes == [("DELETE a", None)]


def test_check_mode_says_who_would_be_in_it_and_writes_nothing(group):
    group.holds(CAROL)
    result = group.ensure(["alice"], check_mode=True)
    assert (result["changed"], result["consumer_group"]["consumers"], group.writes) == (True, ["alice"], [])


def test_in_check_mode_a_new_group_has_no_members_before(group, server):
    group.gateway.has(CONSUMER_GROUP)
    server.routes[f"POST {group.gateway.path('core-entities', 'schemas', 'consumer-groups', 'validate')}"] = (200, {})
    result = group.ensure(["alice"], check_mode=True)
    assert (result["changed"], result["consumer_group"]["consumers"], group.writes) == (True, ["alice"], [])
    # Its list cannot be asked for, because it does not exist.
    assert not any("/consumer_groups/" in request for request in server.sent())


def test_a_consumer_that_does_not_exist_is_named_before_a_write(group):
    group.holds()
    with pytest.raises(KonnectError, match="nobody"):
        group.ensure(["alice", "nobody"])
    assert group.writes == []


def test_after_a_lost_response_the_list_tells_whether_the_member_was_added(group, server):
    group.holds()
    resolve, find, members = (200, {"data": [ALICE]}), (200, {"data": [GOLD]}), (200, {"data": []})
    server.script = [resolve, find, members, "reset", (200, {"data": [ALICE]})]
    assert group.ensure(["alice"])["changed"]
    assert server.script == []
    assert group.writes == [("POST consumers", {"consumer": "a"})]


def test_where_the_second_member_fails_the_first_one_is_reported(group, server):
    group.holds(CAROL)
    server.routes[f"DELETE {group.gateway.path(*BELOW, 'c')}"] = (403, {"message": "forbidden"})
    with pytest.raises(PartialFailure, match="Before that, consumer alice was added") as caught:
        group.ensure(["alice"])
    assert caught.value.result["changed"] is True


def test_a_consumer_may_be_put_into_groups_instead(group, server):
    path = group.gateway.path(*CONSUMER.segments, "a", "consumer_groups")
    server.routes[f"GET {path}"] = (200, {"data": []}, DATE)
    server.routes[f"POST {path}"] = (201, {})
    options = {"username": "alice", "custom_id": None, "tags": None, "consumer_groups": ["gold"]}
    result = ensure_entity(group.plane(), CONSUMER, options, ("username", "custom_id", "tags"))
    assert group.writes == [("POST consumer_groups", {"group": "g"})]
    assert result["consumer"]["consumer_groups"] == ["gold"]


def test_a_group_that_is_asked_for_by_name_is_listed_with_its_members(group):
    group.holds(BOB, ALICE)
    (row,) = list_entities(group.plane(), CONSUMER_GROUP, {"name": "gold", "tags": None})
    assert row["consumers"] == ["alice", "bob"]
    (row,) = list_entities(group.plane(), CONSUMER_GROUP, {"name": None, "tags": None})
    assert "consumers" not in row


def test_a_group_that_does_not_exist_is_absent(group):
    options = {"name": "silver", "tags": None, "on_in_use": "fail"}
    result = remove_entity_of(group.plane(), CONSUMER_GROUP, options, ("name", "tags"))
    assert (result["changed"], result["consumer_group"]) == (False, {})
