# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Config stores and their secrets (Konnect OpenAPI control-planes-config v2, tags Config Stores, Config Store Secrets).

The value of a secret is never returned, unless ``--set secret_echo=true``.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..entities.text_checks import entity_name
from ..errors import ProblemError, field_violation, invalid_parameters, not_found, validation_error
from ..json_application import json_response
from ..request_bodies import read_body
from ..settings import Settings
from ..state import ConfigStore, ControlPlane, EmulatorState, Secret, iso_timestamp, new_id
from .control_planes import find_control_plane
from .pagination import cursor_page
from .workspaces import DEFAULT_WORKSPACE

MAX_NAME_CHARACTERS = 100
MAX_KEY_BYTES, MAX_VALUE_BYTES = 512, 5120
# The live API accepts any key on POST and then does not find these by path (kong-operator issue 5785).
KEY_CHARACTERS_NOT_FOUND = frozenset("#%/?")

Invalid = dict[str, Any]


def _check_text(body: dict[str, Any], field: str, maximum: int, size: int) -> list[Invalid]:
    """Return the invalid parameters of a required text whose ``size`` must be 1 to ``maximum``."""
    source = {"field": field, "source": "body"}
    if field not in body:
        return [{**source, "rule": "required", "reason": f"{field} is a required field"}]
    if not isinstance(body[field], str):
        return [{**source, "rule": "is_string", "reason": f"{field} must be a string"}]
    if size < 1:
        reason = f"{field} must be longer than or equal to 1 characters"
        return [{**source, "rule": "min_length", "minimum": 1, "reason": reason}]
    if size > maximum:
        reason = f"{field} must be shorter than or equal to {maximum} characters"
        return [{**source, "rule": "max_length", "maximum": maximum, "reason": reason}]
    return []


def _check_text_bytes(body: dict[str, Any], field: str, maximum: int) -> list[Invalid]:
    value = body.get(field)
    size = len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 0
    return _check_text(body, field, maximum, size)


def _config_store_name(body: dict[str, Any]) -> str | None:
    """Return the only property of a config store; it is optional, and null (sent by Konnect's own UI) means absent.

    The error of a name with other characters has the form of core entities (terraform-provider-konnect pull request
    117).
    """
    invalid = [
        {"field": name, "rule": "unknown_property", "reason": f"property {name} should not exist", "source": "body"}
        for name in body
        if name != "name"
    ]
    name = body.get("name")
    if name is not None:
        invalid += _check_text(body, "name", MAX_NAME_CHARACTERS, len(name) if isinstance(name, str) else 0)
    if invalid:
        raise invalid_parameters(*invalid)
    reason = None if name is None else entity_name(name)
    if reason:
        raise validation_error([field_violation("name", reason)])
    return name


def _render_store(store: ConfigStore) -> dict[str, Any]:
    name = {} if store.name is None else {"name": store.name}
    times = {"created_at": iso_timestamp(store.created_ms), "updated_at": iso_timestamp(store.updated_ms)}
    return {"id": store.id, **name, **times}


