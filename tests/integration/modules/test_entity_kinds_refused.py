# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entities that cannot be as a task gives them: one message each, and nothing written; references in them are seen."""

from __future__ import annotations

import pytest

from support.certificates import issue
from support.entity_cases import ALICE, CERT, CERTIFICATE, KEY, LUA, OTHER_CERT, UPSTREAM
from support.options import ABSENT, REFERABLE, REFERENCE, SECRET

BOB = ("consumer", {"username": "bob"})
OTHER_CERTIFICATE = ("certificate", {"cert": OTHER_CERT, "key": KEY, "snis": ["z.example.com"]})
ALICE_KEY = ("key_auth", {"consumer": "alice", "key": "fake-key-of-alice"})
REDIS = ("partial", {"name": "my-redis", "type": "redis-ce", "config": {"host": "redis.example.com"}})
LINKED = (
    "plugin",
    {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis"}, "partials": [{"name": "my-redis"}]},
)
NO_CA = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
REFUSED = [
    ("an unknown parent", [], ALICE_KEY, "not_found", "has no consumer alice"),
    (
        "a parent of another kind",
        [UPSTREAM],
        ("acl", {"consumer": "my-upstream", "group": "g"}),
        "not_found",
        "consumer",
    ),
    (
        "a member that is no consumer",
        [ALICE],
        ("consumer_group", {"name": "gold", "consumers": ["alice", "carol"]}),
        "not_found",
        "has no consumer carol",
    ),
    (
        "a target without a port",
        [UPSTREAM],
        ("target", {"upstream": "my-upstream", "target": "example.com"}),
        "invalid_input",
        "a host with a port",
    ),
    (
        "a key of another certificate",
        [],
        ("certificate", {"cert": issue("a.example.com").cert, "key": issue("a.example.com").key}),
        "invalid_input",
        "key does not belong to cert",
    ),
    (
        "names of two certificates",
        [CERTIFICATE, OTHER_CERTIFICATE],
        ("certificate", {"cert": CERT, "key": KEY, "snis": ["a.example.com", "z.example.com"]}),
        "ambiguous",
        "More than one certificate is meant",
    ),
    ("a partial that is linked", [REDIS, LINKED], ("partial", {"name": "my-redis", **ABSENT}), "in_use", "plugin"),
    (
        "the key of another consumer",
        [ALICE, BOB, ALICE_KEY],
        ("key_auth", {"consumer": "bob", "key": "fake-key-of-alice"}),
        "conflict",
        "is that of key-auth credential",
    ),
    (
        "the custom_id of another consumer",
        [("consumer", {"username": "alice", "custom_id": "1"})],
        ("consumer", {"username": "bob", "custom_id": "1"}),
        "conflict",
        "consumer alice",
    ),
    (
        "a schema of another name",
        [],
        ("custom_plugin", {"name": "other", "schema": LUA.format("")}),
        "invalid_input",
        "schema must say name",
    ),
    (
        "a custom plugin without a schema",
        [],
        ("custom_plugin", {"name": "other"}),
        "invalid_input",
        "To create it, give schema.",
    ),
    (
        "an id that is not there",
        [ALICE],
        ("key_auth", {"consumer": "alice", "id": "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"}),
        "not_found",
        "There is no key-auth credential with the id",
    ),
    (
        "an upstream that a service uses",
        [UPSTREAM, ("service", {"name": "my-service", "url": "http://my-upstream/"})],
        ("upstream", {"name": "my-upstream", **ABSENT}),
        "in_use",
        "service my-service",
    ),
    (
        "a reference where nothing resolves it",
        [*REFERABLE, ALICE],
        ("key_auth", {"consumer": "alice", "key": REFERENCE}),
        "broken_reference",
        "resolves no references",
    ),
    (
        "a reference to a secret that is not there",
        [*REFERABLE],
        ("certificate", {"cert": CERT, "key": "{vault://my-vault/other-key}", "snis": ["a.example.com"]}),
        "broken_reference",
        "key",
    ),
]


# The same for other kinds.
REFUSED_TOO = [
    *(
        (f"an unknown parent of {module}", [ALICE], (module, options), "not_found", text)
        for module, options, text in (
            ("basic_auth", {"consumer": "bob", "username": "bob", "password": "fake-password"}, "no consumer bob"),
            ("hmac_auth", {"consumer": "bob", "username": "bob", "secret": "fake-secret"}, "no consumer bob"),
            ("jwt", {"consumer": "bob", "key": "issuer"}, "no consumer bob"),
            ("mtls_auth", {"consumer": "alice", "subject_name": "a", "ca_certificate": NO_CA}, "no CA certificate"),
            ("target", {"upstream": "my-upstream", "target": "example.com:80"}, "no upstream my-upstream"),
            ("sni", {"name": "a.example.com", "certificate": "b.example.com"}, "no certificate b.example.com"),
            ("key", {"name": "k", "kid": "1", "set": "my-keys", "jwk": "{}"}, "no key set my-keys"),
            ("upstream", {"name": "u", "client_certificate": "b.example.com"}, "no certificate b.example.com"),
        )
    ),
    *(
        (
            f"the {module} of another consumer",
            [ALICE, BOB, (module, {"consumer": "alice", **options})],
            (module, {"consumer": "bob", **options}),
            "conflict",
            "already. Nothing was written.",
        )
        for module, options in (
            ("basic_auth", {"username": "one", "password": "fake-password", "update_secret": "on_create"}),
            ("hmac_auth", {"username": "one", "secret": "fake-secret", "update_secret": "on_create"}),
            ("jwt", {"key": "issuer", "secret": "fake-secret"}),
            ("mtls_auth", {"subject_name": "one@example.com"}),
        )
    ),
    (
        "a group that is none of consumers",
        [UPSTREAM],
        ("consumer", {"username": "alice", "consumer_groups": ["my-upstream"]}),
        "not_found",
        "has no consumer group my-upstream",
    ),
]
HIDDEN = [
    word for name in ("key_auth_key", "jwt_secret", "basic_auth_password") for word in ("--set", f"{name}=hidden")
]


@pytest.mark.parametrize(
    ("needs", "task", "code", "text"),
    [
        *(pytest.param(*row[1:], id=row[0]) for row in REFUSED),
        *(pytest.param(*row[1:], id=row[0], marks=pytest.mark.exhaustive) for row in REFUSED_TOO),
    ],
)
def test_what_cannot_be_is_refused_before_a_write(konnect, needs, task, code, text):
    konnect.create_all(*needs)
    for check in (True, False):
        run = konnect.run(*task, check=check)
        if check and code in ("not_found", "broken_reference") and not run.failed:
            assert run.warnings  # an earlier task may be about to create it
            continue
        assert (run.code, text in run.message) == (code, True), run.message
        assert run.writes == []
        assert "fake-" not in str(run.result)


def test_a_private_key_in_the_place_of_a_certificate_is_not_shown(konnect):
    run = konnect.run("certificate", {"cert": CERT + KEY, "key": KEY, "snis": ["a.example.com"]})
    assert (run.code, run.writes) == ("invalid_input", [])
    assert KEY.splitlines()[1] not in str(run.result)


def test_a_name_of_another_certificate_is_refused_before_a_write(konnect):
    _one, other = konnect.create_all(CERTIFICATE, OTHER_CERTIFICATE)
    options = {"id": other["certificate"]["id"], "snis": ["a.example.com", "z.example.com"]}
    for check in (True, False):
        run = konnect.run("certificate", options, check=check)
        assert (run.code, run.writes) == ("conflict", [])
        assert "are those of certificate a.example.com" in run.message


def test_an_argument_that_is_the_id_of_one_and_the_name_of_another_is_refused_with_both(konnect):
    (alice,) = konnect.create_all(ALICE)
    namesake = konnect.call("POST", "core-entities/consumers", {"username": alice["consumer"]["id"]})
    run = konnect.run("acl", {"consumer": alice["consumer"]["id"], "group": "admins"})
    assert (run.code, run.writes) == ("ambiguous", [])
    assert all(identity in run.message for identity in (alice["consumer"]["id"], namesake["id"]))


def test_references_in_a_certificate_and_a_key_are_guarded_seen_and_repointed(konnect):
    konnect.create_all(*REFERABLE)
    konnect.create_all(
        ("certificate", {"cert": CERT, "key": REFERENCE, "snis": ["a.example.com"]}),
        ("key", {"name": "my-key", "kid": "1", "pem": {"private_key": REFERENCE}}),
    )
    rows = konnect.run("reference_info", {})["references"]
    assert [(row["entity"], row["name"], row["field"], row["state"]) for row in rows] == [
        ("certificate", "a.example.com", "key", "ok"),
        ("key", "my-key", "pem.private_key", "ok"),
    ]
    refused = konnect.run("secret", {**SECRET, **ABSENT})
    assert (refused.code, len(refused["failure"]["referrers"])) == ("in_use", 2)
    konnect.create_all(("secret", {**SECRET, "key": "new-key", "value": "fake-new-value"}))
    run = konnect.run("reference", {**SECRET, "new_key": "new-key"})
    assert run.changed, run.message
    [certificate] = konnect.list("core-entities/certificates")
    [key] = konnect.list("core-entities/keys")
    assert "new-key" in certificate["key"]
    assert "new-key" in key["pem"]["private_key"]
    assert certificate["snis"] == ["a.example.com"]


@pytest.mark.emulator(*HIDDEN)
def test_credentials_whose_secrets_konnect_hides_are_made_once(konnect):
    fingerprint = {"fingerprint_key": "k" * 32}
    tasks = [
        ALICE_KEY,
        ("jwt", {"consumer": "alice", "key": "issuer", "secret": "fake-secret"}),
        ("basic_auth", {"consumer": "alice", "username": "alice", "password": "fake-password", **fingerprint}),
    ]
    konnect.create_all(ALICE, *tasks)
    for task in tasks:
        again = konnect.run(*task)
        assert (again.message, again.changed, again.writes) == ("", False, [])
    other = konnect.run("basic_auth", {**tasks[2][1], "password": "fake-other-password"})
    assert other.changed, other.message
