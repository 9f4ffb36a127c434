# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One secret in a store of several pages: the whole store is read only where the secret is not in sync."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import Wanted
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.secret_entries import (
    KEYS,
    LATER,
    LATER_MS,
    OTHER_VALUE,
    SECRETS_PATH,
    STORE,
    VALUE,
    listed,
    record,
    secret,
    written,
)

KEY, RECORD, CLAIM = "my-key", record("my-key"), "my-key.rotation"
FIRST = (200, {"data": [secret("a")], "meta": {"page": {"next": "b"}}})
MISSING = (404, {})
DONE = (204, b"")


@pytest.fixture
def store(plane):
    """Make the store of the scripted server."""

    def make(**options):
        return SecretStore(plane(**options), Resolved({"id": STORE}))

    return make


def asked(server):
    """The requests: of pages the cursor, of entries the key."""
    rows = [line.partition(" ")[2].removeprefix(SECRETS_PATH) for line in server.sent()]
    return [row.partition("after%5D=")[2] if row.startswith("?") else row.lstrip("/") for row in rows]


def found(key, updated_at=None):
    return 200, secret(key, updated_at) if updated_at else secret(key)


def test_a_secret_in_sync_costs_the_first_page_itself_and_its_record(server, store):
    server.script = [FIRST, found(KEY), found(RECORD.entry)]
    outcome = store().ensure(Wanted(KEY, VALUE), KEYS)
    assert (outcome.changed, outcome.secret) == (False, secret(KEY))
    assert asked(server) == ["", KEY, RECORD.entry]


def test_a_version_number_is_looked_for_like_a_fingerprint(server, store):
    server.script = [FIRST, found(KEY), found("any")]
    assert not store().ensure(Wanted(KEY, VALUE, value_version=3), KEYS).changed
    assert asked(server)[2].endswith(f"{3:032x}")


def test_another_value_is_written_after_the_whole_store_was_read(server, store):
    rest = listed(secret(KEY), RECORD)
    new = record(KEY, OTHER_VALUE, LATER_MS)
    server.script = [FIRST, found(KEY), MISSING, rest, written(), written(), DONE]
    outcome = store().ensure(Wanted(KEY, OTHER_VALUE), KEYS)
    assert outcome.reason == "value_changed"
    assert asked(server) == ["", KEY, record(KEY, OTHER_VALUE).entry, "b", KEY, new.entry, RECORD.entry]


def test_a_secret_that_another_client_wrote_has_no_record_of_that_time(server, store):
    server.script = [FIRST, found(KEY, LATER), MISSING, listed(secret(KEY, LATER), RECORD), written(), written(), DONE]
    assert store().ensure(Wanted(KEY, VALUE), KEYS).reason == "changed_outside"


def test_a_new_secret_is_written_after_the_whole_store_was_read(server, store):
    server.script = [FIRST, MISSING, listed(RECORD), written(), written(), DONE]
    assert store().ensure(Wanted(KEY, VALUE), KEYS).reason == "created"
    assert asked(server)[-1] == RECORD.entry


def test_a_secret_that_was_written_at_another_time_than_expected_is_refused(server, store):
    server.script = [FIRST, found(KEY), found(RECORD.entry)]
    with pytest.raises(KonnectError) as caught:
        store().ensure(Wanted(KEY, VALUE, expected_updated_at=LATER), KEYS)
    assert caught.value.code == "concurrent_change"


@pytest.mark.parametrize("claimed", [False, True])
def test_where_a_pending_rotation_matters_its_claim_is_looked_for(server, store, claimed):
    in_sync = [MISSING, found(RECORD.entry)]
    rest = [found(CLAIM), listed(secret(KEY), RECORD, secret(CLAIM))]
    server.script = [FIRST, found(KEY), *(rest if claimed else in_sync)]
    outcome = store().ensure(Wanted(KEY, VALUE), KEYS, "keep")
    assert (outcome.changed, outcome.kept is not None) == (False, claimed)
    assert asked(server)[2] == CLAIM


def test_in_check_mode_an_earlier_prediction_counts(server, store, tmp_path):
    task = Task(check_mode=True, predictions=Predictions(str(tmp_path / "facts.jsonl")))
    first = store(context=task)
    server.script = [FIRST, found(KEY), MISSING, listed(secret(KEY), RECORD)]
    assert first.ensure(Wanted(KEY, OTHER_VALUE), KEYS).changed
    server.script = [FIRST, found(KEY), MISSING]
    assert not store(context=task).ensure(Wanted(KEY, OTHER_VALUE), KEYS).changed
