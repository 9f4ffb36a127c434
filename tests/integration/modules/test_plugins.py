# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins: identity, configurations in both modes, and how they are shown."""

from __future__ import annotations

import pytest

from support.options import ABSENT, REFERENCE

CHAT = {
    "route_type": "llm/v1/chat",
    "auth": {"header_name": "Authorization", "header_value": REFERENCE},
    "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
}
NAME = {"name": "rate-limiting"}
LIMIT = {**NAME, "config": {"minute": 5, "policy": "local"}}
MERGE = {**NAME, "config_mode": "merge"}
NAMED = {**LIMIT, "instance_name": "limits"}
ROUTES = [("route", {"name": name, "paths": [f"/{name}"]}) for name in ("one", "two")]
SCOPES = [
    {},
    {"service": "s"},
    {"route": "one"},
    {"consumer": "ann"},
    {"consumer_group": "gold"},
    {"route": "one", "consumer": "ann"},
]
KINDS = ("service", "route", "consumer", "consumer_group")


def with_key(value: str) -> dict[str, object]:
    auth = {"header_name": "Authorization", "header_value": value}
    return {"name": "ai-proxy", "config": {**CHAT, "auth": auth}}


@pytest.fixture
def scoped(konnect):
    """A plugin of one name in every scope."""
    konnect.call("POST", "core-entities/consumers", {"username": "ann"})
    konnect.call("POST", "core-entities/consumer_groups", {"name": "gold"})
    konnect.create_all(("service", {"name": "s", "host": "api.example.com"}), *ROUTES)
    konnect.create_all(*[("plugin", {**LIMIT, **scope}) for scope in SCOPES])
    return konnect


def scopes(konnect):
    """The kinds to which each plugin is bound."""
    return sorted(sorted(set(plugin) & set(KINDS)) for plugin in konnect.list("core-entities/plugins"))


def test_one_name_is_another_plugin_in_every_scope(scoped):
    assert scopes(scoped) == sorted(sorted(scope) for scope in SCOPES)


@pytest.mark.parametrize("scope", SCOPES, ids="-".join)
def test_a_plugin_is_found_in_its_scope(scoped, scope):
    run = scoped.run("plugin", {**LIMIT, **scope})
    assert not run.changed
    assert run.writes == []


def test_a_removal_in_one_scope_leaves_the_others(scoped):
    assert scoped.run("plugin", {**NAME, "consumer": "ann", **ABSENT}).changed
    assert scopes(scoped) == sorted(sorted(scope) for scope in SCOPES if scope != {"consumer": "ann"})


@pytest.fixture
def hourly(konnect):
    """A plugin with a limit a minute and one an hour."""
    konnect.create_all(("plugin", {**NAME, "config": {"minute": 5, "hour": 50, "policy": "local"}}))
    return konnect


def test_merge_keeps_what_it_leaves_out(hourly):
    run = hourly.run("plugin", {**MERGE, "config": {"minute": 6}})
    assert run.changed
    config = run["plugin"]["config"]
    assert (config["minute"], config["hour"]) == (6, 50)


def test_merge_resets_what_is_null(hourly):
    run = hourly.run("plugin", {**MERGE, "config": {"hour": None}})
    assert run.changed
    assert run["plugin"]["config"].get("hour") is None


def test_merging_a_null_again_changes_nothing(hourly):
    hourly.run("plugin", {**MERGE, "config": {"hour": None}})
    assert not hourly.run("plugin", {**MERGE, "config": {"hour": None}}).changed


def test_replace_resets_what_it_leaves_out(hourly):
    run = hourly.run("plugin", {**NAME, "config": {"minute": 5, "policy": "local"}})
    assert run.changed
    assert run["plugin"]["config"].get("hour") is None


def test_a_config_that_is_left_out_is_kept(hourly):
    run = hourly.run("plugin", {**NAME, "tags": ["kept"]})
    assert run.changed
    assert run["plugin"]["config"]["hour"] == 50


def test_a_number_given_as_text_is_that_number(konnect):
    run = konnect.run("plugin", {**NAME, "config": {"minute": "6"}})
    assert run["plugin"]["config"]["minute"] == 6
    assert not konnect.run("plugin", {**NAME, "config": {"minute": "6"}}).changed


def test_tags_that_are_left_out_are_kept(konnect):
    konnect.create_all(("plugin", {**LIMIT, "tags": ["kept"]}))
    assert not konnect.run("plugin", LIMIT).changed


@pytest.mark.parametrize("options", [NAME, {**MERGE, "config": {"minute": 5}}], ids=["no config", "merge"])
def test_a_null_that_another_client_set_is_kept(konnect, options):
    config = {"minute": 5, "error_message": None, "redis": {"timeout": None}}
    konnect.call("POST", "core-entities/plugins", {**NAME, "config": config})
    assert not konnect.run("plugin", options).changed


