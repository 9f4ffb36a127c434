# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.usage import Usage
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Claim, Stage, StageEntry
from ansible_collections.community.konnect.plugins.module_utils._secrets import fingerprint
from ansible_collections.community.konnect.plugins.module_utils._secrets.plan import (
    Listing,
    SecretOutcome,
    check_claims,
    make_plan,
)
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys, Wanted

STORE = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7"
KEYS = FingerprintKeys("fake-fingerprint-key-a" * 2)
OTHER_KEYS = FingerprintKeys("fake-fingerprint-key-b" * 2)
VALUE, OTHER_VALUE = "Bearer fake-key-number-one", "Bearer fake-key-number-two"
WRITTEN, WRITTEN_MS = "2026-11-23T10:00:00.000Z", 1_795_428_000_000
SECRET = {"key": "my-key", "updated_at": WRITTEN}


def record(value=VALUE, time=WRITTEN_MS, keys=KEYS):
    return keys.record_makers(STORE, Wanted("my-key", value))[0](time)


def version(number):
    return fingerprint.version_record("my-key", WRITTEN_MS, number)


def rotation(key="my-key", *, claimed=True):
    """What a listing shows of a rotation."""
    stage = StageEntry(key, Stage.CLAIMED, "89abcdef", WRITTEN_MS, "0" * 32)
    found = [Claim(key), stage] if claimed else [stage]
    return {key: [(each, {"key": each.entry, "updated_at": WRITTEN}) for each in found]}


def plan(wanted, *records, exists=True, keys=KEYS):
    return make_plan(wanted, keys, Listing({"my-key": SECRET} if exists else {}, {"my-key": list(records)}), STORE)


def wanted(value=VALUE, **more):
    return Wanted("my-key", value, **more)


def done(made):
    """The parts of a plan that decide what is done: the reason, and whether the value and its record are written."""
    return made.reason, made.outcome(SECRET).value_written, made.writes and made.record_at is not None


# With fingerprints


@pytest.mark.parametrize(
    ("records", "exists", "reason"),
    [
        ([], False, "created"),
        ([record()], False, "created"),
        ([], True, "not_recorded"),
        ([record(OTHER_VALUE)], True, "value_changed"),
        ([record(time=1)], True, "changed_outside"),
        ([record(), record(OTHER_VALUE)], True, "changed_outside"),
        ([record(keys=OTHER_KEYS)], True, "fingerprint_key_changed"),
    ],
)
def test_why_a_secret_is_written(records, exists, reason):
    assert done(plan(wanted(), *records, exists=exists)) == (reason, True, True)


@pytest.mark.parametrize("records", [[record()], [record(), record(time=1)]])
def test_a_secret_in_sync_is_not_written(records):
    assert done(plan(wanted(), *records)) == (None, False, False)


@pytest.mark.parametrize(("exists", "value"), [(False, VALUE), (True, OTHER_VALUE)])
def test_a_plan_knows_the_records_that_it_makes_stale(exists, value):
    records = [record(), record(time=1)]
    assert plan(wanted(value), *records, exists=exists).records == records


def test_a_value_under_a_previous_key_only_gets_another_record():
    made = plan(wanted(), record(), keys=FingerprintKeys(OTHER_KEYS.current, [KEYS.current]))
    assert done(made) == ("fingerprint_key_changed", False, True)
    assert made.record_at(WRITTEN_MS) == record(keys=OTHER_KEYS)


def test_the_record_that_a_plan_makes_puts_the_secret_in_sync():
    made = plan(wanted(), exists=False)
    assert plan(wanted(), made.record_at(WRITTEN_MS)).reason is None


def test_a_fingerprint_key_is_derived_once_for_all_secrets(monkeypatch):
    calls = []
    scrypt = fingerprint.hashlib.scrypt
    monkeypatch.setattr(fingerprint.hashlib, "scrypt", lambda *a, **more: calls.append(a) or scrypt(*a, **more))
    keys = FingerprintKeys("fake-fingerprint-key-c" * 2)
    for number in range(5):
        make_plan(Wanted(f"key-{number}", VALUE), keys, Listing(), STORE)
    assert len(calls) == 1


# Without fingerprints


@pytest.mark.parametrize(
    ("update_secret", "exists", "reason"),
    [
        ("on_create", False, "created"),
        ("on_create", True, None),
        ("always", False, "created"),
        ("always", True, "always"),
    ],
)
def test_without_fingerprints_no_record_is_written(update_secret, exists, reason):
    made = plan(wanted(update_secret=update_secret), exists=exists)
    assert done(made) == (reason, reason is not None, False)


def test_a_version_needs_no_fingerprint_key(monkeypatch):
    def no_scrypt(*arguments, **options):
        raise ValueError

    monkeypatch.setattr(fingerprint.hashlib, "scrypt", no_scrypt)
    assert plan(wanted(value_version=1), version(1)).reason is None
    assert plan(wanted(value_version=2), version(1)).reason == "value_changed"


# The expected time


def test_a_secret_that_another_client_wrote_is_not_overwritten():
    with pytest.raises(KonnectError) as caught:
        plan(wanted(OTHER_VALUE, expected_updated_at="2026-11-23T09:00:00.000Z"), record())
    assert caught.value.code == "concurrent_change"
    assert f"my-key was last written at {WRITTEN}, not at 2026-11-23T09:00:00.000Z" in caught.value.message


def test_a_secret_that_another_client_removed_is_not_created_again():
    with pytest.raises(KonnectError, match="my-key is gone, not at") as caught:
        plan(wanted(expected_updated_at=WRITTEN), exists=False)
    assert caught.value.code == "concurrent_change"


