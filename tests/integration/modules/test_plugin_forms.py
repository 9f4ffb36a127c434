# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugin configurations whose form in Konnect is not that of the task: empty tables, made values, old names."""

from __future__ import annotations

import pytest

from support.shared import KONG_SCHEMAS, needs

MODES = ("replace", "merge")
HTTP_LOG = {"name": "http-log", "config": {"http_endpoint": "https://logs.example.com", "headers": {}}}
ACME = {"name": "acme", "config": {"account_email": "a@example.com", "tos_accepted": True}}
SESSION = {"name": "session", "config": {"cookie_name": "s"}}

pytestmark = [
    needs(KONG_SCHEMAS),
    pytest.mark.emulator("--plugin-schemas", str(KONG_SCHEMAS), "--set", "empty_table=list"),
]


def held(konnect):
    """The configuration of the only plugin."""
    [plugin] = konnect.list("core-entities/plugins")
    return plugin["config"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("options", [HTTP_LOG, ACME], ids=["map", "record"])
def test_a_plugin_with_an_empty_table_is_written_once(konnect, options, mode):
    assert konnect.run("plugin", {**options, "config_mode": mode}).changed
    again = konnect.run("plugin", {**options, "config_mode": mode})
    assert not again.changed, again.result
    assert again.writes == []


def test_an_empty_map_can_get_entries(konnect):
    konnect.create_all(("plugin", HTTP_LOG))
    merged = {"name": "http-log", "config_mode": "merge", "config": {"headers": {"x-a": "b"}}}
    assert konnect.run("plugin", merged).changed
    assert held(konnect)["headers"] == {"x-a": "b"}


def test_an_empty_map_is_shown_as_a_map(konnect):
    [run] = konnect.create_all(("plugin", HTTP_LOG))
    assert run["plugin"]["config"]["headers"] == {}


@pytest.mark.parametrize("mode", MODES)
def test_a_value_that_the_server_made_is_kept(konnect, mode):
    konnect.create_all(("plugin", SESSION))
    # As from a replica whose default is another.
    made = {**held(konnect), "secret": "fake-text-of-another-replica"}
    [plugin] = konnect.list("core-entities/plugins")
    konnect.call("PUT", f"core-entities/plugins/{plugin['id']}", {"name": "session", "config": made})
    assert not konnect.run("plugin", {**SESSION, "config_mode": mode}).changed
    assert konnect.run("plugin", {"name": "session", "config": {"cookie_name": "t"}, "config_mode": mode}).changed
    assert held(konnect)["secret"] == "fake-text-of-another-replica"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("session", "cookie_discard", "stale_ttl"),
        ("opentelemetry", "endpoint", "traces_endpoint"),
        ("rate-limiting", "redis_timeout", "redis.timeout"),
    ],
)
def test_a_change_under_an_old_name_is_written_once(konnect, name, old, new, mode):
    values = ("https://one.example", "https://two.example") if old == "endpoint" else (60, 70)
    rest = {"minute": 1} if name == "rate-limiting" else {}
    for value in values:
        options = {"name": name, "config_mode": mode, "config": {**rest, old: value}}
        assert konnect.run("plugin", options).changed
        assert not konnect.run("plugin", options).changed
        stored = held(konnect)
        for step in new.split("."):
            stored = stored[step]
        assert stored == value


@pytest.mark.parametrize(
    ("name", "config", "field"),
    [
        ("rate-limiting", {"minute": 1, "redis_host": "a", "redis": {"host": "b"}}, "config.redis_host"),
        ("session", {"cookie_renew": 5}, "config.cookie_renew"),
    ],
)
def test_an_old_name_that_contradicts_or_does_nothing_is_refused(konnect, name, config, field):
    run = konnect.run("plugin", {"name": name, "config": config})
    assert run.failed
    assert [row["field"] for row in run["failure"]["fields"]] == [field]
    assert run.writes == []


def test_what_is_shown_has_todays_names_alone(konnect):
    [run] = konnect.create_all(("plugin", {"name": "rate-limiting", "config": {"minute": 1, "redis_host": "a"}}))
    shown = run["plugin"]["config"]
    assert shown["redis"]["host"] == "a"
    assert "redis_host" not in shown
    assert "redis_host" in held(konnect)
