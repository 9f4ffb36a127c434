# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""References: Kong's grammar, and what becomes of one on its way to the data plane."""

from __future__ import annotations

from typing import Any

import pytest

from konnect_emulator.plugin_schemas import array, map_of, record, ref, string
from konnect_emulator.references import BadReference, Reference, parse, resolve, resolve_all
from konnect_emulator.state import Snapshot

SNAPSHOT = Snapshot(
    1,
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
def test_grammar(text: str, expected: Reference) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text", ["x", "Bearer {vault://v/r}", "{vault://v/r} ", "{vault://v}", "{vault://v/}", "{vault://v/r#one}"]
)
def test_not_a_reference(text: str) -> None:
    with pytest.raises(BadReference):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{vault://my-vault/plain}", "Bearer x"),
        ("{vault://my-vault/json/a}", "b"),
        ("{vault://my-vault/json}", '{"a": "b", "n": 1}'),
        ("{vault://my-vault/a%2Fb}", "slash"),
        ("{vault://my-env/key-one}", "from the environment"),
        ("{vault://env/emulator-test-key-one}", "from the environment"),
        ("{vault://my-vault/a/b}", ""),
        ("{vault://my-vault/json/n}", ""),
        ("{vault://my-vault/json/missing}", ""),
        ("{vault://my-vault/plain/key}", ""),
        ("{vault://my-vault/list/key}", ""),
        ("{vault://my-vault/missing}", ""),
        ("{vault://lost/plain}", ""),
        ("{vault://no-vault/plain}", ""),
        ("{vault://far/plain}", ""),
        ("{vault://my-vault}", ""),
    ],
)
def test_resolving(monkeypatch: pytest.MonkeyPatch, text: str, expected: str) -> None:
    monkeypatch.setenv("EMULATOR_TEST_KEY_ONE", "from the environment")
    assert resolve(SNAPSHOT, text) == expected


def test_only_referenceable_fields_are_resolved() -> None:
    schema = record({"secret": ref(), "text": string(), "list": array(ref()), "map": map_of(ref())})
    text = "{vault://my-vault/plain}"
    config: dict[str, Any] = {"secret": text, "text": text, "list": [text, "y"], "map": {"k": text}}
    assert resolve_all(SNAPSHOT, schema, config) == {
        "secret": "Bearer x",
        "text": text,
        "list": ["Bearer x", "y"],
        "map": {"k": "Bearer x"},
    }
