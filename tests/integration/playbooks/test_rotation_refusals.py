# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rotations that do not begin: nothing is written, and the role says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from support.emulator import API_KEY
from support.rotation import (
    BAD_KEY,
    NEW_KEY,
    Rotation,
    allowed_to_fail,
    ready_to_rotate,
    rotate,
    rotate_in,
    secret_path,
    stored,
    use_role,
)

FOREIGN_VALUE = "fake-value-of-another-client"
DANGLING = "{vault://mysecretvault/no-such-key}"
NEW = {"rotate_secret_value": f"Bearer {NEW_KEY}"}
OPTIONAL = [
    f"rotate_secret_{name}"
    for name in (
        *("old_value", "strategy", "allow_no_rollback", "references", "take_over", "max_age_days", "value_version"),
        *("fingerprint_key", "previous_fingerprint_keys", "proxy_url", "probes", "probe_successes", "probe_duration"),
        *("probe_deadline", "sync_timeout", "hash_change_timeout", "minimum_nodes", "ignore_lost", "konnect_token"),
        *("konnect_region", "konnect_url", "validate_certs", "ca_path", "request_timeout", "request_retries"),
        "request_deadline",
    )
]
# The variables of each case, its outcome (empty where the module fails before it decides), and words of its message.
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "in place without the old value": (
        {"rotate_secret_strategy": "in_place"},
        "refused",
        "Give old_value, or set allow_no_rollback. Nothing was written.",
    ),
    "in place with a wrong old value": (
        {"rotate_secret_strategy": "in_place", "rotate_secret_old_value": f"Bearer {BAD_KEY}"},
        "refused",
        "old_value is not known to be what mistral-key holds: its fingerprint does not match.",
    ),
    "a KEY-next of another client": (
        {"rotate_secret_key": "unused-key"},
        "refused",
        "A secret unused-key-next exists that no rotation made.",
    ),
    "a KEY-next of another client, blue_green": (
        {"rotate_secret_key": "unused-key", "rotate_secret_strategy": "blue_green"},
        "refused",
        "A secret unused-key-next exists that no rotation made.",
    ),
    "an old live reference to a key that is gone": (
        {"rotate_secret_key": "no-such-key", "rotate_secret_max_age_days": 30},
        "refused",
        "There is no secret no-such-key.",
    ),
    "a key to which nothing refers": (
        {"rotate_secret_key": "unused-key-next"},
        "refused",
        "Nothing that the gateway resolves refers to unused-key-next",
    ),
    "a commit that nothing was prepared for": ({"rotate_secret_phases": ["commit"]}, "refused", "Due is prepare."),
    "empty variables": (
        {**dict.fromkeys(OPTIONAL, ""), "rotate_secret_phases": "commit, rollback"},
        "refused",
        "Due is prepare.",
    ),
    "null variables": (
        {**dict.fromkeys(OPTIONAL), "rotate_secret_phases": '["commit"]'},
        "refused",
        "Due is prepare.",
    ),
    "a probe that reaches another route": (
        {"rotate_secret_probes": [{"url": "http://127.0.0.1:9/", "route": "bare-route"}]},
        "refused",
        "no probe leads to a plugin of a route, a service or the control plane that uses it",
    ),
}


@dataclass
class Refused:
    """What came of all cases, in one play."""

    rotation: Rotation
    writes: list[str]
    stored: dict[str, str]


@pytest.fixture(scope="module")
def refused() -> Refused:
    with ready_to_rotate() as konnect:
        for key in ("unused-key", "unused-key-next"):
            konnect.call("PUT", secret_path(konnect, key), {"value": FOREIGN_VALUE})
        log = {"name": "http-log", "config": {"http_endpoint": DANGLING}, "enabled": True}
        konnect.call("POST", "core-entities/plugins", log)
        konnect.call("POST", "core-entities/routes", {"name": "bare-route", "paths": ["/bare"]})
        konnect.requests()
        tasks = [allowed_to_fail(use_role(**{**NEW, **variables})) for variables, _outcome, _words in CASES.values()]
        rotation = rotate_in(konnect, *tasks)
        return Refused(rotation, konnect.writes(), stored(konnect))


# One worker runs the play for all of these tests.
one_play = pytest.mark.xdist_group("refused-rotations")


@pytest.mark.exhaustive
@one_play
@pytest.mark.parametrize("name", CASES)
def test_a_refusal_says_why(refused, name):
    number = list(CASES).index(name)
    result = refused.rotation.results[number]
    _variables, outcome, words = CASES[name]
    assert (result["outcome"], words in result["message"]) == (outcome, True), result["message"]


@pytest.mark.exhaustive
@one_play
def test_every_case_fails(refused):
    assert refused.rotation.run.recap["rescued"] == 2 * len(CASES)  # by the role, and by the play


@pytest.mark.exhaustive
@one_play
def test_refusals_write_nothing(refused):
    assert refused.writes == []


@pytest.mark.exhaustive
@one_play
def test_what_another_client_stored_is_kept(refused):
    kept = {"unused-key": FOREIGN_VALUE, "unused-key-next": FOREIGN_VALUE}
    assert refused.stored == {"mistral-key": API_KEY, **kept}


@pytest.mark.exhaustive
def test_mistakes_in_variables_are_said_before_any_request_and_roll_nothing_back():
    with ready_to_rotate() as konnect:
        wrong = {"rotate_secret_take_over": "ja", "rotate_secret_probes": "no-json", "rotate_secret_value": ""}
        rotations = [use_role(**{**NEW, name: value}) for name, value in wrong.items()]
        done = rotate_in(konnect, *map(allowed_to_fail, rotations))
        said = " ".join(done.run.output.split())
        assert "rotate_secret_take_over must be true or false." in said
        assert "rotate_secret_probes must be a list of mappings" in said
        assert "Set rotate_secret_value to the new value, which the phase prepare needs." in said
        assert (done.results, konnect.requests()) == ([], [])


@pytest.mark.exhaustive
def test_rotate_yml_in_place_needs_the_old_key():
    with ready_to_rotate() as konnect:
        done = rotate(konnect, BAD_KEY, rotate_secret_strategy="in_place")
        assert (done.failed, done.outcome) == (True, "refused")
        assert konnect.writes() == []


@pytest.mark.exhaustive
def test_rotate_yml_needs_the_new_key():
    with ready_to_rotate() as konnect:
        done = rotate(konnect, "")
        assert "Set MISTRAL_API_KEY" in " ".join(done.run.output.split())
        assert konnect.requests() == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("status", [429, 402, 500])
def test_nothing_begins_while_the_provider_cannot_tell_whether_a_key_works(status):
    with ready_to_rotate() as konnect:
        konnect.set_answers({API_KEY: status})
        done = rotate(konnect)
        assert (done.failed, done.outcome) == (True, "probe_inconclusive")
        assert f"got {status} from the provider" in done.message
        assert konnect.writes() == []


@pytest.mark.exhaustive
def test_blue_green_leaves_alone_what_another_client_made():
    with ready_to_rotate() as konnect:
        log = {"name": "http-log", "config": {"http_endpoint": "{vault://mysecretvault/mistral-key}"}}
        konnect.call("POST", "core-entities/plugins", log)
        konnect.writes()
        done = rotate(konnect, rotate_secret_strategy="blue_green")
        assert (done.failed, done.outcome) == (True, "refused")
        assert "http-log" in done.message and "Set references to all" in done.message
        assert konnect.writes() == []
