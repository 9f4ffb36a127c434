# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError, PartialFailure
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Stage, StageEntry
from ansible_collections.community.konnect.plugins.module_utils._secrets.plan import SecretOutcome
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore, as_subject
from ansible_collections.community.konnect.tests.unit.secret_entries import (
    LATER,
    SECRETS_PATH,
    STORE,
    listed,
    record,
    references,
    secret,
)

DONE = (204, b"")
STALE = [record("my-key"), record("my-key", time=1)]


@pytest.fixture
def store(plane):
    """Make the store of the scripted server."""

    def make(**options):
        return SecretStore(plane(**options), Resolved({"id": STORE}))

    return make


def holding(*entries):
    """Routes of a store that holds these entries, each of which can be removed."""
    keys = [entry["key"] if isinstance(entry, dict) else entry.entry for entry in entries]
    found = {f"GET {SECRETS_PATH}/{key}": (200, secret(key)) for key in keys}
    return {
        f"GET {SECRETS_PATH}": listed(*entries),
        **found,
        **{f"DELETE {SECRETS_PATH}/{key}": DONE for key in keys},
    }


def removed(server):
    return [path.removeprefix(f"DELETE {SECRETS_PATH}/") for path in server.sent() if path.startswith("DELETE")]


# A secret by its key


def test_a_secret_is_removed_before_its_records(server, store):
    server.routes = {**references(), **holding(secret("my-key"), *STALE, secret("another-key"))}
    assert store().remove("my-key", "fail") == SecretOutcome(True, "removed", secret("my-key"), None)
    assert removed(server) == ["my-key", *[stale.entry for stale in STALE]]


def test_records_without_a_secret_are_removed(server, store):
    """A run was interrupted after it removed the secret."""
    server.routes = holding(*STALE)
    assert store().remove("my-key", "fail") == SecretOutcome(True, "removed", None, None)
    assert removed(server) == [stale.entry for stale in STALE]


@pytest.mark.parametrize("found", [[secret("my-key")], []])
def test_what_is_left_of_a_rotation_is_removed(server, store, found):
    state = StageEntry("my-key", Stage.PREPARED, "89abcdef", 1, "0" * 32).entry
    server.routes = {**references(), **holding(*found, secret(state), secret("another-key"))}
    assert store().remove("my-key", "fail").changed
    assert removed(server) == [state, *[each["key"] for each in found]]


def test_a_pending_rotation_is_removed_with_the_value_on_trial(server, store):
    entries = ["my-key-next", "my-key.rotation", "my-key"]
    server.routes = {**references(), **holding(*map(secret, entries))}
    store().remove("my-key", "fail")
    assert removed(server) == entries


def test_the_value_on_trial_is_a_secret_of_the_user_when_no_rotation_is_pending(server, store):
    server.routes = {**references(), **holding(secret("my-key"), secret("my-key-next"))}
    store().remove("my-key", "fail")
    assert removed(server) == ["my-key"]


def test_a_secret_that_does_not_exist_is_no_change(server, store):
    server.routes = holding(secret("another-key"), record("another-key"))
    assert store().remove("my-key", "fail") == SecretOutcome(False, None, None, None)
    assert server.sent() == [f"GET {SECRETS_PATH}?page%5Bsize%5D=100"]


def test_a_secret_in_use_is_not_removed(server, store):
    server.routes = {**references("my-key"), **holding(secret("my-key"))}
    with pytest.raises(KonnectError, match="Secret my-key is in use by plugin ai-proxy") as caught:
        store().remove("my-key", "fail")
    assert caught.value.code == "in_use"
    assert removed(server) == []


def test_a_secret_in_use_is_kept_when_the_task_says_so(server, store):
    server.routes = {**references("my-key"), **holding(secret("my-key"), *STALE)}
    outcome = store().remove("my-key", "keep")
    assert (outcome.changed, outcome.reason, outcome.secret) == (False, None, secret("my-key"))
    assert [row["entity"] for row in outcome.kept.facts["referrers"]] == ["plugin"]
    assert removed(server) == []


def test_a_secret_in_use_is_removed_when_the_task_says_so(server, store):
    server.routes = {**references("my-key"), **holding(secret("my-key"))}
    assert store().remove("my-key", "remove").changed
    assert removed(server) == ["my-key"]


def test_the_use_of_another_secret_keeps_none(server, store):
    server.routes = {**references("another-key"), **holding(secret("my-key"))}
    assert store().remove("my-key", "fail").changed


