# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.changes import changes

NOTHING = {"changed": False, "written_at": "", "expected_hashes": []}
FIRST = {"changed": True, "written_at": "2026-11-23T10:00:00Z", "expected_hashes": ["a"]}
SECOND = {"changed": True, "written_at": "2026-11-23T10:00:05Z", "expected_hashes": ["a", "b"]}


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)])
def test_of_several_changes_the_last_time_and_every_hash_once_are_told(order):
    found = changes([{"changed": False}, *order])
    assert (found["changed"], found["written_at"]) == (True, "2026-11-23T10:00:05Z")
    assert sorted(found["expected_hashes"]) == ["a", "b"]


@pytest.mark.parametrize("results", [[], [{"changed": False, "skipped": True}], [{}]])
def test_where_nothing_changed_nothing_is_told(results):
    assert changes(results) == NOTHING


def test_what_check_mode_predicts_was_not_written():
    assert changes([{"changed": True}]) == {**NOTHING, "changed": True}


def test_each_item_of_a_loop_counts():
    assert changes([{"changed": True, "results": [FIRST, {"changed": False}, SECOND]}])["expected_hashes"] == ["a", "b"]


@pytest.mark.parametrize("wrong", ["a", {"changed": True}, 1, None, ["a"], [None]])
def test_anything_but_a_list_of_results_is_refused(wrong):
    with pytest.raises(AnsibleFilterError, match="^changes: "):
        changes(wrong)
