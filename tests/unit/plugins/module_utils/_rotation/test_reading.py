# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    PLUGIN,
    ROUTE,
    SECRET,
    VAULT,
    WORKSPACE,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._entities.timestamps import milliseconds
from ansible_collections.community.konnect.plugins.module_utils._rotation.listing import read_rotations
from ansible_collections.community.konnect.plugins.module_utils._rotation.reading import Reading, Subject
from ansible_collections.community.konnect.plugins.module_utils._rotation.route_trial import RouteTrial
from ansible_collections.community.konnect.plugins.module_utils._rotation.trial import TAG
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Claim, Stage
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys, Wanted
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.tests.unit.gateway import STORE, Gateway, vault, within

KEYS = FingerprintKeys("fake-key-" * 4)
OLD, NEW = Wanted("my-key", "Bearer fake-old-value"), Wanted("my-key", "Bearer fake-new-value")
# The clock of the server stands at 10:00.
SECRET_AT, CLAIMED_AT = "2026-11-23T08:00:00.000Z", "2026-11-23T09:00:00.000Z"
TAKEN_AT, TAKEN_AGAIN_AT = "2026-11-23T09:10:00.000Z", "2026-11-23T09:20:00.000Z"
NEXT_AT = "2026-11-23T09:30:00.000Z"


def at(key, updated_at):
    return {"key": key, "created_at": SECRET_AT, "updated_at": updated_at}


LIVE, CLAIM = at("my-key", SECRET_AT), at(Claim("my-key").entry, CLAIMED_AT)
NEXT = at("my-key-next", NEXT_AT)
TAKEOVER = at(Claim("my-key", milliseconds(CLAIMED_AT)).entry, TAKEN_AT)
TAKEN_AGAIN = at(Claim("my-key", milliseconds(TAKEN_AT)).entry, TAKEN_AGAIN_AT)
STALE_TAKEOVER = at(Claim("my-key", milliseconds(SECRET_AT)).entry, TAKEN_AGAIN_AT)


class Rotation:
    """A rotation of my-key on the scripted server."""

    def __init__(self, server, plane):
        self.gateway = Gateway(server)
        self.gateway.has(VAULT, vault("my-vault"), vault("elsewhere", "another-store"))
        self.gateway.has_schema("ai-proxy", {"key": {"type": "string", "referenceable": True}})
        self.control_plane = plane()
        self.store = SecretStore(self.control_plane, Resolved(STORE))

    def subject(self, wanted=NEW, old=None, keys=KEYS):
        return Subject(self.store, "my-key", keys, wanted, old)

    def holds(self, *entries):
        """What is in the store."""
        self.gateway.has(CONFIG_STORE, STORE)
        self.gateway.has(SECRET, *entries, below=(*CONFIG_STORE.segments, STORE["id"]))

    def stages(self, *stages, wanted=NEW, updated_at=CLAIMED_AT):
        """The entries of these stages of a rotation to a value, the first one included."""
        identity = self.subject(wanted).identities[0]
        claimed = identity.claimed(milliseconds(SECRET_AT), wanted.value)
        later = [identity.later(claimed, stage, milliseconds(NEXT_AT)) for stage in stages]
        return [at(entry.entry, updated_at) for entry in (claimed, *later)]

    def reading(self, wanted=NEW, old=None, keys=KEYS):
        return Reading(self.subject(wanted, old, keys), RouteTrial.of(self.control_plane, self.store.id, "my-key"))

    def rows(self, key=None):
        return read_rotations(self.store, KEYS, key)


@pytest.fixture
def rotation(server, plane):
    return Rotation(server, plane)


def reference(number, key, tags=(), prefix="my-vault"):
    config = {"key": f"{{vault://{prefix}/{key}}}"}
    return {"id": f"plugin-{number}", "name": "ai-proxy", "config": config, "tags": list(tags)}


# The claim