def test_check_mode_predicts_a_removal(server, store):
    server.routes = {**references(), **holding(secret("my-key"), *STALE)}
    assert store(check_mode=True).remove("my-key", "fail") == SecretOutcome(True, "removed", secret("my-key"), None)
    assert removed(server) == []


# A secret as a listing showed it


def remove_unchanged(server, store, *entries, key="my-key", now=None):
    """Remove what the listing of these entries showed, when the secret is by now what ``now`` says."""
    made = store()
    server.routes = holding(*entries)
    listing = made.read()
    if now is not None:
        server.routes[f"GET {SECRETS_PATH}/{key}"] = now
    return made.remove_unchanged(key, listing)


def test_an_unchanged_secret_is_removed_before_its_records(server, store):
    outcome = remove_unchanged(server, store, secret("my-key"), *STALE)
    assert outcome == SecretOutcome(True, "removed", secret("my-key"), None)
    assert removed(server) == ["my-key", *[stale.entry for stale in STALE]]


def test_a_secret_that_another_client_wrote_since_stays(server, store):
    outcome = remove_unchanged(server, store, secret("my-key"), *STALE, now=(200, secret("my-key", LATER)))
    assert outcome == SecretOutcome(False, "changed_outside", secret("my-key"), secret("my-key"))
    assert removed(server) == []


def test_a_secret_that_another_client_created_since_keeps_its_records(server, store):
    outcome = remove_unchanged(server, store, *STALE, now=(200, secret("my-key")))
    assert outcome == SecretOutcome(False, "changed_outside", None, None)
    assert removed(server) == []


def test_the_records_of_a_secret_that_another_client_removed_go_too(server, store):
    outcome = remove_unchanged(server, store, secret("my-key"), *STALE, now=(404, {}))
    assert outcome == SecretOutcome(True, "removed", secret("my-key"), None)
    assert removed(server) == [stale.entry for stale in STALE]


def test_records_that_were_listed_without_a_secret_are_removed(server, store):
    outcome = remove_unchanged(server, store, *STALE, now=(404, {}))
    assert outcome == SecretOutcome(True, "removed", None, None)
    assert removed(server) == [stale.entry for stale in STALE]


@pytest.mark.parametrize("key", ["a/b", ".."])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_secret_that_konnect_lists_but_does_not_find_stays_with_a_warning(server, plane, key, check_mode):
    server.routes = {**references(), f"GET {SECRETS_PATH}": listed(secret(key), record("my-key"))}
    control_plane = plane(check_mode=check_mode)
    outcome = SecretStore(control_plane, Resolved({"id": STORE})).remove(key, "fail")
    assert outcome == SecretOutcome(False, None, secret(key), secret(key))
    assert removed(server) == []
    (warning,) = control_plane.task.warnings
    assert warning.startswith(f"Secret {key} was not removed: Konnect lists")
    assert "on_in_use=remove" in warning


def test_a_removal_that_ends_halfway_says_what_is_gone(server, store):
    server.routes = {**references(), **holding(secret("my-key"), *STALE)}
    server.routes[f"DELETE {SECRETS_PATH}/{STALE[0].entry}"] = (403, {})
    with pytest.raises(PartialFailure) as caught:
        store().remove("my-key", "fail")
    assert caught.value.to_fail_json()["changed"] is True
    assert caught.value.to_fail_json()["failure"]["done"] == ["my-key was removed"]


def test_records_of_an_unusual_key_without_a_secret_are_removed(server, store):
    stale = replace(record("a-b"), key="_a")
    outcome = remove_unchanged(server, store, stale, key="_a", now=(404, {}))
    assert outcome == SecretOutcome(True, "removed", None, None)
    assert removed(server) == [stale.entry]


def test_a_secret_of_an_unusual_key_that_konnect_finds_is_removed(server, store):
    outcome = remove_unchanged(server, store, secret("_a"), key="_a")
    assert outcome == SecretOutcome(True, "removed", secret("_a"), None)
    assert removed(server) == ["_a"]


# Sentences


@pytest.mark.parametrize(
    ("keys", "subject"),
    [
        (["a"], "Secret a was"),
        (["b", "a"], "Secrets a, b were"),
        (
            [f"{number:02}" for number in range(22)],
            f"Secrets {', '.join(f'{n:02}' for n in range(20))} and 2 more were",
        ),
    ],
)
def test_the_subject_of_a_sentence(keys, subject):
    assert as_subject(keys) == subject
