# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses that Konnect's API does not describe, in every module: success or a clear error, never a defect."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.session import Response
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode
from support import replay, tutorial
from support.control_plane import ControlPlaneHarness
from support.options import ABSENT, NEW_VALUE, OLD_VALUE, REMOVE_IN_USE

STORE = "my-config-store"
KEY = {"config_store": STORE, "key": "mistral-key"}
SECRETS = [
    {"key": "mistral-key", "value": OLD_VALUE, "value_version": None},
    {"key": "other-key", "value": NEW_VALUE, "value_version": None},
]
# The module, its options, and whether it is run in check mode; one after the other in one control plane.
STEPS = [
    *((module, options, True) for module, options in tutorial.TUTORIAL[:1]),
    *((module, options, False) for module, options in tutorial.TUTORIAL),
    *((module, options, False) for module, options in tutorial.TUTORIAL),
    ("vault", {**tutorial.VAULT[1], "description": "another"}, False),
    ("service", {**tutorial.SERVICE[1], "retries": 3}, False),
    ("route", {**tutorial.ROUTE[1], "methods": ["POST"]}, False),
    ("plugin", {"name": "ai-proxy", "route": "example-route", "tags": ["a"]}, True),
    ("plugin", {"name": "ai-proxy", "route": "example-route", "tags": ["a"]}, False),
    ("secret", {**KEY, "value": NEW_VALUE}, False),
    ("secrets", {"config_store": STORE, "secrets": SECRETS, "parallel": 1}, False),
    ("reference", {**KEY, "new_key": "other-key"}, False),
    ("reference", {"config_store": STORE, "key": "other-key", "new_key": "mistral-key"}, False),
    *((f"{name}_info", {}, False) for name in ("control_plane", "config_store", "vault", "service", "route", "plugin")),
    ("secret_info", {"config_store": STORE}, False),
    ("reference_info", {}, False),
    ("wait_for_sync", {"timeout": 0, "on_no_nodes": "ignore"}, False),
    ("secret_rotation", {**KEY, "value": OLD_VALUE, "strategy": "blue_green", "phase": "prepare"}, False),
    ("secret_rotation_info", {"config_store": STORE}, False),
    ("secret_rotation", {**KEY, "phase": "rollback", "sync_timeout": 0}, False),
    ("config_store", {"name": STORE, **ABSENT, "on_in_use": "keep"}, False),
    ("secrets", {"config_store": STORE, "secrets": SECRETS[:1], "parallel": 1, "purge": True}, False),
    ("service", {"name": "example-service", **ABSENT, **REMOVE_IN_USE}, False),
    ("vault", {"prefix": "mysecretvault", **ABSENT}, False),
    ("secret", {**KEY, **ABSENT}, False),
    ("config_store", {"name": STORE, **ABSENT}, False),
    ("control_plane", {"name": "another", "labels": {"env": "test"}}, False),
    ("control_plane", {"name": "another", "description": "changed"}, False),
    ("control_plane", {"name": "another", **ABSENT}, False),
]
BODIES = {
    "nothing": b"",
    "html": b"<html><body>Welcome</body></html>",
    "invalid_utf8": b'{"id": "\xff"}',
    "half_a_character": b'{"id": "\\ud800"}',
    "nested_deep": b"[" * 200_000 + b"]" * 200_000,
    "objects_nested_deep": b'{"data":' * 200_000 + b"1" + b"}" * 200_000,
    "not_finite": b'{"id": NaN}',
    "huge_number": b'{"data": [], "created_at": ' + b"9" * 100_000 + b"}",
    "infinite": b'{"created_at": 1e999}',
}
HEADERS = {
    "retry_after": {"Retry-After": "soon"},
    "rate_limit": {"RateLimit-Limit": "many", "RateLimit-Remaining": "-1", "RateLimit-Reset": "9" * 5000},
    "date": {"Date": "Mon, 99 Nov 2026 25:61:00 GMT"},
    "early_date": {"Date": "Mon, 01 Jan 0001 00:00:00 -0000"},
}
STATUSES = (101, 103, 205, 299, 404, 409, 418, 429, 500, 599, 999)
CODES = {code.value for code in ErrorCode} - {"internal_error", "check_mode"}


@pytest.fixture(scope="module")
def recordings(emulators):
    """Every step, recorded."""
    konnect = ControlPlaneHarness.create(emulators())
    return [replay.record(konnect, module, options, check=check) for module, options, check in STEPS]


def sample(items, part):
    """A fixed part of the items."""
    return random.Random(1).sample(items, max(1, int(len(items) * part)))


def defects(recordings, changes, part):
    """Replay with each change of a response; the outcomes that are no success and no documented code."""
    cases = [
        (recording, position, *change)
        for recording in recordings
        for position, exchange in enumerate(recording.exchanges)
        for change in changes(exchange.response)
    ]
    found = Counter()
    examples = {}
    for recording, position, name, response in sample(cases, part):
        outcome = replay.outcome(lambda: recording.replay(position, response))  # noqa: B023
        if outcome not in CODES | {"success"}:
            found[outcome] += 1
            key = " ".join(recording.exchanges[position].key[:1] + recording.exchanges[position].key[-3:])
            examples.setdefault(outcome, f"{recording.module} {key}: {name}")
    return [f"{outcome} ({count} times; {examples[outcome]})" for outcome, count in found.most_common()]


def test_every_module_is_replayed(recordings):
    for recording in recordings:
        assert replay.outcome(recording.replay) == "success", recording.module


@pytest.mark.parametrize("part", [0.01, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_data_of_other_types_or_missing_is_no_defect(recordings, part):
    assert defects(recordings, replay.changed_bodies, part) == []


def other_bodies(response):
    for name, content in BODIES.items():
        yield name, Response(response.status, response.headers, content)


def other_headers(response):
    for status in (response.status, 429, 503):
        for name, headers in HEADERS.items():
            yield f"{status} {name}", Response(status, {**response.headers, **headers}, response.content)


def other_statuses(response):
    for status in STATUSES:
        yield str(status), Response(status, response.headers, response.content)
        yield f"{status} html", Response(status, response.headers, BODIES["html"])


@pytest.mark.parametrize("changes", [other_bodies, other_headers, other_statuses])
@pytest.mark.parametrize("part", [0.1, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_what_a_proxy_may_send_is_no_defect(recordings, changes, part):
    assert defects(recordings, changes, part) == []
