# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins: identity, configurations in both modes, and what is shown of them."""

from __future__ import annotations

from steps import run_tasks, task

CHAT = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": "{vault://my-vault/my-key}"},
    "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
}
LIMIT = {"name": "rate-limiting", "config": {"minute": 5, "policy": "local"}}


def test_one_name_in_every_scope(konnect):
    konnect.call("POST", "core-entities/consumers", {"username": "ann"})
    konnect.call("POST", "core-entities/consumer_groups", {"name": "gold"})
    scopes = [{}, {"service": "s"}, {"route": "r"}, {"consumer": "ann"}, {"consumer_group": "gold"}]
    scopes.append({"route": "r", "consumer": "ann"})
    steps = run_tasks(
        konnect,
        task("service", {"name": "s", "host": "api.example.com"}),
        task("route", {"name": "r", "service": "s", "paths": ["/a"]}),
        *[task("plugin", {**LIMIT, **scope}) for scope in scopes],
        *[task("plugin", {**LIMIT, **scope}) for scope in scopes],
        task("plugin", {"name": "rate-limiting", "consumer": "ann", "state": "absent"}),
    )
    assert [step.changed for step in steps[2:]] == [True] * 6 + [False] * 6 + [True]
    left = [set(plugin) & {"service", "route", "consumer"} for plugin in konnect.list("core-entities/plugins")]
    assert {"consumer"} not in left
    assert len(left) == 5


def test_replace_resets_what_it_leaves_out_and_merge_does_not(konnect):
    steps = run_tasks(
        konnect,
        task("plugin", {**LIMIT, "config": {"minute": 5, "hour": 50, "policy": "local"}}),
        task("plugin", {"name": "rate-limiting", "config_mode": "merge", "config": {"minute": 6}}),
        task("plugin", {"name": "rate-limiting", "config_mode": "merge", "config": {"hour": None}}),
        task("plugin", {"name": "rate-limiting", "config_mode": "merge", "config": {"hour": None}}),
        task("plugin", {"name": "rate-limiting", "tags": ["kept"]}),
        task("plugin", {"name": "rate-limiting", "config": {"minute": "6"}}),
        task("plugin", {"name": "rate-limiting", "config": {"minute": "6"}}),
    )
    assert [step.changed for step in steps] == [True, True, True, False, True, False, False]
    assert [step.result["plugin"]["config"].get("hour") for step in steps] == [50, 50] + [None] * 5
    assert steps[-1].result["plugin"]["config"]["minute"] == 6


def test_an_instance_name_is_given_and_followed(konnect):
    steps = run_tasks(
        konnect,
        task("route", {"name": "one", "paths": ["/one"]}),
        task("route", {"name": "two", "paths": ["/two"]}),
        task("plugin", {**LIMIT, "route": "one"}),
        task("plugin", {**LIMIT, "route": "one", "instance_name": "limits"}),
        task("plugin", {**LIMIT, "route": "two", "instance_name": "limits"}),
        task("plugin", {**LIMIT, "route": "two", "instance_name": "limits"}),
        task("plugin", {"name": "rate-limiting", "instance_name": "limits", "state": "absent"}),
    )
    assert [step.changed for step in steps[2:]] == [True, True, True, False, True]
    ids = {step.result["plugin"]["id"] for step in steps[2:]}
    assert len(ids) == 1
    assert steps[4].result["diff"]["before"]["route"] != steps[4].result["diff"]["after"]["route"] == "two"
    assert konnect.list("core-entities/plugins") == []


def test_literals_are_masked_and_references_shown(konnect):
    literal = {**CHAT, "auth": {"header_name": "Authorization", "header_value": "Bearer fake-literal-key"}}
    other = {**CHAT, "auth": {"header_name": "Authorization", "header_value": "Bearer fake-other-key"}}
    steps = run_tasks(
        konnect,
        task("plugin", {"name": "ai-proxy", "config": literal}),
        task("plugin", {"name": "ai-proxy", "config": other}),
        task("plugin", {"name": "ai-proxy", "config": CHAT}),
    )
    everything = str([step.result for step in steps])
    assert "fake-literal-key" not in everything
    assert "fake-other-key" not in everything
    assert steps[1].result["diff"]["after"]["config"]["auth"]["header_value"] == "(not shown, changed)"
    assert steps[2].result["plugin"]["config"]["auth"]["header_value"] == "{vault://my-vault/my-key}"
