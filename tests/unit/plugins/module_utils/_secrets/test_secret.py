# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import Record
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Claim, Stage, StageEntry
from ansible_collections.community.konnect.plugins.module_utils._secrets.fingerprint import derive, version_record
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import (
    FingerprintKeys,
    Wanted,
    age,
    as_text,
    check_key,
    metadata,
    storage_warnings,
)

STORE = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e"
VALUE = "Bearer fake-key-number-one"
KEY, OTHER_KEY = "fake-fingerprint-key-a" * 2, "fake-fingerprint-key-b" * 2
TIME, TIME_MS = "2026-11-23T10:00:00.000Z", 1_795_428_000_000


def wanted(value=VALUE, **more):
    return Wanted("my-key", value, **more)


# The key


@pytest.mark.parametrize("key", ["a", "0", "A.b_c-1", "k" * 512])
def test_keys_that_konnect_finds_again(key):
    check_key(key)


@pytest.mark.parametrize("key", ["", ".a", "-a", "_a", "a b", "a/b", "a\n", "clé"])
def test_keys_that_konnect_would_not_find_again(key):
    with pytest.raises(InvalidInput, match="letters, digits, dots, dashes and underscores") as caught:
        check_key(key)
    assert repr(key) in caught.value.message


@pytest.mark.parametrize(
    "key",
    [
        Record("my-key", "89abcdef", TIME_MS, "0" * 32).entry,
        StageEntry("my-key", Stage.PROVED, "89abcdef", TIME_MS, "0" * 32).entry,
        Claim("my-key").entry,
        Claim("my-key", TIME_MS).entry,
    ],
)
def test_a_key_that_has_the_form_of_an_entry_of_this_collection(key):
    with pytest.raises(InvalidInput, match="form of a fingerprint record or of the state of a rotation"):
        check_key(key)


def test_a_key_that_is_too_long():
    with pytest.raises(InvalidInput, match="has 513 bytes; Konnect takes 512"):
        check_key("k" * 513)


@pytest.mark.parametrize("update_secret", ["on_create", "always"])
def test_without_a_record_a_key_may_have_512_bytes(update_secret):
    Wanted("k" * 512, VALUE, update_secret)


def test_a_key_leaves_room_for_its_record():
    Wanted("k" * 445, VALUE)
    with pytest.raises(InvalidInput, match="has 446 bytes; Konnect takes with room for the fingerprint record .* 445"):
        Wanted("k" * 446, VALUE)


# The value


def test_an_empty_value_is_refused():
    with pytest.raises(InvalidInput, match="my-key is empty"):
        wanted("")


@pytest.mark.parametrize("value", ["v" * 5120, "é" * 2560])
def test_the_largest_value(value):
    assert wanted(value).value == value


@pytest.mark.parametrize("value", ["v" * 5121, "é" * 2560 + "v"])
def test_the_limit_of_a_value_counts_bytes(value):
    with pytest.raises(InvalidInput, match="my-key has 5121 bytes; Konnect takes 5120"):
        wanted(value)


def test_a_value_that_is_no_text_is_to_be_encoded():
    with pytest.raises(InvalidInput, match="b64encode"):
        wanted("\udcff")


@pytest.mark.parametrize(
    ("value", "text"),
    [("text", "text"), (7, "7"), ({"a": 1}, '{"a": 1}'), (["a", 1], '["a", 1]')],
)
def test_a_mapping_is_stored_as_json(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "words"), [(None, "is missing"), (True, "must be a text"), (False, "must be a text")]
)
def test_values_that_stand_for_no_text(value, words):
    with pytest.raises(InvalidInput, match=words):
        as_text(value)


def test_the_order_of_a_mapping_does_not_count():
    assert as_text({"b": {"d": 1, "c": 2}, "a": 1}) == as_text({"a": 1, "b": {"c": 2, "d": 1}})


@pytest.mark.parametrize("value", [12345678, 1.5])
def test_a_number_is_stored_with_a_warning_that_does_not_show_it(value):
    (warning,) = storage_warnings({"my-key": value})
    assert f"decimal text of {len(str(value))} characters" in warning
    assert str(value) not in warning


