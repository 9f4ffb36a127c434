# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._module.runner import with_environment

UNSET = {"konnect_token": None, "konnect_url": None, "konnect_region": None, "validate_certs": None, "ca_path": None}


def test_options_go_before_the_environment():
    filled = with_environment({**UNSET, "konnect_token": "given"}, {"KONNECT_TOKEN": "kept in the environment"})
    assert filled["konnect_token"] == "given"


def test_an_empty_variable_counts_as_unset():
    filled = with_environment(UNSET, {"KONNECT_TOKEN": "", "KONNECT_SERVER_URL": "", "KONNECT_REGION": "eu"})
    assert (filled["konnect_token"], filled["konnect_url"], filled["konnect_region"]) == (None, None, "eu")


@pytest.mark.parametrize(
    ("given", "url", "region"),
    [
        ({}, "https://env.example.com", None),
        ({"konnect_region": "us"}, None, "us"),
        ({"konnect_url": "https://given.example.com"}, "https://given.example.com", None),
    ],
)
def test_the_server_is_one_choice(given, url, region):
    environment = {"KONNECT_SERVER_URL": "https://env.example.com", "KONNECT_REGION": "eu"}
    filled = with_environment({**UNSET, **given}, environment)
    assert (filled["konnect_url"], filled["konnect_region"]) == (url, region)


def test_an_option_that_a_module_lacks_is_not_filled_in():
    assert "control_plane" not in with_environment(UNSET, {"KONNECT_CONTROL_PLANE": "quickstart"})
