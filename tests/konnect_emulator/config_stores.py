# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Config stores and their secrets (Konnect OpenAPI control-planes-config v2, tags Config Stores, Config Store Secrets).

A secret's value goes in and never comes out again (unless ``--set secret_echo=true``).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .bodies import problem_body
from .control_planes import find_control_plane
from .errors import Problem, invalid_parameters, json_response, not_found
from .paging import cursored
from .settings import Settings
from .state import ConfigStore, ControlPlane, Secret, World, iso, new_id, now_ms

NAME_CHARACTERS = 100
KEY_BYTES, VALUE_BYTES = 512, 5120
# The live API takes any key on POST and then cannot find these again by path (kong-operator issue 5785).
LOST_IN_A_PATH = frozenset("#%/?")


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _text(body: dict[str, Any], field: str, most: int, size: int) -> list[dict[str, Any]]:
    """What is wrong with a text of 1 to ``most`` whose size is ``size``."""
    where = {"field": field, "source": "body"}
    if field not in body:
        return [{**where, "rule": "required", "reason": f"{field} is a required field"}]
    if not isinstance(body[field], str):
        return [{**where, "rule": "is_string", "reason": f"{field} must be a string"}]
    if size < 1:
        reason = f"{field} must be longer than or equal to 1 characters"
        return [{**where, "rule": "min_length", "minimum": 1, "reason": reason}]
    if size > most:
        reason = f"{field} must be shorter than or equal to {most} characters"
        return [{**where, "rule": "max_length", "maximum": most, "reason": reason}]
    return []


def _sized(body: dict[str, Any], field: str, most: int) -> list[dict[str, Any]]:
    value = body.get(field)
    return _text(body, field, most, _size(value) if isinstance(value, str) else 0)


def _store_name(body: dict[str, Any]) -> str | None:
    """The only property of a store, optional; null counts as absent (Konnect's own UI sends it)."""
    invalid = [
        {"field": name, "rule": "unknown_property", "reason": f"property {name} should not exist", "source": "body"}
        for name in body
        if name != "name"
    ]
    name = body.get("name")
    if name is not None:
        invalid += _text(body, "name", NAME_CHARACTERS, len(name) if isinstance(name, str) else 0)
    if invalid:
        raise invalid_parameters(*invalid)
    return name


def _show_store(store: ConfigStore) -> dict[str, Any]:
    name = {} if store.name is None else {"name": store.name}
    return {"id": store.id, **name, "created_at": iso(store.created_ms), "updated_at": iso(store.updated_ms)}