@pytest.mark.parametrize(
    ("value", "outline"),
    [
        ({"user": "fake-user", "port": 12345678}, '{"port": number, "user": "..."}'),
        ({"a": {"b": "fake-value"}}, '{"a": {"b": "..."}}'),
        (["fake-value", True, None], '["...", boolean, null]'),
    ],
)
def test_a_nested_value_is_stored_with_a_warning_that_says_as_what(value, outline):
    (warning,) = storage_warnings({"my-key": value})
    assert f"as the JSON text {outline}." in warning
    assert "fake-" not in warning
    assert "12345678" not in warning


@pytest.mark.parametrize("value", ["text", "12345678", {"user": "ann", "password": "fake"}, None, True])
def test_other_values_need_no_warning(value):
    assert storage_warnings({"my-key": value}) == []


# Options that do not go together


@pytest.mark.parametrize("version", [0, 2**64 - 1])
def test_the_bounds_of_a_version(version):
    assert wanted(value_version=version).value_version == version


@pytest.mark.parametrize("version", [-1, 2**64])
def test_versions_that_a_record_could_not_hold(version):
    with pytest.raises(InvalidInput, match="from 0 to 2\\^64-1"):
        wanted(value_version=version)


@pytest.mark.parametrize("update_secret", ["on_create", "always"])
def test_a_version_goes_with_on_change_alone(update_secret):
    with pytest.raises(InvalidInput, match=f"value_version has no meaning with update_secret={update_secret}"):
        wanted(update_secret=update_secret, value_version=0)


def test_what_is_only_created_cannot_have_been_updated():
    with pytest.raises(InvalidInput, match="expected_updated_at has no meaning with update_secret=on_create"):
        wanted(update_secret="on_create", expected_updated_at=TIME)


@pytest.mark.parametrize("update_secret", ["on_change", "always"])
def test_an_expected_time_is_read_to_the_millisecond(update_secret):
    made = wanted(update_secret=update_secret, expected_updated_at="2026-11-23T10:00:00.123Z")
    assert made.expected_time() == TIME_MS + 123


def test_no_time_is_expected_unless_one_is_given():
    assert wanted().expected_time() is None


def test_an_expected_time_that_is_no_time_says_where_one_is():
    with pytest.raises(InvalidInput, match="secret.updated_at"):
        wanted(expected_updated_at="yesterday")


@pytest.mark.parametrize(
    ("options", "fingerprinted"),
    [({}, True), ({"value_version": 0}, False), ({"update_secret": "on_create"}, False)],
)
def test_when_a_fingerprint_is_kept(options, fingerprinted):
    assert wanted(**options).fingerprinted == fingerprinted


# Fingerprint keys


@pytest.mark.parametrize(
    "keys",
    [
        FingerprintKeys("k" * 31),
        FingerprintKeys(KEY, [OTHER_KEY, "k" * 31]),
        FingerprintKeys("kpat_test", ["k" * 31], from_token=True),
    ],
)
def test_a_short_fingerprint_key_is_refused(keys):
    with pytest.raises(InvalidInput, match="at least 32 characters"):
        keys.check(wanted())


@pytest.mark.parametrize(
    "keys", [FingerprintKeys("k" * 32), FingerprintKeys(KEY, ["k" * 32]), FingerprintKeys("short", from_token=True)]
)
def test_fingerprint_keys_that_are_long_enough(keys):
    keys.check(wanted())


@pytest.mark.parametrize("key", [KEY + "\n", " " + KEY])
def test_a_fingerprint_key_with_white_space_around_it_is_refused(key):
    with pytest.raises(InvalidInput, match="white space, often a line end from the file.*ansible.builtin.trim"):
        FingerprintKeys(key).check(wanted())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_a_value_with_a_line_end_is_refused(end):
    with pytest.raises(InvalidInput, match="ends with a line end.*ansible.builtin.trim"):
        wanted(f"Bearer fake-key{end}")


