# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import Probe
from ansible_collections.community.konnect.plugins.module_utils._rotation.route_trial import (
    HEADER,
    MARKER,
    MARKING,
    LiveRoute,
    RouteTrial,
    decides,
    find_route,
    live_route,
    temporary_plugins,
    temporary_route,
    with_targets_that_use,
)
from ansible_collections.community.konnect.plugins.module_utils._rotation.trial import TAG
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, page

ROUTES, PLUGINS = f"{PLANE_PATH}/core-entities/routes", f"{PLANE_PATH}/core-entities/plugins"
DONE = (204, b"")
ROUTE = {"id": "route-1", "name": "chat", "paths": ["/anything"], "service": {"id": "service-1"}}
REFERENCE, REWRITTEN = "{vault://my-vault/my-key}", "{vault://my-vault/my-key-next}"
MARK = f"{MARKER}:fake-marker"


def plugin(name, number=1, **more):
    scope = {field: {"id": f"{field.replace('_', '-')}-1"} for field in more.pop("scope", [])}
    return {"id": f"{name}-{number}", "name": name, "config": {}, **scope, **more}


def names(plugins):
    return [each["id"] for each in plugins]


# The plugins of a live route


def test_a_route_has_its_own_plugins_those_of_its_service_and_global_ones():
    found = live_route(
        [
            plugin("ai-proxy", scope=["route"]),
            plugin("key-auth", scope=["service"]),
            plugin("cors"),
            plugin("acl", scope=["route"], route={"id": "route-2"}),
            plugin("acl", scope=["service"], service={"id": "service-2"}),
        ],
        ROUTE,
    )
    assert (names(found.own), names(found.inherited)) == (["ai-proxy-1"], ["key-auth-1", "cors-1"])
    assert names(found.effective) == ["ai-proxy-1", "key-auth-1", "cors-1"]


@pytest.mark.parametrize(
    ("scopes", "effective"),
    [
        ([["route"], ["service"], []], "cors-0"),
        ([[], ["service"], ["route"]], "cors-2"),
        ([["service"], []], "cors-0"),
        ([[], ["service"]], "cors-1"),
        ([[], ["route", "service"]], "cors-1"),
    ],
)
def test_a_closer_scope_wins(scopes, effective):
    plugins = [plugin("cors", number, scope=scope) for number, scope in enumerate(scopes)]
    assert names(live_route(plugins, ROUTE).effective) == [effective]


@pytest.mark.parametrize("field", ["consumer", "consumer_group"])
def test_the_plugins_of_consumers_do_not_run_for_everybody(field):
    own, wider = plugin("ai-proxy", 1, scope=["route", field]), plugin("ai-proxy", 2, scope=["service"])
    found = live_route([own, plugin("cors", scope=[field]), wider], ROUTE)
    assert (names(found.own), names(found.effective)) == (["ai-proxy-1"], ["ai-proxy-2"])


def test_a_plugin_that_is_disabled_neither_runs_nor_hides_another():
    plugins = [plugin("cors", 1, scope=["route"], enabled=False), plugin("cors", 2, enabled=True)]
    assert names(live_route(plugins, ROUTE).effective) == ["cors-2"]


def test_a_route_without_a_service_has_global_plugins():
    route = {"id": "route-1"}
    found = live_route([plugin("cors"), plugin("acl", scope=["service"])], route)
    assert names(found.effective) == ["cors-1"]


# The route of a probe


def route(number, *paths, **more):
    return {"id": f"route-{number}", "name": f"chat-{number}", "paths": list(paths) or None, **more}


