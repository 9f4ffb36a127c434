# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which plugin a task means: by its name and scope, or by its instance name."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONSUMER,
    CONSUMER_GROUP,
    PLUGIN,
    ROUTE,
    SERVICE,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._plugins.config import PluginConfig
from ansible_collections.community.konnect.plugins.module_utils._plugins.plugin import (
    check_scope,
    ensure_plugin,
    plugin_row,
    remove_plugin,
)
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.gateway import Gateway

OPTIONS = {
    **dict.fromkeys(("instance_name", "route", "service", "consumer", "consumer_group", "config", "partials")),
    **dict.fromkeys(("enabled", "protocols", "ordering", "condition", "tags")),
    "name": "key-auth",
    "config_mode": "replace",
    "literal_secrets": "warn",
    "sensitive_fields": None,
    "keep_secrets_on_move": False,
    "check_references": "fail",
    "state": "present",
}
PARENTS = {"service": SERVICE, "route": ROUTE, "consumer": CONSUMER, "consumer_group": CONSUMER_GROUP}


def plugin(plugin_id, instance_name=None, **scope):
    """A plugin that can be told by its tag."""
    parents = {field: {"id": parent_id} for field, parent_id in scope.items()}
    row = {"id": plugin_id, "name": "key-auth", "tags": [plugin_id], "config": {}, **parents}
    return {**row, "instance_name": instance_name} if instance_name else row


GLOBAL = plugin("global")
ON_ROUTE = plugin("on-route", "one", route="id-route")


@pytest.fixture
def gateway(server):
    """A control plane with one parent of each kind: my-route with the id id-route, and so on."""
    gateway = Gateway(server)
    gateway.has_schema("key-auth", {"realm": {"type": "string", "encrypted": True}})
    for field, kind in PARENTS.items():
        gateway.has(kind, {"id": f"id-{field}", kind.name_field: f"my-{field}"})
    server.routes[f"POST {gateway.path('core-entities', 'schemas', 'plugin', 'validate')}"] = (200, {})
    return gateway


@pytest.fixture
def disable(plane):
    """The result of check mode of a task that disables a plugin."""

    def run(**options):
        return ensure_plugin(plane(check_mode=True), {**OPTIONS, "enabled": False, **options})

    return run


@pytest.fixture
def remove(server, plane):
    """The result of a task that removes a plugin, and the ends of the paths of what it deleted."""

    def run(**options):
        for found in (GLOBAL, ON_ROUTE):
            server.routes[f"DELETE {Gateway.path(*PLUGIN.segments, found['id'])}"] = (204, b"")
        result = remove_plugin(plane(), {**OPTIONS, "state": "absent", **options})
        return result, [path.rpartition("/")[2] for method, path, *_rest in server.requests if method == "DELETE"]

    return run


# By name and scope


@pytest.mark.parametrize("field", PARENTS)
def test_a_plugin_is_meant_when_it_has_just_the_scope_of_the_task(gateway, disable, field):
    in_scope = plugin("in-scope", **{field: f"id-{field}"})
    others = [plugin(f"other-{other}", **{other: f"id-{other}"}) for other in PARENTS if other != field]
    both = plugin("both", service="id-service", route="id-route")
    gateway.has(PLUGIN, GLOBAL, *others, both, plugin("elsewhere", **{field: "id-other"}), in_scope)
    result = disable(**{field: f"my-{field}"})
    assert result["plugin"]["tags"] == ["in-scope"]
    assert result["plugin"][field] == {"id": f"id-{field}"}
    assert result["diff"]["after"][field] == f"my-{field}"
    assert disable()["plugin"]["tags"] == ["global"]


def test_a_plugin_of_that_name_in_another_scope_is_not_changed(gateway, disable):
    gateway.has(PLUGIN, ON_ROUTE)
    assert disable()["diff"]["before"] == {}
    gateway.has(PLUGIN, GLOBAL)
    result = disable(route="my-route", consumer="my-consumer")
    assert result["diff"]["before"] == {}
    assert result["plugin"] == {
        "id": result["plugin"]["id"],
        "name": "key-auth",
        "enabled": False,
        "route": {"id": "id-route"},
        "consumer": {"id": "id-consumer"},
        "config": {},
    }


