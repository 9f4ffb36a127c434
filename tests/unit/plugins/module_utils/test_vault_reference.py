# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._vault_reference import (
    Reference,
    build_reference,
    is_reference,
    mentions,
    parse_reference,
    references_in,
    with_resource,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{vault://my-vault/mistral-key}", Reference("my-vault", "mistral-key")),
        ("{vault://my-vault/database/password}", Reference("my-vault", "database", "password")),
        ("{vault://hcv/path/to/secret/field}", Reference("hcv", "path/to/secret", "field")),
        ("{vault://hcv/path/to/secret/}", Reference("hcv", "path/to/secret")),
        ("{vault://my-vault/a%2Fb}", Reference("my-vault", "a/b")),
        ("{vault://aws/key?ttl=60&prefix=x#2}", Reference("aws", "key", None, {"ttl": "60", "prefix": "x"}, 2)),
    ],
)
def test_parse(text, expected):
    assert parse_reference(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "mistral-key",
        "Bearer {vault://v/k}",
        "{vault://v/k} ",
        "{vault://}",
        "{vault://v}",
        "{vault://v/k#new}",
        "{vault://v/k} and {vault://v/l}",
    ],
)
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(InvalidInput):
        parse_reference(text)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("mistral-key", "mysecretvault"), "{vault://mysecretvault/mistral-key}"),
        (("database", "mysecretvault", "password"), "{vault://mysecretvault/database/password}"),
        (("path/to/secret", "corporate"), "{vault://corporate/path/to/secret/}"),
        (("a b", "corporate"), "{vault://corporate/a%20b}"),
    ],
)
def test_build(arguments, expected):
    assert build_reference(*arguments) == expected
    parsed = parse_reference(expected)
    assert (parsed.resource, parsed.prefix, parsed.property) == (arguments + (None,))[:3]


@pytest.mark.parametrize(
    "arguments",
    [("", "vault"), ("key", "Vault"), ("key", "v"), ("key", "my_vault"), ("key", "vault-"), ("k", "vv", "")],
)
def test_build_refuses(arguments):
    with pytest.raises(InvalidInput):
        build_reference(*arguments)


def test_references_in_nested_data():
    data = {
        "config": {"auth": {"header_value": "{vault://v1/k}"}, "list": ["x", "{vault://v2/k/p}"]},
        "text": "Bearer {vault://v3/k}",
        "broken": "{vault://v4}",
    }
    found = {path: reference.prefix for path, reference in references_in(data)}
    assert found == {"config.auth.header_value": "v1", "config.list.1": "v2"}


def test_only_whole_strings_are_references():
    assert is_reference("{vault://v/k}")
    assert not is_reference("Bearer {vault://v/k}")
    assert not is_reference(7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{vault://vv/k}", "{vault://vv/new}"),
        ("{vault://vv/k/}", "{vault://vv/new}"),
        ("{vault://vv/k/property}", "{vault://vv/new/property}"),
        ("{vault://vv/k/property?ttl=5#2}", "{vault://vv/new/property?ttl=5#2}"),
        ("{vault://vv/k#1}", "{vault://vv/new#1}"),
    ],
)
def test_another_secret_with_the_same_property_options_and_version(text, expected):
    assert with_resource(text, "new") == expected


def test_what_looks_like_a_reference_in_a_text():
    assert mentions("Bearer {vault://v/k}, and {vault://v/l") == ["{vault://v/k}", "{vault://v/l"]
    assert mentions(7) == []
