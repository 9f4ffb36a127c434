# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CERTIFICATE,
    CONFIG_STORE,
    PLUGIN,
    ROUTE,
    SERVICE,
    VAULT,
    WORKSPACE,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._plugins.plugin import _natural_key
from ansible_collections.community.konnect.plugins.module_utils._rotation.options import RotationOptions
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import Probe
from ansible_collections.community.konnect.plugins.module_utils._rotation.reading import Reading, Subject
from ansible_collections.community.konnect.plugins.module_utils._rotation.refusal import refusal
from ansible_collections.community.konnect.plugins.module_utils._rotation.route_trial import RouteTrial
from ansible_collections.community.konnect.plugins.module_utils._rotation.trial import TAG
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.tests.unit.gateway import STORE, Gateway, vault, within

REFERENCE = "{vault://my-vault/my-key}"
CHAT, OTHER = (
    {"id": "route-1", "name": "chat", "paths": ["/anything"]},
    {"id": "route-2", "name": "other", "paths": ["/x"]},
)
OPTIONS = RotationOptions("prepare", probes=[Probe("http://localhost:8000/anything")])


def plugin(number=1, key=REFERENCE, **scope):
    scope = scope or {"route": {"id": "route-1"}}
    return {"id": f"plugin-{number}", "name": "ai-proxy", "config": {"key": key}, **scope}


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    gateway.has_store("my-key")
    gateway.has(VAULT, vault("my-vault"), vault("elsewhere", "another-store"))
    gateway.has(ROUTE, {**CHAT, "service": {"id": "service-1"}}, OTHER)
    gateway.has(SERVICE, {"id": "service-1"})
    gateway.has_schema("ai-proxy", {"key": {"type": "string", "referenceable": True}})
    return gateway


@pytest.fixture
def reading(plane):
    """Make the reading of a rotation of my-key."""

    def make(probes=OPTIONS.probes):
        control_plane = plane()
        subject = Subject(SecretStore(control_plane, Resolved(STORE)), "my-key", FingerprintKeys("fake-key-" * 4))
        return Reading(subject, RouteTrial.of(control_plane, STORE["id"], "my-key"), probes)

    return make


def tried(reading):
    return [(row.live.route["id"], row.using) for row in reading.tried("my-key")]


# What the probes reach


def test_a_probe_reaches_the_plugin_of_its_route(gateway, reading):
    gateway.has(PLUGIN, plugin())
    assert tried(reading()) == [("route-1", {"plugin-1"})]


@pytest.mark.parametrize("scope", [{"service": {"id": "service-1"}}, {"enabled": True}])
def test_a_probe_reaches_the_plugins_of_the_service_and_of_all_routes(gateway, reading, scope):
    gateway.has(PLUGIN, plugin(**scope))
    assert tried(reading()) == [("route-1", {"plugin-1"})]


def test_each_probe_reaches_its_route(gateway, reading):
    gateway.has(PLUGIN, plugin(), plugin(2, route={"id": "route-2"}))
    probes = [Probe(f"http://localhost:8000/{path}") for path in ("x", "anything", "x/y")]
    assert tried(reading(probes)) == [
        ("route-2", {"plugin-2"}),
        ("route-1", {"plugin-1"}),
        ("route-2", {"plugin-2"}),
    ]


def test_a_probe_may_reach_a_route_without_the_secret(gateway, reading):
    gateway.has(PLUGIN, plugin())
    probes = [Probe("http://localhost:8000/x", route="other"), *OPTIONS.probes]
    assert tried(reading(probes)) == [("route-2", set()), ("route-1", {"plugin-1"})]


@pytest.mark.parametrize(
    "found",
    [
        plugin(route={"id": "route-1"}, enabled=False),
        plugin(route={"id": "route-1"}, consumer={"id": "consumer-1"}),
        plugin(key="{vault://my-vault/another-key}"),
        plugin(key="{vault://elsewhere/my-key}"),
        plugin(key="{vault://unknown/my-key}"),
    ],
)
def test_a_plugin_that_does_not_use_the_secret_for_everybody_is_not_tried(gateway, reading, found):
    gateway.has(PLUGIN, found)
    assert tried(reading()) == []


def test_a_plugin_that_another_one_hides_is_not_tried(gateway, reading):
    gateway.has(PLUGIN, plugin(service={"id": "service-1"}), plugin(2, key="literal"))
    assert tried(reading()) == []


def test_what_a_trial_left_is_not_tried(gateway, reading):
    made = reading()
    temporary = {"id": "route-3", "name": f"{made.trial.prefix}route-1", "paths": ["/anything"], "tags": [TAG]}
    gateway.has(ROUTE, CHAT, temporary)
    gateway.has(PLUGIN, plugin(), {**plugin(2, route={"id": "route-3"}), "tags": [TAG]})
    assert tried(made) == [("route-1", {"plugin-1"})]


