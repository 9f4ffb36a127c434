# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody outside Kong can be sure of: the tutorial works whichever way Konnect really does it."""

from __future__ import annotations

import pytest
from in_process import TUTORIAL, World, remove
from running import emulator


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "switch",
    [
        "core_duplicate=409",
        "delete_missing=404",
        "route_protocols_default=http,https",
        "secret_echo=true",
        "service_delete=cascade",
        "store_name_unique=true",
        "store_not_empty_wording=live",
        "strict_config_store_id=true",
        "top_level_nulls=true",
        "unauthorized=e1",
        "unauthorized=e3",
        "validate_endpoint=404",
        "validate_endpoint=501",
    ],
)
def test_the_tutorial(switch):
    with emulator("--set", switch) as konnect:
        world = World(konnect)
        for module, options in TUTORIAL[:1]:
            world.run(module, options)
        assert world.run(*TUTORIAL[1], check_mode=True)["changed"]
        assert world.tutorial() == 5
        assert world.tutorial() == 0
        assert [world.run(*each, check_mode=True)["changed"] for each in TUTORIAL] == [False] * 6
        remove(world)
        remove(world)
        assert not world.run(TUTORIAL[0][0], {**TUTORIAL[0][1], "state": "absent"})["changed"]
