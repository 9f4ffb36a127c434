# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The config stores of an AI Gateway and their secrets, whose values only the data plane gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..json_application import json_response
from ..request_bodies import read_body
from ..settings import Settings
from ..state import ConfigStore, ControlPlane, Record, Secret, iso_timestamp, new_id
from . import schemas
from .answers import SERVICE, Problem, bad_request, cursor_page, missing, not_unique
from .endpoints import ROOT

# Live Konnect takes such a key, and then does not find it (kong-operator issue 5785).
CHARACTERS_NOT_FOUND = frozenset("#%/?")


class ConfigStoreEndpoints:
    """``find`` returns the gateway of a path."""

    def __init__(self, find: Callable[[Request], ControlPlane], settings: Settings) -> None:
        self._find = find
        self._form = settings.switches.ai_next
        self._page_limit = settings.page_size

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the application."""
        stores = ROOT + "/{gateway}/config-stores"
        secrets = stores + "/{store}/secrets"
        return [
            Route(stores, self.stores, methods=["GET", "POST"]),
            Route(stores + "/{store}", self.store, methods=["GET", "PUT", "DELETE"]),
            Route(secrets, self.secrets, methods=["GET", "POST"]),
            Route(secrets + "/{key:path}", self.secret, methods=["GET", "PUT", "DELETE"]),
        ]

    def _store(self, request: Request) -> tuple[ControlPlane, ConfigStore]:
        gateway, named = self._find(request), request.path_params["store"]
        found = gateway.config_stores.get(named.lower())
        found = found or next((store for store in gateway.config_stores if store.name == named), None)
        if found is None:
            raise missing()
        return gateway, found

    async def _body(self, request: Request, schema: str) -> Record:
        body = await read_body(request, SERVICE)
        invalid = [*schemas.check(schemas.schema_of(schema), body)]
        if invalid:
            raise bad_request(*invalid)
        return body

    async def stores(self, request: Request) -> Response:
        """GET or POST .../config-stores."""
        gateway = self._find(request)
        if request.method == "GET":
            page = cursor_page(request, gateway.config_stores, _show_store, self._page_limit, self._form)
            return json_response(page)
        body = await self._body(request, "CreateAIGatewayConfigStoreRequest")
        if any(store.name == body["name"] for store in gateway.config_stores):
            raise not_unique()
        moment = gateway.clock.now_ms()
        store = ConfigStore(new_id(), body["name"], moment, moment, display_name=body.get("display_name"))
        gateway.config_stores.put(store.id, store)
        gateway.record_change()
        return json_response(_show_store(store), 201)

    async def store(self, request: Request) -> Response:
        """GET, PUT or DELETE a store; one with secrets needs ``force=true``."""
        gateway, store = self._store(request)
        if request.method == "DELETE":
            if len(store.secrets) and request.query_params.get("force") != "true":
                raise Problem(400, "can not delete config store with secrets")
            gateway.config_stores.remove(store.id)
            gateway.record_change()
            return Response(status_code=204)
        if request.method == "PUT":
            body = await self._body(request, "UpdateAIGatewayConfigStoreRequest")
            store.display_name = body.get("display_name", store.display_name)
            store.updated_ms = max(gateway.clock.now_ms(), store.updated_ms + 1)
        return json_response(_show_store(store))

    async def secrets(self, request: Request) -> Response:
        """GET or POST .../secrets."""
        gateway, store = self._store(request)
        if request.method == "GET":
            return json_response(cursor_page(request, store.secrets, _show_secret, self._page_limit, self._form))
        body = await self._body(request, "CreateAIGatewayConfigStoreSecretRequest")
        if store.secrets.get(body["key"]) is not None:
            raise Problem(409, "key (type: unique) constraint failed")
        secret = store.write(body["key"], body["value"], gateway.clock.now_ms())
        gateway.record_change()
        return json_response(_show_secret(secret), 201)

    async def secret(self, request: Request) -> Response:
        """GET, PUT or DELETE a secret; the PUT never creates."""
        gateway, store = self._store(request)
        key = request.path_params["key"]
        found = None if CHARACTERS_NOT_FOUND.intersection(key) else store.secrets.get(key)
        if found is None:
            raise missing()
        if request.method == "DELETE":
            store.secrets.remove(key)
            gateway.record_change()
            return Response(status_code=204)
        if request.method == "PUT":
            body = await self._body(request, "UpdateAIGatewayConfigStoreSecretRequest")
            found = store.write(key, body["value"], gateway.clock.now_ms())
            gateway.record_change()
        return json_response(_show_secret(found))


def _show_store(store: ConfigStore) -> dict[str, Any]:
    named = {} if store.display_name is None else {"display_name": store.display_name}
    times = {"created_at": iso_timestamp(store.created_ms), "updated_at": iso_timestamp(store.updated_ms)}
    return {"id": store.id, "name": store.name, **named, **times}


def _show_secret(secret: Secret) -> dict[str, Any]:
    times = {"created_at": iso_timestamp(secret.created_ms), "updated_at": iso_timestamp(secret.updated_ms)}
    return {"key": secret.key, **times}
