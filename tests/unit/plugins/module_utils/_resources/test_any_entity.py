# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entities that have no module of their own."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import CONSUMER, SERVICE
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._resources.any_entity import (
    ensure_any,
    list_any,
    remove_any,
)
from ansible_collections.community.konnect.tests.unit.gateway import DATE, Gateway

CLONE = {"id": "1", "name": "my-clone", "ref": "rate-limiting", "priority": 910, "note": None}
SHOP = {"id": "s", "name": "shop"}
BELOW = "services/shop/degraphql/routes"


class Anything:
    def __init__(self, server, plane):
        self.server, self.plane, self.gateway = server, plane, Gateway(server)
        self.gateway.has(SERVICE, SHOP)

    def holds(self, path, *rows):
        path = self.gateway.path("core-entities", *path.split("/"))
        self.server.routes[f"GET {path}"] = (200, {"data": rows}, DATE)
        for row in rows:
            for method in ("GET", "PUT"):
                self.server.routes[f"{method} {path}/{row['id']}"] = (200, row)
            self.server.routes[f"DELETE {path}/{row['id']}"] = (204, b"")

    @staticmethod
    def options(**options):
        return {
            "kind": "cloned-plugins",
            "match": {"name": "my-clone"},
            "fields": None,
            "sensitive_fields": None,
            **options,
        }

    def ensure(self, **options):
        return ensure_any(self.plane(), self.options(**options))

    def remove(self, **options):
        return remove_any(self.plane(), self.options(**options))

    @property
    def writes(self):
        return self.gateway.writes()


@pytest.fixture
def anything(server, plane):
    return Anything(server, plane)


def test_what_is_as_asked_for_is_unchanged(anything):
    anything.holds("cloned-plugins", CLONE)
    result = anything.ensure(fields={"ref": "rate-limiting"})
    assert (result["changed"], anything.writes) == (False, [])
    assert result["entity"] == {"id": "1", "name": "my-clone", "ref": "rate-limiting", "priority": 910}


def test_only_the_given_fields_are_changed(anything, server):
    anything.holds("cloned-plugins", CLONE)
    path = anything.gateway.path("core-entities", "cloned-plugins", "1")
    server.routes[f"PUT {path}"] = (200, {**CLONE, "priority": 5})
    assert anything.ensure(fields={"priority": 5})["changed"]
    ((request, body),) = anything.writes
    assert (request, body["ref"], body["priority"], "note" in body) == ("PUT 1", "rate-limiting", 5, False)


def test_a_consumer_group_keeps_what_its_envelope_holds(anything, server):
    group = {"id": "1", "name": "gold", "tags": ["a"]}
    anything.holds("consumer_groups", group)
    path = anything.gateway.path("core-entities", "consumer_groups", "1")
    server.routes[f"GET {path}"] = (200, {"consumer_group": group, "consumers": []})
    server.routes[f"PUT {path}"] = (200, {**group, "note": "b"})
    assert anything.ensure(kind="consumer_groups", match={"name": "gold"}, fields={"note": "b"})["changed"]
    assert anything.writes == [("PUT 1", {"name": "gold", "tags": ["a"], "note": "b"})]


def test_an_entity_below_another_one_is_made_in_its_list(anything, server):
    anything.holds("services/s/degraphql/routes")
    made = {"id": "2", "uri": "/x", "query": "query { a }", "service": {"id": "s"}}
    path = anything.gateway.path("core-entities", "services", "s", "degraphql", "routes")
    server.routes[f"POST {path}"] = (201, made)
    result = anything.ensure(kind=BELOW, match={"uri": "/x"}, fields={"query": "query { a }"})
    assert (result["changed"], result["entity"]["uri"]) == (True, "/x")
    assert [request for request, _body in anything.writes] == ["POST routes"]


def test_an_entity_is_removed_once(anything):
    anything.holds("cloned-plugins", CLONE)
    assert anything.remove()["changed"]
    assert anything.writes == [("DELETE 1", None)]
    anything.holds("cloned-plugins")
    result = anything.remove()
    assert (result["changed"], result["entity"], len(anything.writes)) == (False, {}, 1)


