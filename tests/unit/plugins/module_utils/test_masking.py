# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._masking import (
    hidden,
    holds_secrets,
    is_literal,
    looks_secret,
    mask_by_name,
    occurring,
    secret_forms,
    secrets_by_name,
    suboption_secrets,
    times,
    url_password,
)


@pytest.mark.parametrize(
    ("value", "forms"),
    [
        ("fake-key", {"fake-key"}),
        ("Bearer fake-key", {"Bearer fake-key", "fake-key"}),
        ("Basic   fake-key", {"Basic   fake-key", "fake-key"}),
        ("Bearerfake-key", {"Bearerfake-key"}),
        ("a Bearer fake-key", {"a Bearer fake-key"}),
        ('{"user": "admin", "nested": ["fake-pw", {"a": "fake-2"}], "n": 12345}', {"admin", "fake-pw", "fake-2"}),
        ('["fake-pw", "no"]', {"fake-pw"}),
        ('"fake-pw"', {"fake-pw"}),
        ("12345", {"12345"}),
        ("fake", {"fake"}),
        ("fak", set()),
        ("Bearer fak", {"Bearer fak"}),
        ("", set()),
    ],
)
def test_the_forms_of_a_secret(value, forms):
    assert secret_forms(value) == forms | ({value} if len(value) >= 4 else set())


def test_a_reference_in_a_literal_stays_readable():
    assert secret_forms("Bearer {vault://v/k}") == {"Bearer {vault://v/k}"}
    assert secret_forms("{vault://v/k") == set()


@pytest.mark.parametrize(
    "name",
    [
        *("apikey", "Authorization", "credential", "credentials", "jwk", "pass", "passphrase", "passwd", "password"),
        *("pem", "secret", "secrets", "token", "key", "api_key", "aws_secret_access_key", "client_secret"),
        *("header_value", "param_value", "gcp_service_account_json", "access_key_id", "x-token", "clientSecret"),
        *(
            "oauth2Token",
            "approle_secret_id",
            "secret_v1",
            "authorization_value",
            "vault_token",
            "tokenValue",
            "API-KEY",
        ),
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
        *("", "token_expiration", "secret_length"),
    ],
)
def test_names_that_do_not(name):
    assert not looks_secret(name)


def test_literals_under_secret_names_are_collected():
    data = {"auth": {"header_value": "Bearer fake-key", "header_name": "Authorization"}, "list": [{"token": "fake-t"}]}
    assert set(secrets_by_name(data)) == {"Bearer fake-key", "fake-key", "fake-t"}


def test_references_are_no_secrets():
    assert set(secrets_by_name({"token": "{vault://v/k}"})) == set()
    assert mask_by_name({"token": "{vault://v/k}", "config": {"token": "fake"}}) == {
        "token": "{vault://v/k}",
        "config": {"token": "(not shown)"},
    }


def test_numbers_can_be_secrets():
    assert set(secrets_by_name({"token": 12345678})) == {"12345678"}
    assert mask_by_name({"token": 12345678, "enabled": True}) == {"token": "(not shown)", "enabled": True}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("fake", True),
        ("Bearer {vault://v/k}", True),
        (0, True),
        (0.5, True),
        ("", False),
        ("{vault://v/k}", False),
        (True, False),
        (None, False),
        (["fake"], False),
    ],
)
def test_what_could_be_a_secret_itself(value, expected):
    assert is_literal(value) is expected


def test_a_masked_change_can_be_seen():
    assert hidden("fake-new", None) == hidden("fake-new", "fake-new") == "(not shown)"
    assert hidden("fake-new", "fake-old") == "(not shown, changed)"
    before = {"token": "fake-old", "nested": {"secret": ["fake-1", "fake-2"]}, "host": "a"}
    after = {"token": "fake-new", "nested": {"secret": ["fake-1", "fake-3"]}, "host": "b"}
    assert mask_by_name(after, before) == {
        "token": "(not shown, changed)",
        "nested": {"secret": ["(not shown)", "(not shown, changed)"]},
        "host": "b",
    }