@pytest.mark.parametrize(
    ("entries", "claim"),
    [
        ([], None),
        ([CLAIM], CLAIM),
        ([CLAIM, TAKEOVER], TAKEOVER),
        ([TAKEN_AGAIN, TAKEOVER, CLAIM], TAKEN_AGAIN),
        # A take-over is named after the claim that it takes over. Others are left of earlier rotations.
        ([CLAIM, STALE_TAKEOVER], CLAIM),
        ([CLAIM, TAKEN_AGAIN], CLAIM),
        ([TAKEOVER], None),
    ],
)
def test_the_newest_takeover_of_a_claim_is_the_claim(rotation, entries, claim):
    rotation.holds(LIVE, *entries)
    found = rotation.reading().situation("rollback")
    assert (found.claim or {}).get("key") == (claim or {}).get("key")
    assert found.leftovers is bool(entries)


def test_the_owner_is_the_rotation_to_the_same_value(rotation):
    rotation.holds(LIVE, CLAIM, *rotation.stages())
    assert rotation.reading().situation("prepare").owner is not None
    assert rotation.reading(OLD).situation("prepare").owner is None


def test_a_rotation_that_was_taken_over_has_no_known_owner(rotation):
    rotation.holds(LIVE, CLAIM, TAKEOVER, *rotation.stages())
    assert rotation.reading().situation("prepare").owner is None


# The time since an entry moved


@pytest.mark.parametrize(
    ("entries", "minutes"),
    [
        ([CLAIM], 60),
        ([CLAIM, TAKEOVER], 50),
        ([CLAIM, NEXT], 30),
        # Without a claim it is not of a rotation.
        ([NEXT], None),
    ],
)
def test_the_newest_entry_of_the_rotation_says_how_long_nothing_moved(rotation, entries, minutes):
    rotation.holds(LIVE, *entries)
    idle = rotation.reading().situation("rollback").idle
    assert idle == minutes * 60 if minutes else idle > 365 * 24 * 3600


# References


def test_references_to_the_key_and_to_the_next_one_count_but_not_those_of_temporary_routes(rotation):
    rotation.holds(LIVE, NEXT, CLAIM, *rotation.stages())
    rotation.gateway.has(
        PLUGIN,
        *(reference(number, "my-key") for number in (1, 2, 3)),
        reference(4, "my-key-next"),
        reference(5, "my-key-next", tags=[TAG]),
        reference(6, "my-key", prefix="elsewhere"),
        reference(7, "my-other-key"),
    )
    found = rotation.reading().situation("try")
    assert (found.referring, found.referring_next, found.is_in_use) == (3, 1, True)


@pytest.mark.parametrize(("phase", "referring"), [("prepare", 1), ("try", 0)])
def test_where_nothing_is_pending_references_matter_only_to_a_phase_that_begins(rotation, phase, referring):
    rotation.holds(LIVE)
    rotation.gateway.has(PLUGIN, reference(1, "my-key"))
    assert rotation.reading().situation(phase).referring == referring


def test_references_in_another_workspace_count_too(rotation):
    rotation.holds(LIVE, CLAIM)
    rotation.gateway.has(WORKSPACE, {"id": "w", "name": "team"})
    rotation.gateway.has(within(CONFIG_STORE, "team"))
    rotation.gateway.has(within(VAULT, "team"), vault("team-vault"))
    rotation.gateway.has(within(PLUGIN, "team"), reference(1, "my-key", prefix="team-vault"))
    rotation.gateway.has(PLUGIN, reference(2, "my-key", prefix="elsewhere"))
    assert rotation.reading().situation("rollback").referring == 1


def test_a_dangling_reference_is_one_too(rotation):
    rotation.holds(LIVE, CLAIM)
    rotation.gateway.has(PLUGIN, reference(1, "my-key-next"))
    assert rotation.reading().situation("rollback").referring_next == 1


# Temporary routes


@pytest.mark.parametrize(
    ("phase", "pending", "found"),
    [("prepare", False, True), ("rollback", False, True), ("commit", False, False), ("commit", True, True)],
)
def test_temporary_routes_are_looked_for_where_they_matter(rotation, phase, pending, found):
    rotation.holds(LIVE, *([CLAIM] if pending else []))
    reading = rotation.reading()
    temporary = {"id": "route-9", "name": f"{reading.trial.prefix}route-1", "paths": ["/"], "tags": [TAG]}
    rotation.gateway.has(ROUTE, {"id": "route-1", "name": "chat", "paths": ["/"]}, temporary)
    assert [route["id"] for route in reading.temporary] == ["route-9"]
    assert reading.situation(phase).has_trial is found