def test_without_probes_nothing_is_tried(gateway, reading):
    gateway.has(PLUGIN, plugin())
    assert tried(reading([])) == []


def test_a_probe_that_may_reach_several_routes_has_to_name_one(gateway, reading):
    gateway.has(PLUGIN, plugin(), plugin(2, route={"id": "route-2"}))
    with pytest.raises(InvalidInput, match="Name it in the route of the probe"):
        tried(reading([Probe("http://localhost:8000/y")]))


# Why a strategy cannot work


@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
def test_a_strategy_that_can_work(gateway, reading, strategy):
    gateway.has(PLUGIN, plugin())
    assert refusal(reading(), ["my-key"], replace(OPTIONS, strategy=strategy, references="all")) is None


@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
def test_what_nothing_refers_to_cannot_be_tried(gateway, reading, strategy):
    found = refusal(reading(), ["my-key"], replace(OPTIONS, strategy=strategy))
    assert found.startswith("Nothing that the gateway resolves refers to my-key")


@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
def test_without_a_probe_no_strategy_works(gateway, reading, strategy):
    gateway.has(PLUGIN, plugin())
    found = refusal(reading([]), ["my-key"], replace(OPTIONS, strategy=strategy))
    assert found.startswith("Say how to test the new value of my-key")


def test_what_a_trial_cannot_reach_is_named_with_the_risks_of_the_others(gateway, reading):
    gateway.has(CERTIFICATE, {"id": "certificate-1", "cert": "fake", "key": REFERENCE})
    gateway.has(PLUGIN, plugin(consumer={"id": "consumer-1"}))
    found = refusal(reading(), ["my-key"], OPTIONS)
    assert "cannot reach what refers to my-key (certificate certificate-1, plugin ai-proxy)" in found
    assert "blue_green points the references at the new value before it is proved" in found
    assert "in_place writes over the old value" in found


def test_what_only_another_workspace_uses_is_named_with_it(gateway, reading):
    gateway.has(WORKSPACE, {"id": "w", "name": "team"})
    gateway.has(within(CONFIG_STORE, "team"))
    gateway.has(within(VAULT, "team"), vault("my-vault"))
    gateway.has(within(PLUGIN, "team"), plugin())
    found = refusal(reading(), ["my-key"], OPTIONS)
    assert "cannot reach what refers to my-key (plugin ai-proxy in workspace team)" in found


@pytest.mark.parametrize(("priority", "refused"), [(2**46 - 2, False), (2**46 - 1, True)])
def test_no_temporary_route_comes_before_one_of_the_highest_priority(gateway, reading, priority, refused):
    expression = {"id": "route-1", "name": "chat", "expression": 'http.path ^= "/anything"', "priority": priority}
    gateway.has(ROUTE, {**expression, "service": {"id": "service-1"}}, OTHER)
    gateway.has(PLUGIN, plugin())
    found = refusal(reading(), ["my-key"], OPTIONS) or ""
    assert found.startswith("The strategy trial needs a temporary route before route chat") == refused


def test_a_reference_beside_the_one_that_is_tried_does_not_keep_a_trial_from_working(gateway, reading):
    gateway.has(CERTIFICATE, {"id": "certificate-1", "cert": "fake", "key": REFERENCE})
    gateway.has(PLUGIN, plugin())
    assert refusal(reading(), ["my-key"], OPTIONS) is None


@pytest.fixture
def created_plugin(plane):
    """A plugin with the id that konnect_plugin gives it."""
    identity = _natural_key("ai-proxy", {"route": "route-1"})
    return {**plugin(), "id": plane().deterministic_id(PLUGIN, identity)}


def test_references_of_this_collection_are_switched(gateway, reading, created_plugin):
    gateway.has(PLUGIN, created_plugin)
    assert refusal(reading(), ["my-key"], replace(OPTIONS, strategy="blue_green")) is None


def test_references_of_others_are_switched_only_when_that_is_asked_for(gateway, reading, created_plugin):
    gateway.has(CERTIFICATE, {"id": "certificate-1", "cert": REFERENCE, "key": REFERENCE})
    gateway.has(PLUGIN, created_plugin, plugin(2))
    found = refusal(reading(), ["my-key"], replace(OPTIONS, strategy="blue_green"))
    assert "did not create: plugin ai-proxy (plugin-2), certificate certificate-1 (certificate-1)." in found
    assert "Set references to all" in found
    assert refusal(reading(), ["my-key"], replace(OPTIONS, strategy="blue_green", references="all")) is None


@pytest.mark.parametrize("strategy", ["trial", "in_place"])
def test_where_no_reference_is_changed_it_may_be_of_another(gateway, reading, strategy):
    gateway.has(PLUGIN, plugin())
    assert refusal(reading(), ["my-key"], replace(OPTIONS, strategy=strategy)) is None
