# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plugin that a task wants: what is sent to Konnect, and what is returned."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import PARTIAL, PLUGIN, VAULT
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._plugins.plugin import ensure_plugin
from ansible_collections.community.konnect.tests.unit.gateway import Gateway

OPTIONS = {
    **dict.fromkeys(("instance_name", "route", "service", "consumer", "consumer_group", "config", "partials")),
    **dict.fromkeys(("enabled", "protocols", "ordering", "condition", "tags")),
    "name": "rate-limiting",
    "config_mode": "replace",
    "literal_secrets": "warn",
    "sensitive_fields": None,
    "keep_secrets_on_move": False,
    "check_references": "fail",
    "state": "present",
}
REDIS = {"type": "record", "required": True, "fields": [{"host": {"type": "string", "default": "localhost"}}]}
FIELDS = [
    {"minute": {"type": "integer"}},
    {"policy": {"type": "string", "default": "local"}},
    {"key": {"type": "string", "referenceable": True, "encrypted": True}},
    {"cache": {"type": "record", "fields": [{"redis": REDIS}]}},
]
DEPRECATED = {"per_minute": {"type": "integer", "deprecation": {"replaced_with": [{"path": ["minute"]}]}}}
SHARED_REDIS = {"id": "r", "name": "my-redis", "type": "redis-ee"}
LINK = {"id": "r", "path": "config.cache.redis"}
HELD = {"id": "p", "created_at": 1, "name": "rate-limiting", "config": {"minute": 5, "policy": "local"}}


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    schema = {
        "fields": [{"config": {"type": "record", "fields": FIELDS, "shorthand_fields": [DEPRECATED]}}],
        "supported_partials": {"redis-ee": ["config.cache.redis"]},
    }
    server.routes[f"GET {gateway.path('core-entities', 'schemas', 'plugins', 'rate-limiting')}"] = (200, schema)
    gateway.has(PARTIAL, SHARED_REDIS)
    return gateway


@pytest.fixture
def ensure(plane):
    """The result of a task with these options; with the control plane of check mode, that of check mode."""

    def run(control_plane=None, **options):
        return ensure_plugin(control_plane or plane(), {**OPTIONS, **options})

    return run


@pytest.fixture
def body_of_update(gateway, ensure):
    """The body that a task sends when the control plane has a plugin; the response is what the task should send."""

    def run(held, expected, **options):
        gateway.has(PLUGIN, held)
        gateway.responds("PUT", PLUGIN, {"id": held["id"], **expected})
        assert ensure(**options)["changed"] is True
        [(what, body)] = gateway.writes()
        assert what == f"PUT {held['id']}"
        return body

    return run


def test_a_new_plugin_is_created_with_what_the_task_gives_alone(gateway, plane, ensure):
    control_plane = plane()
    created = {"id": "new", "name": "rate-limiting", "enabled": True, "config": {"minute": 5, "policy": "local"}}
    gateway.responds("POST", PLUGIN, created)
    result = ensure(control_plane, config={"minute": "5"})
    own_id = control_plane.deterministic_id(PLUGIN, "rate-limiting")
    assert gateway.writes() == [("POST plugins", {"id": own_id, "name": "rate-limiting", "config": {"minute": 5}})]
    assert result == {
        "changed": True,
        "plugin": created,
        "diff": {"before": {}, "after": {"name": "rate-limiting", "config": {"minute": 5}}},
    }


def test_the_list_is_asked_for_that_name_alone(gateway, ensure):
    gateway.has(PLUGIN, HELD)
    ensure()
    [listed] = [request for request in gateway.server.sent() if "/plugins?" in request]
    assert "filter%5Bname%5D%5Beq%5D=rate-limiting" in listed


def test_a_plugin_of_another_name_is_not_meant(gateway, ensure):
    gateway.has(PLUGIN, {**HELD, "name": "rate-limiting-advanced"})
    gateway.responds("POST", PLUGIN, HELD)
    assert ensure(config={"minute": 5})["changed"] is True