def test_an_entity_below_another_one_is_removed_from_its_list(anything):
    anything.holds("services/s/degraphql/routes", {"id": "2", "uri": "/x"})
    assert anything.remove(kind=BELOW, match={"uri": "/x"})["changed"]
    path = anything.gateway.path("core-entities", "services", "s", "degraphql", "routes", "2")
    assert anything.server.sent()[-1] == f"DELETE {path}"


def test_what_is_below_an_entity_that_is_absent_is_absent(anything):
    result = anything.remove(kind="services/nothing/degraphql/routes", match={"uri": "/x"})
    assert (result["changed"], result["entity"], anything.writes) == (False, {}, [])


@pytest.mark.parametrize("kind", ["", "..", "a/../b", "a//b", "services/shop/degraphql/ro utes"])
def test_a_kind_that_is_no_path_is_refused(anything, server, kind):
    with pytest.raises(InvalidInput, match="kind must look like"):
        anything.ensure(kind=kind)
    assert server.sent() == []


def test_without_match_there_is_no_telling_which_one_is_meant(anything):
    with pytest.raises(InvalidInput, match="match must not be empty"):
        anything.ensure(match={})


def test_secrets_are_not_listed(anything):
    anything.holds("cloned-plugins", {**CLONE, "password": "fake-password", "extra": "fake-extra"}, {"id": "0"})
    rows = list_any(anything.plane(), anything.options(match=None, sensitive_fields=["extra"]))
    assert [row["id"] for row in rows] == ["0", "1"]
    assert (rows[1]["password"], rows[1]["extra"], rows[1]["priority"]) == ("(not shown)", "(not shown)", 910)
    assert "note" not in rows[1]


def test_only_what_matches_is_listed(anything):
    anything.holds("cloned-plugins", CLONE, {"id": "2", "name": "another"})
    assert [row["id"] for row in list_any(anything.plane(), anything.options())] == ["1"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fields": {"id": "2"}}, "The id in fields is not that of entity in cloned-plugins"),
        ({"match": {"name": "new"}, "fields": {"id": "1"}}, "The id in fields is not that of entity in cloned-plugins"),
        ({"match": {"id": "9"}}, "There is no entity in cloned-plugins with the id 9."),
        ({"fields": {"name": "other"}}, "match and fields have different values of name."),
    ],
)
def test_an_id_or_a_name_that_would_be_ignored_is_refused(anything, options, said):
    anything.holds("cloned-plugins", CLONE)
    with pytest.raises(KonnectError) as caught:
        anything.ensure(**options)
    assert said in caught.value.message
    assert anything.writes == []


def test_an_entity_that_is_given_back_as_it_was_shown_is_unchanged(anything):
    anything.holds("cloned-plugins", CLONE)
    assert not anything.ensure(fields=CLONE)["changed"]


@pytest.mark.parametrize(
    ("kind", "field", "module"),
    [
        ("basic-auths", "password", "konnect_basic_auth"),
        ("consumers/alice/basic-auth", "password", "konnect_basic_auth"),
        ("hmac-auths", "secret", "konnect_hmac_auth"),
    ],
)
def test_a_secret_that_konnect_does_not_return_is_left_to_the_module_that_can(anything, kind, field, module):
    anything.gateway.has(CONSUMER, {"id": "c", "username": "alice"})
    with pytest.raises(InvalidInput, match=f"does not return {field}.*Use community.konnect.{module}"):
        anything.ensure(kind=kind, match={"username": "alice"}, fields={field: "fake-secret"})
    assert anything.writes == []


def test_a_kind_that_has_a_schema_is_validated_in_check_mode(anything, server, plane):
    anything.holds("services")
    path = anything.gateway.path("core-entities", "schemas", "service", "validate")
    server.routes[f"POST {path}"] = (400, {"message": "schema violation (host: required field missing)"})
    with pytest.raises(ApiError, match="host: required field missing"):
        ensure_any(plane(check_mode=True), anything.options(kind="services", match={"name": "new"}))
