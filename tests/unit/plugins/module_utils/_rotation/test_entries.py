# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError
from ansible_collections.community.konnect.plugins.module_utils._rotation.entries import Entries, is_takeover
from ansible_collections.community.konnect.plugins.module_utils._rotation.reading import Subject
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Claim, Stage
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import Wanted
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.tests.unit.secret_entries import (
    KEYS,
    LATER,
    LATER_MS,
    SECRETS_PATH,
    STORE,
    VALUE,
    WRITTEN,
    WRITTEN_MS,
    listed,
    record,
    secret,
)

EXISTS = (409, {"code": 6, "message": "already exists", "details": []})
DONE, NONE = (204, b""), (404, {})
CLAIM = Claim("my-key")


def created(key=CLAIM.entry):
    return 201, {"key": key, "created_at": LATER, "updated_at": LATER}


@pytest.fixture
def subject(plane):
    def make(**options):
        return Subject(SecretStore(plane(**options), Resolved({"id": STORE})), "my-key", KEYS, Wanted("my-key", VALUE))

    return make


@pytest.fixture
def entries(subject):
    return Entries(subject())


def stages(subject, *later, value=VALUE):
    identity = subject.identities[0]
    claimed = identity.claimed(WRITTEN_MS, value)
    return [claimed, *(identity.later(claimed, stage, LATER_MS) for stage in later)]


def writes(server):
    return [
        f"{method} {path.removeprefix(SECRETS_PATH).lstrip('/')}".strip()
        for method, path, _headers, _body in server.requests
        if method != "GET"
    ]


# Creation


def test_a_created_entry_comes_with_its_metadata(server, entries):
    server.script = [created()]
    state, entry = entries.create(CLAIM.entry, "a sentence")
    assert (state, entry["key"], entry["updated_at"]) == ("created", CLAIM.entry, LATER)
    assert server.requests[0][3] == {"key": CLAIM.entry, "value": "a sentence"}


def test_an_entry_of_another_run_exists(server, entries):
    server.script = [EXISTS]
    assert entries.create(CLAIM.entry) == ("exists", None)


def test_after_a_lost_response_it_is_not_known_who_created_the_entry(server, entries):
    server.script = ["reset", (200, secret(CLAIM.entry))]
    assert entries.create(CLAIM.entry) == ("unknown", None)


def test_after_a_lost_request_the_entry_is_created_again_and_could_be_anybodys(server, entries):
    server.script = ["reset", NONE, created()]
    assert entries.create(CLAIM.entry) == ("unknown", None)
    assert writes(server) == ["POST", "POST"]


def test_another_refusal_is_an_error(server, entries):
    server.script = [(400, {"code": 3, "message": "invalid", "details": []})]
    with pytest.raises(ApiError):
        entries.create(CLAIM.entry)


@pytest.mark.parametrize(("held", "state"), [(NONE, "created"), ((200, secret(CLAIM.entry)), "exists")])
def test_check_mode_tells_whether_an_entry_would_be_created(server, subject, held, state):
    server.script = [held]
    found, entry = Entries(subject(check_mode=True)).create(CLAIM.entry)
    assert (found, entry is not None and entry["key"]) == (state, CLAIM.entry if state == "created" else False)
    assert writes(server) == []


# Release


def test_a_release_removes_the_claim_first_and_the_first_stage_before_the_later_ones(server, subject):
    made = subject()
    claimed, prepared, proved = stages(made, Stage.PREPARED, Stage.PROVED)
    claim = secret(CLAIM.entry)
    rows = [secret(each.entry) for each in (prepared, claimed, proved)]
    server.script = [listed(secret("my-key"), *rows, claim), *[DONE] * 4]
    Entries(made).release(claim)
    assert writes(server)[:2] == [f"DELETE {CLAIM.entry}", f"DELETE {claimed.entry}"]
    assert sorted(writes(server)[2:]) == sorted(f"DELETE {each.entry}" for each in (prepared, proved))


