# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info modules: all there is, or what was asked for, and never a secret."""

from __future__ import annotations

from running import emulator
from steps import run_tasks, task

CHAT = {"route_type": "llm/v1/chat", "model": {"provider": "openai", "name": "gpt-fake"}}
AUTH = {"header_name": "Authorization", "header_value": "Bearer fake-literal-key"}


def test_lists_and_filters():
    with emulator("--page-size", "2") as konnect:
        made = [
            task("config_store", {"name": "one"}),
            task("config_store", {"name": "two"}),
            *[
                task("secret", {"config_store": "one", "key": f"key-{n}", "value": "Bearer fake-literal-key"})
                for n in range(3)
            ],
            task("vault", {"prefix": "my-vault", "config_store": "one", "tags": ["a", "b"]}),
            task("vault", {"prefix": "corporate", "backend": "hcv", "config": {"token": "fake-hcv-token"}}),
            *[task("service", {"name": f"service-{n}", "host": "api.example.com", "tags": ["a"]}) for n in range(3)],
            task("route", {"name": "my-route", "service": "service-1", "paths": ["/a"], "tags": ["b"]}),
            task("plugin", {"name": "ai-proxy", "route": "my-route", "config": {**CHAT, "auth": AUTH}}),
            task("plugin", {"name": "correlation-id"}),
        ]
        asked = [
            ("control_plane", {}, ["quickstart"]),
            ("control_plane", {"labels": {"env": "none"}}, []),
            ("config_store", {}, ["one", "two"]),
            ("config_store", {"name": "two"}, ["two"]),
            ("config_store", {"name": "three"}, []),
            ("secret", {"config_store": "one"}, ["key-0", "key-1", "key-2"]),
            ("secret", {"config_store": "one", "key": "key-1"}, ["key-1"]),
            ("secret", {"config_store": "one", "key": "key-9"}, []),
            ("vault", {}, ["corporate", "my-vault"]),
            ("vault", {"config_store": "one"}, ["my-vault"]),
            ("vault", {"backend": "hcv"}, ["corporate"]),
            ("vault", {"tags": ["a", "b"]}, ["my-vault"]),
            ("service", {}, ["service-0", "service-1", "service-2"]),
            ("service", {"tags": ["a"], "name": "service-1"}, ["service-1"]),
            ("route", {"service": "service-1"}, ["my-route"]),
            ("route", {"service": "service-2"}, []),
            ("route", {"tags": ["a"]}, []),
            ("plugin", {}, ["ai-proxy", "correlation-id"]),
            ("plugin", {"route": "my-route"}, ["ai-proxy"]),
            ("plugin", {"name": "correlation-id"}, ["correlation-id"]),
        ]
        steps = run_tasks(konnect, *made, *[task(f"{kind}_info", options) for kind, options, _expected in asked])
    for (kind, options, expected), step in zip(asked, steps[len(made) :], strict=True):
        entities = step.result[f"{kind}s"]
        field = {"vault": "prefix", "secret": "key"}.get(kind, "name")
        assert [entity[field] for entity in entities] == expected, (kind, options)
        assert not step.changed
        assert step.writes == []
        assert "fake-" not in str(step.result).replace("gpt-fake", "")
    shown = steps[-3].result["plugins"][0]["config"]
    assert shown["auth"]["header_value"] == "(not shown)"
    assert shown["model"]["name"] == "gpt-fake"


def test_what_a_filter_names_must_be_there(konnect):
    steps = run_tasks(
        konnect,
        task("secret_info", {"config_store": "nowhere"}),
        task("plugin_info", {"route": "nowhere"}),
        task("control_plane", {"name": "quickstart", "cluster_type": "CLUSTER_TYPE_SERVERLESS"}),
    )
    assert [step.code for step in steps] == ["not_found", "not_found", "immutable"]
    assert all(step.writes == [] for step in steps)


def test_a_control_plane_that_holds_something_stays(konnect):
    konnect.call("POST", "config-stores", {"name": "one"})
    gone = {"name": "quickstart", "state": "absent"}
    steps = run_tasks(
        konnect,
        task("control_plane", gone),
        task("control_plane", {**gone, "force": True}),
        task("control_plane", gone),
    )
    assert steps[0].code == "not_empty"
    assert "1 config stores" in steps[0].message
    assert [step.changed for step in steps[1:]] == [True, False]
