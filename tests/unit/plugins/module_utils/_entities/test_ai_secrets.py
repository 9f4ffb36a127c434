# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.ai_secrets import (
    ENTRY,
    UNVERIFIED,
    provider_received,
    provider_sent,
    reference_entry,
)

REFERENCE = "{vault://my-vault/my-key}"


def provider(value=None, entry="reference.my-vault.my-key"):
    header = {"name": "Authorization"} if value is None else {"name": "Authorization", "value": value}
    return {"config": {"auth": {"type": "basic", "headers": [header]}}, "managed_by": {ENTRY: entry}}


def value_of(entity):
    return entity["config"]["auth"]["headers"][0].get("value")


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        (REFERENCE, "reference.my-vault.my-key"),
        ("{vault://my-vault/my.key_1}", "reference.my-vault.my.key_1"),
        ("{vault://my-vault/my-key/field}", None),
        ("{vault://my-vault/my-key-}", None),
        ("{vault://my-vault/" + "k" * 44 + "}", "reference.my-vault." + "k" * 44),
        ("{vault://my-vault/" + "k" * 45 + "}", None),
        ("Bearer key", None),
    ],
)
def test_a_reference_fits_into_an_entry_or_not(reference, entry):
    assert reference_entry(reference) == entry


def test_a_reference_that_konnect_hides_is_taken_from_the_entry_and_marked():
    received = provider_received(provider())
    assert (value_of(received), received[UNVERIFIED]) == (REFERENCE, True)


@pytest.mark.parametrize("entity", [provider("{vault://other/key}"), provider(entry="12345678.abc"), {"id": "1"}])
def test_nothing_else_is_filled_in(entity):
    assert provider_received(entity) == entity


def test_the_entry_is_that_of_the_reference_that_is_sent():
    sent = provider_sent({**provider("{vault://my-vault/new}"), UNVERIFIED: True})
    assert sent == provider("{vault://my-vault/new}", "reference.my-vault.new")
