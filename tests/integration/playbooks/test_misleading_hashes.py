# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rotations where the expected hash moves late, or all the time: a bad key is never kept, and a good one is."""

from __future__ import annotations

import pytest

from support.emulator import API_KEY
from support.rotation import BAD_KEY, NEW_KEY, ready_to_rotate, references, rotate, stored, wait_for_answer

HASHES = {
    "late": ("--set", "expected_hash_lag_ms=22000"),
    "moving": ("--set", "other_writer_ms=2000"),
    "late and moving": ("--set", "expected_hash_lag_ms=22000", "--set", "other_writer_ms=2000"),
}
STRATEGIES = ("trial", "blue_green", "in_place")
EVERY = [(hashes, strategy) for hashes in HASHES for strategy in STRATEGIES]
# The judge in tests/integration/rotation goes the same ways faster, in this process.
pytestmark = pytest.mark.exhaustive


@pytest.mark.parametrize(("hashes", "strategy"), EVERY)
def test_a_bad_key_is_not_kept(hashes, strategy):
    with ready_to_rotate(*HASHES[hashes]) as konnect:
        done = rotate(konnect, BAD_KEY, rotate_secret_strategy=strategy, old_api_key=API_KEY)
        assert done.failed
        assert (done.outcome, "The earlier value is live" in done.message) == ("rolled_back", True), done.message
        assert stored(konnect) == {"mistral-key": API_KEY}
        assert references(konnect) == {"mistral-key"}


@pytest.mark.parametrize(("hashes", "strategy"), EVERY)
def test_a_good_key_is_kept_and_in_use_when_the_run_ends(hashes, strategy):
    with ready_to_rotate(*HASHES[hashes]) as konnect:
        done = rotate(konnect, NEW_KEY, rotate_secret_strategy=strategy, old_api_key=API_KEY)
        assert (done.failed, done.outcome) == (False, "rotated"), done.message
        assert stored(konnect) == {"mistral-key": NEW_KEY}
        if done.result["old_key_may_be_revoked"]:
            konnect.set_answers({API_KEY: 401})
        wait_for_answer(konnect)
