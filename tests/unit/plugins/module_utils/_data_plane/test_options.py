# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.options import SyncOptions, Written
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput

OPTIONS = {"timeout": 10, "interval": 2.0, "minimum_nodes": 1, "hash_change_timeout": 5, "ignore_lost": None}


def sync(**options: Any) -> SyncOptions:
    return SyncOptions.from_options({**OPTIONS, **options})


def written(previous_hashes: Any = None, written_at: Any = None) -> Written:
    return Written.from_options({"previous_hashes": previous_hashes, "written_at": written_at})


@pytest.mark.parametrize(
    "wrong",
    [{"timeout": -1}, {"interval": 0.0}, {"minimum_nodes": -1}, {"proved_nodes": -1}, {"hash_change_timeout": -1}],
)
def test_numbers_that_cannot_work(wrong):
    with pytest.raises(InvalidInput) as caught:
        sync(**wrong)
    assert next(iter(wrong)) in caught.value.message


@pytest.mark.parametrize("name", ["timeout", "minimum_nodes", "hash_change_timeout"])
def test_zero_is_a_number_that_can_work(name):
    assert getattr(sync(**{name: 0}), name) == 0


def test_an_interval_may_be_shorter_than_a_second():
    assert sync(interval=0.1).interval == 0.1


def test_lost_nodes_to_ignore():
    assert sync(ignore_lost=["a", "b"]).ignore_lost == {"a", "b"}
    assert sync().ignore_lost == frozenset()


def test_once_is_without_a_wait():
    assert sync().once() == sync(timeout=0)


@pytest.mark.parametrize("nothing", [None, [], [""]])
@pytest.mark.parametrize("no_time", [None, ""])
def test_null_and_empty_mean_that_nothing_was_written(nothing, no_time):
    assert written(nothing, no_time) == Written()
    assert not written(nothing, no_time).is_known


def test_hashes_or_a_time_mean_that_something_was_written():
    assert written(["a", "b", ""]) == Written(frozenset({"a", "b"}))
    assert written(["a"]).is_known
    assert written(written_at="2026-11-23T10:00:00Z") == Written(at=1_795_428_000)
    assert written(written_at="1970-01-01T00:00:00Z").is_known


def test_a_time_that_is_none_is_invalid():
    with pytest.raises(InvalidInput, match="written_at is 'yesterday'; it must be a time such as"):
        written(written_at="yesterday")
