# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins that take a part of their configuration from a partial."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.filter.as_options import as_options

LIMIT = {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis"}}
OWN_REDIS = {"name": "rate-limiting", "config": {**LIMIT["config"], "redis": {"host": "own.example.com"}}}
PATH = "config.redis"

# Whether or not Konnect shows the values of the partial in the plugin, nothing of them is a change, sent back or shown.
either_way = pytest.mark.parametrize(
    "shown", ["link", pytest.param("values", marks=pytest.mark.emulator("--set", "expand_partials=true"))]
)


def linked(name: str, **more: object) -> dict[str, object]:
    return {**LIMIT, "partials": [{"name": name}], **more}


@pytest.fixture
def redis(konnect):
    """Create a partial with the connection to a Redis, and return its id."""

    def create(name: str, kind: str = "redis-ce") -> str:
        config = {"host": "redis.example.com", "password": "fake-redis-password"}
        made = konnect.call("POST", "core-entities/partials", {"name": name, "type": kind, "config": config})
        return str(made["id"])

    return create


@pytest.fixture
def first(konnect, redis):
    """The id of a partial that a plugin is linked to."""
    identity = redis("first")
    konnect.create_all(("plugin", linked("first")))
    return identity


def run_predicted(konnect, options):
    """Run the module in check mode and for good, and see that check mode has told the same."""
    predicted, real = konnect.run("plugin", options, check=True), konnect.run("plugin", options)
    assert not real.failed, real.message
    assert predicted.changed == real.changed == bool(real.writes)
    assert predicted.writes == []
    assert predicted["diff"] == real["diff"]
    assert "fake-redis-password" not in str([predicted.result, real.result])
    return real


def plugin_of(konnect):
    (plugin,) = konnect.list("core-entities/plugins")
    return plugin


@either_way
def test_a_plugin_is_linked(konnect, redis, shown):
    identity = redis("first")
    assert run_predicted(konnect, linked("first")).changed
    assert plugin_of(konnect)["partials"] == [{"id": identity, "path": PATH}]
    assert konnect.call("GET", f"core-entities/partials/{identity}/links")["count"] == 1


@either_way
def test_a_link_by_id_is_the_same(konnect, first, shown):
    assert not run_predicted(konnect, linked(first)).changed


@either_way
def test_merge_keeps_a_link_that_is_left_out(konnect, first, shown):
    options = {"name": "rate-limiting", "config_mode": "merge", "config": {"minute": 5}}
    assert not run_predicted(konnect, options).changed


@either_way
def test_another_change_keeps_a_link_that_is_left_out(konnect, first, shown):
    run = run_predicted(konnect, {"name": "rate-limiting", "tags": ["kept"]})
    assert run.changed
    assert run["plugin"]["partials"] == [{"id": first, "path": PATH}]


@either_way
def test_a_link_moves_to_another_partial(konnect, redis, first, shown):
    second = redis("second")
    run = run_predicted(konnect, linked("second"))
    assert run.before["partials"] == [{"name": "first", "path": PATH}]
    assert run.after["partials"] == [{"name": "second", "path": PATH}]
    assert plugin_of(konnect)["partials"] == [{"id": second, "path": PATH}]


@either_way
def test_values_of_its_own_take_the_place_of_a_link(konnect, first, shown):
    run = run_predicted(konnect, {**OWN_REDIS, "partials": []})
    assert run.changed
    assert run.after["config"]["redis"] == {"host": OWN_REDIS["config"]["redis"]["host"]}
    assert not plugin_of(konnect).get("partials")


@either_way
def test_a_link_takes_the_place_of_values_of_its_own(konnect, redis, shown):
    identity = redis("first")
    konnect.create_all(("plugin", OWN_REDIS))
    assert run_predicted(konnect, linked("first", enabled=False)).changed
    assert plugin_of(konnect)["partials"] == [{"id": identity, "path": PATH}]


@either_way
def test_info_shows_the_link_and_no_secret(konnect, first, shown):
    run = konnect.run("plugin_info")
    assert run["plugins"][0]["partials"] == [{"id": first, "path": PATH}]
    assert "fake-redis-password" not in str(run.result)


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({**OWN_REDIS, "partials": [{"name": "shared"}]}, "invalid_input", "config must not set config.redis"),
        (linked("enterprise"), "invalid_input", "redis-ce at config.redis"),
        ({**LIMIT, "partials": [{"name": "shared", "path": "config.other"}]}, "invalid_input", "config.other"),
    ],
    ids=["values beside the link", "type", "path"],
)
def test_a_wrong_link_is_refused(konnect, redis, options, code, words, check):
    redis("shared")
    redis("enterprise", "redis-ee")
    run = konnect.run("plugin", options, check=check)
    assert run.code == code
    assert words in run.message
    assert run.writes == []


def test_check_mode_asks_the_server_whether_a_plugin_takes_partials(konnect, redis):
    redis("shared")
    run = konnect.run("plugin", {"name": "cors", "partials": [{"name": "shared"}]}, check=True)
    assert run.code == "invalid"
    assert run.writes == []


def test_a_link_to_no_partial_is_refused(konnect, redis):
    redis("shared")
    run = konnect.run("plugin", linked("sharde"))
    assert run.code == "not_found"
    assert "Did you mean shared?" in run.message
    assert run.writes == []


def test_values_beside_a_link_that_is_there_are_refused(konnect, first):
    run = konnect.run("plugin", OWN_REDIS)
    assert run.failed
    assert "config must not set config.redis" in run.message
    assert run.writes == []


def test_replace_keeps_a_link_that_is_left_out(konnect, first):
    assert not run_predicted(konnect, LIMIT).changed


def test_check_mode_assumes_that_an_earlier_task_creates_the_partial(konnect):
    run = konnect.run("plugin", linked("later"), check=True)
    assert run.changed
    assert run.after["partials"] == [{"name": "later", "path": PATH}]
    assert "has no partial later yet" in run.warnings


def test_what_is_shown_of_a_plugin_with_a_partial_is_given_back_and_changes_nothing(konnect, first):
    [plugin] = konnect.run("plugin_info")["plugins"]
    run = run_predicted(konnect, as_options(plugin, "konnect_plugin"))
    assert (run.changed, run.writes) == (False, [])
