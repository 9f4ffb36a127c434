# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.wait import SyncResult
from ansible_collections.community.konnect.plugins.module_utils._rotation.options import RotationOptions
from ansible_collections.community.konnect.plugins.module_utils._rotation.plan import Plan, Step
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import Probe
from ansible_collections.community.konnect.plugins.module_utils._rotation.prober import Verification
from ansible_collections.community.konnect.plugins.module_utils._rotation.report import SENTENCES, Report

PROBE = Probe("http://localhost:8000/anything?key=fake")
GOOD = Verification(PROBE, "good", "got 200 from the provider", 1)
QUOTA = Verification(PROBE, "unknown", "got 429 from the provider", 9)
SYNC = SyncResult(
    verdict="proved",
    cause="in_sync",
    reason="2 nodes are in sync.",
    in_sync=True,
    hash_changed=True,
    expected_hash="b" * 32,
    expected_hashes=["b" * 32],
    nodes=[],
    lost=[],
    lost_not_ignored=False,
    concerned=[],
    warnings=[],
    waited=1.0,
)
UNKNOWN = replace(SYNC, verdict="unknown", cause="no_change", reason="The expected hash did not change.")
LOST = replace(SYNC, lost=[{"hostname": f"node-{number}"} for number in range(12)], lost_not_ignored=True)


def result(outcome, *, check_mode=False, because="", steps=(Step.RELEASE,), **more):
    options = RotationOptions("commit", because=because)
    return Report("my-key", options, outcome, **more).result(Plan(steps), check_mode)


def message(outcome, **more):
    return result(outcome, **more)["message"]


# The sentence


@pytest.mark.parametrize(
    ("outcome", "more", "expected"),
    [
        (
            "rotated",
            {"sync": SYNC, "probes": [GOOD]},
            "my-key was rotated: the new value worked and is live. The old key may be revoked.",
        ),
        ("unchanged", {}, "Nothing to do for my-key."),
        ("pending", {"next_phase": "try"}, "The rotation of my-key is pending. Next is the phase try."),
        ("rolled_back", {}, "my-key was not rotated. The earlier value is live, as before."),
        (
            "rollback_unproved",
            {},
            "my-key was not rotated. The earlier value is live, as before. That it works could not be proved.",
        ),
        (
            "rollback_unproved",
            {"live": "new"},
            "my-key was not rotated. It holds the new value, because no earlier one was given to go back to. That it "
            "works could not be proved.",
        ),
        (
            "rollback_unproved",
            {"live": "other"},
            "my-key was not rotated. It holds a value that was written meanwhile, by another client or by an earlier "
            "run. That it works could not be proved.",
        ),
        (
            "nothing_works",
            {},
            "my-key was not rotated. The earlier value is live, as before. The provider rejects that value, too.",
        ),
        (
            "not_in_sync",
            {"sync": UNKNOWN},
            "The new value of my-key worked and was written, but not every data plane is proved to use it.",
        ),
        ("cleaned_up", {}, "my-key was not changed. What an earlier rotation left was removed."),
    ],
)
def test_each_outcome_has_a_sentence(outcome, more, expected):
    assert message(outcome, **more) == expected


@pytest.mark.parametrize("outcome", SENTENCES)
@pytest.mark.parametrize("live", ["earlier", "new", "other"])
def test_no_sentence_shows_what_it_is_made_of(outcome, live):
    for check_mode in (True, False):
        found = message(outcome, live=live, next_phase="try", check_mode=check_mode)
        assert not set("{}") & set(found)
        assert found.endswith(".")


@pytest.mark.parametrize("outcome", ["rotated", "pending", "rolled_back", "rollback_unproved", "cleaned_up"])
def test_check_mode_says_what_would_be_done(outcome):
    found = message(outcome, next_phase="try", check_mode=True)
    assert " would be " in found
    assert not {"was", "is"} & set(found.split())


def test_check_mode_says_what_is_due_next_and_what_is_so_already():
    would = result("pending", next_phase="try", check_mode=True)["message"]
    assert would == "The rotation of my-key would be pending. Next would be the phase try."
    assert result("pending", next_phase="try", check_mode=True, steps=())["message"] == message(
        "pending", next_phase="try"
    )


def test_check_mode_promises_nothing_about_the_old_key():
    found = result("rotated", check_mode=True)
    assert "revoked" not in found["message"]
    assert found["old_key_may_be_revoked"] is False


def test_the_reason_of_a_rollback_comes_first():
    found = message("rolled_back", because="The provider rejected the new value.")
    assert found == "The provider rejected the new value. my-key was not rotated. The earlier value is live, as before."


# Whether the old key may be revoked


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, "Keep the old key for now: whether every data plane uses the new value was not checked."),
        ({"sync": UNKNOWN}, "Keep the old key for now: The expected hash did not change."),
        (
            {"sync": SYNC, "probes": [GOOD, QUOTA]},
            "Keep the old key for now: at the end, http://localhost:8000/anything got 429 from the provider.",
        ),
        (
            {"sync": LOST, "probes": [GOOD]},
            f"Keep the old key for now: lost data plane nodes may still use it "
            f"({', '.join(f'node-{number}' for number in range(10))}).",
        ),
    ],
)
def test_the_old_key_is_kept_until_no_data_plane_uses_it(more, reason):
    found = result("rotated", **more)
    assert (found["old_key_may_be_revoked"], found["old_key_reason"]) == (False, reason)
    assert found["message"].endswith(reason)
    assert "only when every data plane node is known to use the new value" in found["next_step"]


def test_the_old_key_may_be_revoked_when_no_data_plane_uses_it():
    found = result("rotated", sync=SYNC, probes=[GOOD])
    assert (found["old_key_may_be_revoked"], found["old_key_reason"]) == (True, "The old key may be revoked.")
    assert "only when" not in found["next_step"]


@pytest.mark.parametrize("outcome", sorted(set(SENTENCES) - {"rotated", "not_in_sync"}))
def test_the_old_key_may_not_be_revoked_when_nothing_was_rotated(outcome):
    assert result(outcome, sync=SYNC, probes=[GOOD])["old_key_may_be_revoked"] is False


# The rest of the result


@pytest.mark.parametrize(("steps", "changed"), [((), False), ((Step.RELEASE,), True)])
def test_a_phase_without_a_step_is_no_change(steps, changed):
    assert result("unchanged", steps=steps)["changed"] is changed


def test_what_was_waited_for_and_probed_is_in_the_result():
    found = result("rotated", sync=SYNC, probes=[GOOD], removed=["my-key-next"], not_probed=[{"id": "plugin-1"}])
    assert found["sync"] == SYNC.to_dict()
    assert found["probes"] == [
        {
            "url": "http://localhost:8000/anything",
            "verdict": "good",
            "reason": "got 200 from the provider",
            "attempts": 1,
        }
    ]
    assert (found["live_key"], found["removed"], found["not_probed"]) == (
        "my-key",
        ["my-key-next"],
        [{"id": "plugin-1"}],
    )


def test_without_a_wait_there_is_no_sync():
    assert (result("pending")["sync"], result("pending")["probes"]) == (None, [])
