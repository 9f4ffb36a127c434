# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``.../core-entities/``: lists, single entities, nested collections, schemas and the validate endpoint.

(Konnect OpenAPI control-planes-config v2.) An update is a PUT that replaces the entity; there is no PATCH.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..entities import certificate_names, storage
from ..entities.json_schemas import json_schema
from ..entities.kinds import CERTIFICATES, CONSUMER_GROUPS, KINDS, EntityKind, kind_by_name
from ..entities.validation import RuleContext, complete_entity
from ..errors import (
    ALREADY_EXISTS,
    INVALID_ARGUMENT,
    PERMISSION_DENIED,
    UNIMPLEMENTED,
    CoreEntityError,
    core_entity_not_found,
    entity_violation,
    field_violation,
    validation_error,
)
from ..json_application import json_response
from ..plugins.known_schemas import known_schema
from ..plugins.partial_schemas import PARTIAL_CONFIGS
from ..plugins.partials import expanded_config, partial_links, with_nulls
from ..plugins.published_schemas import SchemaCatalog
from ..plugins.schema_rules import encode
from ..plugins.shorthands import with_shorthands
from ..request_bodies import read_core_entity_body
from ..settings import Settings
from ..state import ControlPlane, EmulatorState, Record, is_uuid
from . import group_members, plugin_schemas, workspaces
from .control_planes import find_control_plane
from .entity_filters import entities_by_unique_name, parse_filters
from .entity_paths import EntityPath, parse_entity_path
from .group_members import is_membership
from .pagination import offset_page

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
INGRESS = "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"


