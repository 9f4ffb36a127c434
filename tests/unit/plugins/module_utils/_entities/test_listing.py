# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    KEY,
    PLUGIN,
    ROUTE,
    SERVICE,
    VAULT,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.listing import (
    parent_filter,
    read_entities,
    read_lists,
    with_origin,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, KonnectError
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held, page

SERVICE_ID = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
ORDERS = {"id": "1", "name": "orders", "tags": ["shop", "eu"], "service": {"id": SERVICE_ID}}
INVOICES = {"id": "2", "name": "invoices", "tags": ["shop"], "service": None}


def test_entities_are_in_the_order_of_their_names_without_nulls(server, plane):
    server.routes = held(ROUTE, ORDERS, INVOICES)
    assert read_entities(plane(), ROUTE) == [{"id": "2", "name": "invoices", "tags": ["shop"]}, ORDERS]


def test_entities_of_one_name_are_in_the_order_of_their_ids(server, plane):
    server.routes = held(ROUTE, {"id": "2", "name": "a"}, {"id": "1", "name": "a"})
    assert [entity["id"] for entity in read_entities(plane(), ROUTE)] == ["1", "2"]


def test_without_a_filter_none_is_sent(server, plane):
    server.script = [page()]
    assert read_entities(plane(), ROUTE) == []
    assert server.sent()[0].endswith("/routes?size=1000")


def test_tags_are_given_to_the_filter_of_the_server(server, plane):
    server.script = [page(ORDERS)]
    read_entities(plane(), ROUTE, tags=["shop", "eu"])
    assert "tags=shop%2Ceu" in server.sent()[0]


def test_only_entities_with_all_tags_are_returned_whatever_the_server_sends(server, plane):
    server.routes = held(ROUTE, ORDERS, INVOICES, {"id": "3", "name": "bare", "tags": None})
    assert read_entities(plane(), ROUTE, tags=["shop", "eu"]) == [ORDERS]


def test_an_entity_is_read_by_its_name(server, plane):
    server.routes = held(ROUTE, ORDERS, INVOICES)
    assert read_entities(plane(), ROUTE, name="orders") == [ORDERS]


def test_an_entity_is_read_by_its_id(server, plane):
    server.routes = held(SERVICE, {"id": SERVICE_ID, "name": "orders"})
    assert read_entities(plane(), SERVICE, name=SERVICE_ID) == [{"id": SERVICE_ID, "name": "orders"}]


def test_an_empty_name_is_a_name_that_nothing_has(server, plane):
    server.routes = held(ROUTE, ORDERS)
    assert read_entities(plane(), ROUTE, name="") == []


def test_name_and_tags_must_both_fit(server, plane):
    server.routes = held(ROUTE, INVOICES)
    assert read_entities(plane(), ROUTE, name="invoices", tags=["eu"]) == []


def test_entities_are_kept_by_a_condition(server, plane):
    server.routes = held(ROUTE, ORDERS, INVOICES)
    assert read_entities(plane(), ROUTE, keep=lambda entity: entity["service"] is not None) == [ORDERS]


def test_without_a_parent_every_entity_belongs(server, plane):
    belongs = parent_filter(plane(), SERVICE, None)
    assert belongs(ORDERS)
    assert belongs(INVOICES)
    assert server.requests == []


def test_only_what_belongs_to_the_parent_is_kept(server, plane):
    server.routes = held(SERVICE, {"id": SERVICE_ID, "name": "orders"})
    belongs = parent_filter(plane(), SERVICE, "orders")
    assert belongs(ORDERS)
    assert not belongs(INVOICES)
    assert not belongs({**ORDERS, "service": {"id": "another"}})


def test_a_parent_that_does_not_exist_is_an_error(server, plane):
    server.routes = held(SERVICE)
    with pytest.raises(KonnectError) as caught:
        parent_filter(plane(), SERVICE, "orders")
    assert caught.value.code == "not_found"


def test_an_entity_with_the_id_that_the_collection_gives_was_created_by_it(plane):
    control_plane = plane()
    entity = {"id": control_plane.deterministic_id(VAULT, "my-vault"), "prefix": "my-vault"}
    assert with_origin(control_plane, VAULT, ["other", "my-vault"], entity) == {**entity, "created_by_collection": True}


def test_an_entity_with_another_id_was_not_created_by_the_collection(plane):
    entity = {"id": SERVICE_ID, "prefix": "my-vault"}
    assert with_origin(plane(), VAULT, ["my-vault"], entity) == {**entity, "created_by_collection": False}


def test_several_lists_come_by_the_names_of_their_kinds_and_each_is_read_once(server, plane):
    server.routes = {**held(ROUTE, ORDERS, INVOICES), **held(SERVICE, {"id": SERVICE_ID})}
    lists = read_lists(plane(), [ROUTE, KEY, SERVICE])
    assert {name: list(found) for name, found in lists.items()} == {
        "route": [ORDERS, INVOICES],
        "key": [],
        "service": [{"id": SERVICE_ID}],
    }
    assert len(server.requests) == 3


def test_of_several_lists_that_cannot_be_read_the_first_one_is_the_error(server, plane):
    refused = (403, {"status": 403, "message": "Forbidden"})
    paths = (f"GET {PLANE_PATH}/core-entities/{name}" for name in ("plugins", "keys"))
    server.routes = {**dict.fromkeys(paths, refused), **held(ROUTE)}
    with pytest.raises(ApiError, match="core-entities/plugins"):
        read_lists(plane(), [ROUTE, PLUGIN, KEY])
