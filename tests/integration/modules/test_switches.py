# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody outside Kong can be sure of: the tutorial works whichever way Konnect really does it."""

from __future__ import annotations

import pytest

from support import tutorial
from support.control_plane import ControlPlaneHarness
from support.emulator import emulator
from support.options import ABSENT

pytestmark = pytest.mark.exhaustive
SWITCHES = [
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
]


# One worker runs all tests of a switch.
@pytest.fixture(
    scope="module", params=[pytest.param(switch, marks=pytest.mark.xdist_group(switch)) for switch in SWITCHES]
)
def switched(request):
    with emulator("--set", request.param) as running:
        yield running


@pytest.fixture
def konnect(switched):
    return ControlPlaneHarness.create(switched)


def test_the_second_run_of_the_tutorial_changes_nothing(konnect):
    assert tutorial.apply(konnect) == 6
    assert tutorial.apply(konnect) == 0


def test_a_vault_is_predicted(konnect):
    konnect.run_handler(*tutorial.CONFIG_STORE)
    assert konnect.run_handler(*tutorial.VAULT, check=True)["changed"]


def test_check_mode_predicts_that_nothing_changes(konnect):
    tutorial.apply(konnect)
    assert [konnect.run_handler(*each, check=True)["changed"] for each in tutorial.TUTORIAL] == [False] * 6


def test_the_removal_can_be_run_again(konnect):
    tutorial.apply(konnect)
    tutorial.remove(konnect)
    tutorial.remove(konnect)
    assert not any(tutorial.content(konnect).values())


def test_a_store_that_is_gone_is_not_removed_again(konnect):
    module, options = tutorial.CONFIG_STORE
    assert not konnect.run_handler(module, {**options, **ABSENT})["changed"]
