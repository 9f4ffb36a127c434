# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services, their routes, and the plugins on both."""

from __future__ import annotations

import pytest

from support.options import ABSENT, REMOVE_IN_USE

SERVICE = {"name": "my-service", "url": "http://api.example.com/v1"}
ROUTE = {"name": "my-route", "service": "my-service", "paths": ["/a"]}
PLUGIN = {"name": "correlation-id", "route": "my-route"}
ALL = [("service", SERVICE), ("route", ROUTE), ("plugin", PLUGIN)]
NO_ID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("module", "name", "child"),
    [("service", "my-service", "route my-route"), ("route", "my-route", "plugin correlation-id")],
    ids=["service", "route"],
)
def test_what_others_belong_to_stays(konnect, module, name, child):
    konnect.create_all(*ALL)
    run = konnect.run(module, {"name": name, **ABSENT})
    assert run.code == "in_use"
    assert child in run.message
    assert run.writes == []


def test_a_removal_with_all_that_belongs_to_it_is_predicted(konnect):
    konnect.create_all(*ALL)
    run = konnect.run("service", {"name": "my-service", **ABSENT, **REMOVE_IN_USE}, check=True)
    assert run.changed
    assert run.writes == []


def test_a_service_is_removed_with_all_that_belongs_to_it_when_asked_for(konnect):
    konnect.create_all(*ALL)
    assert konnect.run("service", {"name": "my-service", **ABSENT, **REMOVE_IN_USE}).changed
    assert [konnect.list(f"core-entities/{kind}") for kind in ("services", "routes", "plugins")] == [[], [], []]


def test_a_route_leaves_its_service(konnect):
    konnect.create_all(("service", SERVICE), ("route", ROUTE))
    run = konnect.run("route", {"name": "my-route", "service": {}})
    assert run.changed
    assert run.before["service"] != ""
    assert "service" not in run["route"]


def test_an_empty_variable_does_not_take_a_route_off_its_service(konnect):
    konnect.create_all(("service", SERVICE), ("route", ROUTE))
    assert not konnect.run("route", {"name": "my-route", "service": ""}).changed


def test_a_route_without_a_service_stays_without(konnect):
    konnect.create_all(("route", {"name": "my-route", "paths": ["/a"]}))
    assert not konnect.run("route", {"name": "my-route", "service": {}}).changed


@pytest.fixture
def service_id(konnect):
    (made,) = konnect.create_all(("service", SERVICE))
    return made["service"]["id"]


def test_a_service_is_found_by_its_id(konnect, service_id):
    run = konnect.run("service", {"name": service_id, "retries": 3})
    assert run.changed
    assert run["service"]["name"] == "my-service"


def test_a_route_names_its_service_by_id(konnect, service_id):
    assert konnect.run("route", {**ROUTE, "service": service_id})["route"]["service"]["id"] == service_id


def test_a_service_named_by_its_id_is_still_one_of_this_collection(konnect, service_id):
    assert konnect.run("service", {"name": service_id})["created_by_collection"]


@pytest.mark.parametrize(
    ("module", "options"),
    [("service", {"name": NO_ID, "host": "api.example.com"}), ("route", {**ROUTE, "service": NO_ID})],
    ids=["service", "route"],
)
@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_no_task_can_be_taken_to_create_an_id(konnect, module, options, check):
    run = konnect.run(module, options, check=check)
    assert run.code == "not_found"
    assert run.writes == []


@pytest.mark.parametrize("module", ["service", "route"])
def test_the_id_of_one_that_is_the_name_of_another_is_refused(konnect, service_id, module):
    konnect.call("POST", "core-entities/services", {"name": service_id, "host": "two.example.com"})
    options = {"service": {"name": service_id, "retries": 1}, "route": {**ROUTE, "service": service_id}}
    run = konnect.run(module, options[module])
    assert run.code == "ambiguous"
    assert run.writes == []


@pytest.mark.parametrize(
    ("first", "turned"),
    [
        ({"hosts": ["a.example.com", "b.example.com"]}, {"hosts": ["b.example.com", "a.example.com"]}),
        ({"headers": {"x-version": ["1", "2"]}}, {"headers": {"x-version": ["2", "1"]}}),
        (
            {"protocols": ["tcp"], "sources": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}]},
            {"protocols": ["tcp"], "sources": [{"ip": "10.0.0.2"}, {"ip": "10.0.0.1"}]},
        ),
    ],
    ids=["hosts", "headers", "sources"],
)
def test_another_order_of_what_has_none_is_no_change(konnect, first, turned):
    konnect.create_all(("route", {"name": "my-route", **first}))
    assert not konnect.run("route", {"name": "my-route", **turned}).changed


HEADER = {"name": "my-route", "headers": {"authorization": ["Bearer fake-header-secret"]}}


def test_a_secret_in_a_header_is_not_shown(konnect):
    runs = [
        konnect.run("route", HEADER),
        konnect.run("route", {"name": "my-route", "tags": ["a"]}),
        konnect.run("route_info"),
    ]
    assert [run.failed for run in runs] == [False] * 3
    assert "fake-header" not in str([run.result for run in runs])


