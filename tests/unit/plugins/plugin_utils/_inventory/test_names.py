# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._inventory.names import host_names

FIRST_ID, SECOND_ID = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7", "0d2f8a44-3c3b-4b57-9a2c-6a5e5b7d1c11"


def host(name, region="eu", control_plane=FIRST_ID, **more):
    place = {"konnect_region": region} if region else {}
    return {"konnect_control_plane": control_plane, "konnect_control_plane_name": name, **place, **more}


def test_a_host_is_named_like_its_control_plane():
    assert host_names([host("orders"), host("billing-2.test")]) == ["orders", "billing-2.test"]


def test_equal_names_in_two_regions_have_the_region_beside_them_and_others_do_not():
    hosts = [host("orders"), host("orders", "us"), host("billing")]
    assert host_names(hosts) == ["orders.eu", "orders.us", "billing"]


def test_equal_names_behind_urls_have_the_host_beside_them():
    hosts = [host("orders"), host("orders", None, konnect_url="https://konnect.example.com:8443")]
    assert host_names(hosts) == ["orders.eu", "orders.konnect.example.com_8443"]


def test_equal_names_of_two_accounts_in_one_region_have_the_id_beside_them():
    hosts = [host("orders"), host("orders", control_plane=SECOND_ID), host("orders", "us")]
    assert host_names(hosts) == [f"orders.eu.{FIRST_ID}", f"orders.eu.{SECOND_ID}", "orders.us"]


def test_a_name_that_looks_like_one_with_a_region_is_told_apart():
    hosts = [host("orders"), host("orders", "us", SECOND_ID), host("orders.eu")]
    names = host_names(hosts)
    assert len(set(names)) == 3
    assert names[1] == "orders.us"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("My plane", "My_plane"),
        ("a:b,c&d!e[0]*", "a_b_c_d_e_0__"),
        ("~all", "_all"),
        ("../../etc", "_._.._etc"),
        ("-x", "_x"),
        ("{{ 1 + 1 }}", "___1___1___"),
        ("zürich_1", "zürich_1"),
    ],
)
def test_characters_with_a_meaning_in_patterns_and_paths_are_replaced(name, safe):
    assert host_names([host(name)]) == [safe]


def test_a_workspace_is_part_of_the_name():
    hosts = [host("orders"), host("orders", konnect_workspace="team"), host("orders", "us", konnect_workspace="team")]
    assert host_names(hosts) == ["orders", "orders.team.eu", "orders.team.us"]


def test_names_that_become_equal_are_told_apart():
    assert host_names([host("a b"), host("a:b", "us")]) == ["a_b.eu", "a_b.us"]


def test_an_ai_gateway_is_named_like_itself_and_told_from_a_control_plane():
    gateway = {"konnect_ai_gateway": SECOND_ID, "konnect_ai_gateway_name": "orders", "konnect_region": "eu"}
    assert host_names([gateway]) == ["orders"]
    assert host_names([host("orders"), gateway]) == [f"orders.eu.{FIRST_ID}", f"orders.eu.{SECOND_ID}"]
