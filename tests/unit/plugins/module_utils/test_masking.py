# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._masking import (
    holds_secrets,
    looks_secret,
    mask_by_name,
    occurring,
    secret_forms,
    secrets_by_name,
    suboption_secrets,
    url_password,
)


def test_the_forms_of_a_secret():
    assert secret_forms("Bearer fake-key") == {"Bearer fake-key", "fake-key"}
    assert secret_forms('{"user": "admin", "nested": ["fake-pw"], "n": 1}') >= {"admin", "fake-pw"}


def test_what_is_too_short_is_no_secret():
    assert secret_forms("no") == set()


def test_a_reference_in_a_literal_stays_readable():
    assert secret_forms("Bearer {vault://v/k}") == {"Bearer {vault://v/k}"}
    assert secret_forms("{vault://v/k") == set()


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "api_key",
        "apikey",
        "aws_secret_access_key",
        "client_secret",
        "header_value",
        "Authorization",
        "x-token",
    ],
)
def test_names_that_look_secret(name):
    assert looks_secret(name)


@pytest.mark.parametrize("name", ["header_name", "key_names", "max_tokens", "config_store_id", "auth_method", "host"])
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


@pytest.mark.parametrize(
    "name", ["approle_secret_id", "secret_v1", "authorization_value", "clientSecret", "vault_token"]
)
def test_more_names_that_look_secret(name):
    assert looks_secret(name)


@pytest.mark.parametrize("name", ["token_endpoint", "secret_name", "password_file", "token_ttl", "keys_count"])
def test_names_about_secrets_that_are_none(name):
    assert not looks_secret(name)


def test_numbers_can_be_secrets():
    assert set(secrets_by_name({"token": 12345678})) == {"12345678"}
    assert mask_by_name({"token": 12345678, "enabled": True}) == {"token": "(not shown)", "enabled": True}


def test_a_masked_change_can_be_seen():
    assert mask_by_name({"token": "fake-new"}, {"token": "fake-old"}) == {"token": "(not shown, changed)"}


@pytest.mark.parametrize(
    ("url", "password"), [("https://bob:fake-pw@host/x", "fake-pw"), ("https://host/x", None), ("http://[::1", None)]
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
    assert holds_secrets({"options": SUBOPTIONS})
    assert not holds_secrets({"options": {"ip": {"type": "str"}}})
    assert not holds_secrets({"type": "list"})


def test_only_the_secrets_that_occur_are_looked_for():
    data = {"a": ["has fake-one in it", 123456], "b": {"fake-name": b"fake-bytes"}, "c": None, "d": True}
    secrets = {"fake-one", "fake-two", "3456", "fake-bytes", "fake-name", "True"}
    assert occurring(secrets, data) == {"fake-one", "3456", "fake-bytes"}