def found(routes, url="http://localhost:8000/a/b", using=None, **more):
    using = [each["id"] for each in routes] if using is None else using
    return find_route(Probe(url, **more), routes, using)["id"]


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([route(1, "/a")], "route-1"),
        ([route(1, "/a"), route(2, "/a/b")], "route-2"),
        ([route(1, "/a"), route(2, "/x")], "route-1"),
        ([route(1, "/x", "/a/b"), route(2, "/a")], "route-1"),
        ([route(1), route(2, "/a")], "route-2"),
        ([route(1), route(2, "/x")], "route-1"),
        ([route(1, "~/.*"), route(2, "/a")], "route-2"),
        ([route(1, "~/.*"), route(2, "/x")], "route-1"),
        # Only one uses the secret, so it is meant, however it is reached.
        ([route(1, "/x")], "route-1"),
    ],
)
def test_the_longest_path_wins(routes, expected):
    assert found(routes) == expected


def test_a_url_without_a_path_is_the_root():
    assert found([route(1, "/"), route(2, "/a")], "http://localhost:8000") == "route-1"


def test_only_routes_that_use_the_secret_come_into_question():
    assert found([route(1, "/a"), route(2, "/a/b")], using=["route-1"]) == "route-1"


@pytest.mark.parametrize("name", ["route-2", "chat-2"])
def test_the_route_may_be_named(name):
    assert found([route(1, "/a/b"), route(2, "/x")], using=["route-1"], route=name) == "route-2"


@pytest.mark.parametrize(
    ("routes", "more", "message"),
    [
        ([route(1, "/a"), route(2, "/a")], {}, "Possible are: chat-1, chat-2"),
        ([route(1, "/x"), route(2, "/y")], {}, "There are: chat-1, chat-2"),
        ([route(1, "/a")], {"route": "another"}, "There are: chat-1"),
        ([route(1, "/a"), {"id": "chat-1", "name": "chat-2"}], {"route": "chat-1"}, "Possible are: chat-1, chat-2"),
        ([], {}, "There are: none"),
    ],
)
def test_a_route_that_is_not_clear_is_to_be_named(routes, more, message):
    with pytest.raises(InvalidInput, match="Name it in the route of the probe") as caught:
        found(routes, "http://localhost:8000/a/b?key=fake", **more)
    assert message in caught.value.message
    assert "fake" not in caught.value.message


# Targets


def balancer(name="ai-proxy-advanced"):
    return plugin(name, config={"targets": [{"weight": number} for number in range(3)], "balancer": {}})


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        (["config.targets.1.auth.header_value"], [1]),
        (["config.targets.2.auth.header_value", "config.targets.0.auth.param_value"], [0, 2]),
        (["config.targets.1.auth.header_value", "config.embeddings.auth.header_value"], [1]),
        (["config.embeddings.auth.header_value"], [0, 1, 2]),
        ([], [0, 1, 2]),
    ],
)
def test_only_targets_that_use_the_secret_respond_to_a_probe(fields, kept):
    found = with_targets_that_use(fields, balancer())
    assert found == {**balancer(), "config": {"targets": [{"weight": number} for number in kept], "balancer": {}}}


def test_targets_of_another_plugin_are_no_models():
    assert with_targets_that_use(["config.targets.1.password"], balancer("my-plugin")) == balancer("my-plugin")


def test_what_is_tried_has_only_targets_that_use_the_secret(plane):
    lists = {"route": [ROUTE], "plugin": [{**balancer(), "route": {"id": ROUTE["id"]}}]}
    using = {"ai-proxy-advanced-1": {"config.targets.1.auth.header_value"}}
    probe, made = Probe("http://localhost/anything"), RouteTrial.of(plane(), "store-1", "a")
    (row,) = made.tried([probe], using, lambda kind: lists[kind.name])
    assert row.live.own[0]["config"]["targets"] == [{"weight": 1}]


@pytest.mark.parametrize(
    ("name", "field", "is_decisive"),
    [
        ("ai-proxy", "config.auth.header_value", True),
        ("ai-proxy-advanced", "config.targets.0.auth.header_value", True),
        ("ai-proxy-advanced", "config.vectordb.redis.password", False),
        ("ai-request-transformer", "config.llm.auth.header_value", True),
        ("request-transformer", "config.add.headers.0", True),
        ("request-transformer", "config.remove.headers.0", False),
        ("http-log", "config.headers.Authorization", False),
        ("rate-limiting", "config.redis.password", False),
    ],
)
def test_a_chat_tests_only_what_the_provider_gets(name, field, is_decisive):
    chat = Probe("http://localhost/anything")
    own = [Probe("http://localhost/a", method="GET"), Probe("http://localhost/a", good=(204,))]
    assert decides(chat, plugin(name), [field]) is is_decisive
    assert all(decides(each, plugin(name), [field]) for each in own)
    assert not decides(chat, plugin("ai-proxy"), [])


