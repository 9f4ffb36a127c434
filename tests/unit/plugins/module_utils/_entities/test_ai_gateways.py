# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.ai_gateways import (
    AI_GATEWAYS,
    check_new_gateway,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    ROUTE,
    SECRET,
    VAULT,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._predictions import is_stand_in
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.served import page

GATEWAY = {"id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "name": "my-gateway"}
BELOW = f"/v1/ai-gateways/{GATEWAY['id']}"
STORE_ID = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
WRITTEN = {"key": "a", "updated_at": "2026-11-23T10:00:00.000Z"}
CONFLICT = (409, {"title": "Conflict", "detail": "key (type: unique) constraint failed"})


@pytest.fixture
def gateway(connect):
    return ControlPlane(Organization(connect(), Task()), "my-gateway", GATEWAY, AI_GATEWAYS)


@pytest.fixture
def secrets(gateway):
    return gateway.endpoint(CONFIG_STORE).below(STORE_ID, SECRET)


def test_it_is_looked_up_in_a_list_without_a_filter(server, connect):
    server.script = [page(GATEWAY)]
    gateway = ControlPlane(Organization(connect(), Task()), "my-gateway", product=AI_GATEWAYS)
    assert gateway.label == "AI Gateway my-gateway"
    assert server.sent() == ["GET /v1/ai-gateways?page%5Bsize%5D=100&page%5Bnumber%5D=1"]


@pytest.mark.parametrize("status", [403, 404])
def test_an_account_that_has_none_is_named_as_such(server, connect, status):
    server.script = [(status, None)]
    gateway = ControlPlane(Organization(connect(), Task()), "my-gateway", product=AI_GATEWAYS)
    with pytest.raises(ApiError, match="has no AI Gateways"):
        gateway.id  # noqa: B018


def test_a_vault_looks_like_that_of_a_control_plane(server, gateway):
    held = {"id": STORE_ID, "name": "my-vault", "type": "env", "config": {}}
    server.script = [page(held), (201, held)]
    vaults = gateway.endpoint(VAULT)
    assert [*vaults.list()] == [{"id": STORE_ID, "prefix": "my-vault", "name": "env", "config": {}}]
    vaults.create({"prefix": "my-vault", "name": "env"}, lambda: None)
    assert server.sent() == [f"GET {BELOW}/vaults?page%5Bsize%5D=100", f"POST {BELOW}/vaults"]
    sent = server.requests[1][3]
    assert sent == {"type": "env", "name": "my-vault", "managed_by": {"owner": "community.konnect"}}


@pytest.mark.parametrize(
    ("exists", "script", "methods"),
    [
        (False, [(201, WRITTEN)], ["POST"]),
        (False, [CONFLICT, (200, WRITTEN)], ["POST", "PUT"]),
        (True, [(200, WRITTEN)], ["PUT"]),
        (True, [(404, {}), (201, WRITTEN)], ["PUT", "POST"]),
        (False, [(500, {}), CONFLICT, (200, WRITTEN)], ["POST", "POST", "PUT"]),
    ],
)
def test_a_secret_is_created_or_replaced_because_put_does_not_create(server, secrets, exists, script, methods):
    server.script = script
    assert secrets.put("a", {"value": "b"}, exists=exists) == WRITTEN
    assert [method for method, *_rest in server.requests] == methods


def test_a_key_that_konnect_cannot_find_is_no_loop(server, secrets):
    server.script = [CONFLICT, (404, {}), CONFLICT]
    with pytest.raises(ApiError):
        secrets.put("a", {"value": "b"}, exists=False)


def test_what_it_has_not_is_not_asked_for(server, gateway):
    assert gateway.list_if_supported(ROUTE) == []
    assert gateway.schema("plugins", "ai-proxy") is None
    gateway.validate(VAULT, {})
    assert server.requests == []


def test_no_id_is_made_for_a_new_entity(gateway):
    assert not gateway.endpoint(VAULT).takes_id
    assert is_stand_in(gateway.deterministic_id(VAULT, "my-vault"))


@pytest.mark.parametrize(
    "vault",
    [{"prefix": "A", "name": "env"}, {"prefix": "ab", "name": "fs"}, {"prefix": "ab", "name": "env", "tags": ["a"]}],
)
def test_a_vault_that_only_a_control_plane_takes_is_refused(gateway, vault):
    with pytest.raises(InvalidInput):
        gateway.endpoint(VAULT).check(vault)


def test_a_config_store_whose_name_only_a_control_plane_takes_is_refused(gateway):
    with pytest.raises(InvalidInput, match="'My Store' cannot be the name of a config store of an AI Gateway"):
        gateway.endpoint(CONFIG_STORE).check({"name": "My Store"})


@pytest.mark.parametrize("name", ["Quick Start", "quick_start", "a" * 257])
def test_a_gateway_has_a_name_that_konnect_takes(name):
    with pytest.raises(InvalidInput, match="lower-case letters, digits and dashes"):
        check_new_gateway(name)
