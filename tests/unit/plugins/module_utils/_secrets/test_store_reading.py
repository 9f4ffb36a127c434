# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._predictions import stand_in_id
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Claim, Stage, StageEntry
from ansible_collections.community.konnect.plugins.module_utils._secrets.plan import Listing
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys, Wanted
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.tests.unit.secret_entries import (
    KEYS,
    OTHER_VALUE,
    STORE,
    VALUE,
    WRITTEN_MS,
    listed,
    record,
    secret,
)

OLD_KEYS = FingerprintKeys("fake-fingerprint-key-b" * 2)


@pytest.fixture
def store(plane):
    """Make the store of the scripted server."""

    def make(*, store_id=STORE, **options):
        return SecretStore(plane(**options), Resolved({"id": store_id}))

    return make


# Reading


def test_a_listing_keeps_secrets_and_records_apart(server, store):
    server.script = [listed(secret("a"), record("a"), secret("b"), record("a", time=1), record("gone"))]
    assert store().read() == Listing(
        {"a": secret("a"), "b": secret("b")}, {"a": [record("a"), record("a", time=1)], "gone": [record("gone")]}
    )


def test_a_listing_holds_no_values(server, store):
    server.script = [listed({**secret("a"), "value": VALUE})]
    assert VALUE not in str(store().read())


def test_a_store_that_is_only_predicted_is_empty(server, store):
    predicted = store(store_id=stand_in_id(("config-stores",), "my-store"), check_mode=True)
    assert predicted.read() == Listing()
    assert predicted.ensure(Wanted("a", VALUE, "on_create"), KEYS).reason == "created"
    assert server.requests == []


@pytest.mark.parametrize(
    ("records", "fingerprinted"),
    [
        ([], False),
        ([record("a")], True),
        ([record("a", time=1)], False),
        ([record("a"), record("a", OTHER_VALUE)], False),
    ],
)
def test_a_secret_is_described_with_its_age_and_whether_it_has_a_record(server, store, records, fingerprinted):
    server.script = [(*listed(secret("a"), *records), {"Date": "Mon, 23 Nov 2026 10:01:30 GMT"})]
    made = store()
    assert made.describe(made.read()) == {"a": {**secret("a"), "age": 90, "fingerprinted": fingerprinted}}


def test_the_state_of_a_rotation_is_no_secret(server, store):
    state = StageEntry("a", Stage.PREPARED, "89abcdef", WRITTEN_MS, "0" * 32)
    entries = [secret("a"), secret("a.rotation"), secret(state.entry), secret("a-next")]
    server.script = [listed(*entries)]
    listing = store().read()
    assert listing.secrets.keys() == {"a", "a-next"}
    assert listing.rotations == {"a": [(Claim("a"), entries[1]), (state, entries[2])]}


def test_a_secret_that_is_only_named_like_a_claim_is_one(server, store):
    server.script = [listed(secret("a.rotation"))]
    assert store().read() == Listing({"a.rotation": secret("a.rotation")})


# Warnings about fingerprint keys


def plan(store, keys, *names):
    listing = Listing({name: secret(name) for name in names}, {name: [record(name, keys=OLD_KEYS)] for name in names})
    return store.plan([Wanted(name, VALUE) for name in names], keys, listing)


def test_a_warning_names_the_secrets_under_another_fingerprint_key(store):
    made = store()
    plans = plan(made, KEYS, "b", "a")
    assert [planned.reason for planned in plans] == ["fingerprint_key_changed"] * 2
    assert made.control_plane.task.warnings == [
        "Secrets a, b were recorded under another fingerprint key. To rotate a fingerprint key without rewriting "
        "secrets, list the old one in previous_fingerprint_keys."
    ]


def test_a_warning_says_when_the_token_was_the_key(store):
    made = store()
    plan(made, FingerprintKeys("kpat_test", from_token=True), "a")
    (warning,) = made.control_plane.task.warnings
    assert warning.startswith("Secret a was recorded under another fingerprint key (the access token served as one).")


@pytest.mark.parametrize(("count", "more"), [(20, ""), (21, " and 1 more"), (30, " and 10 more")])
def test_a_warning_names_no_more_than_twenty_secrets(store, count, more):
    made = store()
    names = [f"key-{number:02}" for number in range(count)]
    plan(made, KEYS, *names)
    (warning,) = made.control_plane.task.warnings
    assert f"Secrets {', '.join(names[:20])}{more} were recorded" in warning


def test_secrets_under_the_right_key_cause_no_warning(store):
    made = store()
    made.plan([Wanted("a", OTHER_VALUE)], KEYS, Listing({"a": secret("a")}, {"a": [record("a")]}))
    assert made.control_plane.task.warnings == []