@pytest.mark.parametrize("known", [None, secret(CLAIM.entry, LATER)])
def test_a_claim_that_another_run_made_since_stays_with_all_of_its_rotation(server, subject, known):
    made = subject()
    server.script = [listed(secret("my-key"), secret(CLAIM.entry), secret(stages(made)[0].entry))]
    Entries(made).release(known)
    assert writes(server) == []


def test_state_without_a_claim_is_removed(server, subject):
    made = subject()
    (claimed,) = stages(made)
    server.script = [listed(secret("my-key"), secret(claimed.entry)), DONE]
    Entries(made).release(None)
    assert writes(server) == [f"DELETE {claimed.entry}"]


def test_a_release_removes_the_fingerprint_of_an_earlier_value(server, subject):
    earlier = record("my-key", "Bearer fake-earlier-value", time=1)
    server.script = [listed(secret("my-key"), earlier, record("my-key")), DONE]
    Entries(subject()).release(None)
    assert writes(server) == [f"DELETE {earlier.entry}"]


def test_where_no_fingerprint_is_of_the_value_none_is_removed(server, subject):
    server.script = [listed(secret("my-key", LATER), record("my-key", time=1), record("my-key"))]
    Entries(subject()).release(None)
    assert writes(server) == []


# Take-over

TAKEOVER = Claim("my-key", WRITTEN_MS)
OLD_CLAIM = secret(CLAIM.entry)


def take_over(server, subject, *script, known=()):
    made = subject()
    (announced,) = stages(made)
    server.script = [(200, secret(announced.entry, LATER)), *script]
    won = Entries(made).take_over(OLD_CLAIM, announced, known)
    return won, writes(server)[2:], announced


def test_who_creates_the_takeover_of_a_claim_wins_it(server, subject):
    won, more, announced = take_over(server, subject, created(TAKEOVER.entry), (200, OLD_CLAIM))
    assert (won, more) == (True, [])
    assert writes(server) == [f"PUT {announced.entry}", "POST"]
    assert server.requests[1][3]["key"] == TAKEOVER.entry


def test_who_finds_the_takeover_there_leaves_nothing(server, subject):
    won, more, announced = take_over(server, subject, EXISTS, (200, OLD_CLAIM), DONE)
    assert (won, more) == (False, [f"DELETE {announced.entry}"])


@pytest.mark.parametrize("claim", [NONE, (200, secret(CLAIM.entry, LATER))])
def test_a_claim_that_was_finished_or_made_anew_meanwhile_is_not_won(server, subject, claim):
    won, more, announced = take_over(server, subject, created(TAKEOVER.entry), claim, DONE, DONE)
    assert (won, more) == (False, [f"DELETE {TAKEOVER.entry}", f"DELETE {announced.entry}"])


@pytest.mark.parametrize("rival", [False, True])
def test_after_a_lost_response_the_takeover_is_won_where_no_rival_shows(server, subject, rival):
    made = subject()
    (own,), (known, other) = stages(made), (stages(made, value=text)[0] for text in ("known", "rival"))
    rows = [secret(each.entry) for each in (own, known, *([other] if rival else []))]
    seen = (200, secret(TAKEOVER.entry)), listed(secret("my-key"), OLD_CLAIM, *rows), (200, OLD_CLAIM)
    won, more, _announced = take_over(server, subject, "reset", *seen, DONE, known=[known])
    assert (won, more) == ((False, [f"DELETE {own.entry}"]) if rival else (True, []))


def test_a_takeover_is_told_from_a_claim_and_a_stage(subject):
    assert [is_takeover(each) for each in (TAKEOVER, Claim("my-key", 0), CLAIM, *stages(subject()))] == [
        *(True, True, False, False)
    ]


def test_an_entry_tells_when_it_was_written(server, entries):
    server.script = [(200, {"key": "my-key-next", "updated_at": WRITTEN})]
    assert entries.put("my-key-next", VALUE)["updated_at"] == WRITTEN
    assert server.requests[0][3] == {"value": VALUE}
