# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.entity_view import diff_view
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    BASIC_AUTH,
    CERTIFICATE,
    DATA_PLANE_CERTIFICATE,
    JWT,
    KEY,
    KEY_AUTH,
    MTLS_AUTH,
    PLUGIN,
    ROUTE,
    SERVICE,
    SNI,
    UPSTREAM,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._entities.managed_entity import (
    entity_result,
    entity_row,
    entity_target,
    remove_entity,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import ABSENT, Outcome, ensure
from ansible_collections.community.konnect.plugins.module_utils._errors import (
    InvalidInput,
    KonnectError,
    PartialFailure,
)
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held, page

ROUTES = f"{PLANE_PATH}/core-entities/routes"
ID = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
OTHER_ID = "9a8b7c6d-1e2f-4a3b-8c9d-0e1f2a3b4c5d"
ORDERS = {"id": ID, "name": "orders", "paths": ["/old"]}


@pytest.fixture
def target(plane):
    """Make the target of a route with these options."""
    return lambda name="orders", parents=None, new=None, **options: entity_target(
        plane(), ROUTE, {"name": name, **options}, parents, new
    )


# Identity


@pytest.mark.parametrize("name", ["a", "A-b_c.d~0", "x" * 128])
def test_a_name_that_konnect_accepts(target, name):
    assert target(name).natural_key == name


@pytest.mark.parametrize("name", ["", "x" * 129, "two words", "a/b", "orders\n", "\u2603"])
def test_a_name_that_konnect_would_refuse(target, name):
    with pytest.raises(InvalidInput) as caught:
        target(name)
    assert caught.value.message == (
        f"{name!r} cannot be the name of a route: 1 to 128 letters, digits, dots, dashes, underscores and tildes."
    )


def test_a_name_is_found_with_the_filter_of_the_server(server, target):
    server.script = [page({"id": OTHER_ID, "name": "orders-v2"}, ORDERS)]
    assert target().find() == ORDERS
    assert server.sent() == [f"GET {ROUTES}?filter%5Bname%5D%5Beq%5D=orders&size=1000"]


@pytest.mark.parametrize("text", [ID, ID.upper()])
def test_an_id_is_found_in_either_case_and_without_a_filter(server, target, text):
    server.script = [page({"id": OTHER_ID, "name": "invoices"}, ORDERS)]
    assert target(text).find() == ORDERS
    assert server.sent() == [f"GET {ROUTES}?size=1000"]


def test_an_entity_without_a_name_is_found_by_its_id(server, target):
    server.routes = held(ROUTE, {"id": ID})
    assert target(ID).find() == {"id": ID}


@pytest.mark.parametrize("text", [ID, ID.upper()])
def test_an_entity_that_is_named_like_an_id_is_found_and_unchanged(server, target, text):
    server.routes = held(ROUTE, {"id": OTHER_ID, "name": text, "paths": ["/orders"]})
    outcome = ensure(target(text, paths=["/orders"]))
    assert (outcome.changed, outcome.after["id"]) == (False, OTHER_ID)


def test_a_name_that_is_no_id_is_not_compared_with_ids(server, target):
    server.routes = held(ROUTE, {"id": "orders", "name": "invoices"})
    assert target().find() is None


def test_an_entity_that_is_named_like_the_id_of_another_makes_it_ambiguous(server, target):
    server.routes = held(ROUTE, ORDERS, {"id": OTHER_ID, "name": ID})
    with pytest.raises(KonnectError) as caught:
        target(ID).find()
    assert caught.value.code == "ambiguous"


# What it should be


def test_a_new_entity_has_the_options_over_what_new_ones_have(target):
    body = target(new={"protocols": ["http"], "paths": ["/new"]}, paths=["/orders"]).compose(None)
    assert body == {"name": "orders", "protocols": ["http"], "paths": ["/orders"]}


def test_a_new_entity_has_the_options_alone_when_new_ones_have_nothing_more(target):
    assert target(paths=["/orders"], hosts=None).compose(None) == {"name": "orders", "paths": ["/orders"]}


def test_an_existing_entity_keeps_what_no_option_names(target):
    current = {**ORDERS, "hosts": ["h"], "snis": None}
    assert target(new={"protocols": ["http"]}, paths=["/orders"]).compose(current) == {
        "name": "orders",
        "paths": ["/orders"],
        "hosts": ["h"],
    }


@pytest.mark.parametrize("text", [ID, ID.upper()])
def test_an_entity_that_is_given_by_id_keeps_its_name(target, text):
    assert target(text, paths=["/orders"]).compose(ORDERS) == {"name": "orders", "paths": ["/orders"]}


def test_an_entity_without_a_name_that_is_given_by_id_gets_none(target):
    assert target(ID, paths=["/orders"]).compose({"id": ID}) == {"paths": ["/orders"]}


def test_an_entity_that_is_named_like_an_id_keeps_its_name(target):
    current = {"id": OTHER_ID, "name": ID, "paths": ["/old"]}
    assert target(ID, paths=["/orders"]).compose(current) == {"name": ID, "paths": ["/orders"]}


def test_nothing_is_created_for_an_id_that_does_not_exist(server, target):
    server.routes = held(ROUTE)
    with pytest.raises(KonnectError) as caught:
        ensure(target(ID))
    assert caught.value.code == "not_found"
    assert caught.value.message == f"There is no route with the id {ID}."
    assert len(server.requests) == 1


def test_a_diff_names_the_parents_as_the_task_does(target):
    parents = {"service": Resolved({"id": "s", "name": "shop"})}
    diff = target(parents=parents).diff({"service": {"id": "other"}}, {"service": {"id": "s"}})
    assert diff == {"before": {"service": "other"}, "after": {"service": "shop"}}


def test_a_diff_without_parents_has_their_ids(target):
    assert target().diff(None, {"service": {"id": "s"}})["after"] == {"service": "s"}


def test_a_parent_without_a_name_is_shown_by_its_id():
    view = diff_view(PLUGIN, {"consumer": Resolved({"id": "c"})})
    assert view({"consumer": {"id": "c"}}) == {"consumer": "c"}


@pytest.mark.parametrize("value", ["s", 1, True, ["s"], {"id": "s", "more": 1}, {"name": "s"}])
def test_what_is_no_parent_stays_in_a_diff(value):
    assert diff_view(ROUTE, {"service": Resolved({"id": "s", "name": "shop"})})({"field": value}) == {"field": value}


# What is written once, and what one field means for another

ALICE = {"consumer": Resolved({"id": "a", "username": "alice"})}


def test_a_time_to_live_is_given_to_a_new_credential_alone(plane):
    credential = entity_target(plane(), KEY_AUTH, {"consumer": {"id": "a"}, "key": "fake-key", "ttl": 100}, ALICE)
    assert credential.compose(None)["ttl"] == 100
    assert credential.compose({"id": ID, "consumer": {"id": "a"}, "key": "fake-key", "ttl": 50})["ttl"] == 50


def test_a_key_in_one_form_takes_the_place_of_the_other_and_a_part_of_it_keeps_the_rest(plane):
    held = {"id": ID, "name": "k", "kid": "1", "pem": {"public_key": "one", "private_key": "two"}}
    key = entity_target(plane(), KEY, {"name": "k", "jwk": "{}", "pem": None})
    assert key.compose(held) == {"name": "k", "kid": "1", "jwk": "{}"}
    key = entity_target(plane(), KEY, {"name": "k", "jwk": None, "pem": {"public_key": "three"}})
    assert key.compose(held)["pem"] == {"public_key": "three", "private_key": "two"}


# Values that a control plane has once

CAS = [{"id": "ca-1"}, {"id": "ca-2"}]
HELD = {"id": OTHER_ID, "consumer": {"id": "b"}, "subject_name": "app", "ca_certificate": CAS[0]}


@pytest.fixture
def check_mtls(server, plane):
    """The check before an mtls-auth credential of alice is written, where bob has one."""
    server.routes = held(MTLS_AUTH, HELD)
    given = {"consumer": {"id": "a"}, "subject_name": "app", "ca_certificate": None}
    return entity_target(plane(), MTLS_AUTH, given, ALICE).before_write


def test_values_that_another_entity_has_are_refused_with_its_owner(check_mtls):
    with pytest.raises(KonnectError) as caught:
        check_mtls({"subject_name": "app", "ca_certificate": CAS[0]}, None)
    assert (caught.value.code, caught.value.facts) == ("conflict", {"candidates": [OTHER_ID]})
    assert f"({OTHER_ID}) of consumer b already. Nothing was written." in caught.value.message


@pytest.mark.parametrize(
    "body", [{"subject_name": "app", "ca_certificate": CAS[1]}, {"subject_name": "b", "ca_certificate": CAS[0]}]
)
def test_only_all_of_these_values_together_are_taken(check_mtls, body):
    check_mtls(body, None)


def test_the_values_that_an_entity_has_itself_are_not_taken(check_mtls, server):
    check_mtls({"subject_name": "app", "ca_certificate": CAS[0]}, {**HELD, "ca_certificate": CAS[1]})
    server.requests.clear()
    check_mtls({"subject_name": "app", "ca_certificate": CAS[0]}, {**HELD, "id": ID})
    assert server.requests == []


@pytest.mark.parametrize(
    ("kind", "options", "lacking"),
    [
        (SERVICE, {"name": "orders"}, "host"),
        (CERTIFICATE, {"snis": ["a.example.com"]}, "cert, key"),
        (CERTIFICATE, {"cert": "-----BEGIN CERTIFICATE-----"}, "key"),
        (SNI, {"name": "a.example.com"}, "certificate"),
        (BASIC_AUTH, {"consumer": {"id": "a"}, "username": "alice"}, "password"),
        (KEY, {"name": "k", "jwk": None}, "kid, jwk or pem"),
    ],
)
def test_what_a_new_entity_lacks_is_named(plane, kind, options, lacking):
    new = entity_target(plane(), kind, options, ALICE if "consumer" in options else None)
    with pytest.raises(InvalidInput, match=f"yet. To create it, give {lacking}\\."):
        new.before_write(new.compose(None), None)


# Removal

USED = {"entity": "plugin", "id": "p", "name": "ai-proxy", "field": "route", "route": ID}


@pytest.fixture
def route_with_plugin(server):
    """The route orders with a plugin, which both can be removed."""
    plugin = {"id": "p", "name": "ai-proxy", "route": {"id": ID}}
    server.routes = {
        **held(ROUTE, ORDERS),
        **held(PLUGIN, plugin, {"id": "p2", "name": "cors", "route": {"id": OTHER_ID}}),
        f"DELETE {ROUTES}/{ID}": (204, b""),
        f"DELETE {PLANE_PATH}/core-entities/plugins/p": (204, b""),
    }


def removals(server):
    return [line for line in server.sent() if line.startswith("DELETE")]


@pytest.mark.usefixtures("route_with_plugin")
def test_an_entity_with_dependents_is_not_removed(server, target):
    with pytest.raises(KonnectError) as caught:
        remove_entity(target(), "fail")
    assert caught.value.code == "in_use"
    assert "orders is in use by plugin ai-proxy (p) in route and was not removed." in caught.value.message
    assert caught.value.facts == {"referrers": [USED]}
    assert removals(server) == []


@pytest.mark.usefixtures("route_with_plugin")
def test_an_entity_with_dependents_is_kept(server, target):
    outcome = remove_entity(target(), "keep")
    assert (outcome.changed, outcome.kept.facts) == (False, {"referrers": [USED]})
    assert removals(server) == []


@pytest.mark.usefixtures("route_with_plugin")
def test_an_entity_is_removed_after_its_dependents(server, target):
    assert remove_entity(target(), "remove").changed is True
    assert removals(server) == [f"DELETE {PLANE_PATH}/core-entities/plugins/p", f"DELETE {ROUTES}/{ID}"]


@pytest.mark.parametrize("on_in_use", ["fail", "keep"])
def test_an_entity_without_dependents_is_removed(server, target, on_in_use):
    server.routes = {**held(ROUTE, ORDERS), **held(PLUGIN), f"DELETE {ROUTES}/{ID}": (204, b"")}
    assert remove_entity(target(), on_in_use).changed is True
    assert removals(server) == [f"DELETE {ROUTES}/{ID}"]


def test_what_appears_below_an_entity_after_the_check_is_not_removed_with_it(server, target):
    plugin = {"id": "p", "name": "ai-proxy", "route": {"id": ID}}
    server.script = [page(ORDERS), page(), (400, {"message": "still in use"})]
    server.routes = held(PLUGIN, plugin)
    with pytest.raises(KonnectError, match="still in use"):
        remove_entity(target(), "fail")
    assert removals(server) == [f"DELETE {ROUTES}/{ID}"]


def test_a_removal_that_ends_halfway_says_what_is_gone(server, target):
    plugin = {"id": "p", "name": "ai-proxy", "route": {"id": ID}}
    server.routes = {
        **held(ROUTE, ORDERS),
        **held(PLUGIN, plugin),
        f"DELETE {PLANE_PATH}/core-entities/plugins/p": (204, b""),
        f"DELETE {ROUTES}/{ID}": (403, {}),
    }
    with pytest.raises(PartialFailure) as caught:
        remove_entity(target(), "remove")
    failed = caught.value.to_fail_json()
    assert failed["changed"] is True
    assert (failed["failure"]["code"], failed["failure"]["status"]) == ("forbidden", 403)
    assert failed["failure"]["done"] == ["plugin ai-proxy (p) was removed"]
    assert failed["msg"].endswith("Before that, plugin ai-proxy (p) was removed.")


# Results


def test_a_result_has_the_entity_without_nulls_and_its_origin(target):
    outcome = Outcome(True, None, {**ORDERS, "hosts": None})
    assert entity_result(target(), outcome) == {
        "changed": True,
        "route": ORDERS,
        "diff": {"before": {}, "after": {}},
        "created_by_collection": False,
    }


def test_a_result_says_what_the_collection_created(target):
    route = target()
    entity = {"id": route.deterministic_id, "name": "orders"}
    assert entity_result(route, Outcome(False, entity, entity))["created_by_collection"] is True


def test_the_origin_of_an_entity_that_is_given_by_id_follows_from_its_name(target):
    entity = {"id": target().deterministic_id, "name": "orders"}
    assert entity_result(target(entity["id"]), Outcome(True, entity, None))["created_by_collection"] is True


@pytest.mark.parametrize("outcome", [ABSENT, Outcome(True, None, {"name": "orders"})])
def test_what_has_no_id_yet_has_no_origin(target, outcome):
    assert "created_by_collection" not in entity_result(target(), outcome)


def test_what_konnect_gives_an_id_of_its_own_has_no_origin(plane):
    certificate = {"id": ID, "cert": "-----BEGIN CERTIFICATE-----"}
    assert entity_row(plane(), DATA_PLANE_CERTIFICATE, certificate) == certificate


def test_secrets_in_headers_are_not_shown_but_their_change_is(target):
    before, after = ({**ORDERS, "headers": {"apikey": [value]}} for value in ("fake-1", "fake-2"))
    result = entity_result(target(), Outcome(True, before, after, {"before": before, "after": after}))
    assert result["route"]["headers"] == {"apikey": ["(not shown)"]}
    assert result["diff"]["after"]["headers"] == {"apikey": ["(not shown, changed)"]}


def test_a_row_of_an_info_module_is_masked_and_has_its_origin(plane):
    control_plane = plane()
    entity = {
        "id": control_plane.deterministic_id(ROUTE, "orders"),
        "name": "orders",
        "headers": {"apikey": ["fake-1"]},
    }
    assert entity_row(control_plane, ROUTE, entity) == {
        "id": entity["id"],
        "name": "orders",
        "headers": {"apikey": ["(not shown)"]},
        "created_by_collection": True,
    }


def test_a_row_of_another_kind_has_the_origin_of_that_kind(plane):
    control_plane = plane()
    entity = {"id": control_plane.deterministic_id(SERVICE, "orders"), "name": "orders"}
    assert entity_row(control_plane, SERVICE, entity)["created_by_collection"] is True
    assert entity_row(control_plane, ROUTE, entity)["created_by_collection"] is False


# Secrets that Konnect may hide


def test_a_change_without_a_secret_that_is_hidden_is_refused_and_a_creation_is_not(server, plane):
    alice = {"consumer": Resolved({"id": "a", "username": "alice"})}
    given = {"consumer": {"id": "a"}, "key": "issuer", "secret": None}
    check = entity_target(plane(), JWT, given, alice).before_write
    server.script = [page()]
    check({"key": "issuer"}, None)
    with pytest.raises(InvalidInput, match="Give secret, too"):
        check({"key": "issuer", "algorithm": "HS512"}, {"id": ID, "key": "issuer"})
    check({"key": "issuer", "secret": "fake-secret"}, {"id": ID, "key": "issuer"})


# Defaults


def test_what_konnect_fills_into_an_upstream_is_left_out_of_a_diff(plane):
    target = entity_target(plane(), UPSTREAM, {"name": "shop", "healthchecks": None})
    assert target.diff(None, {"name": "shop", "healthchecks": {"threshold": 0}})["after"]["healthchecks"] == {}
    changed = {"name": "shop", "healthchecks": {"threshold": 1}}
    assert target.diff(None, changed)["after"] == changed