def test_the_id_of_a_new_plugin_follows_from_its_name_and_scope(gateway, plane):
    control_plane = plane()
    gateway.responds("POST", PLUGIN, plugin("new", consumer="id-consumer", route="id-route"))
    ensure_plugin(control_plane, {**OPTIONS, "consumer": "my-consumer", "route": "my-route"})
    [(_what, body)] = gateway.writes()
    assert body["id"] == control_plane.deterministic_id(PLUGIN, "key-auth/route/id-route/consumer/id-consumer")


def test_two_plugins_of_one_name_and_scope_are_ambiguous(gateway, disable):
    gateway.has(PLUGIN, GLOBAL, plugin("second"))
    with pytest.raises(KonnectError, match="global, second") as caught:
        disable()
    assert caught.value.code == "ambiguous"


# By instance name


def test_the_plugin_with_the_instance_name_is_meant_wherever_it_is(gateway, disable):
    gateway.has(PLUGIN, GLOBAL, plugin("two", "two", route="id-route"), ON_ROUTE)
    body = disable(instance_name="one")["plugin"]
    assert (body["tags"], body["route"]) == (["on-route"], {"id": "id-route"})


def test_a_scope_moves_it(gateway, disable):
    gateway.has(PLUGIN, plugin("of-service", "one", service="id-service"))
    body = disable(instance_name="one", route="my-route")["plugin"]
    assert (body["tags"], body["route"], body["service"]) == (["of-service"], {"id": "id-route"}, {"id": "id-service"})


def test_an_empty_scope_takes_it_off(gateway, disable):
    gateway.has(PLUGIN, ON_ROUTE)
    result = disable(instance_name="one", route={})
    assert "route" not in result["plugin"]
    assert (result["diff"]["before"]["route"], "route" in result["diff"]["after"]) == ("id-route", False)


def test_when_none_has_the_instance_name_the_plugin_in_the_scope_gets_it(gateway, disable):
    gateway.has(PLUGIN, GLOBAL, ON_ROUTE)
    body = disable(instance_name="two", route="my-route")["plugin"]
    assert (body["tags"], body["instance_name"]) == (["on-route"], "two")


def test_when_there_is_neither_it_is_created_with_the_instance_name(gateway, disable):
    gateway.has(PLUGIN, ON_ROUTE)
    result = disable(instance_name="two")
    assert result["diff"]["before"] == {}
    new = {"name": "key-auth", "instance_name": "two", "enabled": False, "config": {}}
    assert result["plugin"] == {**new, "id": result["plugin"]["id"]}


@pytest.mark.parametrize("scope", [{}, {"route": "my-route"}])
def test_an_instance_name_that_another_plugin_carries_is_refused(gateway, disable, scope):
    gateway.has(PLUGIN, {**plugin("other", "one"), "name": "basic-auth"}, plugin("on-route", route="id-route"))
    with pytest.raises(KonnectError) as caught:
        disable(instance_name="one", **scope)
    assert caught.value.code == "conflict"
    assert caught.value.message.startswith("The instance name one is that of plugin basic-auth (other) already.")


def test_a_scope_that_belongs_to_another_plugin_is_refused(gateway, disable):
    gateway.has(PLUGIN, ON_ROUTE, plugin("of-service", service="id-service"))
    with pytest.raises(KonnectError) as caught:
        disable(instance_name="one", service="my-service")
    assert caught.value.code == "ambiguous"
    assert "key-auth with the instance name one is on-route" in caught.value.message
    assert "belongs to plugin of-service. Remove one of them." in caught.value.message


def test_without_a_scope_a_global_plugin_beside_it_is_no_conflict(gateway, disable):
    gateway.has(PLUGIN, GLOBAL, ON_ROUTE)
    assert disable(instance_name="one")["plugin"]["tags"] == ["on-route"]


def test_in_its_own_scope_there_is_no_conflict(gateway, disable):
    gateway.has(PLUGIN, ON_ROUTE)
    assert disable(instance_name="one", route="my-route")["plugin"]["tags"] == ["on-route"]


# Empty scopes


@pytest.mark.parametrize("field", PARENTS)
@pytest.mark.parametrize(("state", "instance_name"), [("present", None), ("absent", None), ("absent", "one")])
def test_an_empty_scope_is_refused_where_nothing_can_move(field, state, instance_name):
    with pytest.raises(InvalidInput, match=f"^{field} is an empty mapping.*needs instance_name") as caught:
        check_scope(Task(), {**OPTIONS, field: {}, "state": state, "instance_name": instance_name})
    assert caught.value.code == "invalid_input"