class ConfigStoreEndpoints:
    """The endpoints of config stores and secrets."""

    def __init__(self, state: EmulatorState, settings: Settings) -> None:
        self._state = state
        self._switches = settings.switches
        self._page_limit = settings.page_size

    def routes(self) -> list[Route]:
        """Return the routes of the application."""
        plane = "/v2/control-planes/{control_plane}"
        return [
            route
            for workspace in ("", "/{workspace}")
            for route in self._routes_below(f"{plane}{workspace}/config-stores")
        ]

    def _routes_below(self, stores: str) -> list[Route]:
        secrets = stores + "/{store}/secrets"
        return [
            *(Route(stores + slash, self.list_stores, methods=["GET"]) for slash in ("", "/")),
            *(Route(stores + slash, self.create_store, methods=["POST"]) for slash in ("", "/")),
            Route(stores + "/{store}", self.read_store, methods=["GET"]),
            Route(stores + "/{store}", self.update_store, methods=["PUT"]),
            Route(stores + "/{store}", self.delete_store, methods=["DELETE"]),
            *(Route(secrets + slash, self.list_secrets, methods=["GET"]) for slash in ("", "/")),
            *(Route(secrets + slash, self.create_secret, methods=["POST"]) for slash in ("", "/")),
            Route(secrets + "/{key}", self.read_secret, methods=["GET"]),
            Route(secrets + "/{key}", self.upsert_secret, methods=["PUT"]),
            Route(secrets + "/{key}", self.delete_secret, methods=["DELETE"]),
        ]

    def _control_plane(self, request: Request) -> ControlPlane:
        control_plane = find_control_plane(self._state, request.path_params["control_plane"])
        name = request.path_params.get("workspace", DEFAULT_WORKSPACE)
        if name == DEFAULT_WORKSPACE:
            return control_plane
        workspace = control_plane.find_workspace(name)
        if workspace is None:
            raise not_found()
        return workspace.content

    def _store(self, request: Request) -> tuple[ControlPlane, ConfigStore]:
        control_plane = self._control_plane(request)
        store = control_plane.config_stores.get(request.path_params["store"].lower())
        if store is None:
            raise not_found()
        return control_plane, store

    def _require_free_name(self, control_plane: ControlPlane, name: str | None, owner_id: str = "") -> None:
        if name is None or not self._switches.store_name_unique:
            return
        if any(store.name == name and store.id != owner_id for store in control_plane.config_stores):
            raise ProblemError(409, "Conflict", f"Key (control_plane_id, name)=(…, {name}) already exists.")

    # --- config stores

    async def list_stores(self, request: Request) -> Response:
        """GET .../config-stores."""
        stores = self._control_plane(request).config_stores
        return json_response(cursor_page(request, stores, "/config-stores", _render_store, self._page_limit))

    async def create_store(self, request: Request) -> Response:
        """POST .../config-stores."""
        control_plane = self._control_plane(request)
        name = _config_store_name(await read_body(request))
        self._require_free_name(control_plane, name)
        moment = self._state.clock.now_ms()
        store = ConfigStore(new_id(), name, moment, moment)
        control_plane.config_stores.put(store.id, store)
        control_plane.record_change()
        return json_response(_render_store(store), 201)

    async def read_store(self, request: Request) -> Response:
        """GET .../config-stores/{store}."""
        return json_response(_render_store(self._store(request)[1]))

    async def update_store(self, request: Request) -> Response:
        """PUT .../config-stores/{store}: replaces the name, never creates."""
        control_plane, store = self._store(request)
        name = _config_store_name(await read_body(request))
        self._require_free_name(control_plane, name, store.id)
        store.name = name
        store.updated_ms = max(self._state.clock.now_ms(), store.updated_ms + 1)
        return json_response(_render_store(store))

    async def delete_store(self, request: Request) -> Response:
        """DELETE .../config-stores/{store}; a config store with secrets needs ``force=true``."""
        control_plane, store = self._store(request)
        force = request.query_params.get("force", "false")
        if force not in ("true", "false"):
            choices = {"rule": "enum", "choices": ["true", "false"], "reason": "force must be one of true, false"}
            raise invalid_parameters({"field": "force", **choices, "source": "query"})
        if len(store.secrets) and force != "true":
            raise self._not_empty(len(store.secrets))
        control_plane.config_stores.remove(store.id)
        control_plane.record_change()
        return Response(status_code=204)

    def _not_empty(self, count: int) -> ProblemError:
        if self._switches.store_not_empty_wording == "live":
            return ProblemError(400, "Bad Request", "can not delete config store with secrets")
        reason = (
            f"This Config Store has {count} secrets. These must be individually removed before deletion or the "
            "force=true query param can be used to automatically delete associated entities."
        )
        return invalid_parameters({"field": "force", "rule": "required", "reason": reason, "source": "query"})

    # --- secrets

    def _render_secret(self, secret: Secret, time_skew_ms: int = 0) -> dict[str, Any]:
        value = {"value": secret.value} if self._switches.secret_echo else {}
        updated = iso_timestamp(secret.updated_ms + time_skew_ms)
        return {"key": secret.key, **value, "created_at": iso_timestamp(secret.created_ms), "updated_at": updated}

    def _render_read_secret(self, secret: Secret) -> dict[str, Any]:
        return self._render_secret(secret, self._switches.secret_list_time_skew_ms)

    @staticmethod
    def _key(request: Request) -> str:
        key = str(request.path_params["key"])
        if KEY_CHARACTERS_NOT_FOUND.intersection(key):
            raise not_found()
        return key

    async def list_secrets(self, request: Request) -> Response:
        """GET .../secrets."""
        _control_plane, store = self._store(request)
        path = f"/config-stores/{store.id}/secrets"
        return json_response(cursor_page(request, store.secrets, path, self._render_read_secret, self._page_limit))

    async def create_secret(self, request: Request) -> Response:
        """POST .../secrets."""
        control_plane, store = self._store(request)
        body = await read_body(request)
        invalid = _check_text_bytes(body, "key", MAX_KEY_BYTES) + _check_text_bytes(body, "value", MAX_VALUE_BYTES)
        if invalid:
            raise invalid_parameters(*invalid)
        if store.secrets.get(body["key"]) is not None:
            detail = f"Key (config_store_id, key)=({store.id}, {body['key']}) already exists."
            raise ProblemError(409, "Conflict", detail)
        secret = store.write(body["key"], body["value"], self._state.clock.now_ms())
        control_plane.record_change()
        return json_response(self._render_secret(secret), 201)

    async def read_secret(self, request: Request) -> Response:
        """GET .../secrets/{key}."""
        _control_plane, store = self._store(request)
        secret = store.secrets.get(self._key(request))
        if secret is None:
            raise not_found()
        return json_response(self._render_read_secret(secret))

    async def upsert_secret(self, request: Request) -> Response:
        """PUT .../secrets/{key}: creates (201) or updates (200)."""
        control_plane, store = self._store(request)
        key = self._key(request)
        body = await read_body(request)
        invalid = _check_text_bytes({"key": key}, "key", MAX_KEY_BYTES)
        invalid += _check_text_bytes(body, "value", MAX_VALUE_BYTES)
        if invalid:
            raise invalid_parameters(*invalid)
        status = 201 if store.secrets.get(key) is None else 200
        secret = store.write(key, body["value"], self._state.clock.now_ms())
        control_plane.record_change()
        return json_response(self._render_secret(secret), status)

    async def delete_secret(self, request: Request) -> Response:
        """DELETE .../secrets/{key}."""
        control_plane, store = self._store(request)
        key = self._key(request)
        if store.secrets.get(key) is None:
            raise not_found()
        store.secrets.remove(key)
        control_plane.record_change()
        return Response(status_code=204)
