# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode over a play says of each task what the run then does, with whatever the tasks before it do."""

from __future__ import annotations

import pathlib
import re
from dataclasses import dataclass
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness
from support.engine import KonnectError, Predictions, Task
from support.entity_cases import CERT, KEY, OTHER_CERT
from support.options import ABSENT, NEW_VALUE, OLD_VALUE, REFERENCE, REMOVE_IN_USE, SECRET, STORE, VAULT

Tasks = list[tuple[str, dict[str, Any]]]

SERVICE = ("service", {"name": "my-service", "host": "api.example.com", "tags": ["b", "a"]})
ROUTE = ("route", {"name": "my-route", "service": "my-service", "paths": ["/a"]})
LITERAL = "https://user:fake-log-password@logs.example.com/x"
PLUGIN = {"name": "http-log", "route": "my-route"}
PROBE = {
    "url": "http://127.0.0.1:9/anything",
    "method": "GET",
    "bad_status": [401],
    "timeout": 5,
    **dict.fromkeys(("headers", "body", "route", "good_status", "ca_path"), None),
    "validate_certs": True,
}
LOG = ("plugin", {**PLUGIN, "config": {"http_endpoint": REFERENCE}})
STORED: Tasks = [("config_store", STORE), ("secret", {**SECRET, "value": OLD_VALUE}), ("vault", VAULT)]
USED: Tasks = [*STORED, SERVICE, ROUTE, LOG]
OLD, NEW = ({"key": "a", "value": value, "value_version": None} for value in (OLD_VALUE, NEW_VALUE))
IDS = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|check-mode-[0-9a-f]{32}")
CONSUMER = ("consumer", {"username": "alice"})
BY_USERNAME = {"kind": "consumers", "match": {"username": "alice"}}
JWT = {"kind": "consumers/alice/jwt", "match": {"key": "issuer"}}
OTHER_PLANE = {"control_plane": "{name}-other"}