def test_what_a_chat_does_not_test_is_not_tried(plane):
    lists = {"route": [ROUTE], "plugin": [plugin(name, scope=["route"]) for name in ("ai-proxy", "http-log")]}
    using = {"ai-proxy-1": {"config.auth.header_value"}, "http-log-1": {"config.headers.Authorization"}}
    made = RouteTrial.of(plane(), "store-1", "a")
    (row,) = made.tried([Probe("http://localhost/anything")], using, lambda kind: lists[kind.name])
    assert row.using == {"ai-proxy-1"}
    del using["ai-proxy-1"]
    assert made.tried([Probe("http://localhost/anything")], using, lambda kind: lists[kind.name]) == []


# The temporary route


def test_a_temporary_route_matches_what_the_live_one_matches_and_a_header():
    live = {
        **ROUTE,
        "hosts": ["example.com"],
        "methods": None,
        "strip_path": True,
        "headers": {"X-Version": ["1"]},
        "tags": ["mine"],
        "created_at": 1,
        "updated_at": 2,
    }
    assert temporary_route(live, "konnect-rotation-1", "fake-value") == {
        "name": "konnect-rotation-1",
        "paths": ["/anything"],
        "hosts": ["example.com"],
        "strip_path": True,
        "service": {"id": "service-1"},
        "headers": {"X-Version": ["1"], HEADER: ["fake-value"]},
        "tags": [TAG],
    }


@pytest.mark.parametrize(("priority", "expected"), [(7, 8), (0, 1), (None, 1)])
def test_a_temporary_route_by_expression_comes_before_the_live_one(priority, expected):
    live = {**ROUTE, "paths": None, "expression": 'http.path == "/a" || http.path == "/b"', "priority": priority}
    made = temporary_route(live, "konnect-rotation-1", "fake-value")
    assert made["expression"] == (
        '(http.path == "/a" || http.path == "/b") && http.headers.x_konnect_rotation == "fake-value"'
    )
    assert made["priority"] == expected
    assert "headers" not in made


def test_each_rotation_has_random_values_and_a_prefix_of_its_secret(plane):
    first, again, another = (RouteTrial.of(plane(), "store-1", key) for key in ("a", "a", "b"))
    assert first.value != again.value and first.mark != again.mark
    assert len(first.value) == 32
    assert first.prefix == again.prefix != another.prefix
    assert "store-1" not in first.prefix


def test_the_url_of_a_proxy_stands_for_the_probe_of_the_tutorial(plane):
    made = RouteTrial.of(plane(), "store-1", "a")
    (probe,) = made.probes([], "http://localhost:8000", [], lambda kind: [])
    assert (probe.url, probe.method) == ("http://localhost:8000/anything", "POST")
    assert made.probes([], "", [], lambda kind: []) == []
    assert made.probes([probe], "http://localhost:8001", [], lambda kind: []) == [probe]


# The plugins of a temporary route


def rewrite(given):
    return {**given, "config": {"auth": REWRITTEN}}


def copies(live, using=()):
    return temporary_plugins(live, "temporary-1", using, rewrite, lambda given: given, MARK)


def live(own=(), inherited=()):
    return LiveRoute(ROUTE, tuple(own), tuple(inherited))


def test_the_plugins_of_the_route_are_copied():
    own = plugin(
        "key-auth",
        scope=["route"],
        instance_name="chat-auth",
        protocols=["http"],
        ordering=None,
        tags=["mine"],
        created_at=1,
        updated_at=2,
        config={"key_names": ["apikey"], "realm": None},
    )
    copy, _marking = copies(live([own]))
    assert copy == {
        "name": "key-auth",
        "protocols": ["http"],
        "config": {"key_names": ["apikey"], "realm": None},
        "route": {"id": "temporary-1"},
        "tags": [TAG],
        "copy_of": "key-auth-1",
    }


