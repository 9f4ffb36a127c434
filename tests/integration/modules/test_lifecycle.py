# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module from nothing to nothing: create, change and remove; each predicted exactly, and the second run quiet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness, ModuleRun
from support.options import ABSENT, ONE, REFERABLE, REFERENCE, SECRET, STORE, TWO

CHAT = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": REFERENCE},
    "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
}
SERVICE = ("service", {"name": "my-service", "url": "http://httpbin.konghq.com/anything"})
ROUTE = ("route", {"name": "my-route", "service": "my-service", "paths": ["/a"]})


@dataclass(frozen=True)
class Lifecycle:
    """One entity: what tells it from others, its options at first and when changed, and the tasks for what it needs."""

    module: str
    identity: dict[str, Any]
    first: dict[str, Any]
    changed: dict[str, Any] | None = None
    needs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    word: str = ""


LIFECYCLES = [
    Lifecycle(
        "control_plane",
        {},
        {"description": "first", "labels": {"env": "test", "team": "a"}},
        {
            "description": "first",
            "labels": {"env": "production"},
            "auth_type": "pki_client_certs",
            "proxy_urls": [{"host": "proxy.example.com", "port": 443, "protocol": "https"}],
        },
    ),
    Lifecycle("config_store", STORE, {}),
    Lifecycle("secret", SECRET, {"value": ONE}, {"value": TWO}, [("config_store", STORE)]),
    Lifecycle(
        "vault",
        {"prefix": "my-vault"},
        {"config_store": "my-store", "description": "first", "tags": ["b", "a"]},
        {"config_store": "my-store", "description": "second", "tags": ["a"]},
        [("config_store", STORE)],
    ),
    Lifecycle(
        "vault",
        {"prefix": "my-vault"},
        {"backend": "hcv", "config": {"host": "vault.example.com", "token": "fake-hcv-token"}},
        {"config": {"protocol": "https", "port": 8200}},
        word="hcv",
    ),
    Lifecycle(
        "service",
        {"name": "my-service"},
        {"url": "https://api.example.com:8443/v1", "retries": 2},
        {"path": "", "tags": ["a"], "enabled": False},
    ),
    Lifecycle(
        "route",
        {"name": "my-route"},
        {"service": "my-service", "paths": ["/b", "/a"], "methods": ["GET"]},
        {"service": "my-service", "paths": ["/a"], "methods": [], "hosts": ["example.com"], "strip_path": False},
        [SERVICE],
    ),
    Lifecycle(
        "plugin",
        {"name": "ai-proxy", "route": "my-route"},
        {"config": CHAT, "tags": ["a"]},
        {"config": {**CHAT, "logging": {"log_statistics": True}}, "tags": ["a"], "enabled": False},
        [*REFERABLE, SERVICE, ROUTE],
        word="replace",
    ),
    Lifecycle(
        "plugin",
        {"name": "rate-limiting", "service": "my-service"},
        {"config": {"minute": 5}},
        {"config_mode": "merge", "config": {"hour": 50}},
        [SERVICE],
        word="merge",
    ),
    Lifecycle(
        "plugin",
        {"name": "correlation-id"},
        {},
        {"instance_name": "ids", "config": {"header_name": "X-My-Id"}},
        word="global",
    ),
]
CHANGEABLE = [lifecycle for lifecycle in LIFECYCLES if lifecycle.changed]


class Entity:
    """An entity of a lifecycle in a control plane where all that it needs is there."""

    def __init__(self, konnect: ControlPlaneHarness, lifecycle: Lifecycle) -> None:
        self._konnect = konnect
        self._lifecycle = lifecycle
        # Control planes have their names beside those of other tests.
        self._identity = lifecycle.identity or {"name": f"{konnect.name}-another"}
        konnect.create_all(*lifecycle.needs)

    def create(self, *, check: bool = False) -> ModuleRun:
        return self._run(self._lifecycle.first, check)

    def change(self, *, check: bool = False) -> ModuleRun:
        assert self._lifecycle.changed
        return self._run(self._lifecycle.changed, check)

    def remove(self, *, check: bool = False) -> ModuleRun:
        return self._run(ABSENT, check)

    def _run(self, options: dict[str, Any], check: bool) -> ModuleRun:
        run = self._konnect.run(self._lifecycle.module, {**self._identity, **options}, check=check)
        assert not run.failed, run.message
        return run


@pytest.fixture
def entity(konnect, lifecycle):
    return Entity(konnect, lifecycle)


def named(lifecycle: Lifecycle) -> str:
    return "-".join(filter(None, (lifecycle.module, lifecycle.word)))


each = pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=named)
each_changeable = pytest.mark.parametrize("lifecycle", CHANGEABLE, ids=named)


def assert_predicted(predicted: ModuleRun, real: ModuleRun) -> None:
    """Check mode announces a change and writes nothing; the run makes it, with the diff that was announced."""
    assert (predicted.changed, real.changed) == (True, True)
    assert predicted.writes == []
    assert real.writes != []
    assert predicted["diff"] == real["diff"]
    assert real.before != real.after


def assert_unchanged(*runs: ModuleRun) -> None:
    for run in runs:
        assert not run.changed
        assert run.writes == []
        assert run.before == run.after


@each
def test_check_mode_predicts_the_creation(entity):
    assert_predicted(entity.create(check=True), entity.create())


@each
def test_creating_again_changes_nothing(entity):
    entity.create()
    assert_unchanged(entity.create(check=True), entity.create())


@each_changeable
def test_check_mode_predicts_the_change(entity):
    entity.create()
    assert_predicted(entity.change(check=True), entity.change())


@each_changeable
def test_changing_again_changes_nothing(entity):
    entity.create()
    entity.change()
    assert_unchanged(entity.change(check=True), entity.change())


@each
def test_check_mode_predicts_the_removal(entity):
    entity.create()
    assert_predicted(entity.remove(check=True), entity.remove())


@each
def test_removing_again_changes_nothing(entity):
    entity.create()
    entity.remove()
    assert_unchanged(entity.remove(check=True), entity.remove())


@pytest.mark.parametrize(
    "lifecycle", [lifecycle for lifecycle in LIFECYCLES if named(lifecycle) in ("secret", "vault-hcv")], ids=named
)
def test_no_secret_is_shown(entity):
    steps = (entity.create, entity.change, entity.remove)
    results = [step(check=check).result for step in steps for check in (True, False)]
    assert "fake-" not in str(results)
