# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.as_options import FilterModule

as_options = FilterModule().filters()["as_options"]


@pytest.mark.parametrize("module", ["konnect_route", "community.konnect.konnect_route"])
def test_what_is_no_option_is_dropped(module):
    route = {"id": "r", "name": "my-route", "service": {"id": "s"}, "created_at": 1, "created_by_collection": True}
    assert as_options(route, module) == {"name": "my-route", "service": {"id": "s"}}


def test_the_name_of_a_vault_is_its_backend():
    vault = {"id": "v", "name": "hcv", "prefix": "my-vault", "config": {"token": "(not shown)"}}
    assert as_options(vault, "konnect_vault") == {
        "backend": "hcv",
        "prefix": "my-vault",
        "config": {"token": "(not shown)"},
    }


def test_the_settings_of_a_control_plane_are_options_of_their_own():
    config = {"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE", "control_plane_endpoint": "https://example.com"}
    assert as_options({"id": "c", "name": "quickstart", "config": config}, "konnect_control_plane") == {
        "name": "quickstart",
        "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE",
    }


@pytest.mark.parametrize(
    ("entity", "module"),
    [
        ({"name": "a"}, "konnect_nothing"),
        ({"name": "a"}, "os"),
        ({"name": "a"}, None),
        (["a"], "konnect_route"),
        ({"route": {"name": "a"}, "changed": False}, "konnect_route"),
    ],
)
def test_bad_input_is_told(entity, module):
    with pytest.raises(AnsibleFilterError, match="as_options"):
        as_options(entity, module)
