# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entities that belong to another one."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import ACL, CERTIFICATE, CONSUMER, KEY
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from ansible_collections.community.konnect.plugins.module_utils._resources.entity import (
    check_texts,
    ensure_entity,
    list_entities,
    remove_entity_of,
)
from ansible_collections.community.konnect.tests.unit.gateway import DATE, Gateway

ALICE, BOB = {"id": "a", "username": "alice"}, {"id": "b", "username": "bob"}
OF_ALICE = {"id": "1", "group": "admin", "consumer": {"id": "a"}}
OF_BOB = {"id": "2", "group": "admin", "consumer": {"id": "b"}}
FIELDS = ("consumer", "group", "tags")


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    gateway.has(CONSUMER, ALICE, BOB)
    gateway.has(ACL, OF_ALICE, OF_BOB)
    for entity in (OF_ALICE, OF_BOB):
        path = gateway.path(*CONSUMER.segments, entity["consumer"]["id"], "acls")
        server.routes[f"GET {path}"] = (200, {"data": [entity]}, DATE)
        server.routes[f"GET {path}/{entity['id']}"] = (200, entity)
        server.routes[f"DELETE {path}/{entity['id']}"] = (204, b"")
    return gateway


def options(consumer="alice", group="admin"):
    return {"consumer": consumer, "group": group, "tags": None}


def test_only_that_of_its_owner_is_meant(gateway, plane):
    assert not ensure_entity(plane(), ACL, options(), FIELDS)["changed"]
    assert remove_entity_of(plane(), ACL, options("bob"), FIELDS)["acl"]["id"] == "2"
    assert gateway.writes() == [("DELETE 2", None)]


def test_without_its_owner_it_cannot_be_made_and_is_absent(gateway, plane):
    with pytest.raises(KonnectError, match="has no consumer carol"):
        ensure_entity(plane(), ACL, options("carol"), FIELDS)
    result = remove_entity_of(plane(), ACL, options("carol"), FIELDS)
    assert (result["changed"], result["acl"], gateway.writes()) == (False, {}, [])


def test_the_list_may_be_that_of_one_owner(gateway, plane):
    rows = list_entities(plane(), ACL, {"consumer": "bob", "group": None, "id": None, "tags": None})
    assert [row["id"] for row in rows] == ["2"]
    rows = list_entities(plane(), ACL, {"consumer": None, "group": None, "id": None, "tags": None})
    assert [row["id"] for row in rows] == ["1", "2"]


PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\nZmFrZS1rZXk=\n-----END PRIVATE KEY-----"
LITERALS = [
    (CERTIFICATE, {"cert": "-----BEGIN CERTIFICATE-----", "key": PRIVATE_KEY, "key_alt": PRIVATE_KEY}, "key, key_alt"),
    (CERTIFICATE, {"cert": "-----BEGIN CERTIFICATE-----", "key": "{vault://v/k}"}, ""),
    (CERTIFICATE, {"key": "(not shown)"}, ""),
    (KEY, {"pem": {"private_key": PRIVATE_KEY, "public_key": "-----BEGIN PUBLIC KEY-----"}}, "pem.private_key"),
    (KEY, {"jwk": '{"kty": "oct", "k": "ZmFrZS1rZXk"}'}, "jwk"),
    (KEY, {"jwk": '{"kty": "RSA", "n": "MAA", "e": "AQAB"}'}, ""),
    (KEY, {"jwk": "no JSON"}, "jwk"),
]


@pytest.mark.parametrize(("kind", "given", "fields"), LITERALS)
def test_a_private_key_itself_where_a_reference_belongs_is_a_warning(plane, kind, given, fields):
    control_plane = plane()
    check_texts(control_plane, kind, {**given, "literal_secrets": "warn"})
    found = [warning.partition(", where")[0] for warning in control_plane.task.warnings]
    assert found == ([f"A secret itself is in {fields}"] if fields else [])


def test_or_it_is_refused_before_a_write(plane):
    with pytest.raises(KonnectError, match="^A secret itself is in key,") as caught:
        check_texts(plane(), CERTIFICATE, {"key": PRIVATE_KEY, "literal_secrets": "fail"})
    assert caught.value.code == "literal_secret"