def test_what_the_server_fills_in_is_no_change(gateway, ensure):
    held = {**HELD, "enabled": True, "protocols": ["http"], "config": {**HELD["config"], "key": None, "per_minute": 5}}
    gateway.has(PLUGIN, held)
    result = ensure(config={"minute": 5})
    assert (result["changed"], gateway.writes()) == (False, [])
    assert result["plugin"]["id"] == "p"
    assert result["diff"]["before"] == result["diff"]["after"]


def test_what_the_task_leaves_out_stays(body_of_update):
    held = {**HELD, "enabled": False, "tags": ["a"], "condition": "true", "protocols": ["http"], "ordering": {"x": 1}}
    expected = {**held, "tags": ["b"]}
    assert body_of_update(held, expected, tags=["b"]) == {
        name: value for name, value in expected.items() if name not in ("id", "created_at")
    }


@pytest.mark.parametrize(
    "option",
    [
        {"instance_name": "one"},
        {"enabled": False},
        {"protocols": ["http"]},
        {"ordering": {"before": {"access": ["x"]}}},
        {"condition": "true"},
        {"tags": ["t"]},
    ],
)
def test_each_option_is_sent(body_of_update, option):
    expected = {"name": "rate-limiting", "config": HELD["config"], **option}
    assert body_of_update(HELD, expected, **option) == expected


def test_an_empty_option_clears(body_of_update):
    expected = {"name": "rate-limiting", "config": HELD["config"]}
    assert body_of_update({**HELD, "tags": ["a"]}, expected, tags=[]) == expected


def test_without_config_the_configuration_stays_with_its_nulls(body_of_update):
    held = {**HELD, "config": {"minute": 5, "policy": None}}
    expected = {"name": "rate-limiting", "config": {"minute": 5, "policy": None}, "tags": ["b"]}
    assert body_of_update(held, expected, tags=["b"]) == expected


def test_replace_leaves_the_rest_to_the_server(body_of_update):
    held = {**HELD, "config": {"minute": 5, "policy": "redis"}}
    assert body_of_update(held, {**HELD, "config": {"minute": 6}}, config={"minute": 6})["config"] == {"minute": 6}


def test_replace_sends_only_nulls_that_replace_a_default(gateway, body_of_update):
    held = {**HELD, "config": {"minute": 5, "policy": "redis"}}
    config = {"minute": 6, "policy": None, "key": None, "cache": {"redis": {"host": None}}}
    expected = {"minute": 6, "policy": None, "cache": {"redis": {"host": None}}}
    assert body_of_update(held, {**HELD, "config": expected}, config=config)["config"] == expected


@pytest.mark.parametrize("mode", ["replace", "merge"])
def test_a_null_that_replaces_a_default_is_unchanged_when_it_is_there(gateway, ensure, mode):
    gateway.has(PLUGIN, {**HELD, "config": {"minute": 5, "policy": None}})
    assert not ensure(config={"minute": 5, "policy": None}, config_mode=mode)["changed"]


@pytest.mark.parametrize(
    ("config", "sent"),
    [
        ({"minute": 6}, {"minute": 6, "policy": "redis"}),
        ({"policy": None, "key": "{vault://env/k}"}, {"minute": 5, "policy": None, "key": "{vault://env/k}"}),
        ({"minute": None}, {"policy": "redis"}),
    ],
)
def test_merge_changes_what_it_names_and_a_null_is_a_value(body_of_update, config, sent):
    held = {**HELD, "config": {"minute": 5, "policy": "redis"}}
    assert body_of_update(held, {**HELD, "config": sent}, config=config, config_mode="merge")["config"] == sent


def test_merge_does_not_send_the_old_value_under_a_deprecated_name(body_of_update):
    held = {**HELD, "config": {"minute": 5, "per_minute": 5}}
    sent = body_of_update(held, {**HELD, "config": {"minute": 6}}, config={"minute": 6}, config_mode="merge")
    assert sent["config"] == {"minute": 6}


