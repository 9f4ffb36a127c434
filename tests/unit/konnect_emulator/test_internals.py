# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no request can bring about: a defect inside, and the shelf everything lies on."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from konnect_emulator.api import build
from konnect_emulator.control_planes import new_control_plane
from konnect_emulator.core_entities import CoreEntities
from konnect_emulator.data_plane import RunningConfig
from konnect_emulator.entity_kinds import KINDS
from konnect_emulator.entity_store import write
from konnect_emulator.errors import CoreFailure
from konnect_emulator.nodes import config_hash
from konnect_emulator.official_schemas import Catalog
from konnect_emulator.plugin_catalog import COMPACT
from konnect_emulator.plugin_schemas import each, fill, validate
from konnect_emulator.settings import Settings
from konnect_emulator.shelf import BadCursor, Shelf
from konnect_emulator.state import World


def test_a_defect_is_a_500_without_internals(capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(World):
        @property
        def control_planes(self) -> Any:
            raise KeyError("internal-detail")

        @control_planes.setter
        def control_planes(self, value: Any) -> None:
            pass

    async def ask() -> httpx.Response:
        app = build(Broken(), Settings(), Catalog(), None)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
            headers = {"Authorization": f"Bearer {Settings.token}"}
            return await client.get("/v2/control-planes", headers=headers)

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    printed = capsys.readouterr().err
    assert printed.startswith("defect: KeyError")
    assert "internal-detail" not in answer.text + printed


ODD: list[Any] = [None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", "{vault://a/b}", "http://[", "~/("]
ODD += [[], ["a", "a"], [[]], [{}], {}, {"id": 1}, {"id": "x"}, {"a": {"b": [1]}}, {"a": []}]
MINIMAL: dict[str, dict[str, Any]] = {
    "services": {"host": "h"},
    "routes": {"paths": ["/"]},
    "plugins": {"name": "ai-proxy", "config": {"route_type": "preserve", "model": {"provider": "openai"}}},
    "vaults": {"name": "konnect", "prefix": "pp", "config": {"config_store_id": "x"}},
    "snis": {"name": "a.b", "certificate": {"id": "00000000-0000-4000-8000-000000000000"}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_odd_values_are_taken_or_refused(kind: str) -> None:
    """Nothing but a CoreFailure comes out, and what is taken can be served and hashed."""
    world = World()
    plane = world.add(lambda id_: new_control_plane(id_, {"name": "p"}))
    entities = CoreEntities(world, Settings(), Catalog())
    for field in KINDS[kind].fields:
        for value in ODD:
            try:
                entity = entities.checked(plane, KINDS[kind], {**MINIMAL.get(kind, {}), field: value})
            except CoreFailure as failure:
                assert failure.status == 400 and failure.body["details"]
            else:
                write(plane, KINDS[kind], {**entity, "id": ""}, None)
    RunningConfig(plane.snapshot(), Catalog()).router.match("GET", "h", "/", {})
    assert len(config_hash(plane.snapshot())) == 32


@pytest.mark.parametrize("name", COMPACT)
def test_odd_plugin_configs(name: str) -> None:
    schema = COMPACT[name]
    for field, _spec in each(schema.config["fields"]):
        for value in ODD:
            filled = fill(schema.config, {field: value})
            if not validate(schema.config, filled, "config"):
                assert all(isinstance(check(filled), list) for check in schema.checks)


def test_shelf() -> None:
    shelf: Shelf[str] = Shelf()
    for letter in "abcde":
        shelf.put(letter, letter.upper())
    shelf.put("b", "again")
    assert list(shelf) == ["A", "again", "C", "D", "E"]
    first = shelf.page("", 2)
    assert (first.rows, first.previous) == (["A", "again"], None)
    second = shelf.page(first.next or "", 2)
    assert (second.rows, second.previous) == (["C", "D"], "")
    third = shelf.page(second.next or "", 2)
    assert (third.rows, third.next) == (["E"], None)
    assert shelf.page(third.previous or "", 2).rows == ["C", "D"]
    shelf.remove("c")
    assert shelf.page(first.next or "", 2).rows == ["D", "E"]
    assert shelf.page("", 9, lambda value: value in "AE").rows == ["A", "E"]
    assert (len(shelf), shelf.get("c"), shelf.get("d")) == (4, None, "D")


@pytest.mark.parametrize("cursor", ["x", "é", "cm93LQ", "cm93LTFh", "===="])
def test_cursors_of_others(cursor: str) -> None:
    with pytest.raises(BadCursor):
        Shelf[int]().page(cursor, 1)
