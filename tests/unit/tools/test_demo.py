# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from demo import message

GOOD = """ok: [localhost] => {
    "msg": [
        "quickstart, Config Store my-config-store: mistral-key was rotated: the new value worked and is live.",
        "Next: revoke the old key."
    ]
}
"""
BAD = """TASK [Fail with the reason] ***
fatal: [localhost]: FAILED! => {"changed": false, "msg": "quickstart: The provider rejected the new value."}
"""


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (GOOD, "mistral-key was rotated: the new value worked and is live."),
        (BAD, "The provider rejected the new value."),
    ],
)
def test_of_a_rotation_the_demo_shows_a_sentence(output, said):
    assert message(output) == said


def test_a_rotation_that_says_nothing_of_the_key_fails_the_demo():
    with pytest.raises(RuntimeError, match="no sentence"):
        message("no sentence")
