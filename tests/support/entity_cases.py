# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One entity of every kind that its row in the table of kinds says everything about. A new kind adds a row here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CERT = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"
OTHER_CERT = "-----BEGIN CERTIFICATE-----\nMAE=\n-----END CERTIFICATE-----"
KEY = "-----BEGIN PRIVATE KEY-----\nZmFrZS1rZXk=\n-----END PRIVATE KEY-----"
ALICE = ("consumer", {"username": "alice"})
OF_ALICE = {"consumer": "alice"}
UPSTREAM = ("upstream", {"name": "my-upstream"})
CERTIFICATE = ("certificate", {"cert": CERT, "key": KEY, "snis": ["a.example.com"]})
LUA = 'return {{ name = "my-plugin", fields = {{ {{ config = {{ type = "record", fields = {{ {} }} }} }} }} }}'


@dataclass(frozen=True)
class Case:
    """One entity: what tells it from others, its options at first and when changed, and the tasks for what it needs.

    :param result: what results call it, where that is not the name of the module.
    :param secret: an option with a secret, which what is given back lacks and the task gives itself.
    """

    module: str
    identity: dict[str, Any]
    first: dict[str, Any]
    changed: dict[str, Any]
    needs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    result: str = ""
    secret: str = ""
    word: str = ""


CASES = [
    Case(
        "consumer",
        {"username": "alice"},
        {"custom_id": "1", "consumer_groups": ["gold"]},
        {"tags": ["b", "a"], "consumer_groups": ["silver"]},
        [("consumer_group", {"name": "gold"}), ("consumer_group", {"name": "silver"})],
    ),
    Case("consumer", {"custom_id": "4200"}, {}, {"tags": ["a"]}, word="custom_id"),
    Case(
        "consumer_group",
        {"name": "gold"},
        {"consumers": ["alice"]},
        {"consumers": ["bob"], "tags": ["a"]},
        [ALICE, ("consumer", {"username": "bob"})],
    ),
    Case("key_auth", {**OF_ALICE, "key": "fake-key-of-alice"}, {"ttl": 3600}, {"tags": ["a"]}, [ALICE]),
    Case(
        "basic_auth",
        {**OF_ALICE, "username": "alice"},
        {"password": "fake-password"},
        {"password": "fake-other-password"},
        [ALICE],
        secret="password",
    ),
    Case(
        "hmac_auth",
        {**OF_ALICE, "username": "alice"},
        {"secret": "fake-secret"},
        {"secret": "fake-secret", "tags": ["a"]},
        [ALICE],
        secret="secret",
    ),
    Case("jwt", {**OF_ALICE, "key": "issuer"}, {"secret": "fake-secret"}, {"algorithm": "HS512"}, [ALICE]),
    Case("mtls_auth", {**OF_ALICE, "subject_name": "alice@example.com"}, {}, {"tags": ["a"]}, [ALICE]),
    Case("acl", {**OF_ALICE, "group": "admins"}, {"tags": ["b"]}, {"tags": ["a", "b"]}, [ALICE]),
    Case(
        "upstream",
        {"name": "my-upstream"},
        {"algorithm": "least-connections", "healthchecks": {"active": {"healthy": {"interval": 5}}}},
        {"healthchecks": {"active": {"http_path": "/status"}}, "slots": 100, "client_certificate": "a.example.com"},
        [CERTIFICATE],
    ),
    Case(
        "target",
        {"upstream": "my-upstream", "target": "192.0.2.10:8080"},
        {"weight": 50},
        {"weight": 0, "failover": True},
        [UPSTREAM],
    ),
    Case(
        "certificate",
        {"snis": ["a.example.com", "b.example.com"]},
        {"cert": CERT, "key": KEY},
        {"cert": OTHER_CERT + "\n", "key": KEY, "snis": ["b.example.com", "c.example.com"]},
    ),
    Case("certificate", {"cert": CERT}, {"key": KEY}, {"tags": ["a"]}, word="cert"),
    Case(
        "sni",
        {"name": "www.example.com"},
        {"certificate": "a.example.com"},
        {"certificate": "z.example.com"},
        [CERTIFICATE, ("certificate", {"cert": OTHER_CERT, "key": KEY, "snis": ["z.example.com"]})],
    ),
    Case("ca_certificate", {"cert": CERT}, {}, {"tags": ["a"]}),
    Case("key_set", {"name": "my-keys"}, {}, {"tags": ["a"]}),
    Case(
        "key",
        {"name": "my-key"},
        {"kid": "1", "set": "my-keys", "pem": {"private_key": KEY}},
        {"jwk": '{"kid": "1", "kty": "oct", "k": "ZmFrZS1rZXk"}'},
        [("key_set", {"name": "my-keys"})],
        result="gateway_key",
    ),
    Case(
        "key",
        {"kid": "1", "set": "my-keys"},
        {"pem": {"public_key": CERT}},
        {"x5t": "thumbprint"},
        [("key_set", {"name": "my-keys"})],
        result="gateway_key",
        word="kid",
    ),
    Case(
        "partial",
        {"name": "my-redis"},
        {"type": "redis-ce", "config": {"host": "redis.example.com", "password": "fake-password"}},
        {"config_mode": "merge", "config": {"port": 6380}, "tags": ["a"]},
    ),
    Case("custom_plugin", {"name": "my-plugin"}, {"schema": LUA.format("")}, {"schema": LUA.format(" ")}),
    Case(
        "custom_plugin",
        {"name": "my-plugin"},
        {"schema": LUA.format(""), "handler": "return {}"},
        {"handler": "return { VERSION = '1.0' }", "tags": ["a"]},
        word="streamed",
    ),
    Case("data_plane_certificate", {"cert": CERT}, {"title": "first"}, {"title": "second"}),
]

# By path: what tells an entity from others, its fields at first, and a change.
ENTITIES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("cloned-plugins", {"name": "second"}, {"ref": "rate-limiting"}, {"priority": 800}),
    ("services/my-service/degraphql/routes", {"uri": "/users"}, {"query": "query { users }"}, {"methods": ["POST"]}),
    ("services/my-service/graphql-rate-limiting-advanced/costs", {"type_path": "Query.users"}, {}, {"add_constant": 2}),
]
