# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that Konnect hashes or hides: which state of a credential needs a write."""

from __future__ import annotations

import hashlib

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import BASIC_AUTH
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._entities.managed_entity import entity_target
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._resources.hidden_value import with_hidden_value

CONSUMER = {"id": "c", "username": "alice"}
HELD = {"id": "1", "consumer": {"id": "c"}, "username": "alice"}
FINGERPRINT_KEY = "k" * 32


def hash_of(password: str) -> str:
    return hashlib.sha1(f"{password}c".encode()).hexdigest()


@pytest.fixture
def target(plane):
    """Make the target of a credential of that password."""

    def make(password="fake-password", update_secret="on_change", fingerprint_key=None, **fields):
        given = {"consumer": {"id": "c"}, "username": "alice", "password": password, **fields}
        bare = entity_target(plane(), BASIC_AUTH, given, {"consumer": Resolved(CONSUMER)})
        options = {"password": password, "update_secret": update_secret, "fingerprint_key": fingerprint_key}
        return with_hidden_value(bare, "password", options)

    return make


@pytest.mark.parametrize(
    ("shown", "desired"),
    [("fake-password", True), (hash_of("fake-password"), True), (hash_of("fake-other"), False), ("fake-other", False)],
)
def test_a_value_that_comes_back_is_compared_as_it_is_or_by_its_hash(target, shown, desired):
    assert target().is_desired({**HELD, "password": shown}) is desired


@pytest.mark.parametrize("shown", [{}, {"password": hash_of("fake-password")}])
@pytest.mark.parametrize("tags", [["a"], ["a", f"fingerprint.{'0' * 8}.{'0' * 32}"]])
def test_what_is_shown_in_the_place_of_a_value_leaves_it_as_it_is(target, shown, tags):
    held = {**HELD, **shown, "tags": tags}
    for given in (None, "(not shown)"):
        kept = target(given, tags=["a"])
        assert kept.is_desired(held)
        assert "password" not in kept.compose(held)


def test_what_is_shown_in_the_place_of_a_value_makes_no_credential(target):
    with pytest.raises(InvalidInput, match="password") as caught:
        target("(not shown)").compose(None)
    assert caught.value.code == "placeholder"


def test_a_hidden_value_is_taken_for_the_given_one_without_a_fingerprint_key(target):
    assert target().is_desired(HELD)


def test_a_fingerprint_tells_a_hidden_value(target):
    first, other = (target(password, fingerprint_key=FINGERPRINT_KEY) for password in ("fake-one", "fake-two"))
    held = {**HELD, "tags": first.compose(None)["tags"]}
    assert first.is_desired(held)
    assert not other.is_desired(held)
    assert not first.is_desired(HELD)
    assert "fake" not in str(held)


def test_tags_of_a_task_stay_beside_the_fingerprint(target):
    body = target(fingerprint_key=FINGERPRINT_KEY, tags=["a"]).compose(None)
    assert (body["tags"][0], len(body["tags"])) == ("a", 2)
    assert target(tags=["a"]).is_desired({**HELD, "tags": body["tags"]})


def test_on_create_leaves_a_value_that_is_there(target):
    assert target(update_secret="on_create").is_desired({**HELD, "password": hash_of("fake-other")})


def test_always_writes_what_does_not_differ(target):
    assert target(update_secret="always").rewrite


def test_what_came_after_the_write_has_the_value(target):
    written = target()
    before = {**HELD, "password": hash_of("fake-other")}
    written.before_write({}, before)
    assert written.is_desired({**HELD, "password": "a hash of an unknown form"})
    assert not written.is_desired(before)


@pytest.mark.parametrize(
    ("shown", "more", "warned"),
    [
        (None, {}, True),
        (None, {"fingerprint_key": FINGERPRINT_KEY}, False),
        (None, {"update_secret": "always"}, False),
        (None, {"update_secret": "on_create"}, False),
        (hash_of("fake-other"), {}, False),
    ],
)
def test_where_a_change_of_the_value_alone_would_go_unnoticed_a_warning_says_so(target, shown, more, warned):
    changed = target(tags=["a"], **more)
    changed.before_write({"password": "fake-password"}, None)
    assert changed.control_plane.task.warnings == []
    changed.before_write({}, {**HELD, "password": shown})
    assert ["Konnect does not show password" in each for each in changed.control_plane.task.warnings] == [True] * warned


def test_a_change_needs_the_value(target):
    changed = target(None, tags=["a"])
    changed.before_write({"password": "fake-password"}, None)
    with pytest.raises(InvalidInput) as caught:
        changed.before_write({}, HELD)
    assert caught.value.message.startswith("Give password, too.")


def test_a_credential_is_not_made_without_its_value(target):
    with pytest.raises(InvalidInput, match="To create it, give password"):
        target(None).before_write({"username": "alice"}, None)
