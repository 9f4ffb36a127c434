# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules send and what the emulator answers follow Kong's API descriptions, as a proxy between them finds.

Skips where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from support import tutorial
from support.control_plane import ControlPlaneHarness
from support.entity_cases import CASES, ENTITIES
from support.options import ABSENT, REMOVE_IN_USE
from support.rotation import NEW_KEY, QUICK, ready_to_rotate
from support.validating_proxy import NEEDS_PROXY, report, reset, validating_proxy, violations

# Each request takes the proxy a tenth of a second and more.
pytestmark = [*NEEDS_PROXY, pytest.mark.exhaustive, pytest.mark.xdist_group("official API")]

STORE = {"config_store": "my-config-store"}


def row(key, value):
    """One of the secrets of konnect_secrets."""
    return {"key": key, "value": value, "value_version": None}


CHANGES = [
    ("secret", {**STORE, "key": "mistral-key", "value": "Bearer fake-other-key"}),
    ("vault", {"prefix": "mysecretvault", "description": "Changed", "tags": ["a"]}),
    ("service", {"name": "example-service", "retries": 3, "protocol": "tcp", "port": 9000}),
    ("route", {"name": "example-route", "paths": ["/other"], "headers": {"x-a": ["b"]}, "tags": ["a"]}),
    ("plugin", {"name": "ai-proxy", "route": "example-route", "enabled": False, "tags": ["a"]}),
    ("secrets", {**STORE, "secrets": [row(f"key-{number}", "fake-value-of-many") for number in range(3)]}),
    ("secrets", {**STORE, "secrets": [row("mistral-key", "Bearer fake-other-key")], "purge": True}),
    ("secret", {**STORE, "key": "new-key", "value": "Bearer fake-new-key"}),
    ("reference", {**STORE, "key": "mistral-key", "new_key": "new-key"}),
    ("vault", {"prefix": "my-env", "backend": "env", "config": {"prefix": "A_"}}),
    ("plugin", {"name": "http-log", "config": {"http_endpoint": "https://a.example.com", "headers": {}}}),
    ("control_plane", {"name": "{name}", "description": "Changed", "labels": {"env": "test"}}),
]
READS = [
    ("config_store_info", {}),
    ("config_store_info", {"name": "my-config-store"}),
    ("control_plane_info", {"labels": {"env": "test"}}),
    ("control_plane_info", {"name": "{name}"}),
    ("plugin_info", {"route": "example-route", "tags": ["a"]}),
    ("reference_info", {}),
    ("route_info", {"name": "example-route"}),
    ("secret_info", STORE),
    ("secret_rotation_info", STORE),
    ("service_info", {}),
    ("vault_info", STORE),
    ("wait_for_sync", {"wait": False}),
]


@pytest.fixture(scope="module")
def proxy(emulators):
    with validating_proxy(emulators().konnect_url) as url:
        yield url


@pytest.fixture
def validated(konnect, proxy, record_property):
    """A control plane behind the proxy; every violation of the API description fails the test."""
    reset(proxy)
    yield replace(konnect, konnect_url=proxy)
    check(proxy, record_property)


def check(proxy, record_property):
    """No request and no response violated the description."""
    assert violations(proxy) == []
    count = report(proxy)["requests"]
    record_property("tally", ["Requests and responses by the API descriptions", count, count])


def run_all(konnect, tasks):
    """Run each task in check mode, twice for real, and see that the second run changes nothing."""
    for module, options in tasks:
        given = {name: konnect.name if value == "{name}" else value for name, value in options.items()}
        konnect.run_handler(module, given, check=True)
        konnect.run_handler(module, given)
        assert not konnect.run_handler(module, given)["changed"], (module, options)


def test_creations(validated):
    run_all(validated, tutorial.TUTORIAL)


def test_changes_and_reads(validated):
    tutorial.apply(validated)
    run_all(validated, [*CHANGES, *READS])


def test_removals(validated):
    tutorial.apply(validated)
    tutorial.remove(validated)
    tutorial.apply(validated)
    run_all(validated, [("service", {"name": "example-service", **ABSENT, **REMOVE_IN_USE})])
    run_all(validated, [("control_plane", {"name": validated.name, **ABSENT, **REMOVE_IN_USE})])


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(filter(None, (case.module, case.word))))
def test_a_kind_of_the_table(validated, case):
    tasks = [(case.module, {**case.identity, **options}) for options in (case.first, case.changed)]
    run_all(validated, [*case.needs, *tasks, (f"{case.module}_info", {})])
    run_all(validated, [(case.module, {**case.identity, **ABSENT, **REMOVE_IN_USE})])


@pytest.mark.parametrize(
    # The description has no cloned plugins.
    ("kind", "match", "first", "changed"),
    [row for row in ENTITIES if row[0] != "cloned-plugins"],
    ids=str,
)
def test_an_entity_without_a_module_of_its_own(validated, kind, match, first, changed):
    named = {"kind": kind, "match": match}
    service = ("service", {"name": "my-service", "url": "http://example.com"})
    run_all(validated, [service, ("entity", {**named, "fields": first}), ("entity", {**named, "fields": changed})])
    run_all(validated, [("entity_info", {"kind": kind}), ("entity", {**named, **ABSENT})])


def test_partials(validated):
    partial = validated.call(
        "POST", "core-entities/partials", {"name": "p", "type": "redis-ce", "config": {"host": "a"}}
    )
    config = {"minute": 5, "policy": "redis"}
    for link in ("p", partial["id"]):
        plugin = {"name": "rate-limiting", "config": config, "partials": [{"name": link, "path": "config.redis"}]}
        run_all(validated, [("plugin", plugin)])


def test_a_rotation(record_property):
    with ready_to_rotate() as running, validating_proxy(running.konnect_url) as proxy:
        konnect = ControlPlaneHarness.first(running)
        quick = {"probe_duration": QUICK["rotate_secret_probe_duration"]}
        for phase in ("prepare", "try", "commit"):
            options = {**STORE, "key": "mistral-key", **quick, "phase": phase, "value": f"Bearer {NEW_KEY}"}
            run = konnect.run("secret_rotation", options, environment={"KONNECT_SERVER_URL": proxy})
            assert not run.failed, run.message
        check(proxy, record_property)
