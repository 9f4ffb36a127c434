# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._rotation.identity import Owner
from ansible_collections.community.konnect.plugins.module_utils._rotation.plan import Plan, Step, make_plan
from ansible_collections.community.konnect.plugins.module_utils._rotation.situation import (
    BUSY_SECONDS,
    Request,
    Situation,
)
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Stage
from ansible_collections.community.konnect.tests.unit.plugins.module_utils._rotation.rotation_model import (
    IDENTITY,
    KEY,
    NEW,
    NEXT,
    metadata,
)

# When KEY was written before the rotation and in it, and when KEY-next was.
BEFORE, CLAIMED, WRITTEN_NEXT, OVERWROTE, ANOTHER = 1000, 2000, 3000, 4000, 5000
PREPARED, SWITCHED, PROVED = ((stage, WRITTEN_NEXT) for stage in (Stage.PREPARED, Stage.SWITCHED, Stage.PROVED))
OVERWRITING, OVERWRITTEN = (Stage.OVERWRITING, BEFORE), (Stage.OVERWRITTEN, OVERWROTE)
PROVED_IN_PLACE, COMMITTING = (Stage.PROVED, OVERWROTE), (Stage.COMMITTING, BEFORE)


def situation(*stages, secret=BEFORE, following=WRITTEN_NEXT, owned=True, **more):
    """A rotation that reached these stages."""
    claimed = IDENTITY.claimed(BEFORE, NEW)
    return Situation(
        secret=metadata(KEY, secret),
        next=metadata(NEXT, following) if following else None,
        claim=metadata(f"{KEY}.rotation", CLAIMED),
        owner=Owner(IDENTITY, claimed, frozenset(stages)) if owned else None,
        **{"leftovers": True, "referring": 1, **more},
    )


def in_place(*stages, **more):
    return situation(*stages, **{"following": None, "secret": OVERWROTE, **more})


def switched(*stages, **more):
    return situation(PREPARED, SWITCHED, *stages, **{"referring": 0, "referring_next": 1, **more})


FREE = Situation(secret=metadata(KEY, BEFORE), referring=1)
IN_SYNC = Situation(secret=metadata(KEY, BEFORE), referring=1, in_sync=True)
ANOTHERS = situation(owned=False, idle=BUSY_SECONDS)
BUSY = situation(owned=False, idle=BUSY_SECONDS - 1)


def plan(found, phase, strategy="trial", **more):
    return make_plan(found, Request(phase, KEY, strategy, **more))


def names(made):
    return [step.name for step in made.steps]


def refused(code, found, phase, strategy="trial", **more):
    with pytest.raises(KonnectError) as caught:
        plan(found, phase, strategy, **more)
    assert caught.value.code == code
    return caught.value


# The way of each strategy


@pytest.mark.parametrize(
    ("strategy", "phase", "found", "steps", "outcome", "next_phase"),
    [
        ("trial", "prepare", FREE, ["CLAIM", "WRITE_NEXT"], "pending", "try"),
        ("trial", "try", situation(PREPARED), ["TRY"], "pending", "commit"),
        (
            "trial",
            "commit",
            situation(PREPARED, PROVED),
            ["WRITE_KEY", "REMOVE_NEXT", "VERIFY", "RELEASE"],
            "rotated",
            None,
        ),
        ("blue_green", "prepare", FREE, ["CLAIM", "WRITE_NEXT"], "pending", "switch"),
        ("blue_green", "switch", situation(PREPARED), ["SWITCH", "PROVE"], "pending", "commit"),
        (
            "blue_green",
            "commit",
            switched(PROVED),
            ["WRITE_KEY", "POINT_BACK", "VERIFY", "REMOVE_NEXT", "RELEASE"],
            "rotated",
            None,
        ),
        ("in_place", "prepare", FREE, ["CLAIM"], "pending", "switch"),
        ("in_place", "switch", situation(following=None), ["OVERWRITE", "PROVE"], "pending", "commit"),
        (
            "in_place",
            "commit",
            in_place(OVERWRITING, OVERWRITTEN, PROVED_IN_PLACE),
            ["RECORD", "RELEASE", "VERIFY"],
            "rotated",
            None,
        ),
    ],
)
def test_the_phases_of_a_strategy(strategy, phase, found, steps, outcome, next_phase):
    made = plan(found, phase, strategy, old_value="confirmed")
    assert (names(made), made.outcome, made.next_phase) == (steps, outcome, next_phase)


