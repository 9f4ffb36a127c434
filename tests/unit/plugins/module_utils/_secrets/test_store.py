# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import (
    ApiError,
    KonnectError,
    PartialFailure,
    UnknownOutcome,
)
from ansible_collections.community.konnect.plugins.module_utils._secrets.plan import SecretOutcome
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys, Wanted
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.tests.unit.secret_entries import (
    KEYS,
    LATER,
    LATER_MS,
    OTHER_VALUE,
    SECRETS_PATH,
    STORE,
    VALUE,
    WRITTEN,
    listed,
    record,
    secret,
    written,
)

DONE = (204, b"")
OLD_KEYS = FingerprintKeys("fake-fingerprint-key-b" * 2)


@pytest.fixture
def store(plane):
    """Make the store of the scripted server."""

    def make(**options):
        return SecretStore(plane(**options), Resolved({"id": STORE}))

    return make


def wanted(value=VALUE, **more):
    return Wanted("my-key", value, **more)


def writes(server):
    """What was written, in order: a value as its key, a record as its entry."""
    return [
        (method, path.removeprefix(SECRETS_PATH).lstrip("/"))
        for method, path, _headers, _body in server.requests
        if method != "GET"
    ]


def bodies(server):
    return [body for method, _path, _headers, body in server.requests if method in ("POST", "PUT")]


# Writing with fingerprints


def test_a_new_secret_is_written_with_its_record(server, store):
    server.script = [listed(), written(), written()]
    outcome = store().ensure(wanted(), KEYS)
    assert outcome == SecretOutcome(True, "created", None, secret("my-key", LATER), value_written=True)
    assert writes(server) == [("PUT", "my-key"), ("PUT", record("my-key", time=LATER_MS).entry)]
    assert bodies(server)[0] == {"value": VALUE}
    assert VALUE not in str(bodies(server)[1])


def test_a_changed_secret_is_written_and_its_old_records_removed(server, store):
    old = [record("my-key"), record("my-key", time=1)]
    server.script = [listed(secret("my-key"), *old), written(), written(), DONE, DONE]
    outcome = store().ensure(wanted(OTHER_VALUE), KEYS)
    assert (outcome.changed, outcome.reason, outcome.before) == (True, "value_changed", secret("my-key"))
    assert writes(server) == [
        ("PUT", "my-key"),
        ("PUT", record("my-key", OTHER_VALUE, LATER_MS).entry),
        *[("DELETE", stale.entry) for stale in old],
    ]


def test_a_secret_in_sync_is_left_alone(server, store):
    server.script = [listed(secret("my-key"), record("my-key"))]
    outcome = store().ensure(wanted(), KEYS)
    assert outcome == SecretOutcome(False, None, secret("my-key"), secret("my-key"))
    assert writes(server) == []


def test_under_a_previous_key_only_the_record_is_written(server, store):
    old = record("my-key", keys=OLD_KEYS)
    server.script = [listed(secret("my-key"), old), written(), DONE]
    outcome = store().ensure(wanted(), FingerprintKeys(KEYS.current, [OLD_KEYS.current]))
    assert (outcome.changed, outcome.value_written, outcome.secret) == (True, False, secret("my-key"))
    assert writes(server) == [("PUT", record("my-key").entry), ("DELETE", old.entry)]


def test_the_record_that_was_just_written_is_not_removed(server, store):
    """Konnect may give the same time twice when two clients wrote in one millisecond."""
    server.script = [
        listed(secret("my-key"), record("my-key"), record("my-key", OTHER_VALUE)),
        written(WRITTEN),
        written(),
        DONE,
    ]
    store().ensure(wanted(), KEYS)
    assert writes(server)[1:] == [("PUT", record("my-key").entry), ("DELETE", record("my-key", OTHER_VALUE).entry)]


@pytest.mark.parametrize("check_mode", [True, False])
def test_check_mode_predicts_what_a_run_does(server, store, check_mode):
    server.script = [listed(secret("my-key"), record("my-key")), written(), written(), DONE]
    outcome = store(check_mode=check_mode).ensure(wanted(OTHER_VALUE), KEYS)
    assert (outcome.changed, outcome.reason, outcome.value_written) == (True, "value_changed", True)
    assert bool(writes(server)) != check_mode


# Writing without fingerprints


def test_always_writes_the_value_and_no_record(server, store):
    server.script = [(200, secret("my-key")), (404, {}), written()]
    outcome = store().ensure(wanted(update_secret="always"), KEYS)
    assert (outcome.reason, outcome.before) == ("always", secret("my-key"))
    assert writes(server) == [("PUT", "my-key")]


def test_on_create_creates(server, store):
    server.script = [(404, {}), (201, {**secret("my-key"), "value": VALUE})]
    outcome = store().ensure(wanted(update_secret="on_create"), KEYS)
    assert outcome == SecretOutcome(True, "created", None, secret("my-key"), value_written=True)
    assert (writes(server), bodies(server)) == ([("POST", "")], [{"key": "my-key", "value": VALUE}])


