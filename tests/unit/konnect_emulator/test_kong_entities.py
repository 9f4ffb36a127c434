# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes and services that Kong's own schema library was given: the emulator takes, stores and refuses the same.

Skips where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from konnect_emulator.api.control_planes import new_control_plane
from konnect_emulator.entities.kinds import KINDS
from konnect_emulator.entities.rules import RuleContext
from konnect_emulator.entities.validation import complete_entity
from konnect_emulator.errors import CoreEntityError
from konnect_emulator.plugins.published_schemas import SchemaCatalog
from konnect_emulator.state import EmulatorState
from konnect_emulator.switches import Switches

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared")
VECTORS = SHARED / "openapi" / "kong" / "vectors" / "routes-services.jsonl"
pytestmark = pytest.mark.skipif(not VECTORS.is_file(), reason=f"no vectors at {VECTORS} (KONNECT_SHARED)")

Row = dict[str, Any]
# Kong's open source does not know these protocols; Konnect's API description and Kong Enterprise do.
ENTERPRISE_PROTOCOLS = {"ws", "wss"}


@cache
def rows(kind: str) -> list[Row]:
    lines = VECTORS.read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["entity"] == kind]


@pytest.fixture(scope="module")
def context() -> RuleContext:
    """A control plane with the defaults of the Gateway that the rows were made by."""
    control_plane = EmulatorState().add(partial(new_control_plane, {"name": "p"}))
    return RuleContext(control_plane, SchemaCatalog(), Switches(route_protocols_default="http,https"))


def agrees(row: Row, context: RuleContext) -> bool:
    try:
        stored = complete_entity(KINDS[row["entity"]], dict(row["value"]), context)
    except CoreEntityError:
        return not row["ok"]
    expected = row["ok"] and {name: value for name, value in row["stored"].items() if value is not None}
    return bool(stored == expected)


def uses_enterprise_protocol(row: Row) -> bool:
    given = row["value"].get("protocols") or [row["value"].get("protocol")]
    return not ENTERPRISE_PROTOCOLS.isdisjoint(given)


@pytest.mark.parametrize(("kind", "total"), [("routes", 500), ("services", 401)])
def test_entities_are_stored_and_refused_as_by_kong(context: RuleContext, kind: str, total: int) -> None:
    assert len(rows(kind)) == total
    different = [row for row in rows(kind) if not agrees(row, context)]
    assert [row for row in different if not uses_enterprise_protocol(row)] == []


@pytest.mark.parametrize(("kind", "count"), [("routes", 1), ("services", 4)])
def test_nearly_all_entities_agree(
    context: RuleContext, kind: str, count: int, record_property: Callable[[str, Any], None]
) -> None:
    assert sum(not agrees(row, context) for row in rows(kind)) == count
    tried = len(rows(kind))
    record_property("tally", ["Routes and services stored or refused by the emulator", tried, tried - count])