@pytest.mark.parametrize(
    ("strategy", "phase", "found", "due"),
    [
        ("trial", "prepare", situation(PREPARED), "try"),
        ("trial", "prepare", situation(PREPARED, PROVED), "commit"),
        ("trial", "try", situation(PREPARED, PROVED), "commit"),
        ("trial", "prepare", situation(PREPARED, PROVED, COMMITTING, secret=ANOTHER), "commit"),
        ("blue_green", "prepare", situation(PREPARED), "switch"),
        ("blue_green", "prepare", switched(), "switch"),
        ("blue_green", "switch", switched(PROVED), "commit"),
        ("in_place", "prepare", situation(following=None), "switch"),
        ("in_place", "prepare", in_place(OVERWRITING, OVERWRITTEN), "switch"),
        ("in_place", "switch", in_place(OVERWRITING, OVERWRITTEN, PROVED_IN_PLACE), "commit"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_phase_that_is_done_already(strategy, phase, found, due, check_mode):
    assert plan(found, phase, strategy, check_mode=check_mode) == Plan((), "pending", due)


@pytest.mark.parametrize("phase", ["prepare", "commit"])
def test_a_rotation_that_is_over(phase):
    assert plan(IN_SYNC, phase) == Plan()


@pytest.mark.parametrize(
    ("strategy", "phase", "found", "steps"),
    [
        ("trial", "prepare", situation(), ["WRITE_NEXT"]),
        ("trial", "prepare", situation(following=None), ["WRITE_NEXT"]),
        ("blue_green", "switch", switched(), ["SWITCH", "PROVE"]),
        ("in_place", "switch", in_place(OVERWRITING), ["OVERWRITE", "PROVE"]),
        ("in_place", "switch", in_place(OVERWRITING, OVERWRITTEN), ["OVERWRITE", "PROVE"]),
        (
            "trial",
            "commit",
            situation(PREPARED, PROVED, COMMITTING, secret=ANOTHER, in_sync=True, has_trial=True),
            ["REMOVE_TRIAL", "REMOVE_NEXT", "VERIFY", "RELEASE"],
        ),
        (
            "trial",
            "commit",
            situation(PREPARED, PROVED, COMMITTING, secret=ANOTHER),
            ["WRITE_KEY", "REMOVE_NEXT", "VERIFY", "RELEASE"],
        ),
        (
            "blue_green",
            "commit",
            switched(PROVED, COMMITTING, secret=ANOTHER, in_sync=True, has_trial=True),
            ["POINT_BACK", "VERIFY", "REMOVE_TRIAL", "REMOVE_NEXT", "RELEASE"],
        ),
    ],
)
def test_an_interrupted_phase_goes_on(strategy, phase, found, steps):
    assert names(plan(found, phase, strategy, old_value="other")) == steps


def test_a_proved_value_may_be_switched_to():
    """The strategy may change as long as live traffic is not concerned."""
    made = plan(situation(PREPARED, PROVED), "commit", "blue_green")
    assert names(made) == ["WRITE_KEY", "POINT_BACK", "VERIFY", "REMOVE_NEXT", "RELEASE"]


def test_a_reference_that_another_client_pointed_at_key_next_does_not_end_in_nothing():
    made = plan(situation(PREPARED, PROVED, referring_next=1, has_trial=True), "commit")
    assert names(made) == ["WRITE_KEY", "REMOVE_TRIAL", "POINT_BACK", "REMOVE_NEXT", "VERIFY", "RELEASE"]


# The wrong order


@pytest.mark.parametrize(
    ("strategy", "phase", "found", "due"),
    [
        ("trial", "try", FREE, "prepare"),
        ("trial", "commit", FREE, "prepare"),
        ("blue_green", "switch", FREE, "prepare"),
        ("trial", "try", situation(), "prepare"),
        ("trial", "commit", situation(PREPARED), "try"),
        ("blue_green", "commit", switched(), "switch"),
        ("in_place", "commit", in_place(OVERWRITING, OVERWRITTEN), "switch"),
    ],
)
def test_a_phase_that_is_not_due_names_the_one_that_is(strategy, phase, found, due):
    error = refused("out_of_order", found, phase, strategy)
    assert f"Due is {due}. Nothing was written." in error.message
    assert error.facts["next_phase"] == due


@pytest.mark.parametrize("stage", [PREPARED, PROVED])
def test_what_was_found_out_about_key_next_does_not_hold_once_it_is_written_again(stage):
    refused("out_of_order", situation(PREPARED, stage, following=ANOTHER), "commit")


@pytest.mark.parametrize("phase", ["prepare", "try", "switch", "commit"])
def test_a_secret_that_does_not_exist(phase):
    assert "no secret my-key" in refused("not_found", Situation(), phase).message


# The rotation of another run


@pytest.mark.parametrize("phase", ["prepare", "try", "switch"])
@pytest.mark.parametrize("take_over", [True, False])
def test_a_rotation_that_is_active_is_left_alone(phase, take_over):
    error = refused("rotation_busy", BUSY, phase, take_over=take_over)
    assert "was active 59 minutes ago. Nothing was written" in error.message


@pytest.mark.parametrize("phase", ["prepare", "try", "switch"])
def test_a_rotation_that_did_not_finish_is_left_alone(phase):
    error = refused("rotation_pending", ANOTHERS, phase)
    assert "to another value, or under another fingerprint key, was active 60 minutes ago" in error.message
    assert "set take_over" in error.message


@pytest.mark.parametrize("found", [BUSY, ANOTHERS])
def test_another_value_is_not_committed(found):
    assert "Nothing was written" in refused("value_changed", found, "commit").message


def test_a_rotation_that_did_not_finish_is_taken_over():
    assert names(plan(ANOTHERS, "prepare", take_over=True)) == ["TAKE_OVER", "CLAIM", "WRITE_NEXT"]
    made = plan(ANOTHERS, "prepare", "in_place", take_over=True, old_value="confirmed")
    assert names(made) == ["TAKE_OVER", "CLAIM"]


def test_what_is_taken_over_is_only_undone_when_nothing_is_to_be_rotated():
    found = situation(owned=False, idle=BUSY_SECONDS, in_sync=True)
    for made in (plan(found, "prepare", take_over=True), plan(ANOTHERS, "prepare", take_over=True, due=False)):
        assert (names(made), made.outcome, made.next_phase) == (["TAKE_OVER", "RELEASE"], "cleaned_up", None)


@pytest.mark.parametrize("phase", ["try", "commit"])
def test_check_mode_knows_that_prepare_would_take_over(phase):
    assert plan(ANOTHERS, phase, take_over=True, check_mode=True).steps
    refused("value_changed" if phase == "commit" else "rotation_busy", BUSY, phase, take_over=True, check_mode=True)


# What keeps a rotation from beginning


@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
def test_a_secret_under_the_key_of_the_new_value_is_not_overwritten(strategy):
    """Once the rotation is claimed, what is there counts as its own."""
    found = Situation(secret=metadata(KEY, BEFORE), next=metadata(NEXT, BEFORE))
    error = refused("rotation_refused", found, "prepare", strategy, allow_no_rollback=True)
    assert "A secret my-key-next exists that no rotation made" in error.message


def test_a_reference_to_the_key_of_the_new_value_would_make_it_live():
    found = Situation(secret=metadata(KEY, BEFORE), referring_next=1)
    assert "A reference to the secret my-key-next exists" in refused("rotation_refused", found, "prepare").message


@pytest.mark.parametrize(
    ("phase", "strategy", "found"),
    [
        ("prepare", "trial", FREE),
        ("prepare", "trial", ANOTHERS),
        ("try", "trial", situation(PREPARED)),
        ("switch", "blue_green", situation(PREPARED)),
        ("switch", "in_place", situation(following=None)),
    ],
)
def test_a_strategy_that_cannot_work_is_refused_before_live_traffic_is_concerned(phase, strategy, found):
    error = refused(
        "rotation_refused", found, phase, strategy, refusal="It cannot.", take_over=True, old_value="confirmed"
    )
    assert error.message == "It cannot."


@pytest.mark.parametrize(
    ("phase", "found"), [("prepare", FREE), ("switch", situation(following=None)), ("switch", in_place(secret=BEFORE))]
)
@pytest.mark.parametrize(
    ("old_value", "why"),
    [("none", "Konnect returns none to go back to"), ("other", "its fingerprint does not match")],
)
def test_a_live_value_is_written_over_only_when_it_can_be_restored(phase, found, old_value, why):
    assert why in refused("rotation_refused", found, phase, "in_place", old_value=old_value).message
    assert plan(found, phase, "in_place", old_value=old_value, allow_no_rollback=True).steps
    assert plan(found, phase, "in_place", old_value="confirmed").steps


def test_a_secret_that_is_too_young_is_not_rotated():
    assert plan(FREE, "prepare", due=False) == Plan()


def test_a_pending_rotation_goes_on_though_the_secret_is_young():
    assert names(plan(situation(), "prepare", due=False)) == ["WRITE_NEXT"]


@pytest.mark.parametrize(
    ("found", "strategy", "begun"),
    [
        (in_place(OVERWRITING), "trial", "in_place"),
        (in_place(OVERWRITING, OVERWRITTEN), "blue_green", "in_place"),
        (switched(), "trial", "blue_green"),
        (switched(following=ANOTHER), "trial", "blue_green"),
        (switched(), "in_place", "blue_green"),
        (situation(PREPARED), "in_place", "trial or blue_green"),
        (situation(PREPARED, PROVED), "in_place", "trial or blue_green"),
        (situation(), "in_place", "trial or blue_green"),
    ],
)
@pytest.mark.parametrize("phase", ["prepare", "commit"])
def test_a_rotation_goes_on_with_the_strategy_that_it_began_with(found, strategy, begun, phase):
    error = refused("rotation_pending", found, phase, strategy, allow_no_rollback=True)
    assert f"began with the strategy {begun}. Go on with it, or roll it back first" in error.message


# Another client wrote meanwhile


@pytest.mark.parametrize(
    ("found", "phase", "strategy", "written"),
    [
        (situation(PREPARED, secret=ANOTHER), "try", "trial", KEY),
        (situation(PREPARED, PROVED, secret=ANOTHER), "commit", "trial", KEY),
        (switched(PROVED, secret=ANOTHER), "commit", "blue_green", KEY),
        (situation(following=None, secret=ANOTHER), "switch", "in_place", KEY),
        (in_place(OVERWRITING, OVERWRITTEN, secret=ANOTHER), "switch", "in_place", KEY),
        (in_place(OVERWRITING, OVERWRITTEN, PROVED_IN_PLACE, secret=ANOTHER), "commit", "in_place", KEY),
        (switched(PROVED, following=ANOTHER), "commit", "blue_green", NEXT),
        (switched(following=ANOTHER), "prepare", "blue_green", NEXT),
    ],
)
def test_what_another_client_wrote_is_not_overwritten(found, phase, strategy, written):
    error = refused("concurrent_change", found, phase, strategy, old_value="other", allow_no_rollback=True)
    assert error.message.startswith(f"{written} was written since the rotation of my-key began")


def test_key_next_is_written_again_while_no_reference_is_at_it():
    assert names(plan(situation(PREPARED, following=ANOTHER), "prepare")) == ["WRITE_NEXT"]


# Rolling back


@pytest.mark.parametrize(
    ("found", "steps"),
    [
        (situation(following=None), ["RELEASE"]),
        (situation(), ["REMOVE_NEXT", "RELEASE"]),
        (situation(PREPARED, PROVED, has_trial=True), ["REMOVE_TRIAL", "REMOVE_NEXT", "RELEASE"]),
        (situation(PREPARED, PROVED, COMMITTING), ["REMOVE_NEXT", "RELEASE"]),
        (switched(), ["POINT_BACK", "PROVE", "REMOVE_NEXT", "RELEASE"]),
        (switched(PROVED, following=ANOTHER), ["POINT_BACK", "PROVE", "REMOVE_NEXT", "RELEASE"]),
        # Interrupted before the proof.
        (switched(referring=1, referring_next=0), ["POINT_BACK", "PROVE", "REMOVE_NEXT", "RELEASE"]),
        (in_place(OVERWRITING, secret=BEFORE), ["RELEASE"]),
        (in_place(OVERWRITING, OVERWRITTEN, has_trial=True), ["RESTORE", "PROVE", "REMOVE_TRIAL", "RELEASE"]),
        (in_place(OVERWRITING), ["RESTORE", "PROVE", "RELEASE"]),
    ],
)
@pytest.mark.parametrize("has_value", [True, False])
def test_a_rollback_undoes_what_was_done(found, steps, has_value):
    made = plan(found, "rollback", has_value=has_value, old_value="held")
    assert (names(made), made.outcome, made.next_phase, made.live) == (steps, "rolled_back", None, "earlier")


@pytest.mark.parametrize(
    ("found", "old_value", "live"),
    [
        (in_place(OVERWRITING, OVERWRITTEN), "none", "new"),
        (in_place(OVERWRITING, OVERWRITTEN, PROVED_IN_PLACE), "none", "new"),
        (in_place(OVERWRITING), "none", "other"),
        (in_place(OVERWRITING, OVERWRITTEN, secret=ANOTHER), "none", "other"),
        (in_place(OVERWRITING, OVERWRITTEN, secret=ANOTHER), "held", "other"),
        (in_place(OVERWRITING, OVERWRITTEN), "other", "new"),
        (situation(PREPARED, PROVED, secret=ANOTHER), "none", "other"),
        (situation(owned=False, secret=ANOTHER), "none", "other"),
    ],
)
def test_a_rollback_that_cannot_restore_tells_what_is_live(found, old_value, live):
    made = plan(found, "rollback", has_value=False, old_value=old_value)
    assert (made.outcome, made.live) == ("rollback_unproved", live)
    assert Step.RESTORE not in made.steps


def test_references_lead_back_to_what_another_client_wrote():
    assert plan(switched(secret=ANOTHER), "rollback").live == "other"


def test_a_rollback_that_was_interrupted_after_it_restored_the_old_value():
    made = plan(in_place(OVERWRITING, OVERWRITTEN, secret=ANOTHER), "rollback", old_value="confirmed")
    assert (names(made), made.live) == (["RESTORE", "PROVE", "RELEASE"], "earlier")


def test_a_rollback_that_was_interrupted_between_the_old_value_and_its_fingerprint():
    restoring = in_place(OVERWRITING, OVERWRITTEN, (Stage.RESTORING, OVERWRITTEN[1]), secret=ANOTHER)
    made = plan(restoring, "rollback", old_value="held")
    assert (names(made), made.live) == (["RESTORE", "PROVE", "RELEASE"], "earlier")


def test_a_secret_beside_a_rotation_in_place_is_not_part_of_it():
    made = plan(in_place(OVERWRITING, OVERWRITTEN, following=ANOTHER), "rollback", old_value="held")
    assert Step.REMOVE_NEXT not in made.steps


@pytest.mark.parametrize(
    "found", [situation(PREPARED, PROVED, COMMITTING, secret=ANOTHER), switched(COMMITTING, secret=ANOTHER)]
)
def test_a_proved_value_that_is_written_is_not_rolled_back(found):
    assert plan(found, "rollback") == Plan((), "pending", "commit")


UNUSED = {"referring": 0, "referring_next": 0}


@pytest.mark.parametrize(
    ("found", "steps", "outcome"),
    [
        (switched(**UNUSED), ["REMOVE_NEXT", "RELEASE"], "rolled_back"),
        (
            switched(COMMITTING, secret=ANOTHER, has_trial=True, **UNUSED),
            ["REMOVE_TRIAL", "REMOVE_NEXT", "RELEASE"],
            "cleaned_up",
        ),
    ],
)
def test_where_no_reference_is_left_nothing_is_waited_for(found, steps, outcome):
    """So it is when a playbook removes everything."""
    made = plan(found, "rollback", has_value=False)
    assert (names(made), made.outcome) == (steps, outcome)


def test_the_rotation_of_another_is_rolled_back_without_a_value():
    assert names(plan(BUSY, "rollback", has_value=False)) == ["REMOVE_NEXT", "RELEASE"]


@pytest.mark.parametrize("found", [BUSY, ANOTHERS])
def test_the_rotation_of_another_is_not_rolled_back_with_a_value(found):
    assert plan(found, "rollback") == Plan()


# What is left of a rotation


@pytest.mark.parametrize(
    ("more", "steps"),
    [
        ({}, []),
        ({"leftovers": True}, ["RELEASE"]),
        ({"has_trial": True}, ["REMOVE_TRIAL"]),
        ({"leftovers": True, "has_trial": True}, ["REMOVE_TRIAL", "RELEASE"]),
    ],
)
@pytest.mark.parametrize("phase", ["prepare", "commit", "rollback"])
def test_what_is_left_of_a_rotation_is_removed(more, steps, phase):
    made = plan(Situation(secret=metadata(KEY, BEFORE), in_sync=True, **more), phase)
    assert (names(made), made.outcome) == (steps, "cleaned_up" if steps else "unchanged")


def test_what_is_left_does_not_keep_a_rotation_from_beginning():
    assert names(plan(Situation(secret=metadata(KEY, BEFORE), leftovers=True), "prepare")) == ["CLAIM", "WRITE_NEXT"]


def test_without_a_secret_a_rollback_removes_what_is_left():
    assert names(plan(Situation(leftovers=True), "rollback")) == ["RELEASE"]


# Check mode


@pytest.mark.parametrize(
    ("strategy", "phase", "steps", "outcome"),
    [
        ("trial", "try", ["TRY"], "pending"),
        ("trial", "commit", ["WRITE_KEY", "REMOVE_NEXT", "VERIFY", "RELEASE"], "rotated"),
        ("blue_green", "switch", ["SWITCH", "PROVE"], "pending"),
        ("in_place", "switch", ["OVERWRITE", "PROVE"], "pending"),
    ],
)
@pytest.mark.parametrize("found", [FREE, situation(following=None)])
def test_check_mode_goes_on_from_what_the_earlier_phases_would_have_done(strategy, phase, steps, outcome, found):
    made = plan(found, phase, strategy, check_mode=True, old_value="confirmed")
    assert (names(made), made.outcome) == (steps, outcome)


def test_check_mode_knows_that_nothing_is_to_be_done():
    assert plan(IN_SYNC, "commit", check_mode=True) == Plan()


def test_check_mode_predicts_a_refusal():
    refused("rotation_refused", FREE, "prepare", refusal="It cannot.", check_mode=True)
    refused("rotation_refused", FREE, "switch", "in_place", check_mode=True)