# Values


def with_record(rotation, wanted, updated_at=SECRET_AT, keys=KEYS):
    record_at, _previous = keys.record_makers(rotation.store.id, wanted)
    return at(record_at(milliseconds(updated_at)).entry, updated_at)


def test_a_secret_with_the_fingerprint_of_the_value_holds_it(rotation):
    rotation.holds(LIVE, with_record(rotation, NEW))
    reading = rotation.reading()
    assert (reading.holds(NEW), reading.holds(OLD), reading.holds(None)) == (True, False, False)
    assert reading.situation("prepare").in_sync
    assert not reading.holds(Wanted("another-key", NEW.value))


@pytest.mark.parametrize(
    ("old", "recorded", "live_at", "verdict"),
    [
        (None, OLD, SECRET_AT, "none"),
        (OLD, OLD, SECRET_AT, "confirmed"),
        (NEW, OLD, SECRET_AT, "other"),
        # The secret was written in place since.
        (OLD, OLD, NEXT_AT, "held"),
        (NEW, OLD, NEXT_AT, "other"),
    ],
)
def test_an_old_value_is_compared_with_the_fingerprints(rotation, old, recorded, live_at, verdict):
    rotation.holds(at("my-key", live_at), CLAIM, *rotation.stages(), with_record(rotation, recorded))
    reading = rotation.reading(old=old)
    assert reading.old_value(reading.situation("rollback").owner) == verdict


def test_an_old_value_is_known_by_an_earlier_fingerprint_key(rotation):
    earlier, keys = KEYS, FingerprintKeys("fake-new-key-" * 3, ("fake-key-" * 4,))
    rotation.holds(at("my-key", NEXT_AT), CLAIM, *rotation.stages(), with_record(rotation, OLD, keys=earlier))
    reading = rotation.reading(old=OLD, keys=keys)
    assert reading.old_value(reading.situation("rollback").owner) == "held"


def test_without_the_rotation_of_the_task_an_old_value_is_only_that_of_now(rotation):
    rotation.holds(at("my-key", NEXT_AT), with_record(rotation, OLD))
    assert rotation.reading(old=OLD).old_value(None) == "other"


# The list of rotations


def test_a_row_says_how_far_a_rotation_is(rotation):
    rotation.holds(LIVE, NEXT, CLAIM, *rotation.stages(Stage.PREPARED, Stage.PROVED))
    rotation.gateway.has(PLUGIN, reference(1, "my-key"))
    assert rotation.rows() == [
        {
            "key": "my-key",
            "pending": True,
            "stage": "proved",
            "known": True,
            "idle": 30 * 60,
            "busy": True,
            "next_key": "my-key-next",
            "references": 1,
            "references_to_next": 0,
            "temporary_entities": [],
        }
    ]


def test_a_stage_of_which_the_value_is_gone_does_not_hold_any_more(rotation):
    rotation.holds(LIVE, CLAIM, *rotation.stages(Stage.PREPARED, Stage.PROVED))
    (row,) = rotation.rows()
    assert (row["stage"], row["next_key"], row["known"]) == ("claimed", None, True)


def test_of_another_rotation_the_entries_tell_the_stage(rotation):
    foreign = Rotation.stages(rotation, Stage.PREPARED)
    broken = [{**entry, "key": entry["key"][:-4] + "0000"} for entry in foreign[1:]]
    rotation.holds(LIVE, CLAIM, TAKEOVER, *foreign[:1], *broken)
    (row,) = rotation.rows("my-key")
    assert (row["stage"], row["known"], row["pending"]) == ("prepared", False, True)


def test_a_claim_alone_has_no_stage(rotation):
    rotation.holds(LIVE, CLAIM)
    (row,) = rotation.rows()
    assert (row["stage"], row["known"], row["busy"]) == (None, False, False)


def test_left_entries_without_a_claim_are_not_pending(rotation):
    rotation.holds(LIVE, *rotation.stages())
    (row,) = rotation.rows()
    assert (row["pending"], row["busy"], row["stage"]) == (False, False, "claimed")


def test_a_secret_without_a_rotation_has_no_row(rotation):
    rotation.holds(LIVE, CLAIM)
    assert rotation.rows("another-key") == []
