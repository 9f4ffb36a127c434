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
from support import replay, rotation_run, tutorial
from support.control_plane import ControlPlaneHarness
from support.options import ABSENT, NEW_VALUE, OLD_VALUE, REMOVE_IN_USE
from support.rotation_run import BAD, GOOD, OLD, PHASES, SUBJECT, VERY_FAST

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
    ("wait_for_sync", {"timeout": 0, "on_no_nodes": "ok"}, False),
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
# Options of each phase of the rotations, one after the other in a control plane with a data plane.
PROBED = {**SUBJECT, "proxy_url": "http://127.0.0.1:9", "probe_duration": 1, "references": "all"}
ROTATIONS = [
    *({"strategy": "trial", "phase": phase, "value": GOOD} for phase in PHASES["trial"]),
    *({"strategy": "blue_green", "phase": phase, "value": OLD} for phase in PHASES["blue_green"]),
    *({"strategy": "in_place", "phase": phase, "value": GOOD, "old_value": OLD} for phase in PHASES["in_place"]),
    *({"strategy": "in_place", "phase": phase, "value": BAD, "old_value": GOOD} for phase in ("prepare", "switch")),
    {"strategy": "in_place", "phase": "rollback", "old_value": GOOD},
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
    recorded = [replay.record(konnect, module, options, check=check) for module, options, check in STEPS]
    return [*recorded, *rotations(emulators(*rotation_run.arguments(VERY_FAST)))]


def rotations(emulator):
    """Every phase of the rotations, recorded; the first one also in check mode, and as shown by the info module."""
    konnect = ControlPlaneHarness.create(emulator)
    rotation_run.set_up(konnect)
    rotation_run.connect(konnect)
    info = {"config_store": STORE, "fingerprint_key": SUBJECT["fingerprint_key"]}
    yield replay.record(konnect, "secret_rotation", {**PROBED, **ROTATIONS[0]}, check=True)
    for number, given in enumerate(ROTATIONS):
        yield replay.record(konnect, "secret_rotation", {**PROBED, **given}, speed=VERY_FAST)
        if number == 0:
            yield replay.record(konnect, "secret_rotation_info", info)


def sample(items, part):
    """A fixed part of the items."""
    return random.Random(1).sample(items, max(1, int(len(items) * part)))


def defects(recordings, changes, part):
    """Replay with each change of a response; the outcomes that are no success and no documented code."""
    cases = [
        (recording, position, *change)
        for recording in recordings
        for position in recording.first_of_each()
        for change in changes(recording.exchanges[position].response)
    ]
    found = Counter()
    examples = {}
    for recording, position, name, response in sample(cases, part):
        outcome = recording.replay(position, response)
        if outcome not in CODES | {"success"}:
            found[outcome] += 1
            key = " ".join(recording.exchanges[position].key[:1] + recording.exchanges[position].key[-3:])
            examples.setdefault(outcome, f"{recording.module} {key}: {name}")
    return [f"{outcome} ({count} times; {examples[outcome]})" for outcome, count in found.most_common()]


def test_every_module_is_replayed(recordings):
    for recording in recordings:
        assert recording.replay() == "success", recording.module


@pytest.mark.parametrize("part", [0.001, pytest.param(0.25, marks=pytest.mark.exhaustive)])
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
@pytest.mark.parametrize("part", [0.01, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_what_a_proxy_may_send_is_no_defect(recordings, changes, part):
    assert defects(recordings, changes, part) == []
