# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belongs together: services, their routes, the plugins on both."""

from __future__ import annotations

from steps import run_tasks, task

SERVICE = {"name": "my-service", "url": "http://api.example.com/v1"}
ROUTE = {"name": "my-route", "service": "my-service", "paths": ["/a"]}
PLUGIN = {"name": "correlation-id", "route": "my-route"}


def test_what_others_belong_to_stays_unless_forced(konnect):
    gone = {"state": "absent"}
    steps = run_tasks(
        konnect,
        task("service", SERVICE),
        task("route", ROUTE),
        task("plugin", PLUGIN),
        task("service", {"name": "my-service", **gone}),
        task("route", {"name": "my-route", **gone}),
        task("service", {"name": "my-service", **gone, "force": True}, check=True),
        task("service", {"name": "my-service", **gone, "force": True}),
    )
    assert steps[3].code == steps[4].code == "in_use"
    assert "route my-route" in steps[3].message
    assert "plugin correlation-id" in steps[4].message
    assert steps[3].writes == steps[4].writes == steps[5].writes == []
    assert steps[5].changed
    assert steps[6].changed
    assert [konnect.list(f"core-entities/{kind}") for kind in ("services", "routes", "plugins")] == [[], [], []]


def test_a_route_leaves_its_service(konnect):
    steps = run_tasks(
        konnect,
        task("service", SERVICE),
        task("route", ROUTE),
        task("route", {"name": "my-route", "service": ""}),
        task("route", {"name": "my-route", "service": ""}),
    )
    assert [step.changed for step in steps[2:]] == [True, False]
    assert steps[2].result["diff"]["before"]["service"] != ""
    assert "service" not in steps[3].result["route"]


def test_an_id_in_the_place_of_a_name(konnect):
    first = run_tasks(konnect, task("service", SERVICE))[0].result["service"]["id"]
    missing = "00000000-0000-4000-8000-000000000000"
    steps = run_tasks(
        konnect,
        task("service", {"name": first, "retries": 3}),
        task("route", {**ROUTE, "service": first}),
        task("service", {"name": missing, "host": "api.example.com"}),
        task("route", {**ROUTE, "service": missing}, check=True),
    )
    assert steps[0].result["service"]["name"] == "my-service"
    assert steps[1].result["route"]["service"]["id"] == first
    assert steps[2].code == steps[3].code == "not_found"


def test_the_id_of_one_that_is_the_name_of_another_is_refused(konnect):
    first = konnect.call("POST", "core-entities/services", {"name": "one", "host": "one.example.com"})["id"]
    konnect.call("POST", "core-entities/services", {"name": first, "host": "two.example.com"})
    steps = run_tasks(
        konnect, task("route", {**ROUTE, "service": first}), task("service", {"name": first, "retries": 1})
    )
    assert [step.code for step in steps] == ["ambiguous", "ambiguous"]
    assert all(step.writes == [] for step in steps)


def test_what_has_no_order(konnect):
    sources = [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}]
    route = {"name": "my-route", "headers": {"x-version": ["1", "2"]}, "hosts": ["a.example.com", "b.example.com"]}
    turned = {"name": "my-route", "headers": {"x-version": ["2", "1"]}, "hosts": ["b.example.com", "a.example.com"]}
    stream = {"name": "stream", "protocols": ["tcp"]}
    steps = run_tasks(
        konnect,
        task("route", route),
        task("route", turned),
        task("route", {**stream, "sources": sources}),
        task("route", {**stream, "sources": sources[::-1]}),
    )
    assert [step.changed for step in steps] == [True, False, True, False]


def test_a_secret_in_a_header_is_not_shown(konnect):
    headers = {"authorization": ["Bearer fake-header-secret"]}
    steps = run_tasks(
        konnect,
        task("route", {"name": "my-route", "headers": headers}),
        task("route", {"name": "my-route", "tags": ["a"]}),
        task("route", {"name": "my-route", "headers": {"authorization": ["Bearer fake-header-other"]}}),
        task("route_info", {}),
        task("service", {"name": "my-service", "url": "https://bob:fake-header-password@api.example.com"}),
    )
    assert "fake-header" not in str([step.result for step in steps])
    assert steps[2].result["diff"]["after"]["headers"]["authorization"] == ["(not shown, changed)"]
    assert steps[4].code == "invalid_input"


def test_a_route_and_a_service_named_by_id_are_still_ours(konnect):
    made = run_tasks(konnect, task("service", SERVICE))[0].result["service"]["id"]
    (step,) = run_tasks(konnect, task("service", {"name": made}))
    assert step.result["created_by_collection"]
