# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Core entities: PUT, DELETE and methods that do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
CHOSEN_ID = "11111111-1111-4111-8111-111111111111"


def test_put_replaces_every_field(api: Any) -> None:
    created = api.create_entity("services", name="s", host="h", path="/p", retries=9, tags=["t"])
    replaced = api("PUT", f"/core-entities/services/{created['id']}", {"host": "h2"}).json()
    assert (replaced["host"], replaced["retries"]) == ("h2", 5)
    assert not {"name", "path", "tags"} & set(replaced)


def test_put_keeps_id_and_created_at(api: Any) -> None:
    created = api.create_entity("services", host="h")
    replaced = api("PUT", f"/core-entities/services/{created['id']}", {"host": "h2", "created_at": 1}).json()
    assert (replaced["id"], replaced["created_at"]) == (created["id"], created["created_at"])


def test_put_releases_the_former_name(api: Any) -> None:
    created = api.create_entity("services", name="s", host="h")
    api("PUT", f"/core-entities/services/{created['id']}", {"host": "h"})
    assert api("GET", "/core-entities/services/s").status_code == 404


def test_put_creates_with_the_id_in_the_path(api: Any) -> None:
    created = api("PUT", f"/core-entities/services/{CHOSEN_ID}", {"host": "h", "id": UNKNOWN_ID})
    assert (created.status_code, created.json()["id"]) == (200, CHOSEN_ID)


def test_put_creates_with_the_name_in_the_path(api: Any) -> None:
    created = api("PUT", "/core-entities/services/named", {"host": "h", "name": "other"}).json()
    assert created["name"] == "named"


def test_put_updates_by_name(api: Any) -> None:
    created = api("PUT", "/core-entities/services/named", {"host": "h"}).json()
    updated = api("PUT", "/core-entities/services/named", {"host": "h2"}).json()
    assert (updated["id"], updated["host"], updated["name"]) == (created["id"], "h2", "named")


def test_the_prefix_of_a_vault_is_its_name(api: Any) -> None:
    vault = api("PUT", "/core-entities/vaults/my-env", {"name": "env"}).json()
    assert vault["prefix"] == "my-env"
    assert api("GET", "/core-entities/vaults/my-env").json() == vault
    assert api("DELETE", "/core-entities/vaults/my-env").status_code == 204
    assert api("GET", "/core-entities/vaults/my-env").status_code == 404


def test_a_plugin_has_no_name_in_a_path(api: Any) -> None:
    rejected = api("PUT", "/core-entities/plugins/cors", {"name": "cors"})
    assert api.violations(rejected) == [("FIELD", "id", "must be a valid UUID")]


def test_a_switch_allows_only_ids_in_the_path_of_a_write(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "put_by_name=false")
    created = api.create_entity("services", name="named", host="h")
    assert api.violations(api("PUT", "/core-entities/services/named", {"host": "h"}))[0][1] == "id"
    assert api("DELETE", "/core-entities/services/named").status_code == 204
    assert api("GET", "/core-entities/services/named").json() == created


def test_there_is_no_patch(api: Any) -> None:
    rejected = api("PATCH", f"/core-entities/consumers/{UNKNOWN_ID}", {"username": "b"})
    assert (rejected.status_code, rejected.headers["Allow"]) == (405, "GET, PUT, DELETE")


def test_a_switch_sets_the_status_of_patch(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "core_patch=501")
    assert api("PATCH", "/core-entities/consumers/x", {}).status_code == 501


@pytest.mark.parametrize(("method", "path"), [("DELETE", "consumers"), ("PUT", "consumers"), ("POST", "consumers/x")])
def test_other_methods_are_rejected(api: Any, method: str, path: str) -> None:
    assert api(method, f"/core-entities/{path}", {}).status_code == 405


def test_deleting_what_does_not_exist_succeeds(api: Any) -> None:
    assert api("DELETE", f"/core-entities/services/{UNKNOWN_ID}").status_code == 204


def test_a_switch_lets_it_fail(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "delete_missing=404")
    assert api("DELETE", f"/core-entities/services/{UNKNOWN_ID}").status_code == 404


@pytest.mark.parametrize(
    "path", ["services/none", f"services/{UNKNOWN_ID}", "nothing", "services/a/b/c/d", "v1/schemas/json/nothing"]
)
def test_what_does_not_exist_is_a_404(api: Any, path: str) -> None:
    response = api("GET", f"/core-entities/{path}")
    assert (response.status_code, response.json()) == (404, {"code": 5, "message": "not found"})
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


# --- workspaces


@pytest.mark.parametrize("path", ["services/s", "services/s/routes", "services", "schemas/plugins/cors", "targets"])
def test_the_default_workspace_may_be_in_the_path(api: Any, path: str) -> None:
    api.create("/core-entities/default/services", {"name": "s", "host": "h"})
    in_workspace = api("GET", f"/core-entities/default/{path}")
    assert (in_workspace.status_code, in_workspace.json()) == (200, api("GET", f"/core-entities/{path}").json())


def test_config_stores_have_workspaces_too(api: Any) -> None:
    store = api.create("/default/config-stores", {"name": "s"})
    assert api("GET", f"/config-stores/{store['id']}").json() == store
    api.create(f"/default/config-stores/{store['id']}/secrets", {"key": "k", "value": "v"})


def test_another_workspace_does_not_exist(api: Any) -> None:
    assert api("GET", "/core-entities/other/services").status_code == 404


# --- both forms of errors


def test_a_switch_gives_every_error_the_form_of_a_problem(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "error_family=problem")
    rejected = api("POST", "/core-entities/services", {"host": "h", "port": -1})
    assert rejected.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert rejected.json()["invalid_parameters"] == [{"field": "port", "reason": "must be >= 0 but found -1"}]
    missing = api("GET", "/core-entities/services/none").json()
    assert (missing["status"], missing["title"], missing["detail"]) == (404, "Not Found", "not found")
    assert api("PATCH", "/core-entities/services/none", {}).headers["Allow"] == "GET, PUT, DELETE"


def test_a_switch_gives_every_error_the_form_of_core_entities(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "error_family=status")
    rejected = api("POST", "/config-stores", {"name": "x" * 101})
    reason = "name must be shorter than or equal to 100 characters"
    assert api.violations(rejected) == [("FIELD", "name", reason)]
    assert api("GET", f"/config-stores/{UNKNOWN_ID}").json() == {"code": 5, "message": "Not Found"}