def test_check_mode_asks_the_server_and_writes_nothing(gateway, plane, ensure):
    gateway.server.routes[f"POST {gateway.path('core-entities', 'schemas', 'plugin', 'validate')}"] = (200, {})
    result = ensure(plane(check_mode=True), config={"minute": 5})
    assert gateway.writes() == []
    asked = gateway.server.requests[-1][3]
    assert asked == {"name": "rate-limiting", "config": {"minute": 5}}
    assert result["plugin"] == {**asked, "id": result["plugin"]["id"]}


def test_secrets_are_masked_in_result_and_diff_and_a_change_of_one_can_be_seen(gateway, plane, ensure):
    gateway.has(PLUGIN, {**HELD, "config": {"minute": 5, "key": "fake-old-key"}})
    gateway.responds("PUT", PLUGIN, {**HELD, "config": {"minute": 5, "key": "fake-new-key"}})
    control_plane = plane()
    result = ensure(control_plane, config={"minute": 5, "key": "fake-new-key"})
    assert result["plugin"]["config"]["key"] == "(not shown)"
    assert result["diff"]["before"]["config"]["key"] == "(not shown)"
    assert result["diff"]["after"]["config"]["key"] == "(not shown, changed)"
    assert "fake-new-key" in control_plane.task.secrets
    assert "A secret itself is in config.key," in control_plane.task.warnings[0]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"config": {"minuet": 5}}, "unknown_field"),
        ({"config": {"key": "fake-key"}, "literal_secrets": "fail"}, "literal_secret"),
        ({"config": {"key": "{vault://none/k}"}}, "broken_reference"),
        ({"route": "none"}, "not_found"),
        ({"partials": [{"name": "none", "path": None}]}, "not_found"),
        ({"name": "rate-limitting"}, "unknown_plugin"),
        ({"route": {}}, "invalid_input"),
    ],
)
def test_what_cannot_work_is_refused_before_any_write(gateway, ensure, options, code):
    with pytest.raises(KonnectError) as caught:
        ensure(**options)
    assert caught.value.code == code
    assert gateway.writes() == []


def test_check_references_and_literal_secrets_can_be_turned_off(gateway, plane, ensure):
    control_plane = plane()
    for key in ("{vault://none/k}", "fake-key"):
        gateway.has(PLUGIN, {**HELD, "config": {"key": key}})
        ensure(control_plane, config={"key": key}, check_references="ignore", literal_secrets="allow")
    assert control_plane.task.warnings == []


# Partials


@pytest.mark.parametrize(
    "config",
    [
        {"minute": 5},
        {"minute": 5, "cache": None},
        {"minute": 5, "cache": {"redis": None}},
        {"minute": 5, "cache": {"redis": {"host": "redis.example.com"}}},
    ],
)
@pytest.mark.parametrize(
    "options",
    [
        {"config": {"minute": 5}, "partials": [{"name": "my-redis", "path": None}]},
        {"config": {"minute": 5}},
        {},
    ],
)
def test_what_is_returned_at_a_linked_path_is_no_change_and_not_sent_back(
    gateway, ensure, body_of_update, config, options
):
    held = {**HELD, "partials": [{"id": "r"}], "config": config}
    gateway.has(PLUGIN, held)
    assert ensure(**options)["changed"] is False
    body = body_of_update(held, {**held, "tags": ["b"]}, **options, tags=["b"])
    assert body["partials"] in ([LINK], [{"id": "r"}])
    assert "redis" not in (body["config"].get("cache") or {})


def test_a_plugin_that_is_taken_off_a_partial_does_not_keep_what_came_from_it(body_of_update):
    held = {**HELD, "partials": [LINK], "config": {"minute": 5, "cache": {"redis": {"host": "redis.example.com"}}}}
    expected = {"name": "rate-limiting", "config": {"minute": 5, "cache": {}}}
    assert body_of_update(held, expected, partials=[]) == expected


