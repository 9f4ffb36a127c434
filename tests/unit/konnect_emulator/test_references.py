# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""References to secrets: Kong's grammar, and what each resolves to on its way to the data plane."""

from __future__ import annotations

import json

import pytest

from konnect_emulator.data_plane.references import (
    InvalidReference,
    Reference,
    parse_reference,
    resolve,
    resolve_all,
)
from konnect_emulator.plugins.schema import array, map_of, record, referenceable, string
from konnect_emulator.state import Snapshot
from support.shared import OPENAPI, needs

SNAPSHOT = Snapshot(
    {
        "vaults": [
            {"prefix": "my-vault", "name": "konnect", "config": {"config_store_id": "store"}},
            {"prefix": "lost", "name": "konnect", "config": {"config_store_id": "no-such-store"}},
            {"prefix": "my-env", "name": "env", "config": {"prefix": "EMULATOR_TEST_"}},
            {"prefix": "far", "name": "hcv", "config": {}},
        ]
    },
    {"store": {"plain": "Bearer x", "json": '{"a": "b", "n": 1}', "a/b": "slash", "list": "[1]"}},
)
PLAIN = "{vault://my-vault/plain}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{vault://v/resource}", Reference("v", "resource", None)),
        ("{vault://v/resource/key}", Reference("v", "resource", "key")),
        ("{vault://v/some/long/key}", Reference("v", "some/long", "key")),
        ("{vault://v/some/path/}", Reference("v", "some/path", None)),
        ("{vault://v/a%2Fb}", Reference("v", "a/b", None)),
        ("{vault://v/r?ttl=5#2}", Reference("v", "r", None)),
    ],
)
def test_a_reference_is_parsed(text: str, expected: Reference) -> None:
    assert parse_reference(text) == expected


@pytest.mark.parametrize(
    "text", ["x", "Bearer {vault://v/r}", "{vault://v/r} ", "{vault://v}", "{vault://v/}", "{vault://v/r#one}"]
)
def test_other_text_is_not_a_reference(text: str) -> None:
    with pytest.raises(InvalidReference):
        parse_reference(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{vault://my-vault/plain}", "Bearer x"),
        ("{vault://my-vault/json/a}", "b"),
        ("{vault://my-vault/json}", '{"a": "b", "n": 1}'),
        ("{vault://my-vault/a%2Fb}", "slash"),
        ("{vault://my-env/key-one}", "from the environment"),
        ("{vault://env/emulator-test-key-one}", "from the environment"),
    ],
)
def test_a_reference_resolves_to_its_secret(monkeypatch: pytest.MonkeyPatch, text: str, expected: str) -> None:
    monkeypatch.setenv("EMULATOR_TEST_KEY_ONE", "from the environment")
    assert resolve(SNAPSHOT, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{vault://my-vault/a/b}",
        "{vault://my-vault/json/n}",
        "{vault://my-vault/json/missing}",
        "{vault://my-vault/plain/key}",
        "{vault://my-vault/list/key}",
        "{vault://my-vault/missing}",
        "{vault://lost/plain}",
        "{vault://no-vault/plain}",
        "{vault://far/plain}",
        "{vault://my-vault}",
    ],
)
def test_a_reference_that_leads_nowhere_resolves_to_nothing(text: str) -> None:
    assert resolve(SNAPSHOT, text) == ""


def test_every_kind_of_referenceable_field_is_resolved() -> None:
    schema = record({"text": referenceable(), "list": array(referenceable()), "map": map_of(referenceable())})
    config = {"text": PLAIN, "list": [PLAIN, "y"], "map": {"k": PLAIN}}
    resolved = {"text": "Bearer x", "list": ["Bearer x", "y"], "map": {"k": "Bearer x"}}
    assert resolve_all(SNAPSHOT, schema, config) == resolved


def test_other_fields_are_not_resolved() -> None:
    assert resolve_all(SNAPSHOT, record({"text": string()}), {"text": PLAIN}) == {"text": PLAIN}


VECTORS = OPENAPI / "kong" / "vectors" / "references.jsonl"


@needs(VECTORS)
def test_every_text_is_read_as_the_parser_of_kong_reads_it(record_property):
    """1,194 texts, with what Kong's own parser makes of each."""

    def read(text):
        try:
            found = parse_reference(text)
        except InvalidReference:
            return None
        return {"name": found.prefix, "resource": found.resource, **({"key": found.key} if found.key else {})}

    def meant(row):
        return {name: value for name, value in row["parsed"].items() if name in ("name", "resource", "key")}

    rows = [json.loads(line) for line in VECTORS.read_text().splitlines()]
    record_property("tally", ["References read by the emulator", len(rows), len(rows)])
    assert [row["text"] for row in rows if read(row["text"]) != (meant(row) if "parsed" in row else None)] == []
