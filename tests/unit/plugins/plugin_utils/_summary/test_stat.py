# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The custom statistic: by host and control plane, and never too large, however many hosts share it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._summary.stat import (
    LEAST_BYTES,
    MAX_BYTES,
    build_stat,
)

MAX_HOSTS = MAX_BYTES // LEAST_BYTES
ENTRY = {
    "changed": True,
    "check_mode": False,
    "failed": False,
    "code": None,
    "message": "All of it is there. " * 100,
    "findings": [f"{number}: a finding of some length, as they are" for number in range(20)],
}


def merged(count, name="host-{}.example.com"):
    """What Ansible makes of the statistics of so many hosts."""
    hosts = [name.format(number) for number in range(count)]
    whole = {}
    for host in hosts:
        whole |= build_stat(host, hosts, {"quickstart": ENTRY})
    return whole


def test_it_is_by_host_and_control_plane():
    small = {"changed": True}
    assert build_stat("one", ["one", "two"], {"a": small, "b": {}}) == {"one": {"a": small, "b": {}}}


@pytest.mark.parametrize("count", [1, 2, 20, 100, MAX_HOSTS, 1000])
def test_all_hosts_together_stay_below_the_limit(count):
    assert len(json.dumps({"konnect_audit": merged(count)})) <= 32 * 1024


@pytest.mark.parametrize("count", [1, 2, 20, 100, MAX_HOSTS])
def test_every_host_says_whether_it_changed_something_and_failed(count):
    entries = [planes["quickstart"] for planes in merged(count).values()]
    assert [(each["changed"], each["failed"], each["check_mode"]) for each in entries] == [(True, False, False)] * count


def test_more_hosts_than_there_is_room_for_leave_the_first_ones():
    assert list(merged(MAX_HOSTS + 5)) == list(merged(MAX_HOSTS))


def test_a_name_without_room_leaves_nothing():
    assert merged(MAX_HOSTS, name="h" * 300 + "{}") == {}


def test_one_host_with_many_control_planes_keeps_as_many_as_there_is_room_for():
    stat = build_stat("one", ["one"], {f"plane-{number}": ENTRY for number in range(2000)})
    assert len(json.dumps(stat)) <= MAX_BYTES
    assert len(stat["one"]) > 100


def test_of_many_control_planes_those_that_failed_are_kept():
    entries = {f"plane-{number}": {**ENTRY, "failed": number == 1999} for number in range(2000)}
    assert build_stat("one", ["one"], entries)["one"]["plane-1999"]["failed"] is True


def test_what_is_given_is_not_changed():
    entry = {"message": "x" * MAX_BYTES}
    build_stat("one", ["one"], {"quickstart": entry})
    assert entry == {"message": "x" * MAX_BYTES}
