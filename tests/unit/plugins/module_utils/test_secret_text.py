# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What looks like a secret by a name or by its place in a text."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._secret_text import (
    hidden_parts,
    is_random,
    is_secret_value,
    looks_secret,
    view_text,
)

RANDOM = "fAk3T0k3nX9zQ2pL7mN4vB8c"


@pytest.mark.parametrize(
    "name",
    [
        *("apikey", "Authorization", "credential", "credentials", "jwk", "pass", "passphrase", "passwd", "password"),
        *("pem", "secret", "secrets", "token", "key", "api_key", "aws_secret_access_key", "client_secret"),
        *("header_value", "param_value", "gcp_service_account_json", "access_key_id", "x-token", "clientSecret"),
        *("oauth2Token", "approle_secret_id", "secret_v1", "authorization_value", "vault_token", "tokenValue"),
        *("API-KEY", "dsn", "connection_string", "connectionString", "webhook", "webhook_url", "slackWebhookUri"),
        *("signature", "cache_tokens_salt", "cookie", "Set-Cookie", "pwd", "passcode", "license", "private"),
        *("private_key", "token_headers_values", "proxy-authorization", "api_keys"),
    ],
)
def test_names_that_look_secret(name):
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("header_name", "key_names", "max_tokens", "config_store_id", "auth_method", "host", "monkey", "keys"),
        *("token_endpoint", "secret_name", "password_file", "token_ttl", "keys_count", "token_uri", "token_url"),
        *("tokenType", "secret_path", "token_header", "jwk_prefix", "password_policy", "passive", "value", "key_id"),
        *("", "token_expiration", "secret_length", "cookie_name", "session_cookie_same_site", "cookie_domain"),
        *("access_token_issuer", "signature_algorithm", "authorization_endpoint", "issuer", "region", "redis_host"),
        *("public_key", "rsa_public_key", "publicKey", "public_keys"),
    ],
)
def test_names_that_do_not(name):
    assert not looks_secret(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization:Bearer fake-key", "Authorization:(not shown)"),
        ("Authorization: Bearer fake-key", "Authorization: (not shown)"),
        ("x-api-key=fake", "x-api-key=(not shown)"),
        ("Set-Cookie: sid=fake; Secure", "Set-Cookie: (not shown)"),
        ("Authorization:{vault://v/k}", "Authorization:{vault://v/k}"),
        ("X-Region:eu", "X-Region:eu"),
        ("Authorization", "Authorization"),
        ("https://token/x", "https://token/x"),
    ],
)
def test_entries_of_lists(text, shown):
    assert view_text(text, element=True) == shown


def test_an_entry_outside_a_list_is_a_text():
    assert view_text("Authorization: what to send") == "Authorization: what to send"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://bob:fake-pw@host/x", "https://bob:(not shown)@host/x"),
        ("https://bob:fake/pw@host/x", "https://bob:(not shown)@host/x"),
        ("https://bob@host/x", "https://bob@host/x"),
        ("https://host:8443/people/@bob", "https://host:8443/people/@bob"),
        (f"https://{RANDOM}@host/1", "https://(not shown)@host/1"),
        ("redis://:fake-pw@host:6379/0", "redis://:(not shown)@host:6379/0"),
        ("mongodb://bob:fake-pw@one:1,two:2/db?w=1", "mongodb://bob:(not shown)@one:1,two:2/db?w=1"),
        ("https://host/x?api_key=fake&size=3#part", "https://host/x?api_key=(not shown)&size=3#part"),
        ("https://host/x?size=3&sig=fake", "https://host/x?size=3&sig=(not shown)"),
        (f"https://host/x?appid={RANDOM}", "https://host/x?appid=(not shown)"),
        (
            f"https://hooks.example.com/services/T00/B00/{RANDOM}",
            "https://hooks.example.com/services/T00/B00/(not shown)",
        ),
        ("https://host/v1/my-long-service-name-2024-11-25", "https://host/v1/my-long-service-name-2024-11-25"),
        ("https://host/MyVeryLongControllerName", "https://host/MyVeryLongControllerName"),
        ("bob:fake-pw@tcp(host:3306)/db", "bob:(not shown)@tcp(host:3306)/db"),
        ("Server=db;User=bob;Password=fake", "Server=db;User=bob;Password=(not shown)"),
        ("host=db user=bob password=fake", "host=db user=bob password=(not shown)"),
        ("Bearer {vault://v/k}", "Bearer {vault://v/k}"),
        ("a = b", "a = b"),
        ("To sign in, set password=fake and go on", "To sign in, set password=fake and go on"),
        ("http://a@[::1", "http://a@[::1"),
    ],
)
def test_of_a_url_or_a_connection_string_only_secrets_are_hidden(text, shown):
    assert view_text(text) == shown


@pytest.mark.parametrize(
    "text", [RANDOM, "d41d8cd98f00b204e9800998ecf8427e", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "eyJhbGciOiJIUzI1NiJ9"]
)
def test_random_texts(text):
    assert is_random(text)


@pytest.mark.parametrize(
    "text", ["", "short1a2b", "my-long-service-name-for-the-year-2024", "MyVeryLongControllerName", "with blank " * 3]
)
def test_texts_that_people_write(text):
    assert not is_random(text)


@pytest.mark.parametrize("text", ["Bearer fake", "-----BEGIN FAKE", RANDOM])
def test_what_is_no_name(text):
    assert is_secret_value(text)


@pytest.mark.parametrize("text", ["mistral-key", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"])
def test_what_may_be_a_name(text):
    assert not is_secret_value(text)


def test_the_hidden_parts_of_a_text():
    text = "https://bob:fake-pw@host/x?token=fake-token"
    assert hidden_parts(text, view_text(text)) == ["fake-pw", "fake-token"]
    assert hidden_parts("host", "host") == []


def test_a_private_key_is_hidden_whatever_the_name_beside_it():
    assert view_text("-----BEGIN CERTIFICATE-----\nfake\n-----BEGIN EC PRIVATE KEY-----\nfake") == "(not shown)"
