# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import parse_record
from ansible_collections.community.konnect.plugins.module_utils._secrets import fingerprint

STORE = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e"
KEY = fingerprint.derive("k" * 32, STORE)
OTHER_KEY = fingerprint.derive("o" * 32, STORE)
NOW = 1_795_428_000_123


def record(value="value", time=NOW, key=KEY):
    return key.record(STORE, "mistral-key", time, value)


def version(number):
    return fingerprint.version_record("mistral-key", NOW, number)


def compare(records, expected=None, previous=()):
    return fingerprint.compare(NOW, records, expected or record(), previous)


# Records


def test_the_record_of_a_value_never_changes():
    """Otherwise each secret of each user would be written again after an update of the collection."""
    suffix = "fingerprint.9b5629f2.01a207d9217b.ea110bf6b0c0b0bc36f9e7120b8451d0"
    assert record().entry == f"mistral-key.{suffix}"


def test_a_record_is_parsed_from_its_entry():
    assert parse_record(record().entry) == record()


def test_the_record_depends_on_store_key_time_value_and_fingerprint_key():
    other_store = fingerprint.derive("k" * 32, STORE.replace("0", "1"))
    records = {
        record().mac,
        record("other").mac,
        record(time=NOW + 1).mac,
        record(key=OTHER_KEY).mac,
        KEY.record(STORE, "another-key", NOW, "value").mac,
        other_store.record(STORE, "mistral-key", NOW, "value").mac,
    }
    assert len(records) == 6


def test_fingerprint_keys_and_stores_have_different_key_ids():
    assert len({KEY.id, OTHER_KEY.id, fingerprint.derive("k" * 32, STORE.replace("0", "1")).id}) == 3


def test_parts_do_not_run_into_each_other():
    assert KEY.record(STORE, "ab", NOW, "c").mac != KEY.record(STORE, "a", NOW, "bc").mac


@pytest.mark.parametrize("number", [0, 1, 2**64 - 1])
def test_a_record_holds_any_version(number):
    entry = version(number).entry
    assert entry == f"mistral-key.fingerprint.00000000.01a207d9217b.{number:032x}"
    assert parse_record(entry) == version(number)


@pytest.mark.parametrize("error", [AttributeError("no scrypt"), ValueError("disabled for FIPS")])
def test_the_error_without_scrypt_names_what_else_works(monkeypatch, error):
    def no_scrypt(*arguments, **options):
        raise error

    monkeypatch.setattr(fingerprint.hashlib, "scrypt", no_scrypt)
    with pytest.raises(KonnectError, match="Set update_secret to on_create or always, or give value_version") as caught:
        fingerprint.derive("n" * 32, STORE)
    assert caught.value.code == "no_scrypt"


@pytest.mark.parametrize(("length", "fits"), [(31, False), (32, True)])
def test_a_fingerprint_key_has_a_minimum_length(length, fits):
    if fits:
        fingerprint.check_fingerprint_key("k" * length)
        return
    with pytest.raises(InvalidInput, match="at least 32 characters.*openssl rand -hex 32"):
        fingerprint.check_fingerprint_key("k" * length)


# Verdicts on values


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ([], "not_recorded"),
        ([record("other")], "value_changed"),
        ([record(time=NOW - 1)], "changed_outside"),
        ([record(time=NOW + 1)], "changed_outside"),
        ([record(), record("other")], "changed_outside"),
        ([record(key=OTHER_KEY)], "fingerprint_key_changed"),
        ([version(1)], "not_recorded"),
    ],
)
def test_why_a_secret_is_not_in_sync(records, reason):
    assert compare(records) == fingerprint.Verdict(False, reason, value_matches=False)


@pytest.mark.parametrize("records", [[record()], [record(time=NOW - 1), record()]])
def test_a_secret_in_sync(records):
    assert compare(records) == fingerprint.Verdict(True)


# Verdicts with previous fingerprint keys


def test_under_a_previous_key_the_value_matches():
    verdict = compare([record(key=OTHER_KEY)], previous=[record(key=OTHER_KEY)])
    assert verdict == fingerprint.Verdict(False, "fingerprint_key_changed", value_matches=True)


def test_under_a_previous_key_another_value_has_changed():
    verdict = compare([record("other", key=OTHER_KEY)], previous=[record(key=OTHER_KEY)])
    assert verdict == fingerprint.Verdict(False, "value_changed", value_matches=False)


def test_a_key_that_is_neither_current_nor_previous():
    unknown = fingerprint.derive("u" * 32, STORE)
    verdict = compare([record(key=unknown)], previous=[record(key=OTHER_KEY)])
    assert verdict == fingerprint.Verdict(False, "fingerprint_key_changed", value_matches=False)


# Verdicts on versions


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (version(1), fingerprint.Verdict(True)),
        (version(2), fingerprint.Verdict(False, "value_changed")),
        (record(), fingerprint.Verdict(False, "not_recorded")),
    ],
)
def test_a_version_stands_for_the_value(found, verdict):
    assert compare([found], version(1)) == verdict


# The records of the current value


@pytest.mark.parametrize(
    ("records", "current"),
    [
        ([], []),
        ([record(time=NOW - 1), record(time=NOW + 1)], []),
        ([record(), record(time=NOW - 1)], [record()]),
        ([record(), record("other")], [record(), record("other")]),
    ],
)
def test_the_records_of_what_was_written_at_a_time(records, current):
    assert fingerprint.current_records(NOW, records) == current


def test_under_the_token_a_short_value_is_stretched_before_a_mac_covers_it():
    strict, token = (fingerprint.derive("kpat_fake_token", STORE, stretches=each) for each in (False, True))
    short, long = "v" * 23, "v" * 24
    assert token.covered(STORE, "my-key", short) != short
    assert token.covered(STORE, "my-key", short) != token.covered(STORE, "another-key", short)
    assert token.record(STORE, "my-key", 1, short) != strict.record(STORE, "my-key", 1, short)
    assert token.record(STORE, "my-key", 1, long) == strict.record(STORE, "my-key", 1, long)
