# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import SUFFIX_BYTES, parse_record
from ansible_collections.community.konnect.plugins.module_utils._secrets import fingerprint

STORE = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e"
KEY = fingerprint.derive("k" * 32, STORE)
OTHER_KEY = fingerprint.derive("o" * 32, STORE)
NOW = 1_795_428_000_123


def record(value="value", time=NOW, key=KEY):
    return key.record(STORE, "mistral-key", time, value)


def judge(records, value="value", previous=()):
    return fingerprint.compare(NOW, records, record(value), previous)


def test_a_record_survives_its_way_through_the_store():
    assert parse_record(record().entry) == record()


@pytest.mark.parametrize(
    "entry", ["mistral-key", "mistral-key.fingerprint", "x.fingerprint.1.2.3", record().entry + "0"]
)
def test_a_secret_is_no_record(entry):
    assert parse_record(entry) is None


def test_the_length_that_is_reserved_is_the_length_of_a_suffix():
    assert len(record().entry) == len("mistral-key") + SUFFIX_BYTES


def test_the_record_depends_on_store_key_time_value_and_fingerprint_key():
    elsewhere = fingerprint.derive("k" * 32, STORE.replace("0", "1"))
    records = {
        record().mac,
        record("other").mac,
        record(time=NOW + 1).mac,
        record(key=OTHER_KEY).mac,
        KEY.record(STORE, "another-key", NOW, "value").mac,
        elsewhere.record(STORE, "mistral-key", NOW, "value").mac,
    }
    assert len(records) == 6
    assert KEY.id != OTHER_KEY.id


def test_parts_do_not_run_into_each_other():
    assert KEY.record(STORE, "ab", NOW, "c").mac != KEY.record(STORE, "a", NOW, "bc").mac


@pytest.mark.parametrize(
    ("records", "value", "reason"),
    [
        ([], "value", "not_recorded"),
        ([record()], "other", "value_changed"),
        ([record(time=NOW - 1)], "value", "changed_outside"),
        ([record(), record("other")], "value", "changed_outside"),
        ([record(key=OTHER_KEY)], "value", "fingerprint_key_changed"),
        ([fingerprint.version_record("mistral-key", NOW, 1)], "value", "not_recorded"),
    ],
)
def test_why_a_secret_is_not_in_sync(records, value, reason):
    verdict = judge(records, value)
    assert (verdict.in_sync, verdict.reason, verdict.value_matches) == (False, reason, False)


def test_in_sync_despite_an_old_record():
    assert judge([record(time=NOW - 1), record()]).in_sync


UNPROVED = replace(record(), proved=False)


def test_an_unproved_value_is_not_in_sync_until_it_is_recorded_as_proved():
    assert parse_record(UNPROVED.entry) == UNPROVED
    assert judge([UNPROVED]).reason == "unproved"
    # Both stand when a run was cut short between the one and the removal of the other.
    assert judge([UNPROVED, record()]).in_sync
    assert judge([UNPROVED, record("other")]).reason == "changed_outside"


def test_a_previous_fingerprint_key_matches_the_value_but_not_for_another():
    records = [record(key=OTHER_KEY)]
    assert judge(records, previous=[record(key=OTHER_KEY)]).value_matches
    verdict = judge(records, "other", previous=[record("other", key=OTHER_KEY)])
    assert (verdict.value_matches, verdict.reason) == (False, "value_changed")


def test_a_version_stands_in_for_the_value():
    def version(number):
        return fingerprint.version_record("mistral-key", NOW, number)

    assert fingerprint.compare(NOW, [version(1)], version(1)).in_sync
    assert fingerprint.compare(NOW, [version(1)], version(2)).reason == "value_changed"


def test_a_short_fingerprint_key_is_refused():
    with pytest.raises(InvalidInput):
        fingerprint.check_fingerprint_key("k" * 31)
