# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.defaults import VAULT_DEFAULTS
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CERTIFICATE,
    CHILD_KINDS,
    CONFIG_STORE,
    CONSUMER,
    CONSUMER_GROUP,
    CONTROL_PLANE,
    CUSTOM_PLUGIN,
    DATA_PLANE_CERTIFICATE,
    DATA_PLANE_NODE,
    KEY,
    KEY_AUTH,
    KINDS,
    OWNED_KINDS,
    PARTIAL,
    PLUGIN,
    PLUGIN_SCHEMA,
    REFERRING,
    ROUTE,
    SECRET,
    SERVICE,
    TARGET,
    VAULT,
)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (CONTROL_PLANE, "control-planes"),
        (CONFIG_STORE, "config-stores"),
        (SECRET, "secrets"),
        (DATA_PLANE_NODE, "nodes"),
        (VAULT, "core-entities/vaults"),
        (SERVICE, "core-entities/services"),
        (ROUTE, "core-entities/routes"),
        (PLUGIN, "core-entities/plugins"),
        (CONSUMER, "core-entities/consumers"),
        (CONSUMER_GROUP, "core-entities/consumer_groups"),
        (CERTIFICATE, "core-entities/certificates"),
        (KEY, "core-entities/keys"),
        (PARTIAL, "core-entities/partials"),
        (KEY_AUTH, "core-entities/key-auths"),
        (TARGET, "core-entities/targets"),
        (CUSTOM_PLUGIN, "core-entities/custom-plugins"),
        (PLUGIN_SCHEMA, "core-entities/plugin-schemas"),
        (DATA_PLANE_CERTIFICATE, "dp-client-certificates"),
    ],
)
def test_each_kind_has_the_path_that_konnect_documents(kind, path):
    assert "/".join(kind.segments) == path


@pytest.mark.parametrize(
    ("kind", "entity", "expected"),
    [
        (ROUTE, {"id": "1", "name": "orders"}, "orders"),
        (VAULT, {"id": "1", "name": "konnect", "prefix": "my-vault"}, "my-vault"),
        (SECRET, {"key": "password"}, "password"),
        (CONSUMER, {"id": "1", "username": "alice"}, "alice"),
        (PLUGIN, {"id": "1", "name": None, "instance_name": "mine"}, "mine"),
        (ROUTE, {"id": "1", "name": ""}, "1"),
        (CERTIFICATE, {"id": "1"}, "1"),
        (CERTIFICATE, {"id": "1", "snis": ["a.example.com", "b.example.com"]}, "a.example.com"),
        (KEY_AUTH, {"id": "1", "key": "fake-key"}, "1"),
        (ROUTE, {}, "?"),
    ],
)
def test_an_entity_is_shown_by_what_users_know_it_by(kind, entity, expected):
    assert kind.display(entity) == expected


def test_every_core_entity_has_tags_without_order():
    assert [kind.name for kind in CHILD_KINDS if kind.segments[0] == "core-entities" and "tags" not in kind.sets] == [
        "plugin_schema"
    ]


every = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@every
def test_a_kind_points_only_to_kinds_in_the_table(kind):
    pointing = {name for name, _field in (*kind.dependents, *kind.used_by)}
    assert pointing | set(kind.parents.values()) <= set(KINDS)


@every
def test_an_owner_is_a_parent_with_a_path_of_its_own_and_a_part_of_every_identity(kind):
    if kind.owner is None:
        assert kind.nested == ()
        return
    assert kind.nested
    assert KINDS[kind.parents[kind.owner]].owner is None
    assert all(names[0] == kind.owner and len(names) > 1 for names in kind.identity)
    assert kind in OWNED_KINDS


@every
def test_no_result_is_called_as_a_method_of_a_dict(kind):
    assert f"{kind.result_name}s" not in dir({})


@every
def test_a_value_that_responses_hide_is_one_of_the_texts(kind):
    assert kind.hidden is None or kind.texts[kind.hidden].get("encrypted")


def test_references_are_looked_for_where_the_table_says_that_there_may_be_any():
    names = [kind.name for kind in REFERRING]
    assert sorted(names) == ["certificate", "jwt", "key", "key_auth", "partial", "plugin", "vault"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_depends_on_a_kind_has_it_as_a_parent(kind):
    assert all(KINDS[name].parents[field] == kind.name for name, field in kind.dependents)


@pytest.mark.parametrize("field", ["service", "route", "consumer", "consumer_group"])
def test_a_plugin_depends_on_each_of_its_parents(field):
    assert PLUGIN.parents[field] == field
    assert ("plugin", field) in KINDS[field].dependents


def test_a_route_depends_on_its_service():
    assert ("route", "service") in SERVICE.dependents


@pytest.mark.parametrize("kind", [CONTROL_PLANE, SERVICE, ROUTE, PLUGIN])
def test_lists_with_a_filter_by_name_are_asked_to_use_it(kind):
    assert kind.name_filter


@pytest.mark.parametrize("backend", VAULT_DEFAULTS)
def test_no_backend_of_a_vault_decodes_base64_by_itself(backend):
    assert VAULT_DEFAULTS[backend]["base64_decode"] is False