PLAYS: dict[str, tuple[Tasks, Tasks]] = {
    "everything is made, twice": ([], [*USED, *USED]),
    "everything is removed, twice": (
        USED,
        2
        * [
            ("plugin", {**PLUGIN, **ABSENT}),
            ("route", {"name": "my-route", **ABSENT}),
            ("service", {"name": "my-service", **ABSENT}),
            ("vault", {"prefix": "my-vault", **ABSENT}),
            ("secret", {**SECRET, **ABSENT}),
            ("config_store", {**STORE, **ABSENT}),
        ],
    ),
    "a reference that the play makes": (
        STORED,
        [
            SERVICE,
            ROUTE,
            LOG,
            ("secret", {**SECRET, **ABSENT}),
            ("vault", {"prefix": "my-vault", **ABSENT}),
            ("config_store", {**STORE, **ABSENT}),
            ("plugin", {**PLUGIN, **ABSENT}),
            ("secret", {**SECRET, **ABSENT}),
            ("vault", {"prefix": "my-vault", **ABSENT}),
        ],
    ),
    "a reference that the play takes away": (
        USED,
        [
            ("secret", {**SECRET, **ABSENT}),
            ("plugin", {**PLUGIN, "config": {"http_endpoint": LITERAL}, "literal_secrets": "allow"}),
            ("secret", {**SECRET, **ABSENT}),
        ],
    ),
    "a reference that the play points at another secret": (
        USED,
        [
            ("secret", {**SECRET, "key": "second-key", "value": NEW_VALUE}),
            ("reference", {"config_store": "my-store", "key": "my-key", "new_key": "second-key"}),
            ("reference", {"config_store": "my-store", "key": "my-key", "new_key": "second-key"}),
            ("secret", {**SECRET, **ABSENT}),
            ("secret", {**SECRET, "key": "second-key", **ABSENT}),
            ("plugin", {**PLUGIN, "config": {"http_endpoint": "{{vault://my-vault/second-key}}"}}),
        ],
    ),
    "a secret that is written again and again": (
        STORED,
        [
            ("secret", {**SECRET, "value": OLD_VALUE}),
            ("secret", {**SECRET, "value": NEW_VALUE}),
            ("secret", {**SECRET, "value": NEW_VALUE}),
            ("secret", {**SECRET, "value": OLD_VALUE}),
            ("secret", {**SECRET, "value": OLD_VALUE, "update_secret": "on_create"}),
            ("secret", {**SECRET, "value": OLD_VALUE, "update_secret": "always"}),
            ("secret", {**SECRET, "value": OLD_VALUE}),
            ("secret", {**SECRET, "value": OLD_VALUE, "value_version": 3}),
            ("secret", {**SECRET, "value": NEW_VALUE, "value_version": 3}),
            ("secret", {**SECRET, "value": NEW_VALUE, "value_version": 4}),
        ],
    ),
    "many secrets": (
        STORED,
        [
            ("secrets", {"config_store": "my-store", "secrets": [OLD]}),
            ("secrets", {"config_store": "my-store", "secrets": [OLD]}),
            ("secret", {**SECRET, "key": "a", "value": OLD_VALUE}),
            ("secrets", {"config_store": "my-store", "secrets": [NEW], "purge": True}),
            ("secret", {**SECRET, **ABSENT}),
            ("secret", {**SECRET, "key": "a", "value": NEW_VALUE}),
        ],
    ),
    "entities that are changed again and again": (
        [],
        [
            SERVICE,
            ("service", {"name": "my-service", "tags": ["a", "b"]}),
            ("service", {"name": "my-service", "retries": 5}),
            ("service", {"name": "my-service", "retries": 6}),
            ("service", {"name": "my-service", "retries": 6, "host": "api.example.com"}),
            ROUTE,
            ("route", {"name": "my-route", "headers": {"X-Api-Key": ["fake-header-key"]}}),
            ("route", {"name": "my-route", "headers": {"X-Api-Key": ["fake-header-key"]}, "strip_path": True}),
            ("route", {"name": "my-route", "headers": {"X-Api-Key": ["other-header-key"]}}),
        ],
    ),
    "a plugin with a secret of its own": (
        [],
        [
            ("plugin", {"name": "http-log", "config": {"http_endpoint": LITERAL, "timeout": 1000}}),
            ("plugin", {"name": "http-log", "config": {"http_endpoint": LITERAL, "timeout": 1000}}),
            ("plugin", {"name": "http-log", "config": {"timeout": 2000}, "config_mode": "merge"}),
            ("plugin", {"name": "http-log", "config": {"http_endpoint": LITERAL, "timeout": 2000}}),
            ("plugin", {"name": "http-log", "config": {"http_endpoint": LITERAL + "y", "timeout": 2000}}),
            ("plugin", {"name": "http-log", "config": {"http_endpoint": "(not shown)", "timeout": 2000}}),
            ("plugin", {"name": "http-log", "enabled": False}),
            ("plugin", {"name": "http-log", "enabled": False}),
        ],
    ),
    "a vault with a secret of its own": (
        [],
        [
            ("vault", {"prefix": "my-vault", "backend": "hcv", "config": {"host": "h", "token": "fake-hcv-token"}}),
            ("vault", {"prefix": "my-vault", "backend": "hcv", "config": {"host": "h", "token": "fake-hcv-token"}}),
            ("vault", {"prefix": "my-vault", "config": {"port": 8200}}),
            ("vault", {"prefix": "my-vault", "config": {"token": "fake-hcv-other"}}),
            ("vault", {"prefix": "my-vault", "description": "again"}),
        ],
    ),
    "entities of which nothing but the names of fields is known": (
        [CONSUMER, ("entity", {**JWT, "fields": {"secret": "fake-jwt-secret"}})],
        [
            ("entity", {**JWT, "fields": {"tags": ["a"]}}),
            ("entity", {**JWT, "fields": {"secret": "fake-jwt-secret"}}),
            ("entity", {**JWT, "fields": {"secret": "fake-other-secret"}}),
            ("entity", {**BY_USERNAME, "fields": {"custom_id": "fake-number"}, "sensitive_fields": ["custom_id"]}),
            ("entity", {**BY_USERNAME, "fields": {"tags": ["a"]}, "sensitive_fields": ["custom_id"]}),
        ],
    ),
    "names that go from one certificate to another": (
        [("certificate", {"cert": CERT, "key": KEY, "snis": ["a.example.com", "b.example.com"]})],
        [
            ("certificate", {"cert": CERT, "snis": ["a.example.com", "c.example.com"]}),
            ("sni", {"name": "b.example.com", **ABSENT}),
            ("sni", {"name": "c.example.com"}),
            ("sni", {"name": "c.example.com", **ABSENT}),
            ("certificate", {"cert": OTHER_CERT, "key": KEY, "snis": ["c.example.com"]}),
            ("sni", {"name": "b.example.com", "certificate": "c.example.com"}),
            ("certificate", {"cert": OTHER_CERT, "snis": ["b.example.com", "c.example.com"]}),
            ("certificate", {"snis": ["a.example.com"], **ABSENT, **REMOVE_IN_USE}),
            ("sni", {"name": "a.example.com", **ABSENT}),
            ("sni", {"name": "c.example.com", **ABSENT}),
            ("certificate", {"snis": ["b.example.com"]}),
        ],
    ),
    "what belongs to a service goes with it": (
        USED,
        [
            ("service", {"name": "my-service", **ABSENT}),
            ("service", {"name": "my-service", **ABSENT, **REMOVE_IN_USE}),
            ("route", {"name": "my-route", **ABSENT}),
            ("secret", {**SECRET, **ABSENT}),
            SERVICE,
            ROUTE,
            LOG,
        ],
    ),
    "what is in a config store goes with it": (
        USED[:2],
        [
            ("config_store", {**STORE, **ABSENT, **REMOVE_IN_USE}),
            ("secret", {**SECRET, "value": OLD_VALUE}),
            ("secret", {**SECRET, **ABSENT}),
            ("config_store", STORE),
            ("secret", {**SECRET, "value": OLD_VALUE}),
            ("config_store", {**STORE, **ABSENT}),
            ("config_store", {**STORE, **ABSENT, **REMOVE_IN_USE}),
            ("config_store", STORE),
            ("config_store", {**STORE, **ABSENT}),
        ],
    ),
    "a control plane that is removed and made again": (
        [("control_plane", {"name": "{name}-other"}), ("config_store", {**STORE, **OTHER_PLANE})],
        [
            ("control_plane", {"name": "{name}-other", **ABSENT, **REMOVE_IN_USE}),
            ("config_store", {**STORE, **OTHER_PLANE}),
            ("service", {"name": "my-service", **ABSENT, **OTHER_PLANE}),
            ("control_plane", {"name": "{name}-other"}),
            ("config_store", {**STORE, **OTHER_PLANE}),
        ],
    ),
    "a control plane and all that is in it": (
        [],
        [
            ("control_plane", {"name": "{name}-other", "labels": {"env": "test"}}),
            ("control_plane", {"name": "{name}-other", "auth_type": "pinned_client_certs"}),
            *((module, {**options, **OTHER_PLANE}) for module, options in [*USED, *USED]),
            ("wait_for_sync", {**OTHER_PLANE, "timeout": 1, "on_no_nodes": "ignore"}),
            ("secret", {**SECRET, **ABSENT, **OTHER_PLANE}),
            ("control_plane", {"name": "{name}-other", "labels": {"env": "other"}}),
            ("control_plane", {"name": "{name}-other", **ABSENT}),
            ("control_plane", {"name": "{name}-other", **ABSENT, **REMOVE_IN_USE}),
            ("secret", {**SECRET, **ABSENT, **OTHER_PLANE}),
            ("control_plane", {"name": "{name}-other"}),
            ("config_store", {**STORE, **OTHER_PLANE}),
        ],
    ),
}


