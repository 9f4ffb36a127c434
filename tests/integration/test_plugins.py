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
        task("plugin", {"name": "ai-proxy", "config": CHAT, "check_references": "ignore"}),
    )
    everything = str([step.result for step in steps])
    assert "fake-literal-key" not in everything
    assert "fake-other-key" not in everything
    assert steps[1].result["diff"]["after"]["config"]["auth"]["header_value"] == "(not shown, changed)"
    assert steps[2].result["plugin"]["config"]["auth"]["header_value"] == "{vault://my-vault/my-key}"


def test_a_removal_by_instance_name_removes_nothing_else(konnect):
    gone = {"name": "rate-limiting", "instance_name": "limits", "state": "absent"}
    steps = run_tasks(
        konnect,
        task("route", {"name": "one", "paths": ["/one"]}),
        task("plugin", LIMIT),
        task("plugin", {**LIMIT, "route": "one", "instance_name": "others"}),
        task("plugin", gone),
        task("plugin", {**gone, "route": "one"}),
        task("plugin", {**LIMIT, "instance_name": "others", "enabled": False}),
        task("plugin", {**gone, "instance_name": "others", "route": ""}),
        task("plugin", {**gone, "instance_name": "others"}),
    )
    assert not steps[3].changed
    assert not steps[4].changed
    assert steps[5].changed
    assert "route" in steps[5].result["plugin"]  # a scope that is left out stays as it is
    assert steps[6].code == "invalid_input"
    assert steps[7].changed
    assert [plugin.get("route") for plugin in konnect.list("core-entities/plugins")] == [None]


def test_an_empty_scope_is_refused_unless_it_takes_an_instance_off_it(konnect):
    steps = run_tasks(
        konnect,
        task("route", {"name": "one", "paths": ["/one"]}),
        task("plugin", {**LIMIT, "route": ""}),
        task("plugin", {"name": "rate-limiting", "route": "", "state": "absent"}),
        task("plugin", {**LIMIT, "route": "one", "instance_name": "limits"}),
        task("plugin", {**LIMIT, "route": "", "instance_name": "limits"}),
    )
    assert steps[1].code == steps[2].code == "invalid_input"
    assert steps[1].writes == steps[2].writes == []
    assert steps[4].changed
    assert "route" not in steps[4].result["plugin"]


def test_a_null_that_somebody_else_set_is_kept_when_config_is_left_out(konnect):
    config = {"minute": 5, "error_message": None, "redis": {"timeout": None}}
    konnect.call("POST", "core-entities/plugins", {"name": "rate-limiting", "config": config})
    steps = run_tasks(
        konnect,
        task("plugin", {"name": "rate-limiting"}),
        task("plugin", {"name": "rate-limiting", "config_mode": "merge", "config": {"minute": 5}}),
    )
    assert [step.changed for step in steps] == [False, False]


def test_a_refused_config_gives_nothing_away(konnect):
    auth = {"heder_valu": "fake-misspelt-literal"}
    steps = run_tasks(
        konnect,
        task("plugin", {"name": "ai-proxy", "config": {**CHAT, "auth": auth}}),
        task("plugin", {"name": "ai-proxy", "config": '{"auth": {"header_value": "fake-broken-literal"'}),
        task("plugin", {"name": "http-log", "route": "nowhere", "config": {"http_endpoint": "https://u:fake-pw@h/"}}),
    )
    assert [step.result["failed"] for step in steps] == [True] * 3
    assert "fake-" not in str([step.result for step in steps])