def test_references_change_only_in_plugins_that_use_the_secret():
    own = [plugin(name, scope=["route"], config={"auth": REFERENCE}) for name in ("ai-proxy", "another")]
    made = {copy["name"]: copy["config"] for copy in copies(live(own), {"ai-proxy-1"})}
    assert (made["ai-proxy"], made["another"]) == ({"auth": REWRITTEN}, {"auth": REFERENCE})


def test_a_plugin_of_the_service_is_copied_only_when_it_uses_the_secret():
    inherited = [plugin("ai-proxy", scope=["service"]), plugin("key-auth", scope=["service"])]
    copy, _marking = copies(live(inherited=inherited), {"ai-proxy-1"})
    assert (copy["copy_of"], copy["route"], "service" in copy) == ("ai-proxy-1", {"id": "temporary-1"}, False)


def test_a_global_plugin_that_uses_the_secret_is_copied():
    copy, _marking = copies(live(inherited=[plugin("ai-proxy")]), {"ai-proxy-1"})
    assert (copy["name"], copy["route"], copy["config"]) == ("ai-proxy", {"id": "temporary-1"}, {"auth": REWRITTEN})


def test_a_plugin_of_the_route_in_one_service_stays_so():
    copy, _marking = copies(live([plugin("acl", scope=["route", "service"])]))
    assert copy["service"] == {"id": "service-1"}


@pytest.mark.parametrize("field", ["consumer", "consumer_group"])
def test_the_plugins_of_consumers_are_copied(field):
    copy, _marking = copies(live([plugin("rate-limiting", scope=["route", field])]))
    assert copy[field] == {"id": f"{field.replace('_', '-')}-1"}


def test_the_last_plugin_marks_responses():
    *_others, marking = copies(live([plugin("ai-proxy", scope=["route"])]))
    assert marking == {
        "name": MARKING,
        "config": {"add": {"headers": [MARK]}},
        "route": {"id": "temporary-1"},
        "tags": [TAG],
        "copy_of": "mark",
    }


@pytest.mark.parametrize("scope", [["route"], ["service"], []])
def test_a_plugin_that_transforms_responses_marks_them_too(scope):
    own = plugin(
        MARKING, scope=scope, config={"add": {"headers": ["X-Mine:1"], "json": ["a:1"]}, "rename": {"json": []}}
    )
    first = plugin("ai-proxy", scope=["route"])
    made = copies(live([own, first]) if scope == ["route"] else live([first], [own]))
    assert [copy["name"] for copy in made] == ["ai-proxy", MARKING]
    assert made[-1]["config"] == {"add": {"headers": ["X-Mine:1", MARK], "json": ["a:1"]}, "rename": {"json": []}}


@pytest.mark.parametrize("field", ["consumer", "consumer_group"])
@pytest.mark.parametrize("wider", [True, False])
def test_responses_to_a_consumer_that_has_a_plugin_of_its_own_are_marked_too(field, wider):
    own = [plugin(MARKING, scope=["route", field]), plugin("ai-proxy", scope=["route"])]
    made = copies(live(own, [plugin(MARKING, 2)] if wider else []))
    assert [copy["name"] for copy in made] == ["ai-proxy", MARKING, MARKING]
    assert [copy["config"]["add"]["headers"] for copy in made[1:]] == [[MARK], [MARK]]
    assert [field in copy for copy in made[1:]] == [True, False]


def test_the_live_plugins_stay_as_they_are():
    own = plugin(MARKING, scope=["route"], config={"add": {"headers": ["X-Mine:1"]}})
    copies(live([own]), {own["id"]})
    assert own["config"] == {"add": {"headers": ["X-Mine:1"]}}


# Requests


