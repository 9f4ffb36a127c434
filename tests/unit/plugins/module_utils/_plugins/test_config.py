# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import PARTIAL
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._plugins.config import PluginConfig
from ansible_collections.community.konnect.tests.unit.gateway import Gateway

SECRET = {"type": "string", "encrypted": True, "referenceable": True}
FIELDS = (
    {"model": {"type": "string", "referenceable": True, "default": "small"}},
    {"password": SECRET},
    {"salt": {"type": "string", "encrypted": True}},
    {"keys": {**SECRET, "type": "array", "elements": {"type": "string"}}},
    {"redis": {"type": "record", "required": True, "fields": [{"host": {"type": "string", "default": "localhost"}}]}},
)
LINKS = [{"id": "r", "path": "config.redis"}]


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    for name in ("ai-proxy", "pre-function", "post-function"):
        gateway.has_schema(name, *FIELDS, supported_partials={"redis-ce": ["config.redis"]})
    gateway.has(PARTIAL, {"id": "r", "name": "my-redis", "type": "redis-ce"})
    return gateway


@pytest.fixture
def control_plane(gateway, plane):
    return plane()


@pytest.fixture
def config(control_plane):
    return PluginConfig(control_plane, "ai-proxy")


def test_a_plugin_that_konnect_does_not_know_is_an_error(control_plane):
    with pytest.raises(InvalidInput, match=r"no plugin ai-proxi\. Check name.*must be uploaded") as caught:
        PluginConfig(control_plane, "ai-proxi")
    assert caught.value.code == "unknown_plugin"


def test_of_a_plugin_that_need_not_exist_names_tell_what_is_secret(control_plane):
    config = PluginConfig(control_plane, "removed", must_exist=False)
    held = {"name": "removed", "config": {"password": "fake-password", "model": "small", "key": "{vault://v/k}"}}
    assert config.mask(held)["config"] == {"password": "(not shown)", "model": "small", "key": "{vault://v/k}"}
    assert config.own(held) == held["config"]
    assert [site.field for site in config.references(held["config"])] == ["config.key"]


# Checks


def test_a_config_of_known_fields_passes(config, control_plane):
    config.check({"model": "large", "redis": {"host": "x"}})
    config.check(None)
    assert (control_plane.task.secrets, control_plane.task.warnings) == (set(), [])


def test_unknown_fields_are_refused_with_the_closest_known_one_or_all(config):
    with pytest.raises(InvalidInput) as caught:
        config.check({"modell": "large", "redis": {"hots": "x", "zzzzzz": 1}})
    assert caught.value.message == (
        "Plugin ai-proxy has no such field: config.modell (did you mean model?); config.redis.hots (did you mean "
        "host?); config.redis.zzzzzz (known: host)."
    )
    assert caught.value.code == "unknown_field"
    assert caught.value.facts["fields"] == [
        {"field": field, "reason": "unknown field"}
        for field in ("config.modell", "config.redis.hots", "config.redis.zzzzzz")
    ]


def test_literals_are_kept_out_of_everything_that_is_shown_also_when_the_config_is_refused(config, control_plane):
    with pytest.raises(InvalidInput):
        config.check({"password": "fake-password", "pasword": "fake-misspelt", "model": "large"})
    assert control_plane.task.secrets == {"fake-password", "fake-misspelt"}


LITERALS = {
    "model": "large",
    "password": "fake-password",
    "salt": "fake-salt",
    "keys": ["{vault://v/k}", "fake-key", "Bearer {vault://v/k}", ""],
}


def test_a_literal_where_a_reference_belongs_is_a_warning(config, control_plane):
    config.check_literals(LITERALS, "warn")
    [warning] = control_plane.task.warnings
    assert warning.startswith("A secret itself is in config.password, config.keys.1,")
    assert "Store it with konnect_secret" in warning
    assert "fake-" not in warning


def test_or_it_is_refused(config, control_plane):
    with pytest.raises(InvalidInput, match="^A secret itself is in config.password, config.keys.1,") as caught:
        config.check_literals(LITERALS, "fail")
    assert caught.value.code == "literal_secret"
    reason = "a literal where a secret reference belongs"
    assert caught.value.facts["fields"] == [
        {"field": field, "reason": reason} for field in ("config.password", "config.keys.1")
    ]
    assert control_plane.task.warnings == []


def test_or_it_is_allowed(config, control_plane):
    config.check_literals(LITERALS, "allow")
    assert control_plane.task.warnings == []


