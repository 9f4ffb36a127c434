# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``.../core-entities/``: every kind of the table, nested collections, schemas, the validate endpoint.

(Konnect OpenAPI control-planes-config v2.) Updates are PUTs that replace; there is no PATCH.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import entity_store as store
from .bodies import core_body
from .control_planes import find_control_plane
from .entity_fields import validate
from .entity_kinds import KINDS, READ_ONLY, EntityKind, kind_called
from .entity_rules import Context
from .errors import (
    ALREADY_EXISTS,
    INVALID_ARGUMENT,
    PERMISSION_DENIED,
    UNIMPLEMENTED,
    CoreFailure,
    core_not_found,
    json_response,
    on_entity,
    on_field,
    validation_failure,
)
from .official_schemas import Catalog
from .paging import offset
from .partial_schemas import PARTIAL_CONFIGS
from .partials import expanded, links
from .settings import Settings
from .state import ControlPlane, Record, World, is_uuid

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
INGRESS = "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"
Keep = Callable[[Record], bool]


class Place:
    """Where a request points: a kind, perhaps one entity of it, perhaps below a parent."""

    def __init__(self, kind: EntityKind, ref: str | None = None, parent: tuple[EntityKind, str] | None = None) -> None:
        self.kind = kind
        self.ref = ref
        self.parent = parent

    @property
    def link(self) -> str:
        """The field of ``kind`` that points to the parent."""
        assert self.parent is not None
        path = self.parent[0].path
        return next(name for name, field in self.kind.fields.items() if field.foreign == path)


def _place(parts: list[str]) -> Place | None:
    kind = KINDS.get(parts[0])
    if kind is None or "" in parts:
        return None
    if len(parts) <= 2:
        return Place(kind, parts[1] if len(parts) == 2 else None)
    if len(parts) <= 4 and parts[2] in kind.children:
        return Place(KINDS[parts[2]], parts[3] if len(parts) == 4 else None, (kind, parts[1]))
    return None


