# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module from nothing to nothing: create, again, change, remove, again, each predicted in check mode first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from steps import run_tasks, task

CHAT = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": "{vault://my-vault/my-key}"},
    "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
}


@dataclass(frozen=True)
class Life:
    """The arguments of one entity, those of a change to it, and the tasks that make what it needs."""

    module: str
    identity: dict[str, Any]
    first: dict[str, Any]
    change: dict[str, Any] | None = None
    needs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


STORE = ("config_store", {"name": "my-store"})
SECRET = ("secret", {"config_store": "my-store", "key": "my-key", "value": "Bearer fake-key-number-one"})
VAULT = ("vault", {"prefix": "my-vault", "config_store": "my-store"})
SERVICE = ("service", {"name": "my-service", "url": "http://httpbin.konghq.com/anything"})
ROUTE = ("route", {"name": "my-route", "service": "my-service", "paths": ["/a"]})
LIVES = [
    Life(
        "control_plane",
        {"name": "my-control-plane"},
        {"description": "first", "labels": {"env": "test", "team": "a"}},
        {
            "labels": {"env": "production"},
            "auth_type": "pki_client_certs",
            "proxy_urls": [{"host": "proxy.example.com", "port": 443, "protocol": "https"}],
        },
    ),
    Life("config_store", {"name": "my-store"}, {}),
    Life(
        "secret",
        {"config_store": "my-store", "key": "my-key"},
        {"value": "Bearer fake-key-number-one"},
        {"value": "Bearer fake-key-number-two"},
        [STORE],
    ),
    Life(
        "vault",
        {"prefix": "my-vault"},
        {"config_store": "my-store", "description": "first", "tags": ["b", "a"]},
        {"description": "second", "tags": ["a"]},
        [STORE],
    ),
    Life(
        "vault",
        {"prefix": "my-vault"},
        {"backend": "hcv", "config": {"host": "vault.example.com", "token": "fake-hcv-token"}},
        {"config": {"protocol": "https", "port": 8200}},
    ),
    Life(
        "service",
        {"name": "my-service"},
        {"url": "https://api.example.com:8443/v1", "retries": 2},
        {"path": "", "tags": ["a"], "enabled": False},
    ),
    Life(
        "route",
        {"name": "my-route"},
        {"service": "my-service", "paths": ["/b", "/a"], "methods": ["GET"]},
        {"paths": ["/a"], "methods": [], "hosts": ["example.com"], "strip_path": False},
        [SERVICE],
    ),
    Life(
        "plugin",
        {"name": "ai-proxy", "route": "my-route"},
        {"config": CHAT, "tags": ["a"]},
        {"config": {**CHAT, "logging": {"log_statistics": True}}, "enabled": False},
        [STORE, SECRET, VAULT, SERVICE, ROUTE],
    ),
    Life(
        "plugin",
        {"name": "rate-limiting", "service": "my-service"},
        {"config": {"minute": 5}},
        {"config_mode": "merge", "config": {"hour": 50}},
        [SERVICE],
    ),
    Life("plugin", {"name": "correlation-id"}, {}, {"instance_name": "ids", "config": {"header_name": "X-My-Id"}}),
]


@pytest.mark.parametrize(
    "life", LIVES, ids=lambda life: f"{life.module}-{life.identity.get('name', '')}{len(life.first)}"
)
def test_life(konnect, life):
    first, changed = {**life.identity, **life.first}, {**life.identity, **life.first, **(life.change or {})}
    if "url" in first and "path" in changed:
        changed = {**life.identity, **(life.change or {})}
    if changed.get("config_mode") == "merge" or life.first.get("backend") == "hcv":
        changed = {**life.identity, **(life.change or {})}
    gone = {**life.identity, "state": "absent"}
    needed = [task(module, arguments) for module, arguments in life.needs]
    arguments = [first, first] + ([changed, changed] if life.change else []) + [gone, gone]
    pairs = [task(life.module, each, check=check) for each in arguments for check in (True, False)]
    steps = run_tasks(konnect, *needed, *pairs)[len(needed) :]
    for step in steps:
        assert "failure" not in step.result, step.result
    expected = [True, False] + ([True, False] if life.change else []) + [True, False]
    for change, predicted, real in zip(expected, steps[::2], steps[1::2], strict=True):
        assert (predicted.changed, real.changed) == (change, change)
        assert predicted.writes == []
        assert bool(real.writes) is change
        assert predicted.result["diff"] == real.result["diff"]
        before, after = (predicted.result["diff"][side] for side in ("before", "after"))
        assert (before != after) is change
    everything = str([step.result for step in steps])
    assert "fake-key-number" not in everything
    assert "fake-hcv-token" not in everything
