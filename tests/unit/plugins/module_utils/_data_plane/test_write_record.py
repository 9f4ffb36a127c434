# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.write_record import WriteRecord
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID

HASH_PATH = f"GET /v2/control-planes/{PLANE_ID}/expected-config-hash"
DATE = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}


def run(plane, *methods):
    control_plane = plane()
    record = WriteRecord()
    record.follow(control_plane)
    for method in methods:
        control_plane.client.request(method, control_plane.path("things"), body={})
    return record.result()


def test_a_task_that_writes_nothing_has_no_record(server, plane):
    server.script = [(200, {})]
    assert run(plane, "GET") == {}
    assert HASH_PATH not in server.sent()


def test_a_record_has_the_hash_from_before_the_first_write_and_the_time_of_the_last(server, plane):
    server.script = [(200, {"expected_hash": "old"}, DATE), (201, {}, DATE), (201, {}, DATE)]
    assert run(plane, "POST", "PUT") == {"written_at": "2026-11-23T10:00:00Z", "expected_hashes": ["old"]}
    assert [line == HASH_PATH for line in server.sent()] == [True, False, False]


@pytest.mark.parametrize("response", [(404, {}, DATE), (403, {}, DATE), (200, {}, DATE), (200, b"no JSON", DATE)])
def test_without_a_hash_the_record_has_none_and_the_task_goes_on(server, plane, response):
    server.routes = {HASH_PATH: response, f"POST /v2/control-planes/{PLANE_ID}/things": (201, {}, DATE)}
    assert run(plane, "POST") == {"written_at": "2026-11-23T10:00:00Z", "expected_hashes": []}


def test_a_task_without_a_control_plane_has_no_record():
    assert WriteRecord().result() == {}