def test_a_secret_of_the_expected_time_is_written():
    assert done(plan(wanted(OTHER_VALUE, expected_updated_at=WRITTEN), record())) == ("value_changed", True, True)


# While a rotation is pending


def beside_rotation(wanted, *records, secrets=("my-key",), keys=KEYS, **options):
    listed = {key: {"key": key, "updated_at": WRITTEN} for key in secrets}
    listing = Listing(listed, {"my-key": list(records)}, rotation(**options))
    plan = make_plan(wanted, keys, listing, STORE)
    check_claims([plan], listing)
    return plan


@pytest.mark.parametrize("made", [wanted(OTHER_VALUE), wanted(update_secret="always"), wanted(value_version=2)])
def test_a_secret_that_is_rotated_is_not_written(made):
    with pytest.raises(KonnectError, match="A rotation of my-key is pending, so nothing was written") as caught:
        beside_rotation(made, record())
    assert caught.value.code == "rotation_pending"


@pytest.mark.parametrize("made", [wanted(), wanted(OTHER_VALUE, update_secret="on_create")])
def test_a_secret_that_is_rotated_may_be_left_as_it_is(made):
    assert done(beside_rotation(made, record())) == (None, False, False)


def test_a_secret_that_is_rotated_may_get_a_record_under_another_key():
    keys = FingerprintKeys(OTHER_KEYS.current, [KEYS.current])
    assert done(beside_rotation(wanted(), record(), keys=keys)) == ("fingerprint_key_changed", False, True)


def test_the_value_on_trial_is_not_written():
    with pytest.raises(KonnectError) as caught:
        beside_rotation(Wanted("my-key-next", VALUE), secrets=("my-key", "my-key-next"))
    assert caught.value.code == "rotation_pending"


def test_what_a_rotation_left_keeps_nobody_from_writing():
    assert done(beside_rotation(wanted(OTHER_VALUE), record(), claimed=False))[0] == "value_changed"


def test_the_rotation_of_another_secret_keeps_nobody_from_writing():
    assert done(beside_rotation(wanted(OTHER_VALUE), record(), key="another-key"))[0] == "value_changed"


# What is kept beside a secret


def removal(*records, secrets=("my-key",), key="my-key", rotations=None):
    listed = {each: {"key": each, "updated_at": WRITTEN} for each in secrets}
    return Listing(listed, {"my-key": list(records)}, rotations or {}).removal(key)


def test_a_secret_is_removed_with_its_records():
    assert removal(record(), record(time=1)) == ["my-key", record().entry, record(time=1).entry]


def test_the_state_of_a_rotation_and_the_value_on_trial_are_removed_before_the_secret():
    found = removal(record(), secrets=("my-key", "my-key-next"), rotations=rotation())
    states = [each.entry for each, _entry in rotation()["my-key"]]
    assert found == ["my-key-next", *states, "my-key", record().entry]


@pytest.mark.parametrize("rotations", [{}, rotation(claimed=False), rotation("another-key")])
def test_a_secret_of_the_user_is_not_removed_with_another_one(rotations):
    assert "my-key-next" not in removal(secrets=("my-key", "my-key-next"), rotations=rotations)


def test_the_value_on_trial_is_removed_alone():
    assert removal(record(), secrets=("my-key", "my-key-next"), key="my-key-next", rotations=rotation()) == [
        "my-key-next"
    ]


# Outcomes

OTHER_SECRET = {"key": "my-key", "updated_at": "2026-11-23T11:00:00.000Z"}
NOT_SHOWN = {"key": "my-key", "value": "(not shown)"}


@pytest.mark.parametrize(
    ("outcome", "diff"),
    [
        (SecretOutcome(False, None, SECRET, SECRET), {"before": NOT_SHOWN, "after": NOT_SHOWN}),
        (SecretOutcome(True, "created", None, SECRET, True), {"before": {}, "after": NOT_SHOWN}),
        (SecretOutcome(True, "removed", SECRET, None), {"before": NOT_SHOWN, "after": {}}),
        (
            SecretOutcome(True, "value_changed", SECRET, OTHER_SECRET, True),
            {"before": NOT_SHOWN, "after": {"key": "my-key", "value": "(not shown, written: value_changed)"}},
        ),
        (
            SecretOutcome(True, "fingerprint_key_changed", SECRET, SECRET),
            {
                "before": NOT_SHOWN,
                "after": {"key": "my-key", "value": "(not shown, recorded: fingerprint_key_changed)"},
            },
        ),
        # A reason without a change: what was found, and left as it is.
        (SecretOutcome(False, "changed_outside", SECRET, SECRET), {"before": NOT_SHOWN, "after": NOT_SHOWN}),
    ],
)
def test_a_diff_tells_what_was_done_without_the_value(outcome, diff):
    assert outcome.result()["diff"] == diff


def test_the_result_of_a_written_secret():
    result = SecretOutcome(True, "value_changed", SECRET, OTHER_SECRET, True).result()
    del result["diff"]
    assert result == {"changed": True, "reason": "value_changed", "value_written": True, "secret": OTHER_SECRET}


def test_the_result_of_a_removed_secret_holds_none():
    assert SecretOutcome(True, "removed", SECRET, None).result()["secret"] == {}


def test_the_result_of_a_kept_secret_says_why():
    usage = Usage("Secret my-key", "is in use by plugin ai-proxy")
    result = SecretOutcome(False, None, SECRET, SECRET, kept=usage).result()
    assert result["kept"] == {"code": "in_use", "message": "Secret my-key is in use by plugin ai-proxy and was kept."}


def test_what_a_plan_came_to_has_the_metadata_after_it():
    made = plan(wanted(OTHER_VALUE), record())
    assert made.outcome(OTHER_SECRET) == SecretOutcome(True, "value_changed", SECRET, OTHER_SECRET, True)