def test_on_create_leaves_what_exists(server, store):
    server.script = [(200, secret("my-key"))]
    outcome = store().ensure(wanted(update_secret="on_create"), KEYS)
    assert outcome == SecretOutcome(False, None, secret("my-key"), secret("my-key"))
    assert writes(server) == []


def test_on_create_leaves_what_another_client_created_meanwhile(server, store):
    server.script = [(404, {}), (409, {}), (200, secret("my-key", LATER))]
    outcome = store().ensure(wanted(update_secret="on_create"), KEYS)
    assert outcome == SecretOutcome(False, None, secret("my-key", LATER), secret("my-key", LATER))


def test_on_create_reports_any_other_error(server, store):
    server.script = [(404, {}), (400, {"title": "Bad Request"})]
    with pytest.raises(ApiError) as caught:
        store().ensure(wanted(update_secret="on_create"), KEYS)
    assert caught.value.code == "invalid"


# Failures


def test_on_create_finds_what_it_created_after_a_lost_response(server, store):
    server.script = [(404, {}), "reset", (200, secret("my-key"))]
    outcome = store().ensure(wanted(update_secret="on_create"), KEYS)
    assert (outcome.changed, outcome.reason) == (True, "created")
    assert writes(server) == [("POST", "")]


def test_a_value_is_written_again_after_a_lost_response(server, store):
    """Its record needs the time in the response."""
    server.script = [listed(), "reset", written(), written()]
    store().ensure(wanted(), KEYS)
    assert writes(server) == [("PUT", "my-key")] * 2 + [("PUT", record("my-key", time=LATER_MS).entry)]


@pytest.mark.parametrize("response", [(200, {}), (200, ["unexpected"]), (200, {"updated_at": 5}), DONE])
def test_after_a_response_without_the_time_of_the_write_the_value_is_written_again(server, store, response):
    server.script = [listed(), response, written(), written()]
    store().ensure(wanted(), KEYS)
    assert writes(server) == [("PUT", "my-key")] * 2 + [("PUT", record("my-key", time=LATER_MS).entry)]


def test_responses_without_the_time_of_the_write_are_an_error(server, store):
    server.script = [listed(), *[(200, {})] * 5]
    with pytest.raises(UnknownOutcome, match="/secrets/my-key: .* sent 200 with a secret without updated_at") as caught:
        store().ensure(wanted(), KEYS)
    assert caught.value.code == "unexpected_response"


def test_a_record_that_fails_after_the_value_was_written(server, store):
    server.script = [listed(secret("my-key"), record("my-key")), written(), (400, {"title": "Bad Request"})]
    with pytest.raises(PartialFailure, match="Before that, the value of secret my-key was written") as caught:
        store().ensure(wanted(OTHER_VALUE), KEYS)
    failed = caught.value.to_fail_json()
    assert (failed["changed"], failed["value_written"], failed["secret"]) == (True, True, secret("my-key", LATER))
    assert (failed["failure"]["code"], failed["failure"]["status"]) == ("invalid", 400)


def test_a_record_that_fails_when_no_value_was_written(server, store):
    old = record("my-key", keys=OLD_KEYS)
    server.script = [listed(secret("my-key"), old), (400, {"title": "Bad Request"})]
    with pytest.raises(ApiError):
        store().ensure(wanted(), FingerprintKeys(KEYS.current, [OLD_KEYS.current]))


# While a rotation is pending


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_secret_that_is_rotated_is_not_written(server, store, check_mode):
    server.script = [listed(secret("my-key"), record("my-key"), secret("my-key.rotation"))]
    with pytest.raises(KonnectError, match="A rotation of my-key is pending") as caught:
        store(check_mode=check_mode).ensure(wanted(OTHER_VALUE), KEYS)
    assert (caught.value.code, writes(server)) == ("rotation_pending", [])


def test_a_secret_that_is_rotated_is_not_always_written(server, store):
    server.routes = {f"GET {SECRETS_PATH}/{key}": (200, secret(key)) for key in ("my-key", "my-key.rotation")}
    with pytest.raises(KonnectError) as caught:
        store().ensure(wanted(update_secret="always"), KEYS)
    assert (caught.value.code, writes(server)) == ("rotation_pending", [])


def test_a_secret_that_is_rotated_exists_already(server, store):
    server.script = [(200, secret("my-key"))]
    assert store().ensure(wanted(update_secret="on_create"), KEYS).changed is False
    assert server.sent() == [f"GET {SECRETS_PATH}/my-key"]


# Short values under the token


def test_a_short_value_under_the_token_gets_one_warning_and_is_in_sync_afterwards(server, store):
    keys, value = FingerprintKeys("kpat_fake_token", from_token=True), "my-secret-value"
    server.script = [listed(), written(WRITTEN), written()]
    made = store()
    made.ensure(wanted(value), keys)
    (warning,) = made.control_plane.task.warnings
    assert "Set fingerprint_key or KONNECT_FINGERPRINT_KEY" in warning
    (_value, entry) = (key for _method, key in writes(server))
    server.script = [listed(secret("my-key"), secret(entry))]
    assert store().ensure(wanted(value), keys).changed is False
