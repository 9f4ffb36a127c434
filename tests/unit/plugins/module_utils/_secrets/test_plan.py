# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._secrets.plan import Listing, make_plan
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import (
    FingerprintKeys,
    Wanted,
    fingerprint,
)

STORE = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7"
KEYS = FingerprintKeys("fake-fingerprint-key-a" * 2)
OTHER_KEYS = FingerprintKeys("fake-fingerprint-key-b" * 2)
VALUE = "Bearer fake-key-number-one"
WRITTEN, WRITTEN_MS = "2026-11-23T10:00:00.000Z", 1_795_428_000_000


def record(value=VALUE, time=WRITTEN_MS, keys=KEYS):
    return keys.record_makers(STORE, Wanted("my-key", value))[0](time)


def plan(wanted, *records, there=True, keys=KEYS):
    secrets = {"my-key": {"key": "my-key", "updated_at": WRITTEN}} if there else {}
    return make_plan(wanted, keys, Listing(secrets, {"my-key": list(records)}), STORE)


def wanted(value=VALUE, **more):
    return Wanted("my-key", value, **more)


@pytest.mark.parametrize(
    ("records", "there", "reason"),
    [
        ([], False, "created"),
        ([record()], False, "created"),
        ([], True, "not_recorded"),
        ([record()], True, None),
        ([record(), record(time=1)], True, None),
        ([record("Bearer fake-key-number-two")], True, "value_changed"),
        ([record(time=1)], True, "changed_outside"),
        ([record(), record("Bearer fake-key-number-two")], True, "changed_outside"),
        ([record(keys=OTHER_KEYS)], True, "fingerprint_key_changed"),
    ],
)
def test_why_a_secret_is_written(records, there, reason):
    made = plan(wanted(), *records, there=there)
    assert made.reason == reason
    assert not made.value_matches
    assert made.predicted().changed == (reason is not None)
    # What the listing showed is swept once another record stands.
    assert made.records == (records if reason else [])


def test_a_value_that_an_old_key_vouches_for_stays():
    keys = FingerprintKeys(OTHER_KEYS.current, [KEYS.current])
    made = plan(wanted(), record(), keys=keys)
    assert (made.reason, made.value_matches) == ("fingerprint_key_changed", True)


def test_the_record_that_a_plan_makes_puts_the_secret_in_sync():
    made = plan(wanted(), there=False)
    assert plan(wanted(), made.record_at(WRITTEN_MS)).reason is None


def test_only_a_proof_makes_an_unproved_value_a_proved_one():
    unproved = replace(record(), proved=False)
    assert plan(wanted(), unproved).reason is None
    made = plan(wanted(record="later"), unproved)
    assert (made.reason, made.writes) == ("unproved", False)
    made = plan(wanted(record="only"), unproved)
    assert (made.reason, made.writes, made.value_matches) == ("recorded", True, True)


def test_an_unproved_version_does_not_vouch_for_the_value():
    """That a value failed under this number says nothing of the value that comes under it next."""
    unproved = replace(fingerprint.version_record("my-key", WRITTEN_MS, 1), proved=False)
    made = plan(wanted(value_version=1, record="later"), unproved)
    assert (made.reason, made.predicted().value_written) == ("unproved", True)


@pytest.mark.parametrize(
    ("update_secret", "there", "reason"),
    [
        ("on_create", False, "created"),
        ("on_create", True, None),
        ("always", False, "created"),
        ("always", True, "always"),
    ],
)
def test_without_fingerprints(update_secret, there, reason):
    made = plan(wanted(update_secret=update_secret), there=there)
    assert (made.reason, made.record_at) == (reason, None)


def test_a_version_needs_no_fingerprint_key(monkeypatch):
    def no_scrypt(*arguments, **options):
        raise ValueError

    monkeypatch.setattr(fingerprint.hashlib, "scrypt", no_scrypt)
    assert plan(wanted(value_version=1)).reason == "not_recorded"


def test_a_secret_that_somebody_else_wrote_is_not_written_over():
    with pytest.raises(KonnectError) as caught:
        plan(wanted(expected_updated_at="2026-11-23T09:00:00.000Z"))
    assert caught.value.code == "concurrent_change"


def test_a_key_is_stretched_once_for_all_secrets(monkeypatch):
    calls = []
    scrypt = fingerprint.hashlib.scrypt
    monkeypatch.setattr(fingerprint.hashlib, "scrypt", lambda *a, **more: calls.append(a) or scrypt(*a, **more))
    keys = FingerprintKeys("fake-fingerprint-key-c" * 2)
    for number in range(5):
        make_plan(Wanted(f"key-{number}", VALUE), keys, Listing(), STORE)
    assert len(calls) == 1