def test_every_empty_scope_is_named():
    with pytest.raises(InvalidInput, match="^service, route is an empty mapping"):
        check_scope(Task(), {**OPTIONS, "route": {}, "service": {}})


@pytest.mark.parametrize("options", [{}, {"route": "my-route"}, {"route": {}, "instance_name": "one"}])
def test_other_scopes_are_accepted(options):
    check_scope(Task(), {**OPTIONS, **options})


@pytest.mark.parametrize(
    ("options", "warned"), [({}, True), ({"service": "my-service"}, False), ({"instance_name": "one"}, False)]
)
def test_a_scope_that_is_an_empty_text_is_warned_of_when_it_makes_the_plugin_global(options, warned):
    task = Task(empty_options=frozenset({"route"}))
    check_scope(task, {**OPTIONS, **options})
    assert [("route is empty" in warning) for warning in task.warnings] == [True] * warned


# Removal


def test_the_plugin_in_the_scope_is_removed(gateway, remove):
    gateway.has(PLUGIN, GLOBAL, {**ON_ROUTE, "config": {"realm": "fake-realm"}})
    result, deleted = remove(route="my-route")
    assert (result["changed"], result["plugin"]["id"], deleted) == (True, "on-route", ["on-route"])
    assert result["diff"]["after"] == {}
    assert "fake-realm" not in str(result)
    assert remove()[1] == ["on-route", "global"]


def test_what_is_not_there_is_removed_already(gateway, remove):
    gateway.has(PLUGIN, ON_ROUTE)
    assert remove() == ({"changed": False, "plugin": {}, "diff": {"before": {}, "after": {}}}, [])


def test_what_belongs_to_a_parent_that_does_not_exist_is_removed_already(gateway, remove):
    gateway.has(PLUGIN, GLOBAL, ON_ROUTE)
    result, deleted = remove(instance_name="one", route="no-route")
    assert (result["changed"], result["plugin"], deleted) == (False, {}, [])


def test_a_plugin_that_konnect_does_not_know_can_be_removed(gateway, remove):
    gateway.has(PLUGIN, {**GLOBAL, "name": "old-plugin"})
    assert remove(name="old-plugin")[1] == ["global"]


def test_an_instance_name_is_removed_wherever_it_is(gateway, remove):
    gateway.has(PLUGIN, GLOBAL, plugin("two", "two", route="id-route"), ON_ROUTE)
    assert remove(instance_name="one")[1] == ["on-route"]


def test_an_instance_name_that_none_has_removes_nothing(gateway, remove):
    gateway.has(PLUGIN, GLOBAL)
    assert remove(instance_name="one")[1] == []


def test_an_instance_name_is_removed_in_its_scope(gateway, remove):
    gateway.has(PLUGIN, ON_ROUTE)
    assert remove(instance_name="one", route="my-route")[1] == ["on-route"]


def test_an_instance_name_is_not_removed_from_another_scope(gateway, remove):
    gateway.has(PLUGIN, ON_ROUTE)
    with pytest.raises(KonnectError) as caught:
        remove(instance_name="one", route="my-route", service="my-service", consumer="my-consumer")
    assert caught.value.code == "scope_mismatch"
    assert "key-auth (on-route) was not removed: it is not on that service and consumer. Leave" in caught.value.message
    assert gateway.writes() == []


# Rows


@pytest.mark.parametrize("scope", [{}, {"route": "id-route", "consumer": "id-consumer"}])
def test_a_row_tells_what_this_collection_created_and_hides_secrets(gateway, plane, scope):
    control_plane = plane()
    config = PluginConfig(control_plane, "key-auth")
    natural_key = "/".join(["key-auth", *(f"{field}/{parent_id}" for field, parent_id in scope.items())])
    own_id = control_plane.deterministic_id(PLUGIN, natural_key)
    for plugin_id in (own_id, "other"):
        row = plugin_row(control_plane, config, {**plugin(plugin_id, **scope), "config": {"realm": "fake-realm"}})
        assert row["created_by_collection"] is (plugin_id == own_id)
        assert row["config"] == {"realm": "(not shown)"}
