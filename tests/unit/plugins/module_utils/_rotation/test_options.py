# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._rotation.options import rotation_options
from ansible_collections.community.konnect.plugins.modules.konnect_secret_rotation import SPEC

DEFAULTS = {name: option.get("default") for name, option in SPEC.options.items()}


def options(**given):
    return rotation_options({**DEFAULTS, **given})


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize(
    ("phase", "strategy"), [("prepare", "trial"), ("commit", "trial"), ("commit", "in_place"), ("switch", "in_place")]
)
def test_a_phase_that_writes_the_value_needs_it(phase, strategy, value):
    with pytest.raises(InvalidInput, match=f"The phase {phase} needs value"):
        options(phase=phase, strategy=strategy, value=value)


@pytest.mark.parametrize(
    ("phase", "strategy"), [("try", "trial"), ("switch", "blue_green"), ("rollback", "trial"), ("rollback", "in_place")]
)
def test_the_others_do_not(phase, strategy):
    assert options(phase=phase, strategy=strategy, value="").phase == phase