@dataclass(frozen=True)
class Done:
    """One task of a play: the code of its failure, or whether it changed something; and what else it says."""

    outcome: str | bool
    said: str


def without_ids(*data: Any) -> str:
    return IDS.sub("ID", str(data))


@pytest.fixture
def facts(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "facts.jsonl"


def run_play(konnect: ControlPlaneHarness, tasks: Tasks, facts: pathlib.Path | None = None) -> list[Done]:
    """Run tasks one after the other.

    :param facts: the file of the play in check mode; None for a real run.
    """
    return [_run_task(konnect, module, options, facts) for module, options in tasks]


def _run_task(konnect: ControlPlaneHarness, module: str, options: dict[str, Any], facts: pathlib.Path | None) -> Done:
    given = {
        # Control planes have their names beside those of other tests.
        name: value.replace("{name}", konnect.name) if isinstance(value, str) else value
        for name, value in options.items()
    }
    task = Task(facts is not None, predictions=Predictions(str(facts) if facts else None, "fake-seal-key"))
    try:
        result = konnect.run_handler(module, given, task=task)
    except KonnectError as error:
        return Done(error.code, without_ids(error.message, task.warnings))
    return Done(result["changed"], without_ids(task.warnings))


@pytest.mark.parametrize(("before", "tasks"), PLAYS.values(), ids=PLAYS)
def test_each_task_of_a_play_is_predicted(konnect, before, tasks, facts):
    run_play(konnect, before)
    assert run_play(konnect, tasks, facts) == run_play(konnect, tasks)
    held = facts.read_text()
    assert not [secret for secret in ("fake", "other-header-key", "ZmFrZS1rZXk") if secret in held]


def phases(strategy: str, *names: str) -> Tasks:
    """Each phase of a rotation twice; the second time there is nothing to do."""
    given = {
        **SECRET,
        "strategy": strategy,
        "value": NEW_VALUE,
        "old_value": OLD_VALUE,
        # A chat would not test the plugin.
        "probes": [PROBE],
    }
    return [("secret_rotation", {**given, "phase": name}) for name in names for _time in range(2)]


@pytest.mark.parametrize(("strategy", "middle"), [("trial", "try"), ("blue_green", "switch"), ("in_place", "switch")])
def test_a_rotation_goes_on_from_a_secret_that_the_play_would_make(konnect, facts, strategy, middle):
    rotated = phases(strategy, "prepare", middle, "commit")
    after: Tasks = [("secret", {**SECRET, "value": NEW_VALUE}), ("secret", {**SECRET, **ABSENT})]
    *done, in_sync, removal = run_play(konnect, [*USED, *rotated, *after], facts)
    assert [each.outcome for each in done] == [True] * len(USED) + [True, False] * 3, done
    assert (in_sync.outcome, removal.outcome) == (False, "in_use")


@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
def test_a_rotation_that_the_play_would_roll_back_leaves_nothing(konnect, facts, strategy):
    undone = phases(strategy, "prepare", "rollback")
    after: Tasks = [("secret", {**SECRET, "value": OLD_VALUE}), ("secret", {**SECRET, "key": "my-key-next", **ABSENT})]
    *done, in_sync, following = run_play(konnect, [*USED, *undone, *after], facts)
    assert [each.outcome for each in done] == [True] * len(USED) + [True, False] * 2, done
    assert (in_sync.outcome, following.outcome) == (False, False)


def test_while_the_play_would_rotate_a_secret_nothing_else_writes_it(konnect, facts):
    writing: Tasks = [("secret", {**SECRET, "value": "Bearer fake-key-number-three"})]
    *_done, written = run_play(konnect, [*USED, *phases("trial", "prepare"), *writing], facts)
    assert written.outcome == "rotation_pending"
