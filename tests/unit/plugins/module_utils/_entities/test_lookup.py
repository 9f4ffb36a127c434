# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities import lookup
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    CONSUMER,
    ROUTE,
    SECRET,
    VAULT,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held, page

ID = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
OTHER_ID = "9a8b7c6d-1e2f-4a3b-8c9d-0e1f2a3b4c5d"
ROUTES = f"{PLANE_PATH}/core-entities/routes"
STORES = f"{PLANE_PATH}/config-stores"
RECORD = "password.fingerprint.00000000.019aaf9a8b7c." + "0" * 32


@pytest.fixture
def routes(plane):
    return plane().endpoint(ROUTE)


@pytest.mark.parametrize("text", [ID, ID.upper(), "0C5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6D"])
def test_an_id_may_be_in_either_case(text):
    assert lookup.is_id(text)


@pytest.mark.parametrize("text", ["", "orders", ID[:-1], ID + "0", "x" + ID, ID.replace("-", ""), ID[:-1] + "g"])
def test_other_texts_are_no_ids(text):
    assert not lookup.is_id(text)


@pytest.mark.parametrize("predicted", [False, True])
def test_what_a_name_means_has_an_id(predicted):
    resolved = lookup.Resolved({"id": ID}, predicted)
    assert (resolved.id, resolved.predicted) == (ID, predicted)


def test_what_a_name_means_exists_by_default():
    assert lookup.Resolved({"id": ID}).predicted is False


def test_a_name_is_given_to_the_filter_of_a_list_that_has_one(server, routes):
    server.script = [page({"id": "1", "name": "orders"})]
    assert lookup.named(routes, "orders") == [{"id": "1", "name": "orders"}]
    assert "filter%5Bname%5D%5Beq%5D=orders" in server.sent()[0]


def test_a_list_without_a_filter_is_read_whole(server, plane):
    vaults = [{"id": prefix, "prefix": prefix, "name": "konnect"} for prefix in "ab"]
    server.script = [page(*vaults)]
    assert lookup.named(plane().endpoint(VAULT), "b") == vaults[1:]
    assert "filter" not in server.sent()[0]


def test_only_the_exact_name_is_found(server, routes):
    server.script = [page({"id": "1", "name": "orders-v2"}, {"id": "2", "name": "Orders"}, {"id": "3", "name": None})]
    assert lookup.named(routes, "orders") == []


def test_a_name_is_no_id_and_asked_for_once(server, routes):
    server.script = [page()]
    assert lookup.matching(routes, "orders") == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("text", [ID, ID.upper()])
def test_an_id_finds_its_entity_in_either_case(server, routes, text):
    server.script = [page(), (200, {"id": ID, "name": "orders"})]
    assert lookup.matching(routes, text) == [{"id": ID, "name": "orders"}]
    assert server.sent()[1] == f"GET {ROUTES}/{ID}"


def test_an_id_that_does_not_exist_finds_nothing(server, routes):
    server.script = [page(), (404, {})]
    assert lookup.matching(routes, ID) == []


def test_an_entity_that_is_named_by_its_own_id_is_found_once(server, routes):
    entity = {"id": ID, "name": ID}
    server.script = [page(entity), (200, entity)]
    assert lookup.matching(routes, ID) == [entity]


def test_an_entity_that_is_named_like_the_id_of_another_is_found_beside_it(server, routes):
    server.script = [page({"id": OTHER_ID, "name": ID}), (200, {"id": ID, "name": "orders"})]
    assert [entity["id"] for entity in lookup.matching(routes, ID)] == [OTHER_ID, ID]


def test_one_match_is_returned(server, routes):
    server.routes = held(ROUTE, {"id": ID, "name": "orders"})
    assert lookup.find_one(routes, "orders") == {"id": ID, "name": "orders"}


def test_no_match_is_none(server, routes):
    server.routes = held(ROUTE)
    assert lookup.find_one(routes, "orders") is None


def test_two_matches_are_an_error_with_the_older_one_first(server, routes):
    newer, older = {"id": "1", "name": "orders", "created_at": 9}, {"id": "2", "name": "orders", "created_at": 5}
    server.routes = held(ROUTE, newer, older)
    with pytest.raises(KonnectError) as caught:
        lookup.find_one(routes, "orders")
    assert caught.value.message == (
        "'orders' means 2 routes: 2, 1. Rename one of them, or give the id of the right one."
    )
    assert caught.value.code == "ambiguous"
    assert caught.value.facts == {"candidates": ["2", "1"]}