def trial(plane, value="fake-value", marker="fake-marker"):
    return RouteTrial(plane(), "konnect-rotation-1-", value, marker)


def bodies(server):
    return [body for method, _path, _headers, body in server.requests if method == "POST"]


def create(made, *own):
    made.create_beside(live(own), {"ai-proxy-1"}, rewrite, lambda given: given)


def test_a_trial_is_created_route_first(server, plane):
    server.script = [(201, {"id": f"temporary-{number}"}) for number in (1, 2, 3)]
    create(trial(plane), plugin("ai-proxy", scope=["route"]))
    assert server.sent() == [f"POST {ROUTES}", f"POST {PLUGINS}", f"POST {PLUGINS}"]
    made, proxy, marking = bodies(server)
    assert (made["name"], made["headers"]) == ("konnect-rotation-1-route-1", {HEADER: ["fake-value"]})
    assert (proxy["name"], proxy["config"], "copy_of" in proxy) == ("ai-proxy", {"auth": REWRITTEN}, False)
    assert (marking["name"], marking["config"]) == (MARKING, {"add": {"headers": [MARK]}})
    assert len({body["id"] for body in (made, proxy, marking)}) == 3


def test_an_entity_is_not_created_twice_after_a_lost_response(server, plane):
    made = {"id": "temporary-1"}
    server.script = ["reset", (200, made), "reset", (200, {**made, "name": "ai-proxy"}), (201, made)]
    create(trial(plane), plugin("ai-proxy", scope=["route"]))
    assert [sent.split()[0] for sent in server.sent()] == ["POST", "GET", "POST", "GET", "POST"]


def test_each_run_creates_entities_of_its_own(server, plane):
    """What an earlier run left may be about to be removed."""
    for marker in ("fake-marker-1", "fake-marker-2"):
        server.script = [(201, {"id": "temporary-1"}), (201, {"id": "temporary-2"})]
        create(trial(plane, marker=marker))
    assert len({body["id"] for body in bodies(server)}) == 4


def test_what_konnect_refuses_ends_the_creation(server, plane):
    server.script = [(201, {"id": "temporary-1"}), (400, {"message": "no"})]
    with pytest.raises(ApiError):
        create(trial(plane), plugin("ai-proxy", scope=["route"]))


def listed(*found):
    return page(*({"id": name, "name": name, "tags": [TAG]} for name in found))


def test_the_temporary_routes_of_this_secret_are_removed(server, plane):
    server.script = [listed("konnect-rotation-1-a", "konnect-rotation-2-a", "konnect-rotation-1-b"), DONE, DONE]
    trial(plane).remove()
    listing, *removed = server.sent()
    assert f"tags={TAG}" in listing
    assert removed == [f"DELETE {ROUTES}/konnect-rotation-1-a", f"DELETE {ROUTES}/konnect-rotation-1-b"]


def test_nothing_is_removed_where_there_is_nothing(server, plane):
    server.script = [page()]
    trial(plane).remove()
    assert len(server.requests) == 1


def test_a_route_that_cannot_be_removed_with_its_plugins_is_removed_after_them(server, plane):
    own = {"id": "plugin-1", "name": "cors", "route": {"id": "konnect-rotation-1-a"}}
    refused = (400, {"message": "data constraint error"})
    server.script = [
        listed("konnect-rotation-1-a"),
        refused,
        page(own, {"id": "plugin-2", "name": "cors", "route": {"id": "route-1"}}, {"id": "plugin-3", "name": "acl"}),
        DONE,
        DONE,
    ]
    trial(plane).remove()
    deleted = [sent for sent in server.sent() if sent.startswith("DELETE")]
    assert deleted[1:] == [f"DELETE {PLUGINS}/plugin-1", f"DELETE {ROUTES}/konnect-rotation-1-a"]


def test_a_route_that_cannot_be_removed_at_all_is_an_error(server, plane):
    refused = (403, {"message": "no"})
    server.script = [listed("konnect-rotation-1-a"), refused, page(), refused]
    with pytest.raises(ApiError):
        trial(plane).remove()