@pytest.fixture
def unnamed_id(konnect):
    """The id of a plugin on route one that has no instance name."""
    (*_routes, made) = konnect.create_all(*ROUTES, ("plugin", {**LIMIT, "route": "one"}))
    return made["plugin"]["id"]


def test_a_plugin_gets_an_instance_name(konnect, unnamed_id):
    run = konnect.run("plugin", {**NAMED, "route": "one"})
    assert run.changed
    assert (run["plugin"]["id"], run["plugin"]["instance_name"]) == (unnamed_id, "limits")


def test_a_plugin_is_followed_by_its_instance_name_to_another_route(konnect, unnamed_id):
    konnect.create_all(("plugin", {**NAMED, "route": "one"}))
    moved = konnect.run("plugin", {**NAMED, "route": "two"})
    assert moved.changed
    assert moved["plugin"]["id"] == unnamed_id
    assert moved.before["route"] != moved.after["route"] == "two"
    assert not konnect.run("plugin", {**NAMED, "route": "two"}).changed


def test_a_plugin_is_removed_by_its_instance_name(konnect):
    konnect.create_all(*ROUTES, ("plugin", {**NAMED, "route": "one"}))
    assert konnect.run("plugin", {**NAME, "instance_name": "limits", **ABSENT}).changed
    assert konnect.list("core-entities/plugins") == []


@pytest.fixture
def others(konnect):
    """A plugin without an instance name and a scope, and one on route one that is named others."""
    konnect.create_all(*ROUTES, ("plugin", LIMIT), ("plugin", {**LIMIT, "route": "one", "instance_name": "others"}))
    return konnect


@pytest.mark.parametrize("scope", [{}, {"route": "one"}], ids=["global", "route"])
def test_a_removal_by_instance_name_removes_no_other(others, scope):
    assert not others.run("plugin", {**NAME, "instance_name": "limits", **scope, **ABSENT}).changed
    assert len(others.list("core-entities/plugins")) == 2


def test_a_scope_that_is_left_out_stays(others):
    run = others.run("plugin", {**LIMIT, "instance_name": "others", "enabled": False})
    assert run.changed
    assert "route" in run["plugin"]


def test_a_removal_takes_no_empty_scope(others):
    run = others.run("plugin", {**NAME, "instance_name": "others", "route": {}, **ABSENT})
    assert run.code == "invalid_input"
    assert run.writes == []


def test_a_removal_by_instance_name_leaves_the_one_without(others):
    assert others.run("plugin", {**NAME, "instance_name": "others", **ABSENT}).changed
    assert scopes(others) == [[]]


@pytest.mark.parametrize(
    "options", [{**LIMIT, "route": {}}, {**NAME, "route": {}, **ABSENT}], ids=["present", "absent"]
)
def test_an_empty_scope_needs_an_instance_name(konnect, options):
    run = konnect.run("plugin", options)
    assert run.code == "invalid_input"
    assert run.writes == []


def test_an_empty_scope_takes_an_instance_off_its_route(konnect):
    konnect.create_all(*ROUTES, ("plugin", {**NAMED, "route": "one"}))
    run = konnect.run("plugin", {**NAMED, "route": {}})
    assert run.changed
    assert "route" not in run["plugin"]


def test_a_literal_secret_is_not_shown(konnect):
    runs = [konnect.run("plugin", with_key(f"Bearer fake-{word}-key")) for word in ("literal", "other")]
    assert "fake-" not in str([run.result for run in runs])


def test_a_literal_secret_that_changes_is_told_without_it(konnect):
    konnect.create_all(("plugin", with_key("Bearer fake-literal-key")))
    run = konnect.run("plugin", with_key("Bearer fake-other-key"))
    assert run.after["config"]["auth"]["header_value"] == "(not shown, changed)"


def test_a_reference_is_shown(konnect):
    run = konnect.run("plugin", {"name": "ai-proxy", "config": CHAT, "check_references": "ignore"})
    assert run["plugin"]["config"]["auth"]["header_value"] == REFERENCE


@pytest.mark.parametrize(
    "options",
    [
        {"name": "ai-proxy", "config": {**CHAT, "auth": {"heder_valu": "fake-misspelt-literal"}}},
        {"name": "ai-proxy", "config": '{"auth": {"header_value": "fake-broken-literal"'},
        {"name": "http-log", "route": "nowhere", "config": {"http_endpoint": "https://u:fake-pw@h/"}},
    ],
    ids=["misspelt field", "broken JSON", "password in a URL"],
)
def test_a_refused_config_gives_nothing_away(konnect, options):
    run = konnect.run("plugin", options)
    assert run.failed
    assert "fake-" not in str(run.result)
