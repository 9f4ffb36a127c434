# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals below a control plane, a config store or a service that was created a moment ago."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError

PATH = ("control-planes", "1", "core-entities", "vaults")
DATE = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
NOW = 1_795_428_000
MISSING = 400, {"details": [{"field": "service", "messages": ["service (type: foreign) does not exist"]}]}


@pytest.fixture
def below(server, connect):
    """Make a client with a parent of this age in seconds, and let the server respond with these steps."""

    def below(age, *steps):
        client = connect()
        server.script = [(200, {}, DATE), *((*step, DATE) for step in steps)]
        client.get(PATH)
        client.note_parent(created=NOW - age)
        return client

    return below


@pytest.mark.parametrize("refusal", [(403, {}), (404, {}), MISSING])
def test_below_a_new_parent_a_refusal_is_retried(below, pauses, refusal):
    assert below(10, refusal, (200, {"id": "1"})).get(PATH) == {"id": "1"}
    assert len(pauses) == 1


@pytest.mark.parametrize("refusal", [(400, {}), (409, {})])
def test_below_a_new_parent_another_refusal_counts(below, pauses, refusal):
    with pytest.raises(ApiError):
        below(10, refusal).get(PATH)
    assert pauses == []


@pytest.mark.parametrize(("age", "retries"), [(59, 3), (60, 0), (1000, 0)])
def test_a_parent_is_new_for_a_minute_and_refusals_are_retried_three_times(below, pauses, age, retries):
    with pytest.raises(ApiError) as caught:
        below(age, *[(404, {})] * 9).get(PATH)
    assert caught.value.status == 404
    assert len(pauses) == retries


def test_an_older_parent_does_not_make_a_new_one_old(below, pauses):
    client = below(10, (404, {}), (200, {}))
    client.note_parent(created=NOW - 1000)
    client.get(PATH)
    assert len(pauses) == 1


def test_without_the_time_of_the_server_no_parent_is_new(server, connect, pauses):
    client = connect()
    client.note_parent(created=NOW * 10)
    with pytest.raises(ApiError):
        client.get(PATH)
    assert pauses == []


def test_what_may_be_missing_is_not_waited_for(below, pauses):
    assert below(0, (404, {})).find(PATH) is None
    assert pauses == []
