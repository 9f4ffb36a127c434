# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, PartialFailure
from ansible_collections.community.konnect.plugins.module_utils._secrets.batch import SecretBatch, check_batch
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore

OPTIONS = {
    "update_secret": "on_change",
    "fingerprint_key": "fake-fingerprint-key-a" * 2,
    "previous_fingerprint_keys": None,
    "konnect_token": "kpat_test",
    "purge": False,
    "allow_empty": False,
    "parallel": 1,
}
EMPTY = (200, {"data": [], "meta": {"page": {"next": None}}})
WRITTEN = (200, {"updated_at": "2026-11-23T10:00:00.000Z"})


def options(values, **more):
    rows = [{"key": key, "value": value, "value_version": None} for key, value in values.items()]
    return {**OPTIONS, "secrets": rows, **more}


def run(plane, values, **more):
    wanted, keys = check_batch(options(values))
    batch = SecretBatch(SecretStore(plane(retries=0), Resolved({"id": "store"})))
    return batch.run(wanted, keys, **{"purge": False, "on_in_use": "fail", "parallel": 1, **more})


def test_every_bad_item_is_named():
    values = {f"key {number}": "fake" for number in range(30)}
    with pytest.raises(InvalidInput) as caught:
        check_batch(options(values))
    assert all(f"key {number}" in caught.value.message for number in range(30))
    assert "30 of 30" in caught.value.message


def test_an_empty_list_empties_a_store_only_when_that_is_meant():
    with pytest.raises(InvalidInput):
        check_batch(options({}, purge=True))
    check_batch(options({}, purge=True, allow_empty=True))
    check_batch(options({}))


@pytest.mark.parametrize("parallel", [0, 17])
def test_parallel_has_bounds(parallel):
    with pytest.raises(InvalidInput):
        check_batch(options({}, parallel=parallel))


def test_progress_is_told_for_each_tenth(server, plane):
    server.script = [EMPTY, *[WRITTEN] * 50]
    result = run(plane, {f"key-{number:02}": "fake" for number in range(25)})
    assert [row["done"] for row in result["progress"]] == [3, 5, 8, 10, 13, 15, 18, 20, 23, 25]
    assert result["requests"] == 51


def test_one_bad_secret_keeps_its_own_code_when_there_is_no_other(server, plane):
    server.script = [EMPTY, (400, {"title": "Bad Request"})]
    with pytest.raises(PartialFailure) as caught:
        run(plane, {"key-1": "fake"})
    assert caught.value.code == "invalid"
    assert caught.value.to_fail_json()["failure"]["status"] == 400


def test_among_others_it_does_not(server, plane):
    server.script = [EMPTY, (400, {"title": "Bad Request"}), WRITTEN, WRITTEN]
    with pytest.raises(PartialFailure) as caught:
        run(plane, {"key-1": "fake", "key-2": "fake"})
    told = caught.value.to_fail_json()
    assert told["failure"]["code"] == "some_failed"
    assert (told["created"], list(told["failures"]), told["changed"]) == (["key-2"], ["key-1"], True)


@pytest.mark.parametrize(("status", "code"), [(401, "unauthorized"), (403, "forbidden"), (302, "redirect")])
def test_what_ails_every_request_stops_the_others(server, plane, status, code):
    server.script = [EMPTY, *[WRITTEN] * 2, *[(status, {})] * 2]
    with pytest.raises(PartialFailure) as caught:
        run(plane, {f"key-{number}": "fake" for number in range(5)})
    assert caught.value.code == code
    assert "1 of 5 secrets were done" in caught.value.message
    # One more may have gone out before the word was round; with a token that is refused none does.
    assert len(server.requests) <= (4 if status == 401 else 5)


def test_each_secret_that_is_done_gives_more_time(server, plane):
    slow = (*WRITTEN, {"RateLimit-Remaining": "0", "RateLimit-Reset": "60"})
    server.script = [EMPTY, *[slow] * 20]
    result = run(plane, {f"key-{number}": "fake" for number in range(10)})
    assert len(result["created"]) == 10
    assert result["elapsed"] > 1000
