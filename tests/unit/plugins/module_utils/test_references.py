# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._references import (
    Reference,
    build,
    is_reference,
    parse,
    references_in,
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
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text", ["mistral-key", "Bearer {vault://v/k}", "{vault://v/k} ", "{vault://}", "{vault://v}", "{vault://v/k#new}"]
)
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(InvalidInput):
        parse(text)


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
    assert build(*arguments) == expected
    parsed = parse(expected)
    assert (parsed.resource, parsed.prefix, parsed.property) == (arguments + (None,))[:3]


@pytest.mark.parametrize(
    "arguments",
    [("", "vault"), ("key", "Vault"), ("key", "v"), ("key", "my_vault"), ("key", "vault-"), ("k", "vv", "")],
)
def test_build_refuses(arguments):
    with pytest.raises(InvalidInput):
        build(*arguments)


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