@pytest.mark.parametrize("value", ["one line\nand another", "-----BEGIN X-----\nAA\n-----END X-----\n"])
def test_lines_within_a_value_and_the_end_of_a_pem_are_kept(value):
    assert wanted(value).value == value


@pytest.mark.parametrize("options", [{"update_secret": "always"}, {"value_version": 1}])
def test_keys_that_are_not_used_are_not_checked(options):
    FingerprintKeys("short", ["short"]).check(wanted("tiny", **options))


@pytest.mark.parametrize("value", ["v" * 7, "é" * 3 + "v"])
def test_a_value_that_could_be_guessed_is_not_fingerprinted_under_the_token(value):
    with pytest.raises(InvalidInput, match="Set fingerprint_key") as caught:
        FingerprintKeys("kpat_test", from_token=True).check(wanted(value))
    assert caught.value.code == "short_value"


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ("v" * 8, FingerprintKeys("kpat_test", from_token=True)),
        ("é" * 4, FingerprintKeys("kpat_test", from_token=True)),
        ("v", FingerprintKeys(KEY)),
    ],
)
def test_a_value_that_may_be_fingerprinted(value, keys):
    keys.check(wanted(value))


@pytest.mark.parametrize(
    ("fingerprint_key", "previous", "keys"),
    [
        (KEY, None, FingerprintKeys(KEY)),
        (KEY, [OTHER_KEY], FingerprintKeys(KEY, [OTHER_KEY])),
        (None, None, FingerprintKeys("kpat_test", from_token=True)),
        ("", [KEY], FingerprintKeys("kpat_test", [KEY], from_token=True)),
    ],
)
def test_the_token_stands_in_for_a_fingerprint_key(fingerprint_key, previous, keys):
    options = {
        "fingerprint_key": fingerprint_key,
        "previous_fingerprint_keys": previous,
        "konnect_token": "kpat_test",
    }
    assert FingerprintKeys.from_options(options) == keys


def test_the_records_of_a_value_under_each_key():
    current, previous = FingerprintKeys(KEY, [OTHER_KEY]).record_makers(STORE, wanted())
    assert current(TIME_MS) == derive(KEY, STORE).record(STORE, "my-key", TIME_MS, VALUE)
    assert [record(TIME_MS) for record in previous] == [
        derive(OTHER_KEY, STORE).record(STORE, "my-key", TIME_MS, VALUE)
    ]


def test_the_record_of_a_version_is_under_no_key():
    current, previous = FingerprintKeys(KEY, [OTHER_KEY]).record_makers(STORE, wanted(value_version=0))
    assert current(TIME_MS) == version_record("my-key", TIME_MS, 0)
    assert previous == []


# What may be shown


@pytest.mark.parametrize(("now", "seconds"), [(0.0, 0), (0.999, 0), (1.0, 1), (90.5, 90), (-5.0, 0)])
def test_an_age_is_in_whole_seconds_and_not_negative(now, seconds):
    assert age({"updated_at": TIME}, TIME_MS / 1000 + now) == seconds


def test_metadata_leaves_out_the_value_and_what_is_null():
    entry = {"key": "my-key", "value": VALUE, "created_at": None, "updated_at": TIME, "more": 1}
    assert metadata(entry) == {"key": "my-key", "updated_at": TIME}


def test_metadata_has_both_times():
    entry = {"key": "my-key", "created_at": TIME, "updated_at": TIME}
    assert metadata(entry) == entry


RANDOM = "fAk3T0k3nX9zQ2pL7mN4vB8c"


@pytest.mark.parametrize("key", [RANDOM, f"Bearer {RANDOM}"])
@pytest.mark.parametrize("value", ["mistral-key", "fake value"])
def test_a_value_in_place_of_a_key_is_not_cited(key, value):
    with pytest.raises(InvalidInput) as error:
        Wanted(key if value == "mistral-key" else f"Bearer {RANDOM}", value)
    assert RANDOM not in error.value.message


def test_a_version_that_is_the_value_is_refused():
    with pytest.raises(InvalidInput, match="value_version of secret my-key is the value itself") as error:
        Wanted("my-key", "12345678", value_version=12345678)
    assert "12345678" not in error.value.message
