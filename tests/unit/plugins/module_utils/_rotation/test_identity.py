# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._rotation.identity import Identity, Owner, find_owner
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Stage
from ansible_collections.community.konnect.plugins.module_utils._secrets.fingerprint import FingerprintKey

STORE, KEY = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e", "my-key"
VALUE, OTHER_VALUE = "Bearer fake-key-number-one", "Bearer fake-key-number-two"
TIME, LATER = 1_795_428_000_000, 1_795_431_600_000
FINGERPRINT_KEY = FingerprintKey("89abcdef", b"fake-derived-key-a")
IDENTITY = Identity(FINGERPRINT_KEY, STORE, KEY)
OTHER = Identity(FingerprintKey("01234567", b"fake-derived-key-b"), STORE, KEY)
CLAIMED = IDENTITY.claimed(TIME, VALUE)
PREPARED = IDENTITY.later(CLAIMED, Stage.PREPARED, LATER)
PROVED = IDENTITY.later(CLAIMED, Stage.PROVED, LATER)
ANOTHERS = IDENTITY.claimed(TIME, OTHER_VALUE)
ANOTHERS_PREPARED = IDENTITY.later(ANOTHERS, Stage.PREPARED, LATER)

OWN = Owner(IDENTITY, CLAIMED)
OWN_PREPARED = Owner(IDENTITY, CLAIMED, frozenset({(Stage.PREPARED, LATER)}))


def test_the_mac_of_an_entry_never_changes():
    """Otherwise a rotation that is pending during an update of the collection would belong to nobody."""
    assert CLAIMED.mac == "820f5922312d775a18c541e371434c8c"
    assert PREPARED.mac == "c8e6aa810326f2b2e0a5de42a9649a9b"


def test_the_mac_of_a_claim_depends_on_everything_in_it():
    macs = {
        CLAIMED.mac,
        ANOTHERS.mac,
        IDENTITY.claimed(LATER, VALUE).mac,
        OTHER.claimed(TIME, VALUE).mac,
        replace(IDENTITY, store_id=STORE.replace("0", "1")).claimed(TIME, VALUE).mac,
        replace(IDENTITY, secret="another-key").claimed(TIME, VALUE).mac,
    }
    assert len(macs) == 6


def test_the_mac_of_a_later_stage_depends_on_the_stage_its_time_and_the_claim():
    stages = [stage for stage in Stage if stage is not Stage.CLAIMED]
    macs = {
        IDENTITY.later(claimed, stage, time).mac
        for claimed in (CLAIMED, ANOTHERS)
        for stage in stages
        for time in (1, 2)
    }
    assert len(macs) == 2 * len(stages) * 2


def test_a_claim_is_no_fingerprint_record():
    assert CLAIMED.mac != FINGERPRINT_KEY.record(STORE, KEY, TIME, VALUE).mac


@pytest.mark.parametrize(
    ("entry", "made"),
    [
        (PREPARED, True),
        (ANOTHERS_PREPARED, False),
        (replace(PREPARED, time=TIME), False),
        (replace(PREPARED, stage=Stage.PROVED), False),
        (replace(PREPARED, key_id="01234567"), False),
        (OTHER.later(CLAIMED, Stage.PREPARED, LATER), False),
        (CLAIMED, False),
    ],
)
def test_an_entry_is_that_of_a_rotation_only_as_it_was_made(entry, made):
    assert IDENTITY.made(entry, CLAIMED) == made


@pytest.mark.parametrize(
    ("entries", "value", "owner"),
    [
        ([], VALUE, None),
        ([CLAIMED], VALUE, OWN),
        ([CLAIMED, PREPARED], VALUE, OWN_PREPARED),
        ([PREPARED, CLAIMED], VALUE, OWN_PREPARED),
        # Another value
        ([CLAIMED], OTHER_VALUE, None),
        ([CLAIMED, PREPARED], OTHER_VALUE, None),
        # No value
        ([CLAIMED], None, OWN),
        ([CLAIMED, PREPARED], None, OWN_PREPARED),
        ([], None, None),
        # Without the entry of the claim, whose the rest is cannot be told
        ([PREPARED, PROVED], VALUE, None),
        ([PREPARED, PROVED], None, None),
        # Two runs claimed at the same time
        ([CLAIMED, ANOTHERS], VALUE, None),
        ([CLAIMED, ANOTHERS], None, None),
        ([CLAIMED, PREPARED, ANOTHERS], VALUE, OWN_PREPARED),
        ([CLAIMED, PREPARED, ANOTHERS], None, OWN_PREPARED),
        ([CLAIMED, PREPARED, ANOTHERS], OTHER_VALUE, None),
        ([CLAIMED, PREPARED, ANOTHERS, ANOTHERS_PREPARED], None, None),
        # What an older rotation left
        ([CLAIMED, PREPARED, ANOTHERS_PREPARED], VALUE, OWN_PREPARED),
        ([CLAIMED, PREPARED, ANOTHERS, ANOTHERS_PREPARED], VALUE, OWN_PREPARED),
        ([CLAIMED, PREPARED, IDENTITY.claimed(LATER, VALUE)], VALUE, OWN_PREPARED),
        # Forged
        ([CLAIMED, replace(PREPARED, mac="0" * 32)], VALUE, OWN),
        ([CLAIMED, PREPARED, replace(PROVED, mac=PREPARED.mac)], VALUE, OWN_PREPARED),
        ([replace(CLAIMED, mac="0" * 32)], VALUE, None),
        ([replace(CLAIMED, time=LATER)], VALUE, None),
    ],
)
def test_whose_rotation_it_is(entries, value, owner):
    assert find_owner([IDENTITY], entries, value) == owner


def test_the_rotation_of_another_fingerprint_key_is_not_known():
    for value in (VALUE, None):
        assert find_owner([OTHER], [CLAIMED, PREPARED], value) is None


@pytest.mark.parametrize("value", [VALUE, None])
def test_a_rotation_goes_on_under_the_fingerprint_key_that_it_began_with(value):
    owner = find_owner([OTHER, IDENTITY], [CLAIMED, PREPARED], value)
    assert owner == OWN_PREPARED
    assert owner.entry(Stage.PROVED, LATER) == PROVED


@pytest.mark.parametrize("value", [VALUE, None])
def test_a_fingerprint_key_that_is_given_twice_is_one(value):
    assert find_owner([IDENTITY, IDENTITY], [CLAIMED, PREPARED], value) == OWN_PREPARED
