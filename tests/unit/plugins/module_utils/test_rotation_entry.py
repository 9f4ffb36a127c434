# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import Record
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import (
    SUFFIX_BYTES,
    Claim,
    Stage,
    StageEntry,
    is_own_entry,
    next_key,
    parse_rotation_entry,
    without_own_entries,
)

MAC = "0123456789abcdef" * 2
PREPARED = StageEntry("mistral-key", Stage.PREPARED, "89abcdef", 0x1A207F0BC7B, MAC)
ENTRY = f"mistral-key.rotation.prepared.89abcdef.01a207f0bc7b.{MAC}"
CLAIM, TAKEOVER = "mistral-key.rotation", "mistral-key.rotation.takeover.01a207f0bc7b"
RECORD = Record("mistral-key", "89abcdef", 1, MAC).entry


@pytest.mark.parametrize(
    ("found", "entry"),
    [(PREPARED, ENTRY), (Claim("mistral-key"), CLAIM), (Claim("mistral-key", PREPARED.time), TAKEOVER)],
)
def test_the_form_of_an_entry_stays_as_it_is_in_the_stores_of_users(found, entry):
    assert found.entry == entry
    assert parse_rotation_entry(entry) == found


@pytest.mark.parametrize("stage", Stage)
def test_the_entry_of_each_stage_is_parsed(stage):
    found = StageEntry("a", stage, "89abcdef", 1, MAC)
    assert parse_rotation_entry(found.entry) == found


@pytest.mark.parametrize("key", ["a.rotation.b", "a-next", "a.fingerprint.b", "a.b-c_d"])
def test_the_key_of_a_secret_may_have_dots_and_the_words_themselves(key):
    for found in (Claim(key), Claim(key, 1), StageEntry(key, Stage.PROVED, "89abcdef", 1, MAC)):
        assert parse_rotation_entry(found.entry) == found


@pytest.mark.parametrize(
    "entry",
    [
        "mistral-key",
        ".rotation",
        "rotation",
        "mistral-key.rotation.",
        "mistral-key.rotations",
        "mistral-key.rotation.prepared",
        "mistral-key.rotation.takeover",
        f"{TAKEOVER}.{MAC}",
        TAKEOVER.replace(".01a2", ".89abcdef.01a2"),
        ENTRY + "0",
        ENTRY[:-1],
        ENTRY.removesuffix(f".{MAC}"),
        ENTRY.replace(".89abcdef", ""),
        ENTRY.replace(".89abcdef", ".89ABCDEF"),
        ENTRY.replace("prepared", "begun"),
        ENTRY.replace("prepared", "takeover"),
        RECORD,
    ],
)
def test_any_other_key_is_that_of_a_secret(entry):
    assert parse_rotation_entry(entry) is None


def test_the_room_that_is_reserved_is_that_of_the_longest_suffix():
    entries = [*(StageEntry("k", stage, "89abcdef", 1, MAC) for stage in Stage), Claim("k"), Claim("k", 1)]
    assert max(len(each.entry) for each in entries) == len("k") + SUFFIX_BYTES
    assert len(next_key("k")) <= len("k") + SUFFIX_BYTES


def test_the_new_value_is_tried_under_a_key_of_the_same_alphabet():
    assert next_key("mistral-key") == "mistral-key-next"


@pytest.mark.parametrize(
    ("entry", "others", "own"),
    [
        (RECORD, [], True),
        (ENTRY, [], True),
        (TAKEOVER, [], True),
        (CLAIM, ["mistral-key"], True),
        (CLAIM, [], False),
        (CLAIM, ["another-key"], False),
        ("mistral-key", [CLAIM], False),
        ("mistral-key-next", ["mistral-key", CLAIM], False),
    ],
)
def test_what_this_collection_keeps_for_itself(entry, others, own):
    assert is_own_entry(entry, [entry, *others]) == own


def test_the_secrets_of_a_store_are_what_is_left():
    entries = ["b", RECORD, "a", ENTRY, CLAIM, "mistral-key", "mistral-key-next", "c.rotation"]
    assert without_own_entries(iter(entries)) == ["a", "b", "c.rotation", "mistral-key", "mistral-key-next"]


def test_a_claim_is_told_from_a_secret_of_the_user_by_its_state_when_the_secret_is_gone():
    state = StageEntry("my-key", Stage.CLAIMED, "89abcdef", 1, "0" * 32).entry
    assert without_own_entries(["my-key.rotation", state]) == []
    assert without_own_entries(["my-key.rotation"]) == ["my-key.rotation"]