def test_a_secret_in_a_header_that_changes_is_told_without_it(konnect):
    konnect.create_all(("route", HEADER))
    run = konnect.run("route", {"name": "my-route", "headers": {"authorization": ["Bearer fake-header-other"]}})
    assert run.after["headers"]["authorization"] == ["(not shown, changed)"]
    assert "fake-header" not in str(run.result)


HELD = {**ROUTE, "hold_until_guarded": True}


def matcher(konnect):
    """The headers that requests of the one route need."""
    (route,) = konnect.list("core-entities/routes")
    return route.get("headers") or {}


def test_a_new_route_is_held(konnect):
    konnect.create_all(("service", SERVICE))
    assert konnect.run("route", HELD).changed
    assert [len(values[0]) for values in matcher(konnect).values()] == [32]


def test_a_held_route_needs_the_headers_that_were_asked_for_too(konnect):
    konnect.create_all(("service", SERVICE), ("route", {**HELD, "headers": {"X-Team": ["a"]}}))
    assert len(matcher(konnect)) == 2
    konnect.create_all(("route", {**ROUTE, "headers": {"X-Team": ["a"]}}))
    assert matcher(konnect) == {"X-Team": ["a"]}


def test_no_two_routes_are_held_by_the_same_value(konnect):
    konnect.create_all(("service", SERVICE), ("route", HELD), ("route", {**HELD, "name": "other-route"}))
    values = [str(route["headers"]) for route in konnect.list("core-entities/routes")]
    assert len(set(values)) == 2


def test_to_hold_a_held_route_changes_nothing(konnect):
    konnect.create_all(("service", SERVICE), ("route", HELD))
    again = konnect.run("route", HELD)
    assert (again.changed, again.writes) == (False, [])


def test_a_route_that_exists_is_not_held(konnect):
    konnect.create_all(("service", SERVICE), ("route", ROUTE))
    run = konnect.run("route", {**HELD, "paths": ["/other"]})
    assert (run.changed, run.writes) == (False, [])


def test_a_held_route_is_let_go_with_one_write(konnect):
    konnect.create_all(("service", SERVICE), ("route", HELD))
    released = konnect.run("route", ROUTE)
    assert (released.changed, len(released.writes)) == (True, 1)
    assert matcher(konnect) == {}
    again = konnect.run("route", ROUTE)
    assert (again.changed, again.writes) == (False, [])


def test_a_route_is_the_same_with_and_without_a_hold_before(konnect):
    konnect.create_all(("service", SERVICE), ("route", HELD), ("route", ROUTE), ("route", {**ROUTE, "name": "plain"}))
    fields = [
        {name: value for name, value in route.items() if name not in ("id", "name", "created_at", "updated_at")}
        for route in konnect.list("core-entities/routes")
    ]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("existing", [[], [("route", HELD)], [("route", ROUTE)]], ids=["new", "held", "open"])
@pytest.mark.parametrize("options", [HELD, ROUTE], ids=["hold", "let go"])
def test_check_mode_predicts_a_hold(konnect, existing, options):
    konnect.create_all(("service", SERVICE), *existing)
    predicted, done = konnect.run("route", options, check=True), konnect.run("route", options)
    assert (predicted.changed, predicted.writes) == (done.changed, [])


def test_https_without_a_port_means_443(konnect):
    options = {"name": "tls-service", "protocol": "https", "host": "api.example.com"}
    assert konnect.run("service", options)["service"]["port"] == 443
    assert not konnect.run("service", options).changed


@pytest.mark.parametrize(("held", "port"), [(80, 443), (8443, 8443)])
def test_another_protocol_changes_only_a_default_port(konnect, held, port):
    konnect.create_all(("service", {"name": "my-service", "protocol": "http", "host": "api.example.com", "port": held}))
    assert konnect.run("service", {"name": "my-service", "protocol": "https"})["service"]["port"] == port


HTTP_SERVICE = {"name": "my-service", "url": "https://api.example.com/v1"}
HTTP_ROUTE = {
    "name": "my-route",
    "protocols": ["https"],
    "paths": ["/a"],
    "methods": ["GET"],
    "snis": ["a.example.com"],
}
SOURCES = [{"ip": "10.0.0.0/8"}]


@pytest.mark.parametrize(
    ("module", "held", "options"),
    [
        ("service", HTTP_SERVICE, {"protocol": "tcp"}),
        ("service", HTTP_SERVICE, {"protocol": "grpc"}),
        ("route", HTTP_ROUTE, {"protocols": ["grpc"]}),
        ("route", HTTP_ROUTE, {"protocols": ["http"]}),
        ("route", HTTP_ROUTE, {"protocols": ["tcp"], "sources": SOURCES}),
        ("route", {"name": "my-route", "protocols": ["tcp"], "sources": SOURCES}, {**HTTP_ROUTE, "snis": None}),
    ],
)
def test_a_change_of_protocol_gives_up_what_the_new_one_excludes(konnect, module, held, options):
    konnect.create_all((module, held))
    task = {"name": held["name"], **options}
    assert konnect.run(module, task, check=True).changed
    run = konnect.run(module, task)
    assert run.changed, run.message
    assert not konnect.run(module, task).changed
