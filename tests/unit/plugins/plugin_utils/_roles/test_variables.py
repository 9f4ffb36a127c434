# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.connection_options import connection_options


@pytest.mark.parametrize(("given", "other"), [("konnect_region", "konnect_url"), ("konnect_url", "konnect_region")])
def test_one_of_region_and_url_takes_the_place_of_both_of_the_caller(given, other):
    assert connection_options({given: "eu", other: None}) == {given: "eu", other: ""}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"ai_gateway": "gw"}, {"control_plane": "", "workspace": "", "ai_gateway": "gw"}),
        ({"control_plane": "cp", "ai_gateway": None}, {"ai_gateway": "", "control_plane": "cp"}),
        ({"control_plane": "cp"}, {"control_plane": "cp"}),
        ({"control_plane": None, "ai_gateway": ""}, {}),
    ],
)
def test_one_parent_takes_the_place_of_both_of_the_caller_where_a_role_takes_both(given, expected):
    assert connection_options(given) == expected


def test_what_is_not_set_is_left_to_the_caller():
    assert connection_options({"konnect_url": "", "konnect_region": None, "ca_path": "", "workspace": None}) == {}


def test_false_and_zero_are_set():
    given = {"validate_certs": False, "request_retries": 0}
    assert connection_options(given) == given


def test_only_connection_options_are_kept():
    assert connection_options({"control_plane": "quickstart", "value": "fake"}) == {"control_plane": "quickstart"}


def test_what_is_no_dict_is_refused():
    with pytest.raises(AnsibleFilterError, match="must be a dict"):
        connection_options(["konnect_url"])