class CoreEntities:
    """The endpoints."""

    def __init__(self, world: World, settings: Settings, catalog: Catalog) -> None:
        self._world = world
        self._switches = settings.switches
        self._limit = settings.page_size
        self._catalog = catalog

    def routes(self) -> list[Route]:
        path = "/v2/control-planes/{cp}/core-entities/{rest:path}"
        return [Route(path, self.dispatch, methods=METHODS)]

    async def dispatch(self, request: Request) -> Response:
        plane = find_control_plane(self._world, request.path_params["cp"])
        parts = request.path_params["rest"].removesuffix("/").split("/")
        if parts[0] == "schemas":
            return await self._schemas(request, plane, parts[1:])
        if parts[0] == "partials" and parts[2:] == ["links"] and request.method == "GET":
            return self._links(request, plane, parts[1])
        place = _place(parts)
        if place is None:
            raise core_not_found()
        self._allow(request, plane, place)
        if request.method == "GET":
            return self._read(request, plane, place) if place.ref else self._list(request, plane, place)
        if request.method == "DELETE":
            return self._delete(request, plane, place)
        return await self._write(request, plane, place)

    def _allow(self, request: Request, plane: ControlPlane, place: Place) -> None:
        allowed = ("GET", "PUT", "DELETE") if place.ref else ("GET", "POST")
        if request.method not in allowed:
            status = self._switches.core_patch if request.method == "PATCH" else 405
            failure = CoreFailure(status, UNIMPLEMENTED, "Method Not Allowed")
            failure.headers["Allow"] = ", ".join(allowed)
            raise failure
        if request.method != "GET" and plane.record["config"]["cluster_type"] == INGRESS:
            reason = on_entity("operation not permitted on KIC cluster")
            raise CoreFailure(403, PERMISSION_DENIED, "usage constraint error", [reason])

    # --- reading

    def _show(self, request: Request, plane: ControlPlane, kind: EntityKind) -> Callable[[Record], Record]:
        unset = {}
        if self._switches.top_level_nulls:
            unset = {name: None for name, field in kind.fields.items() if not field.hidden}
        expand = self._switches.expand_partials or request.query_params.get("expand_partials") == "true"

        def show(entity: Record) -> Record:
            if expand and entity.get("partials"):
                schema = self._catalog.get(entity["name"])
                assert schema is not None
                entity = {**entity, "config": expanded(entity, schema, plane.table("partials").get)}
            return {**unset, **entity}

        return show

    def _links(self, request: Request, plane: ControlPlane, ref: str) -> Response:
        """The plugins that are linked to a partial: ``{"data": [{id, name[, instance_name]}], "count": how many}``."""
        partial = store.find(plane, KINDS["partials"], ref)
        if partial is None:
            raise core_not_found()

        def linked(plugin: Record) -> bool:
            return any(link["id"] == partial["id"] for link in links(plugin))

        def show(plugin: Record) -> Record:
            return {name: plugin[name] for name in ("id", "name", "instance_name") if name in plugin}

        plugins = plane.table("plugins")
        answer = offset(request, plugins, f"/partials/{ref}/links", show, self._limit, linked)
        return json_response({**answer, "count": sum(map(linked, plugins))})

    def _parent(self, plane: ControlPlane, place: Place) -> str | None:
        """The id of the parent in the path; a missing one is a 404."""
        if place.parent is None:
            return None
        parent = store.find(plane, *place.parent)
        if parent is None:
            raise core_not_found()
        return str(parent["id"])

    def _find(self, plane: ControlPlane, place: Place) -> Record | None:
        assert place.ref is not None
        parent_id = self._parent(plane, place)
        entity = store.find(plane, place.kind, place.ref)
        if entity is not None and parent_id is not None and (entity.get(place.link) or {}).get("id") != parent_id:
            return None
        return entity

    def _list(self, request: Request, plane: ControlPlane, place: Place) -> Response:
        keeps = list(_filters(request, place.kind))
        parent_id = self._parent(plane, place)
        path = f"/{place.kind.path}"
        if place.parent is not None:
            link = place.link
            keeps.append(lambda entity: (entity.get(link) or {}).get("id") == parent_id)
            path = f"/{place.parent[0].path}/{place.parent[1]}{path}"
        keep: Keep | None = (lambda entity: all(test(entity) for test in keeps)) if keeps else None
        table = plane.table(place.kind.path)
        unique = _named(request, plane, place.kind)
        if unique is not None:
            found = [
                self._show(request, plane, place.kind)(entity) for entity in unique if keep is None or keep(entity)
            ]
            return json_response({"data": found})
        return json_response(offset(request, table, path, self._show(request, plane, place.kind), self._limit, keep))

    def _read(self, request: Request, plane: ControlPlane, place: Place) -> Response:
        entity = self._find(plane, place)
        if entity is None:
            raise core_not_found()
        return json_response(self._show(request, plane, place.kind)(entity))

    # --- writing

    def checked(self, plane: ControlPlane, kind: EntityKind, body: dict[str, Any]) -> Record:
        """Defaults filled in and everything validated that needs no other entity."""
        entity = {name: value for name, value in body.items() if value is not None and name not in READ_ONLY}
        context = Context(plane, self._catalog, self._switches)
        found = kind.prepare(entity, context)
        for name, field in kind.fields.items():
            if field.default is not None:
                entity.setdefault(name, copy.deepcopy(field.default))
        found = found or validate(kind.fields, entity, self._switches.max_tags) or kind.check(entity, context)
        if found:
            raise validation_failure(found)
        return entity

    async def _write(self, request: Request, plane: ControlPlane, place: Place) -> Response:
        body = await core_body(request)
        kind, old = place.kind, None
        if place.parent is not None:
            body[place.link] = {"id": self._parent(plane, place)}
        if place.ref is not None:
            old = self._find(plane, place)
            self._name_by_path(body, kind, place.ref, old)
        entity = self.checked(plane, kind, body)
        found = store.conflicts(plane, kind, entity, own_id=old["id"] if old else None)
        if found:
            status = self._switches.core_duplicate
            code = ALREADY_EXISTS if status == 409 else INVALID_ARGUMENT
            raise CoreFailure(status, code, "data constraint error", found)
        missing = store.missing_parents(plane, kind, entity)
        if missing:
            raise CoreFailure(400, INVALID_ARGUMENT, "data constraint error", missing)
        entity = store.write(plane, kind, entity, old)
        return json_response(self._show(request, plane, kind)(entity), 201 if request.method == "POST" else 200)

    def _name_by_path(self, body: dict[str, Any], kind: EntityKind, ref: str, old: Record | None) -> None:
        """What a PUT's path says wins over its body: the id of an id, the natural key of a name."""
        if is_uuid(ref):
            body["id"] = ref.lower()
            return
        if kind.key is None or not self._switches.put_by_name:
            raise validation_failure([on_field("id", "must be a valid UUID")])
        body[kind.key] = ref
        body.pop("id", None)
        if old is not None:
            body["id"] = old["id"]

    def _delete(self, request: Request, plane: ControlPlane, place: Place) -> Response:
        assert place.ref is not None
        by_name = self._switches.put_by_name or is_uuid(place.ref)
        entity = self._find(plane, place) if by_name else None
        if entity is None and self._switches.delete_missing == 404:
            raise core_not_found()
        if entity is not None:
            force = request.query_params.get("force") == "true" or (
                place.kind.path == "services" and self._switches.service_delete == "cascade"
            )
            store.delete(plane, place.kind, entity, force)
        return Response(status_code=204)

    # --- schemas

    async def _schemas(self, request: Request, plane: ControlPlane, parts: list[str]) -> Response:
        if len(parts) == 2 and parts[0] == "plugins" and request.method == "GET":
            schema = self._catalog.get(parts[1])
            if schema is None:
                raise core_not_found(f"no plugin-schema for '{parts[1]}'")
            return json_response(schema.shown())
        if len(parts) == 2 and parts[0] == "partials" and request.method == "GET":
            if parts[1] not in PARTIAL_CONFIGS:
                raise core_not_found(f"no partial-schema for '{parts[1]}'")
            return json_response({"fields": [{"config": PARTIAL_CONFIGS[parts[1]]}]})
        if len(parts) == 2 and parts[1] == "validate" and request.method == "POST":
            status = self._switches.validate_endpoint
            kind = kind_called(parts[0])
            if status != 200:
                raise CoreFailure(status, UNIMPLEMENTED, "Not Implemented" if status == 501 else "")
            if kind is None:
                raise core_not_found(f"no schema for '{parts[0]}'")
            self.checked(plane, kind, await core_body(request))
            return json_response({})
        raise core_not_found()


