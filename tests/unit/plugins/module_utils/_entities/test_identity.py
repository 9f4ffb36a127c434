# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tells entities apart, and the ids that follow from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.identity import (
    by_fields,
    by_name,
    has_secret_identity,
    natural_key,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    ACL,
    BASIC_AUTH,
    CA_CERTIFICATE,
    CERTIFICATE,
    CONSUMER,
    KEY,
    KEY_AUTH,
    ROUTE,
    SNI,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput

ALICE = {"id": "a", "username": "alice"}
OF_ALICE = {"consumer": {"id": "a"}}
PARENTS = {"consumer": Resolved(ALICE)}
ID = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"


def test_an_entity_is_found_by_its_owner_and_its_own_field():
    identity = by_fields(ACL, {**OF_ALICE, "group": "g"}, None, PARENTS)
    assert identity.matches({"id": "1", **OF_ALICE, "group": "g"})
    assert not identity.matches({"id": "1", "consumer": {"id": "b"}, "group": "g"})
    assert not identity.matches({"id": "1", **OF_ALICE, "group": "h"})
    assert identity.words == "ACL group g of consumer alice"


def test_the_first_way_that_a_task_gives_counts():
    by_both = by_fields(CONSUMER, {"username": "alice", "custom_id": "1"}, None, {})
    assert by_both.matches({"id": "1", "username": "alice", "custom_id": "2"})
    by_second = by_fields(CONSUMER, {"username": None, "custom_id": "1"}, None, {})
    assert by_second.matches({"id": "1", "username": "bob", "custom_id": "1"})


def test_an_id_counts_before_all_else_and_has_to_be_there():
    identity = by_fields(KEY_AUTH, {**OF_ALICE, "key": "fake-key"}, ID.upper(), PARENTS)
    assert (identity.entity_id, identity.is_secret) == (ID, False)
    assert identity.matches({"id": ID, "key": "fake-other-key"})


def test_without_anything_that_tells_it_the_ways_are_listed():
    with pytest.raises(InvalidInput) as caught:
        by_fields(KEY, {"name": None, "kid": None, "set": None}, None, {})
    assert caught.value.message == "Give name or kid with set, which tells one key from another."


def test_a_certificate_is_known_by_any_of_its_names():
    identity = by_fields(CERTIFICATE, {"snis": ["a", "b"], "cert": PEM}, None, {})
    assert identity.matches({"id": "1", "snis": ["b", "c"], "cert": "other"})
    assert not identity.matches({"id": "1", "snis": ["c"], "cert": PEM})


@pytest.mark.parametrize("shown", [PEM, PEM + "\n", PEM.replace("\n", "\r\n") + "\r\n"])
def test_line_ends_of_a_certificate_tell_nothing_apart(shown):
    identity = by_fields(CA_CERTIFICATE, {"cert": PEM}, None, {})
    assert identity.matches({"id": "1", "cert": shown})
    assert natural_key(CA_CERTIFICATE, {"cert": shown}, ("cert",)) == identity.key


def test_a_secret_is_in_no_key_from_which_an_id_is_made():
    identity = by_fields(KEY_AUTH, {**OF_ALICE, "key": "fake-key"}, None, PARENTS)
    assert "fake-key" not in identity.key
    assert identity.key.startswith("a/")
    assert identity.is_secret
    assert identity.words == "key-auth credential of consumer alice"
    assert identity.key != by_fields(KEY_AUTH, {**OF_ALICE, "key": "fake-other"}, None, PARENTS).key


@pytest.mark.parametrize(("kind", "expected"), [(KEY_AUTH, True), (BASIC_AUTH, False), (CERTIFICATE, False)])
def test_which_kinds_a_secret_tells_apart(kind, expected):
    assert has_secret_identity(kind) is expected


def test_two_ways_make_two_keys_of_one_text():
    assert natural_key(CONSUMER, {"username": "1"}, ("username",)) == "1"
    assert natural_key(CONSUMER, {"custom_id": "1"}, ("custom_id",)) == "custom_id/1"


def test_the_first_field_names_the_way():
    kind = replace(CONSUMER, identity=(("username",), ("custom_id", "region")))
    key = natural_key(kind, {"custom_id": "1", "region": "eu"}, ("custom_id", "region"))
    assert key == "custom_id/1/eu"


def test_only_some_kinds_have_plain_names():
    assert by_name(SNI, {"name": "*.example.com"}).key == "*.example.com"
    with pytest.raises(InvalidInput):
        by_name(ROUTE, {"name": "*.example.com"})
