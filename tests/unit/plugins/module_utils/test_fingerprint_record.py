# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import (
    SUFFIX_BYTES,
    Record,
    parse_record,
)

MAC = "0123456789abcdef" * 2
RECORD = Record("mistral-key", "89abcdef", 0x1A207F0BC7B, MAC)
ENTRY = f"mistral-key.fingerprint.89abcdef.01a207f0bc7b.{MAC}"


def test_the_form_of_an_entry_stays_as_it_is_in_the_stores_of_users():
    assert RECORD.entry == ENTRY


def test_an_entry_is_parsed_to_the_record_that_it_was_made_of():
    assert parse_record(ENTRY) == RECORD


def test_the_key_of_a_secret_may_have_dots_and_the_word_itself():
    key = "a.fingerprint.b"
    assert parse_record(ENTRY.replace("mistral-key", key)) == replace(RECORD, key=key)


@pytest.mark.parametrize(
    "entry",
    [
        "mistral-key",
        "mistral-key.fingerprint",
        "x.fingerprint.1.2.3",
        ENTRY + "0",
        ENTRY[:-1],
        ENTRY.removeprefix("mistral-key"),
        ENTRY.replace(".89abcdef.", ".89ABCDEF."),
        ENTRY.replace(".01a2", ".1a2"),
        ENTRY.replace(".fingerprint.", ".footprint."),
    ],
)
def test_any_other_key_is_that_of_a_secret(entry):
    assert parse_record(entry) is None


def test_the_length_that_is_reserved_is_that_of_a_suffix():
    assert len(ENTRY) == len("mistral-key") + SUFFIX_BYTES