@pytest.mark.parametrize("severity", ["warn", "fail"])
def test_references_and_fields_that_hold_no_secret_are_no_literals(config, control_plane, severity):
    config.check_literals({"model": "large", "salt": "fake-salt", "password": "{vault://v/k}"}, severity)
    assert control_plane.task.warnings == []


@pytest.mark.parametrize(
    ("name", "function"), [("ai-proxy", None), ("pre-function", "pre-function"), ("post-function", "post-function")]
)
def test_texts_that_mention_references_are_found_and_code_is_told_apart(control_plane, name, function):
    config = PluginConfig(control_plane, name)
    sites = list(config.references({"model": "{vault://v/k}", "salt": "a {vault://v/k}", "password": "fake"}))
    assert [(site.field, site.text, site.referenceable, site.function) for site in sites] == [
        ("config.model", "{vault://v/k}", True, function),
        ("config.salt", "a {vault://v/k}", False, function),
    ]


# Forms


def test_what_a_plugin_holds_itself_is_its_config_without_what_a_partial_gives(config):
    held = {"config": {"model": 7, "redis": {"host": "shared"}}}
    assert config.own(held) == {"model": "7", "redis": {"host": "shared"}}
    assert config.own({**held, "partials": LINKS}) == {"model": "7"}
    assert config.own({"config": None, "partials": LINKS}) == {}


def test_to_compare_what_a_partial_gives_does_not_count(config):
    given = {"model": "large", "redis": {"host": "shared"}}
    assert config.normalize(given, []) == given
    assert config.normalize(given, LINKS) == {"model": "large"}
    assert config.normalize(None, []) == {"model": "small", "redis": {"host": "localhost"}}


def test_a_diff_leaves_defaults_out(config):
    assert config.without_defaults({"model": "small", "redis": {"host": "x"}}) == {"redis": {"host": "x"}}


def test_a_plugin_is_masked_and_nulls_are_left_out(config):
    plugin = {"id": "p", "tags": None, "config": {"password": "fake-new", "salt": None}}
    assert config.mask(plugin) == {"id": "p", "config": {"password": "(not shown)"}}
    before = {"config": {"password": "fake-old"}}
    assert config.mask(plugin, before)["config"] == {"password": "(not shown, changed)"}
    assert config.mask(plugin, {})["config"] == {"password": "(not shown)"}


def test_a_plugin_without_config_is_masked_too(config):
    assert config.mask({}) == {}


# Old names, and values that the server makes


@pytest.fixture
def renamed(gateway, control_plane):
    """A plugin with an old name, one that does nothing any more, and a value that the server makes."""
    redis = {"type": "record", "fields": [{"host": {"type": "string"}}]}
    fields = [
        {"redis": redis},
        {"salt": {"type": "string", "auto": True}},
        {"limit": {"type": "integer", "default": 1}},
    ]
    old = [
        {"redis_host": {"type": "string", "deprecation": {"replaced_with": [{"path": ["redis", "host"]}]}}},
        {"gone": {"type": "string", "deprecation": {"message": "gone does not exist anymore"}}},
    ]
    gateway.has_schema("renamed", *fields)
    route = gateway.path("core-entities", "schemas", "plugins", "renamed")
    _status, found = gateway.server.routes[f"GET {route}"]
    found["fields"][0]["config"]["shorthand_fields"] = old
    return PluginConfig(control_plane, "renamed")


def test_old_names_that_cannot_be_sent_are_refused_together(renamed):
    with pytest.raises(InvalidInput) as caught:
        renamed.check({"redis_host": "a", "redis": {"host": "b"}, "gone": "x"})
    assert caught.value.message == (
        "Plugin renamed has old names of fields that cannot be sent: config.redis_host (the old name of "
        "config.redis.host, which is given another value); config.gone (gone does not exist anymore). Use the current "
        "names alone."
    )
    assert [row["field"] for row in caught.value.facts["fields"]] == ["config.redis_host", "config.gone"]


def test_a_result_has_todays_names_alone(renamed):
    shown = renamed.mask({"config": {"redis_host": "a", "redis": {"host": "a"}}})
    assert shown["config"] == {"redis": {"host": "a"}}


@pytest.mark.parametrize(
    ("mode", "desired"),
    [
        ("replace", {"redis": {"host": "b"}, "salt": "s"}),
        ("merge", {"redis": {"host": "b"}, "salt": "s", "limit": 7}),
    ],
)
def test_what_is_wanted_meets_what_is_held_by_the_mode(renamed, mode, desired):
    held = {"redis": {"host": "a"}, "salt": "s", "limit": 7}
    assert renamed.desired(held, renamed.to_send({"redis_host": "b"}), mode) == desired