@pytest.mark.parametrize(
    ("before", "masked"),
    [
        (["fake-1"], ["(not shown, changed)", "(not shown, changed)"]),
        ("fake-1", ["(not shown)", "(not shown, changed)"]),
        (None, ["(not shown)", "(not shown)"]),
    ],
)
def test_a_list_in_place_of_something_else_is_a_change(before, masked):
    assert mask_by_name({"tokens_secret": ["fake-1", "fake-2"]}, {"tokens_secret": before}) == {"tokens_secret": masked}


@pytest.mark.parametrize("before", ["text", ["list"], 7])
def test_what_was_no_mapping_before_is_nothing_to_compare_with(before):
    assert mask_by_name({"token": "fake"}, before) == {"token": "(not shown)"}


def test_all_under_a_secret_name_is_secret():
    data = {"secret": {"any": ("fake-1", ["fake-2"])}, "public": ["shown"], "text": "shown"}
    assert set(secrets_by_name(data)) == {"fake-1", "fake-2"}
    assert set(secrets_by_name(["fake-3"], secret=True)) == {"fake-3"}
    assert set(secrets_by_name({1: {"token": "fake-4"}})) == {"fake-4"}
    assert mask_by_name(["fake-3", None], secret=True) == ["(not shown)", None]
    assert mask_by_name({1: {"token": "fake-4"}}) == {1: {"token": "(not shown)"}}


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("https://bob:fake-pw@host/x", "fake-pw"),
        ("https://bob@host/x", None),
        ("https://host/x", None),
        ("http://a@[::1", None),
        (7, None),
    ],
)
def test_the_password_in_a_url(url, password):
    assert url_password(url) == password


SUBOPTIONS = {"key": {"no_log": False}, "value": {"no_log": True}, "value_version": {"type": "int"}}


def test_secrets_in_suboptions():
    rows = [
        {"key": "my-key", "value": "fake-value", "value_version": 12345},
        {"key": "my-key", "valeu": "fake-misspelt", "value": {"user": "fake-user"}},
        "fake-misshapen",
    ]
    assert set(suboption_secrets(SUBOPTIONS, rows)) == {"fake-value", "fake-misspelt", "fake-user", "fake-misshapen"}
    assert set(suboption_secrets(SUBOPTIONS, rows[0])) == {"fake-value"}
    assert set(suboption_secrets(SUBOPTIONS, "fake-misshapen")) == {"fake-misshapen"}
    assert set(suboption_secrets(SUBOPTIONS, None)) == set()


def test_whether_an_option_holds_secrets():
    assert holds_secrets({"options": SUBOPTIONS})
    assert not holds_secrets({"options": {"ip": {"type": "str"}}})
    assert not holds_secrets({"type": "list"})


def test_only_the_secrets_that_occur_are_found():
    data = {"a": ["has fake-one in it", 123456], "b": {"fake-name": b"fake-bytes"}, "c": None, "d": True}
    secrets = {"fake-one", "fake-two", "3456", "fake-bytes", "fake-name", "True", "None"}
    assert occurring(secrets, data) == {"fake-one", "3456", "fake-bytes"}


@pytest.mark.parametrize("data", [["has fake-key"], ("fake-key",), {"fake-key"}, frozenset({"fake-key"}), "fake-key"])
def test_secrets_are_found_in_any_form_of_data(data):
    assert occurring(["fake-key", "fake", "fak"], data) == {"fake-key", "fake"}


def test_a_secret_does_not_occur_across_two_texts():
    assert occurring(["fake-key"], ["fake", "-key"]) == set()


def test_bytes_that_are_no_text_hide_nothing_else():
    assert occurring(["fake-key"], b"\xff fake-key") == {"fake-key"}


def test_times_are_found_whole():
    first, second = "2026-11-23T10:00:00Z", "2026-11-23T10:00:00.123Z"
    assert times({"a": [first, f"at {first}"], "b": {"c": second, "d": "2026-11-23"}, "e": None}) == [first, second]
