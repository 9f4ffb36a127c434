# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belongs to a consumer: credentials, what is shown of their secrets, and membership in consumer groups."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def consumer(api: Any) -> str:
    return str(api.create_entity("consumers", username="alice")["id"])


def below(consumer: str, nested: str) -> str:
    return f"/core-entities/consumers/{consumer}/{nested}"


SECRETS = [
    ("basic-auth", {"username": "u", "password": "fake-password"}, "password", "basic_auth_password"),
    ("hmac-auth", {"username": "u", "secret": "fake-secret"}, "secret", "hmac_auth_secret"),
    ("jwt", {"key": "k", "secret": "fake-secret"}, "secret", "jwt_secret"),
    ("key-auth", {"key": "fake-key"}, "key", "key_auth_key"),
]


def test_a_password_comes_back_as_its_hash_and_other_secrets_as_they_are(api: Any, consumer: str) -> None:
    shown = {nested: api.create(below(consumer, nested), body).get(field) for nested, body, field, _name in SECRETS}
    hashed = hashlib.sha1(f"fake-password{consumer}".encode()).hexdigest()
    assert shown == {"basic-auth": hashed, "hmac-auth": "fake-secret", "jwt": "fake-secret", "key-auth": "fake-key"}


@pytest.mark.parametrize(("nested", "body", "field", "name"), SECRETS)
def test_each_secret_can_be_hidden(start_emulator: Callable[..., Any], nested, body, field, name) -> None:
    api = start_emulator("--set", f"{name}=hidden")
    consumer = api.create_entity("consumers", username="alice")["id"]
    api.create(below(consumer, nested), body)
    [listed] = api("GET", below(consumer, nested)).json()["data"]
    assert field not in listed


@pytest.mark.parametrize(("nested", "field"), [("key-auth", "key"), ("jwt", "key"), ("jwt", "secret")])
def test_a_value_that_is_not_given_is_generated(api: Any, consumer: str, nested: str, field: str) -> None:
    assert len(api.create(below(consumer, nested), {})[field]) == 32


def test_a_password_is_hashed_again_when_its_hash_is_sent_back(api: Any, consumer: str) -> None:
    path = below(consumer, "basic-auth")
    created = api.create(path, {"username": "u", "password": "fake-password"})
    again = api("PUT", f"{path}/{created['id']}", created).json()
    assert again["password"] != created["password"]


@pytest.mark.parametrize(
    ("nested", "body"),
    [(nested, body) for nested, body, _field, _name in SECRETS] + [("mtls-auth", {"subject_name": "a.example.com"})],
)
def test_what_tells_credentials_apart_is_that_of_one_consumer(
    api: Any, consumer: str, nested: str, body: dict[str, Any]
) -> None:
    other = api.create_entity("consumers", username="bob")["id"]
    api.create(below(consumer, nested), body)
    [(kind, _field, text)] = api.conflicts(api("POST", below(other, nested), body))
    assert (kind, "unique" in text) == ("REFERENCE", True)


def test_a_consumer_is_in_a_group_of_acls_once_and_so_may_others(api: Any, consumer: str) -> None:
    other = api.create_entity("consumers", username="bob")["id"]
    api.create(below(consumer, "acls"), {"group": "g"})
    api.create(below(other, "acls"), {"group": "g"})
    assert api("POST", below(consumer, "acls"), {"group": "g"}).status_code == 400


def test_a_credential_is_not_found_below_another_consumer(api: Any, consumer: str) -> None:
    other = api.create_entity("consumers", username="bob")["id"]
    made = api.create(below(consumer, "key-auth"), {"key": "fake-key"})
    assert api("GET", f"{below(other, 'key-auth')}/{made['id']}").status_code == 404
    assert api("GET", below(other, "key-auth")).json()["data"] == []


def test_members_are_added_from_either_side_and_seen_from_both(api: Any, consumer: str) -> None:
    group = api.create_entity("consumer_groups", name="gold")["id"]
    added = api.create(f"/core-entities/consumer_groups/{group}/consumers", {"consumer": consumer})
    assert (added["consumer_group"]["id"], [row["id"] for row in added["consumers"]]) == (group, [consumer])
    other = api.create_entity("consumers", username="bob")["id"]
    added = api.create(f"/core-entities/consumers/{other}/consumer_groups", {"group": "gold"})
    assert (added["consumer"]["id"], [row["id"] for row in added["consumer_groups"]]) == (other, [group])
    members = api("GET", f"/core-entities/consumer_groups/{group}/consumers").json()["data"]
    assert [row["username"] for row in members] == ["alice", "bob"]
    groups = api("GET", f"/core-entities/consumers/{other}/consumer_groups").json()["data"]
    assert [row["name"] for row in groups] == ["gold"]


def test_a_group_that_is_read_alone_shows_its_members(api: Any, consumer: str) -> None:
    group = api.create_entity("consumer_groups", name="gold")
    path = f"/core-entities/consumer_groups/{group['id']}"
    api.create(f"{path}/consumers", {"consumer": consumer})
    alice = api("GET", f"/core-entities/consumers/{consumer}").json()
    assert api("GET", "/core-entities/consumer_groups/gold").json() == {"consumer_group": group, "consumers": [alice]}
    assert api("GET", path, params={"list_consumers": "false"}).json() == {"consumer_group": group}


def test_a_member_is_added_once_and_taken_off(api: Any, consumer: str) -> None:
    group = api.create_entity("consumer_groups", name="gold")["id"]
    members = f"/core-entities/consumer_groups/{group}/consumers"
    api.create(members, {"consumer": "alice"})
    assert api("POST", members, {"consumer": "alice"}).status_code == 400
    assert api("DELETE", f"{members}/{consumer}").status_code == 204
    assert api("DELETE", f"{members}/{consumer}").status_code == 404
    assert api("GET", members).json()["data"] == []


def test_what_is_no_consumer_is_no_member(api: Any) -> None:
    group = api.create_entity("consumer_groups", name="gold")["id"]
    members = f"/core-entities/consumer_groups/{group}/consumers"
    assert api("POST", members, {"consumer": group}).status_code == 404
    assert api.violations(api("POST", members, {"group": "gold"})) == [("FIELD", "consumer", "required field missing")]


def test_a_membership_goes_with_either_side(api: Any, consumer: str) -> None:
    for name in ("gold", "silver"):
        group = api.create_entity("consumer_groups", name=name)["id"]
        api.create(f"/core-entities/consumer_groups/{group}/consumers", {"consumer": consumer})
    groups = f"/core-entities/consumers/{consumer}/consumer_groups"
    assert api("DELETE", f"/core-entities/consumer_groups/{group}").status_code == 204
    assert [row["name"] for row in api("GET", groups).json()["data"]] == ["gold"]
    assert api("DELETE", groups).status_code == 204
    assert api("GET", groups).json()["data"] == []