class CoreEntityEndpoints:
    """The endpoints of core entities."""

    def __init__(self, state: EmulatorState, settings: Settings, catalog: SchemaCatalog) -> None:
        self._state = state
        self._switches = settings.switches
        self._page_limit = settings.page_size
        self._catalog = catalog

    def routes(self) -> list[Route]:
        """Return the routes of the application."""
        path = "/v2/control-planes/{control_plane}/core-entities/{rest:path}"
        return [Route(path, self.dispatch, methods=METHODS)]

    async def dispatch(self, request: Request) -> Response:
        """Handle every path below ``core-entities``, with or without a trailing slash."""
        control_plane = find_control_plane(self._state, request.path_params["control_plane"])
        segments = request.path_params["rest"].removesuffix("/").split("/")
        if segments[0] == workspaces.PATH and self._switches.workspaces:
            return await workspaces.respond(request, control_plane, segments[1:], self._page_limit)
        control_plane, segments = workspaces.content_at(control_plane, segments, request.method)
        if segments[0] == "schemas":
            return await self._schemas(request, control_plane, segments[1:])
        if is_membership(segments):
            duplicate = self._switches.core_duplicate
            return await group_members.respond(request, control_plane, segments, self._page_limit, duplicate)
        if segments[:3] == ["v1", "schemas", "json"] and len(segments) == 4 and request.method == "GET":
            return self._json_schema(segments[3])
        if segments[0] == "plugin-schemas" and self._switches.plugin_schema_list:
            return await plugin_schemas.respond(request, control_plane, segments[1:], self._page_limit)
        if segments[0] == "partials" and segments[2:] == ["links"] and request.method == "GET":
            return self._partial_links(request, control_plane, segments[1])
        path = parse_entity_path(segments)
        if path is None:
            raise core_entity_not_found()
        self._require_allowed(request, control_plane, path)
        if request.method == "GET":
            read = self._read if path.reference else self._list
            return read(request, control_plane, path)
        if request.method == "DELETE":
            return self._delete(request, control_plane, path)
        return await self._write(request, control_plane, path)

    def _require_allowed(self, request: Request, control_plane: ControlPlane, path: EntityPath) -> None:
        if request.method not in path.methods:
            status = self._switches.core_patch if request.method == "PATCH" else 405
            allowed = {"Allow": ", ".join(path.methods)}
            raise CoreEntityError(status, UNIMPLEMENTED, "Method Not Allowed", headers=allowed)
        if request.method != "GET" and control_plane.record["config"]["cluster_type"] == INGRESS:
            reason = entity_violation("operation not permitted on KIC cluster")
            raise CoreEntityError(403, PERMISSION_DENIED, "usage constraint error", [reason])

    # --- reading

    def _renderer(self, request: Request, control_plane: ControlPlane, kind: EntityKind) -> Callable[[Record], Record]:
        unset = []
        if self._switches.top_level_nulls:
            unset = [name for name, field in kind.fields.items() if not field.hidden]
        expand = self._switches.expand_partials or request.query_params.get("expand_partials") == "true"

        def render(entity: Record) -> Record:
            if kind.path == "plugins":
                entity = {**entity, "config": self._shown_config(control_plane, entity, expand)}
            if kind.path == "partials" and self._switches.partial_nulls:
                entity = with_nulls(entity)
            if kind is CERTIFICATES:
                entity = {**entity, "snis": certificate_names.names_of(control_plane, entity["id"])}
            entity = kind.show(entity, self._switches)
            inapplicable = kind.inapplicable(entity) if unset else ()
            return {**{name: None for name in unset if name not in inapplicable}, **entity}

        return render

    def _shown_config(self, control_plane: ControlPlane, plugin: Record, expand: bool) -> Any:
        """Return a plugin's config as responses show it, perhaps with the values of its partials."""
        schema = known_schema(plugin["name"], self._catalog, control_plane)
        config = plugin["config"]
        if schema is None:
            return config
        if expand and plugin.get("partials"):
            config = expanded_config(plugin, schema, control_plane.entity_table("partials").get)
        if self._switches.old_names:
            config = with_shorthands(schema.config, config)
        return encode(schema.config, config) if self._switches.empty_table == "list" else config

    def _partial_links(self, request: Request, control_plane: ControlPlane, reference: str) -> Response:
        """Return the plugins linked to a partial: ``{"data": [{id, name[, instance_name]}], "count": int}``."""
        partial = storage.find(control_plane, KINDS["partials"], reference)
        if partial is None:
            raise core_entity_not_found()

        def is_linked(plugin: Record) -> bool:
            return any(link["id"] == partial["id"] for link in partial_links(plugin))

        def render(plugin: Record) -> Record:
            return {name: plugin[name] for name in ("id", "name", "instance_name") if name in plugin}

        plugins = control_plane.entity_table("plugins")
        path = f"/partials/{reference}/links"
        page = offset_page(request, plugins, path, render, self._page_limit, is_linked)
        return json_response({**page, "count": sum(map(is_linked, plugins))})

    def _parent_id(self, control_plane: ControlPlane, path: EntityPath) -> str | None:
        """Return the id of the parent in the path; raises a 404 if it does not exist."""
        if path.parent is None:
            return None
        parent = storage.find(control_plane, *path.parent)
        if parent is None:
            raise core_entity_not_found()
        return str(parent["id"])

    def _find(self, control_plane: ControlPlane, path: EntityPath) -> Record | None:
        assert path.reference is not None
        parent_id = self._parent_id(control_plane, path)
        entity = storage.find(control_plane, path.kind, path.reference)
        if entity is not None and parent_id is not None and _foreign_id(entity, path.parent_field) != parent_id:
            return None
        return entity

    def _list(self, request: Request, control_plane: ControlPlane, path: EntityPath) -> Response:
        filters = parse_filters(request, path.kind)
        parent_id = self._parent_id(control_plane, path)
        if path.parent is not None:
            parent_field = path.parent_field
            filters.append(lambda entity: _foreign_id(entity, parent_field) == parent_id)

        def matches(entity: Record) -> bool:
            return all(accepts(entity) for accepts in filters)

        render = self._renderer(request, control_plane, path.kind)
        by_name = entities_by_unique_name(request, control_plane, path.kind)
        if by_name is not None:
            return json_response({"data": [render(entity) for entity in by_name if matches(entity)]})
        table = control_plane.entity_table(path.kind.path)
        page = offset_page(request, table, path.collection, render, self._page_limit, matches if filters else None)
        return json_response(page)

    def _read(self, request: Request, control_plane: ControlPlane, path: EntityPath) -> Response:
        entity = self._find(control_plane, path)
        if entity is None:
            raise core_entity_not_found()
        shown = self._renderer(request, control_plane, path.kind)(entity)
        if path.kind is CONSUMER_GROUPS:
            shown = group_members.with_members(request, control_plane, shown)
        return json_response(shown)

    # --- writing

    def _complete(self, control_plane: ControlPlane, kind: EntityKind, body: dict[str, Any]) -> Record:
        return complete_entity(kind, body, RuleContext(control_plane, self._catalog, self._switches))

    async def _write(self, request: Request, control_plane: ControlPlane, path: EntityPath) -> Response:
        body = await read_core_entity_body(request)
        kind, old = path.kind, None
        if path.parent is not None:
            body[path.parent_field] = {"id": self._parent_id(control_plane, path)}
        if path.reference is not None:
            old = self._find(control_plane, path)
            self._apply_reference(body, kind, path.reference, old)
        entity = self._complete(control_plane, kind, body)
        changed = [name for name in kind.fixed if old and entity[name] != old[name]]
        if changed:
            raise validation_error([field_violation(name, "cannot be changed") for name in changed])
        old_id = old["id"] if old else None
        names = entity.pop("snis", None) if kind is CERTIFICATES else None
        conflicts = storage.conflicts(control_plane, kind, entity, current_id=old_id)
        conflicts += certificate_names.taken_names(control_plane, old_id, names or [])
        if conflicts:
            status = self._switches.core_duplicate
            code = ALREADY_EXISTS if status == 409 else INVALID_ARGUMENT
            raise CoreEntityError(status, code, "data constraint error", conflicts)
        missing = storage.missing_parents(control_plane, kind, entity)
        if missing:
            raise CoreEntityError(400, INVALID_ARGUMENT, "data constraint error", missing)
        entity = storage.write(control_plane, kind, entity, old)
        if names is not None:
            certificate_names.set_names(control_plane, entity["id"], names)
        status = 201 if request.method == "POST" else 200
        return json_response(self._renderer(request, control_plane, kind)(entity), status)

    def _apply_reference(self, body: dict[str, Any], kind: EntityKind, reference: str, old: Record | None) -> None:
        """Overwrite the id or the key of a PUT's body with the one in its path."""
        if is_uuid(reference):
            body["id"] = reference.lower()
            return
        if kind.key is None or not self._switches.put_by_name:
            raise validation_error([field_violation("id", "must be a valid UUID")])
        body[kind.key] = reference
        body.pop("id", None)
        if old is not None:
            body["id"] = old["id"]

    def _delete(self, request: Request, control_plane: ControlPlane, path: EntityPath) -> Response:
        assert path.reference is not None
        findable = self._switches.put_by_name or is_uuid(path.reference)
        entity = self._find(control_plane, path) if findable else None
        if entity is None and self._switches.delete_missing == 404:
            raise core_entity_not_found()
        if entity is not None:
            cascade = path.kind.path == "services" and self._switches.service_delete == "cascade"
            force = cascade or request.query_params.get("force") == "true"
            storage.delete(control_plane, path.kind, entity, force)
        return Response(status_code=204)

    # --- schemas

    async def _schemas(self, request: Request, control_plane: ControlPlane, segments: list[str]) -> Response:
        match (request.method, segments):
            case ("GET", ["plugins", name]):
                schema = known_schema(name, self._catalog, control_plane)
                if schema is None:
                    raise core_entity_not_found(f"no plugin-schema for '{name}'")
                return json_response(schema.as_json())
            case ("GET", ["partials", name]):
                if name not in PARTIAL_CONFIGS:
                    raise core_entity_not_found(f"no partial-schema for '{name}'")
                return json_response({"fields": [{"config": PARTIAL_CONFIGS[name]}]})
            case ("POST", [name, "validate"]):
                return await self._validate(request, control_plane, name)
        raise core_entity_not_found()

    def _json_schema(self, name: str) -> Response:
        schema = json_schema(name, self._switches.route_protocols_default.split(","))
        if schema is None:
            raise core_entity_not_found()
        return json_response(schema)

    async def _validate(self, request: Request, control_plane: ControlPlane, name: str) -> Response:
        status = self._switches.validate_endpoint
        if status != 200:
            raise CoreEntityError(status, UNIMPLEMENTED, "Not Implemented" if status == 501 else "")
        kind = kind_by_name(name)
        if kind is None:
            raise core_entity_not_found(f"no schema for '{name}'")
        self._complete(control_plane, kind, await read_core_entity_body(request))
        return json_response({})


def _foreign_id(entity: Record, field: str) -> str | None:
    return (entity.get(field) or {}).get("id")
