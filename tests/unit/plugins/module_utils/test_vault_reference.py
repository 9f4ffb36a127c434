# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import json
import os
import pathlib

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._vault_reference import (
    Reference,
    build_reference,
    check_prefix,
    is_reference,
    mentions,
    mistake,
    parse_reference,
    references_in,
    texts,
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
        ("{vault://my-vault//a//b}", Reference("my-vault", "a", "b")),
        ("{vault://my-vault/a%20b/c%3Fd}", Reference("my-vault", "a b", "c?d")),
        ("{vault://aws/key?ttl=60&prefix=x#2}", Reference("aws", "key", None, {"ttl": "60", "prefix": "x"}, 2)),
        ("{vault://aws/key?prefix=#0}", Reference("aws", "key", None, {"prefix": ""}, 0)),
        ("{vault://aws/a/b?ttl=1}", Reference("aws", "a", "b", {"ttl": "1"})),
        ("{vault://aws/a+b%2520c/p}", Reference("aws", "a b c", "p")),
        ("{vault://user@aws:80/a;b?c&d=1&d=2#1e3}", Reference("aws", "a", None, {"c": True, "d": ["1", "2"]}, 1000)),
        ("{vault://hcv/a b}", Reference("hcv", "a b")),
    ],
)
def test_a_reference_is_read(text, expected):
    assert parse_reference(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mistral-key", "A secret reference must start with {vault:// and end with a closing brace"),
        ("Bearer {vault://v/k}", "A secret reference must start with {vault://"),
        ("{vault://v/k} ", "and end with a closing brace, and be the whole value."),
        ("{vault://}", "{vault://} names no vault."),
        ("{vault:///k}", "{vault:///k} names no vault."),
        ("{vault://v}", "{vault://v} names no secret."),
        ("{vault://v/}", "{vault://v/} names no secret."),
        ("{vault://v/k#new}", "{vault://v/k#new} has the version new, which is no number."),
        ("{vault://v/k#2x}", "the version 2x"),
    ],
)
def test_what_is_no_reference_is_refused_with_the_reason(text, message):
    with pytest.raises(InvalidInput) as caught:
        parse_reference(text)
    assert message in caught.value.message
    assert caught.value.code == "invalid_input"


@pytest.mark.parametrize("prefix", ["vault", "my-vault-2", "v2", "ab"])
def test_prefixes(prefix):
    check_prefix(prefix)


@pytest.mark.parametrize("prefix", ["", "v", "Vault", "my_vault", "vault-", "-vault", "2v", "vault ", "va\n"])
def test_what_cannot_be_a_prefix(prefix):
    with pytest.raises(InvalidInput, match="cannot be a vault's prefix: lower-case letters") as caught:
        check_prefix(prefix)
    assert repr(prefix) in caught.value.message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("mistral-key", "mysecretvault"), "{vault://mysecretvault/mistral-key}"),
        (("database", "mysecretvault", "password"), "{vault://mysecretvault/database/password}"),
        (("path/to/secret", "corporate"), "{vault://corporate/path/to/secret/}"),
        (("path/to/secret", "corporate", "user"), "{vault://corporate/path/to/secret/user}"),
        (("a b", "corporate"), "{vault://corporate/a%20b}"),
        (("key", "corporate", "a/b"), "{vault://corporate/key/a%2Fb}"),
        (("k?", "corporate", "p#"), "{vault://corporate/k%3F/p%23}"),
    ],
)
def test_build(arguments, expected):
    assert build_reference(*arguments) == expected
    parsed = parse_reference(expected)
    assert (parsed.resource, parsed.prefix, parsed.property) == (arguments + (None,))[:3]


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("/prod/key", "%2Fprod/key/"),
        ("a//b", "a%2F%2Fb"),
        ("key/", "key%2F"),
        ("a+b", "a%252Bb"),
        ("50%", "50%2525"),
        ("a;b", "a%3Bb"),
    ],
)
def test_what_the_gateway_reads_otherwise_is_encoded(key, written):
    assert build_reference(key, "vault") == f"{{vault://vault/{written}}}"
    assert parse_reference(build_reference(key, "vault", "a+b/c")).resource == key


CHECKOUT = pathlib.Path(__file__).resolve().parents[4]
SHARED = pathlib.Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared")
VECTORS = SHARED / "openapi" / "kong" / "vectors" / "references.jsonl"


@pytest.fixture(scope="module")
def vectors():
    if not VECTORS.exists():
        pytest.skip(f"{VECTORS} does not exist")
    return [json.loads(line) for line in VECTORS.read_text().splitlines()]