def test_matches_of_the_same_age_are_listed_by_id(routes):
    with pytest.raises(KonnectError) as caught:
        lookup.only_one(routes, "orders", [{"id": "b"}, {"id": "a"}])
    assert caught.value.facts == {"candidates": ["a", "b"]}


def secrets(*keys):
    return page(*({"key": key, "updated_at": "2026-01-01T00:00:00Z"} for key in keys))


def test_an_error_for_config_stores_of_one_name_counts_their_secrets(server, plane):
    stores = [{"id": name, "name": "default", "created_at": "2026-01-01T00:00:00Z"} for name in ("a", "b")]
    server.routes = {
        **held(CONFIG_STORE, *stores),
        f"GET {STORES}/a/secrets": secrets("password", RECORD),
        f"GET {STORES}/b/secrets": page(),
    }
    with pytest.raises(KonnectError) as caught:
        lookup.find_one(plane().endpoint(CONFIG_STORE), "default")
    assert caught.value.message == (
        "'default' means 2 config stores: a (1 secrets), b (0 secrets). Konnect lets config stores share a name. "
        "Remove the surplus ones by id, or give the id of the right one."
    )
    assert caught.value.facts == {"candidates": ["a", "b"]}


def test_keys_of_secrets_are_sorted_and_without_records(server, plane):
    server.routes = {f"GET {STORES}/a/secrets": secrets("token", RECORD, "password")}
    below = plane().endpoint(CONFIG_STORE).below("a", SECRET)
    assert lookup.secret_keys(below) == ["password", "token"]


def test_a_name_that_means_nothing_lists_the_names_that_exist(server, routes):
    server.routes = held(ROUTE, {"id": "1", "name": "invoices"}, {"id": "2", "name": "billing"})
    error = lookup.not_found(routes, "zzz", "Control plane quickstart")
    assert error.message == "Control plane quickstart has no route zzz. It has: billing, invoices."
    assert error.code == "not_found"
    assert error.facts == {"candidates": ["billing", "invoices"]}


def test_a_misspelt_name_gets_a_suggestion(server, routes):
    server.routes = held(ROUTE, {"id": "1", "name": "orders"}, {"id": "2", "name": "invoices"})
    error = lookup.not_found(routes, "oders", "Control plane quickstart")
    assert error.message == (
        "Control plane quickstart has no route oders. Did you mean orders? It has: invoices, orders."
    )


def test_a_list_of_names_that_is_empty_says_so(server, plane):
    server.routes = held(CONSUMER)
    error = lookup.not_found(plane().endpoint(CONSUMER), "alice", "Control plane quickstart")
    assert error.message == "Control plane quickstart has no consumer alice. It has no consumers."
    assert error.facts == {"candidates": []}


def test_a_name_that_several_entities_have_is_listed_once(server, plane):
    server.routes = held(CONFIG_STORE, {"id": "1", "name": "default"}, {"id": "2", "name": "default"})
    error = lookup.not_found(plane().endpoint(CONFIG_STORE), "zzz", "Control plane quickstart")
    assert error.facts == {"candidates": ["default"]}


@pytest.mark.parametrize(("count", "end"), [(20, "n18, n19."), (21, "n18, n19 and 1 more."), (23, "and 3 more.")])
def test_only_the_first_twenty_names_are_listed(server, routes, count, end):
    names = [f"n{number:02}" for number in range(count)]
    server.routes = held(ROUTE, *({"id": name, "name": name} for name in names))
    error = lookup.not_found(routes, "zzz", "Control plane quickstart")
    assert error.message.endswith(end)
    assert "n20" not in error.message
    assert error.facts == {"candidates": names}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("my-route", "my-route"),
        ({"id": "r", "name": "my-route"}, "r"),
        ({"name": "my-route"}, "my-route"),
        ({"prefix": "my-vault"}, "my-vault"),
        ({"username": "ann"}, "ann"),
        (7, "7"),
        (None, None),
        ("", ""),
        ({}, {}),
    ],
)
def test_an_entity_is_named_by_a_text_or_by_what_konnect_shows_of_it(given, name):
    assert lookup.name_or_id("route", given) == name


@pytest.mark.parametrize("given", [["my-route"], True, 1.5, {"kind": "x"}, {"name": ["a"]}])
def test_what_names_no_entity_is_refused_by_the_name_of_the_option(given):
    with pytest.raises(InvalidInput, match=r"^route must be a name, an id, or a dict"):
        lookup.name_or_id("route", given)


def test_a_blank_name_is_refused_by_the_name_of_the_option():
    with pytest.raises(InvalidInput, match=r"^route must not be empty"):
        lookup.name_or_id("route", "  ")
