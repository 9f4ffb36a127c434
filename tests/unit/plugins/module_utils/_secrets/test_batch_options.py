# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._secrets.batch import check_batch
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys, Wanted

OPTIONS = {
    "update_secret": "on_change",
    "fingerprint_key": "fake-fingerprint-key-a" * 2,
    "previous_fingerprint_keys": None,
    "konnect_token": "kpat_test",
    "purge": False,
    "allow_empty": False,
    "parallel": 1,
}


def options(*rows, **more):
    """Options of konnect_secrets, each row of which is a key, a value and perhaps a version."""
    secrets = [dict(zip(("key", "value", "value_version"), [*row, None], strict=False)) for row in rows]
    return {**OPTIONS, "secrets": secrets, **more}


def test_the_secrets_of_a_task():
    wanted, keys = check_batch(options(("a", "fake"), ("b", {"user": "fake"}, 7)))
    assert wanted == [Wanted("a", "fake"), Wanted("b", '{"user": "fake"}', value_version=7)]
    assert keys == FingerprintKeys("fake-fingerprint-key-a" * 2)


def test_update_secret_goes_for_each_of_them():
    wanted, _keys = check_batch(options(("a", "fake"), update_secret="always"))
    assert wanted == [Wanted("a", "fake", "always")]


def test_every_bad_item_is_named_and_the_first_ten_are_explained():
    with pytest.raises(InvalidInput, match="11 of 12 secrets cannot be written, so none was") as caught:
        check_batch(options(("good", "fake"), *[(f"key {number}", "fake") for number in range(11)]))
    message = caught.value.message
    assert all(f"key {number}: 'key {number}' cannot be" in message for number in range(10))
    assert message.endswith(" More errors: key 10.")
    assert "good" not in message


def test_ten_bad_items_are_all_explained():
    with pytest.raises(InvalidInput) as caught:
        check_batch(options(*[(f"key {number}", "fake") for number in range(10)]))
    assert "More errors" not in caught.value.message


def test_bad_values_are_found_as_bad_keys_are():
    with pytest.raises(
        InvalidInput, match="a: The value of a secret must be a text.* b: The value of secret b is empty"
    ):
        check_batch(options(("a", True), ("b", "")))


def test_a_key_that_occurs_twice():
    with pytest.raises(InvalidInput, match="1 of 2 secrets cannot be written.*a: The key occurs 2 times"):
        check_batch(options(("a", "fake"), ("b", "fake"), ("a", "other")))


def test_errors_of_one_kind_keep_their_code():
    with pytest.raises(InvalidInput) as caught:
        check_batch(options(("a", "tiny"), ("b", "tiny"), fingerprint_key=None))
    assert caught.value.code == "short_value"


@pytest.mark.parametrize("other", [("b", ""), ("b", "fake-value-of-a-good-length")])
def test_errors_of_several_kinds_or_of_some_secrets_are_invalid_input(other):
    with pytest.raises(InvalidInput) as caught:
        check_batch(options(("a", "tiny"), other, fingerprint_key=None))
    assert caught.value.code == "invalid_input"


def test_an_empty_list_does_not_empty_a_store():
    with pytest.raises(InvalidInput, match="set allow_empty"):
        check_batch(options(purge=True))


@pytest.mark.parametrize(
    ("rows", "more"),
    [([], {"purge": True, "allow_empty": True}), ([], {}), ([("a", "fake")], {"purge": True})],
)
def test_a_store_may_be_purged(rows, more):
    wanted, _keys = check_batch(options(*rows, **more))
    assert len(wanted) == len(rows)


@pytest.mark.parametrize("parallel", [0, 33])
def test_parallel_out_of_bounds(parallel):
    with pytest.raises(InvalidInput, match="from 1 to 32"):
        check_batch(options(parallel=parallel))


@pytest.mark.parametrize("parallel", [1, 32])
def test_parallel_at_its_bounds(parallel):
    check_batch(options(parallel=parallel))