def test_every_text_is_read_as_the_parser_of_kong_reads_it(vectors, record_property):
    """1,194 texts, with what Kong's own parser makes of each."""
    names = {"prefix": "name", "resource": "resource", "property": "key", "options": "config", "version": "version"}

    def read(text):
        try:
            found = dataclasses.asdict(parse_reference(text))
        except InvalidInput:
            return None
        return {names[name]: value for name, value in found.items() if value not in (None, {})}

    assert [row["text"] for row in vectors if is_reference(row["text"]) != row["is_reference"]] == []
    assert [(row["text"], read(row["text"])) for row in vectors if read(row["text"]) != row.get("parsed")] == []
    record_property("tally", ["References read by the collection", len(vectors), len(vectors)])


def test_every_secret_is_written_as_the_parser_of_kong_reads_it(vectors):
    meant = [(row["parsed"]["resource"], row["parsed"].get("key")) for row in vectors if "parsed" in row]
    written = [parse_reference(build_reference(resource, "vault", key)) for resource, key in meant]
    assert [(found.resource, found.property) for found in written] == meant


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", "vault"), "needs the key of a secret"),
        (("key", "Vault"), "'Vault' cannot be a vault's prefix"),
        (("key", "vault", ""), "The property of a secret reference must not be empty."),
    ],
)
def test_what_would_be_no_reference_is_not_written(arguments, message):
    with pytest.raises(InvalidInput) as caught:
        build_reference(*arguments)
    assert message in caught.value.message


def test_references_in_nested_data():
    data = {
        "config": {"auth": {"header_value": "{vault://v1/k}"}, "list": ["x", "{vault://v2/k/p}"]},
        "text": "Bearer {vault://v3/k}",
        "broken": "{vault://v4}",
    }
    assert list(references_in(data)) == [
        ("config.auth.header_value", Reference("v1", "k")),
        ("config.list.1", Reference("v2", "k", "p")),
    ]


def test_texts_in_nested_data():
    data = {"a": {1: "x"}, "list": ["y", {"b": ""}, 7, None], "c": True}
    assert list(texts(data)) == [("a.1", "x"), ("list.0", "y"), ("list.1.b", "")]
    assert list(texts({1: "x"})) == [("1", "x")]
    assert list(texts({"b": "x"}, "a")) == [("a.b", "x")]
    assert list(texts("x")) == [("", "x")]


def test_only_whole_strings_are_references():
    assert is_reference("{vault://v/k}")
    assert not is_reference("Bearer {vault://v/k}")
    assert not is_reference("{vault://v/k}.")
    assert not is_reference("{vault:/v/k}")
    assert not is_reference(7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{vault://vv/k}", "{vault://vv/new}"),
        ("{vault://vv/k/}", "{vault://vv/new}"),
        ("{vault://vv/k/property}", "{vault://vv/new/property}"),
        ("{vault://vv/k/property?ttl=5#2}", "{vault://vv/new/property?ttl=5#2}"),
        ("{vault://vv/k#1}", "{vault://vv/new#1}"),
        ("{vault://vv/k?ttl=5}", "{vault://vv/new?ttl=5}"),
    ],
)
def test_another_secret_with_the_same_property_options_and_version(text, expected):
    assert with_resource(text, "new") == expected


def test_what_looks_like_a_reference_in_a_text():
    assert mentions("Bearer {vault://v/k}, and {vault://v/l") == ["{vault://v/k}", "{vault://v/l"]
    assert mentions("{vault://v/k{vault://v/l}}") == ["{vault://v/k", "{vault://v/l}"]
    assert mentions("vault://v/k") == []
    assert mentions(7) == []


# Texts that mean to be a reference


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("vault://my-vault/key", "opening brace"),
        ("{vault://my-vault/key", "closing brace"),
        ("vault://my-vault/key}", "opening brace"),
        ("{vault:/my-vault/key}", "two slashes"),
        ("{vault//my-vault/key}", "two slashes"),
        ("{ vault://my-vault/key}", "blank"),
        ("{vault: //my-vault/key}", "blank"),
        ("{vault://my-vault/key}\n", "blank"),
        (" {vault://my-vault/key}", "blank"),
        ("{Vault://my-vault/key}", "lower case"),
        ("{VAULT://my-vault/key}", "lower case"),
    ],
)
def test_a_text_that_means_to_be_a_reference_and_is_none(text, wrong):
    assert wrong in mistake(text)


@pytest.mark.parametrize(
    "text",
    ["{vault://my-vault/key}", "Bearer {vault://my-vault/key}", "https://vault/key", "vault", "my vault: /a", 7, None],
)
def test_a_text_that_means_no_reference_or_is_one(text):
    assert mistake(text) is None
