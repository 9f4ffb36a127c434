# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info modules: all there is, or what was asked for, and never a secret."""

from __future__ import annotations

import pytest

from support.control_plane import ControlPlaneHarness
from support.options import ABSENT, REMOVE_IN_USE

LITERAL = "Bearer fake-literal-key"
CHAT = {
    "route_type": "llm/v1/chat",
    "model": {"provider": "openai", "name": "gpt-fake"},
    "auth": {"header_name": "Authorization", "header_value": LITERAL},
}
ENTITIES = [
    ("config_store", {"name": "one"}),
    ("config_store", {"name": "two"}),
    *[("secret", {"config_store": "one", "key": f"key-{number}", "value": LITERAL}) for number in range(3)],
    ("vault", {"prefix": "my-vault", "config_store": "one", "tags": ["a", "b"]}),
    ("vault", {"prefix": "corporate", "backend": "hcv", "config": {"token": "fake-hcv-token"}}),
    *[("service", {"name": f"service-{number}", "host": "api.example.com", "tags": ["a"]}) for number in range(3)],
    ("route", {"name": "my-route", "service": "service-1", "paths": ["/a"], "tags": ["b"]}),
    ("plugin", {"name": "ai-proxy", "route": "my-route", "config": CHAT}),
    ("plugin", {"name": "correlation-id"}),
]
# An info module, its options, and the names of what it finds.
QUESTIONS = [
    ("config_store", {}, ["one", "two"]),
    ("config_store", {"name": "two"}, ["two"]),
    ("config_store", {"name": "three"}, []),
    ("secret", {"config_store": "one"}, ["key-0", "key-1", "key-2"]),
    ("secret", {"config_store": "one", "key": "key-1"}, ["key-1"]),
    ("secret", {"config_store": "one", "key": "key-9"}, []),
    ("vault", {}, ["corporate", "my-vault"]),
    ("vault", {"config_store": "one"}, ["my-vault"]),
    ("vault", {"backend": "hcv"}, ["corporate"]),
    ("vault", {"tags": ["a", "b"]}, ["my-vault"]),
    ("service", {}, ["service-0", "service-1", "service-2"]),
    ("service", {"tags": ["a"], "name": "service-1"}, ["service-1"]),
    ("route", {"service": "service-1"}, ["my-route"]),
    ("route", {"service": "service-2"}, []),
    ("route", {"tags": ["a"]}, []),
    ("plugin", {}, ["ai-proxy", "correlation-id"]),
    ("plugin", {"route": "my-route"}, ["ai-proxy"]),
    ("plugin", {"name": "correlation-id"}, ["correlation-id"]),
]
NAMES = {"vault": "prefix", "secret": "key"}

# In pages of two, so that whoever reads only the first page finds too little.
small_pages = pytest.mark.emulator("--page-size", "2")


@pytest.fixture(scope="module")
def populated(emulators) -> ControlPlaneHarness:
    """A control plane with some of everything, which these tests only read."""
    konnect = ControlPlaneHarness.create(emulators(*small_pages.args))
    konnect.create_all(*ENTITIES)
    return konnect


# One worker fills the control plane for all of these tests.
reads_only = pytest.mark.xdist_group("info")


@reads_only
@pytest.mark.parametrize(
    ("module", "options", "expected"), QUESTIONS, ids=lambda value: value if isinstance(value, str) else str(value)
)
def test_info_finds_what_was_asked_for_and_writes_nothing(populated, module, options, expected):
    run = populated.run(f"{module}_info", options)
    assert [entity[NAMES.get(module, "name")] for entity in run[f"{module}s"]] == expected
    assert not run.changed
    assert run.writes == []


@reads_only
@pytest.mark.parametrize(
    ("module", "options"), [("secret", {"config_store": "one"}), ("vault", {}), ("plugin", {})], ids=str
)
def test_info_shows_no_secret(populated, module, options):
    result = str(populated.run(f"{module}_info", options).result)
    assert "fake-literal-key" not in result
    assert "fake-hcv-token" not in result


@reads_only
def test_info_shows_a_plugin_but_for_its_secrets(populated):
    (plugin,) = populated.run("plugin_info", {"name": "ai-proxy"})["plugins"]
    assert plugin["config"]["auth"]["header_value"] == "(not shown)"
    assert plugin["config"]["model"]["name"] == "gpt-fake"


@small_pages
def test_control_planes_are_found_by_name(konnect):
    run = konnect.run("control_plane_info", {"name": konnect.name})
    assert [each["name"] for each in run["control_planes"]] == [konnect.name]


@small_pages
def test_all_control_planes_are_listed(konnect):
    others = [ControlPlaneHarness.create(konnect.emulator).name for _another in range(2)]
    names = {each["name"] for each in konnect.run("control_plane_info")["control_planes"]}
    assert {"quickstart", konnect.name, *others} <= names


def test_control_planes_are_found_by_label(konnect):
    name = f"{konnect.name}-labelled"
    konnect.create_all(("control_plane", {"name": name, "labels": {"test": konnect.name}}))
    found = {
        label: [
            each["name"] for each in konnect.run("control_plane_info", {"labels": {"test": label}})["control_planes"]
        ]
        for label in (konnect.name, "none")
    }
    assert found == {konnect.name: [name], "none": []}


def test_a_label_is_found_as_it_was_written(konnect):
    labels = {"live": True, "year": 2026, "test": konnect.name}
    konnect.create_all(("control_plane", {"name": f"{konnect.name}-live", "labels": labels}))
    found = konnect.run("control_plane_info", {"labels": labels})["control_planes"]
    assert [each["name"] for each in found] == [f"{konnect.name}-live"]


@pytest.mark.parametrize(
    ("module", "options"), [("secret_info", {"config_store": "nowhere"}), ("plugin_info", {"route": "nowhere"})]
)
def test_a_parent_that_a_filter_names_must_be_there(konnect, module, options):
    assert konnect.run(module, options).code == "not_found"


def test_the_type_of_a_control_plane_cannot_be_changed(konnect):
    run = konnect.run("control_plane", {"name": konnect.name, "cluster_type": "CLUSTER_TYPE_SERVERLESS"})
    assert run.code == "immutable"
    assert run.writes == []


def test_a_control_plane_that_holds_something_stays(konnect):
    konnect.create_all(("config_store", {"name": "one"}))
    run = konnect.run("control_plane", {"name": konnect.name, **ABSENT})
    assert run.code == "not_empty"
    assert "1 config store" in run.message
    assert run.writes == []


def test_an_empty_control_plane_is_removed(konnect):
    assert konnect.run("control_plane", {"name": konnect.name, **ABSENT}).changed


def test_a_control_plane_with_data_plane_nodes_stays(konnect):
    with_nodes = ControlPlaneHarness.first(konnect.emulator)
    run = with_nodes.run("control_plane", {"name": with_nodes.name, **ABSENT})
    assert run.code == "not_empty"
    assert "1 data plane node" in run.message
    assert run.writes == []


def test_a_control_plane_is_removed_with_all_that_it_holds_when_asked_for(konnect):
    konnect.create_all(("config_store", {"name": "one"}))
    assert konnect.run("control_plane", {"name": konnect.name, **ABSENT, **REMOVE_IN_USE}).changed
    assert not konnect.run("control_plane", {"name": konnect.name, **ABSENT}).changed
