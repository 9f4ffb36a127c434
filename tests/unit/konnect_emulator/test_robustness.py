# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Robustness: an internal error reveals nothing to a client, and no odd value causes one."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import httpx
import pytest

from konnect_emulator.api.application import build_api
from konnect_emulator.api.control_planes import new_control_plane
from konnect_emulator.api.expected_config import config_hash
from konnect_emulator.data_plane.nodes import Nodes
from konnect_emulator.data_plane.running_config import RunningConfig
from konnect_emulator.entities.kinds import KINDS
from konnect_emulator.entities.rules import RuleContext
from konnect_emulator.entities.storage import write
from konnect_emulator.entities.validation import complete_entity
from konnect_emulator.errors import CoreEntityError
from konnect_emulator.plugins.compact_schemas import COMPACT_SCHEMAS
from konnect_emulator.plugins.published_schemas import SchemaCatalog
from konnect_emulator.plugins.schema import named_fields
from konnect_emulator.plugins.schema_rules import expand, fill, violations
from konnect_emulator.settings import Settings
from konnect_emulator.state import EmulatorState
from konnect_emulator.switches import Switches

ODD_VALUES: list[Any] = [None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", "{vault://a/b}", "http://[", "~/("]
ODD_VALUES += [[], ["a", "a"], [[]], [{}], {}, {"id": 1}, {"id": "x"}, {"a": {"b": [1]}}, {"a": []}]
REQUIRED_FIELDS: dict[str, dict[str, Any]] = {
    "services": {"host": "h"},
    "routes": {"paths": ["/"]},
    "plugins": {"name": "ai-proxy", "config": {"route_type": "preserve", "model": {"provider": "openai"}}},
    "vaults": {"name": "konnect", "prefix": "pp", "config": {"config_store_id": "x"}},
    "basic-auths": {"username": "u", "password": "p", "consumer": {"id": "00000000-0000-4000-8000-000000000000"}},
    "hmac-auths": {"username": "u"},
    "acls": {"group": "g"},
    "targets": {"target": "a.b:80"},
    "keys": {"kid": "1", "jwk": "{}"},
    "upstreams": {"name": "a.b"},
    "snis": {"name": "a.b", "certificate": {"id": "00000000-0000-4000-8000-000000000000"}},
}


class BrokenState(EmulatorState):
    """A state that fails whenever it is used."""

    @property
    def control_planes(self) -> Any:
        raise KeyError("internal-detail")

    @control_planes.setter
    def control_planes(self, value: Any) -> None:
        pass


def test_an_internal_error_is_a_500_without_details(capsys: pytest.CaptureFixture[str]) -> None:
    async def list_control_planes() -> httpx.Response:
        state, settings = BrokenState(), Settings()
        app = build_api(state, settings, SchemaCatalog(), Nodes(state, settings), None)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
            headers = {"Authorization": f"Bearer {Settings.token}"}
            return await client.get("/v2/control-planes", headers=headers)

    response = asyncio.run(list_control_planes())
    assert (response.status_code, response.headers["Content-Type"]) == (500, "application/problem+json; charset=utf-8")
    printed = capsys.readouterr().err
    assert printed.startswith("internal error: KeyError")
    assert "internal-detail" not in response.text + printed


@pytest.mark.parametrize("kind", KINDS)
def test_an_odd_value_of_a_field_is_accepted_or_rejected(kind: str) -> None:
    """Nothing but a CoreEntityError is raised, and what is accepted can be served and hashed."""
    control_plane = EmulatorState().add(partial(new_control_plane, {"name": "p"}))
    context = RuleContext(control_plane, SchemaCatalog(), Switches())
    for field in KINDS[kind].fields:
        for value in ODD_VALUES:
            try:
                entity = complete_entity(KINDS[kind], {**REQUIRED_FIELDS.get(kind, {}), field: value}, context)
            except CoreEntityError as error:
                assert error.status == 400 and error.body["details"]
            else:
                write(control_plane, KINDS[kind], {**entity, "id": ""}, None)
    RunningConfig(control_plane.snapshot(), SchemaCatalog()).router.match("GET", "h", "/", {})
    assert len(config_hash(control_plane.snapshot())) == 32


@pytest.mark.parametrize("name", COMPACT_SCHEMAS)
def test_an_odd_value_in_a_plugin_config_is_accepted_or_rejected(name: str) -> None:
    schema = COMPACT_SCHEMAS[name]
    for field, _spec in named_fields(schema.config["fields"]):
        for value in ODD_VALUES:
            config, found = expand(schema.config, {field: value}, "config")
            found += violations(schema.config, schema.entity_checks, fill(schema.config, config))
            assert all(violation.message for violation in found)