class ConfigStores:
    """The endpoints."""

    def __init__(self, world: World, settings: Settings) -> None:
        self._world = world
        self._switches = settings.switches
        self._limit = settings.page_size

    def routes(self) -> list[Route]:
        stores = "/v2/control-planes/{cp}/config-stores"
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

    def _plane(self, request: Request) -> ControlPlane:
        return find_control_plane(self._world, request.path_params["cp"])

    def _store(self, request: Request) -> tuple[ControlPlane, ConfigStore]:
        plane = self._plane(request)
        store = plane.stores.get(request.path_params["store"].lower())
        if store is None:
            raise not_found()
        return plane, store

    def _claim_name(self, plane: ControlPlane, name: str | None, owner: str = "") -> None:
        if name is None or not self._switches.store_name_unique:
            return
        if any(store.name == name and store.id != owner for store in plane.stores):
            raise Problem(409, "Conflict", f"Key (control_plane_id, name)=(…, {name}) already exists.")

    # --- stores

    async def list_stores(self, request: Request) -> Response:
        stores = self._plane(request).stores
        return json_response(cursored(request, stores, "/config-stores", _show_store, self._limit))

    async def create_store(self, request: Request) -> Response:
        plane = self._plane(request)
        name = _store_name(await problem_body(request))
        self._claim_name(plane, name)
        moment = now_ms()
        store = ConfigStore(new_id(), name, moment, moment)
        plane.stores.put(store.id, store)
        plane.changed()
        return json_response(_show_store(store), 201)

    async def read_store(self, request: Request) -> Response:
        return json_response(_show_store(self._store(request)[1]))

    async def update_store(self, request: Request) -> Response:
        plane, store = self._store(request)
        name = _store_name(await problem_body(request))
        self._claim_name(plane, name, owner=store.id)
        store.name = name
        store.updated_ms = max(now_ms(), store.updated_ms + 1)
        return json_response(_show_store(store))

    async def delete_store(self, request: Request) -> Response:
        plane, store = self._store(request)
        force = request.query_params.get("force", "false")
        if force not in ("true", "false"):
            choice = {"rule": "enum", "choices": ["true", "false"], "reason": "force must be one of true, false"}
            raise invalid_parameters({"field": "force", **choice, "source": "query"})
        if len(store.secrets) and force != "true":
            raise self._not_empty(len(store.secrets))
        plane.stores.remove(store.id)
        plane.changed()
        return Response(status_code=204)

    def _not_empty(self, count: int) -> Problem:
        if self._switches.store_not_empty_wording == "live":
            return Problem(400, "Bad Request", "can not delete config store with secrets")
        reason = (
            f"This Config Store has {count} secrets. These must be individually removed before deletion or the "
            "force=true query param can be used to automatically delete associated entities."
        )
        return invalid_parameters({"field": "force", "rule": "required", "reason": reason, "source": "query"})

    # --- secrets

    def _show(self, secret: Secret, later_ms: int = 0) -> dict[str, Any]:
        value = {"value": secret.value} if self._switches.secret_echo else {}
        updated = iso(secret.updated_ms + later_ms)
        return {"key": secret.key, **value, "created_at": iso(secret.created_ms), "updated_at": updated}

    def _show_read(self, secret: Secret) -> dict[str, Any]:
        return self._show(secret, self._switches.secret_list_time_skew_ms)

    @staticmethod
    def _key(request: Request) -> str:
        key = str(request.path_params["key"])
        if LOST_IN_A_PATH.intersection(key):
            raise not_found()
        return key

    async def list_secrets(self, request: Request) -> Response:
        _plane, store = self._store(request)
        path = f"/config-stores/{store.id}/secrets"
        return json_response(cursored(request, store.secrets, path, self._show_read, self._limit))

    async def create_secret(self, request: Request) -> Response:
        plane, store = self._store(request)
        body = await problem_body(request)
        invalid = _sized(body, "key", KEY_BYTES) + _sized(body, "value", VALUE_BYTES)
        if invalid:
            raise invalid_parameters(*invalid)
        if store.secrets.get(body["key"]) is not None:
            detail = f"Key (config_store_id, key)=({store.id}, {body['key']}) already exists."
            raise Problem(409, "Conflict", detail)
        secret = store.write(body["key"], body["value"])
        plane.changed()
        return json_response(self._show(secret), 201)

    async def read_secret(self, request: Request) -> Response:
        _plane, store = self._store(request)
        secret = store.secrets.get(self._key(request))
        if secret is None:
            raise not_found()
        return json_response(self._show_read(secret))

    async def upsert_secret(self, request: Request) -> Response:
        plane, store = self._store(request)
        key = self._key(request)
        body = await problem_body(request)
        invalid = _sized({"key": key}, "key", KEY_BYTES) + _sized(body, "value", VALUE_BYTES)
        if invalid:
            raise invalid_parameters(*invalid)
        status = 201 if store.secrets.get(key) is None else 200
        secret = store.write(key, body["value"])
        plane.changed()
        return json_response(self._show(secret), status)

    async def delete_secret(self, request: Request) -> Response:
        plane, store = self._store(request)
        key = self._key(request)
        if store.secrets.get(key) is None:
            raise not_found()
        store.secrets.remove(key)
        plane.changed()
        return Response(status_code=204)