def _filters(request: Request, kind: EntityKind) -> list[Keep]:
    """``tags=a,b`` (all), ``tags=a/b`` (any), ``filter[name][eq]``, ``filter[name][contains]`` where the kind has them.

    Other query parameters are ignored, as the API does.
    """
    query = request.query_params
    keeps: list[Keep] = []
    tags = query.get("tags", "")
    if "," in tags and "/" in tags:
        raise CoreFailure(400, INVALID_ARGUMENT, "invalid filter parameter: tags take ',' or '/', not both")
    if "/" in tags:
        some = set(tags.split("/"))
        keeps.append(lambda entity: not some.isdisjoint(entity.get("tags", ())))
    elif tags:
        every = set(tags.split(","))
        keeps.append(lambda entity: every.issubset(entity.get("tags", ())))
    by = kind.filter_by
    if by and "filter[name][eq]" in query:
        wanted = query["filter[name][eq]"]
        keeps.append(lambda entity: entity.get(by) == wanted)
    if by and "filter[name][contains]" in query:
        part = query["filter[name][contains]"].lower()
        keeps.append(lambda entity: part in str(entity.get(by, "")).lower())
    return keeps


def _named(request: Request, plane: ControlPlane, kind: EntityKind) -> list[Record] | None:
    """The entity that ``filter[name][eq]`` asks for, without a walk through the table, where names are unique."""
    wanted = request.query_params.get("filter[name][eq]")
    if wanted is None or kind.filter_by is None or kind.filter_by != kind.key:
        return None
    entity = store.find_by_key(plane, kind, wanted)
    return [] if entity is None else [entity]