def test_what_a_plugin_held_at_a_path_is_dropped_when_a_partial_takes_it(body_of_update):
    held = {**HELD, "config": {"minute": 5, "cache": {"redis": {"host": "own.example.com"}}}}
    expected = {"name": "rate-limiting", "partials": [LINK], "config": {"minute": 5, "cache": {}}}
    assert body_of_update(held, expected, partials=[{"name": "my-redis", "path": None}]) == expected


def test_a_diff_names_partials(gateway, ensure):
    gateway.has(PLUGIN, {**HELD, "partials": [LINK]})
    assert ensure()["diff"]["after"]["partials"] == [{"name": "my-redis", "path": "config.cache.redis"}]


@pytest.mark.parametrize("partials", [[{"name": "my-redis", "path": None}], None])
def test_config_must_not_set_what_comes_from_a_partial(gateway, ensure, partials):
    gateway.has(PLUGIN, {**HELD, "partials": [LINK]})
    with pytest.raises(InvalidInput, match=r"config must not set config\.cache\.redis"):
        ensure(config={"cache": {"redis": {"host": "own.example.com"}}}, partials=partials)


def test_the_server_is_not_asked_about_a_partial_that_is_only_predicted(gateway, plane, ensure):
    control_plane = plane(check_mode=True)
    result = ensure(control_plane, config={"minute": 5}, partials=[{"name": "later", "path": None}])
    own_id = control_plane.deterministic_id(PARTIAL, "later")
    assert result["plugin"]["partials"] == [{"id": own_id, "path": "config.cache.redis"}]
    assert not [request for request in gateway.server.sent() if request.startswith("POST")]
    assert "no partial later yet" in control_plane.task.warnings[0]


@pytest.mark.parametrize("name", ["protocols", "tags"])
def test_an_item_that_is_there_twice_is_refused_before_the_first_request(server, ensure, name):
    with pytest.raises(InvalidInput, match=f"{name} lists http more than once"):
        ensure(**{name: ["http", "http"]})
    assert server.sent() == []


# What is read


@pytest.mark.parametrize(
    ("options", "reads_vaults"),
    [
        ({"config": {"key": "{vault://my-env/k}"}}, True),
        ({"config": {"key": "{vault://my-env/k}"}, "check_references": "ignore"}, False),
        ({"config": {"minute": 5}}, False),
        ({"config": {"key": "see {vault://my-env/k}"}, "check_references": "warn"}, False),
    ],
    ids=["refers", "unchecked", "no_reference", "no_whole_reference"],
)
def test_vaults_are_read_only_for_a_reference_and_each_list_once(gateway, ensure, options, reads_vaults):
    gateway.has(VAULT, {"id": "e", "name": "env", "prefix": "my-env", "config": {}})
    gateway.has(PLUGIN, HELD)
    gateway.responds("PUT", PLUGIN, {**HELD, "config": options["config"]})
    ensure(**options)
    read = sorted(path.rpartition("/")[2].partition("?")[0] for path in gateway.server.sent() if "GET" in path)
    changed = ["p"] if gateway.writes() else []
    assert read == sorted(["plugins", "rate-limiting", *changed, *(["vaults"] if reads_vaults else [])])


def test_an_unknown_plugin_is_the_error_whatever_else_cannot_be_read(gateway, ensure):
    for kind in (PLUGIN, VAULT):
        gateway.server.routes[f"GET {gateway.path(*kind.segments)}"] = (403, {"status": 403, "message": "Forbidden"})
    with pytest.raises(InvalidInput) as caught:
        ensure(name="rate-limitting", config={"key": "{vault://my-env/k}"})
    assert caught.value.code == "unknown_plugin"


def test_everything_is_read_before_the_plugin_is_written(gateway, ensure):
    gateway.responds("POST", PLUGIN, HELD)
    ensure(config=HELD["config"])
    methods = [request.partition(" ")[0] for request in gateway.server.sent()]
    assert methods == sorted(methods)
