# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``/v2/control-planes``: list, create, read, PATCH, delete (Konnect OpenAPI control-planes v2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import ProblemError, not_found
from ..json_application import json_response
from ..request_bodies import read_body
from ..settings import Settings
from ..state import ControlPlane, EmulatorState, Record, is_uuid, iso_timestamp
from .control_plane_fields import AUTH_TYPES, CLUSTER_TYPES, SERVICE, check_fields
from .control_plane_filters import filtered_records
from .pagination import numbered_page

RUNTIME_GROUPS_SIZE = 100


def new_control_plane(body: dict[str, Any], id_: str, moment_ms: int) -> Record:
    """Return the record of a control plane as the API shows it."""
    moment = iso_timestamp(moment_ms)
    return {
        "id": id_,
        "name": body["name"],
        "description": body.get("description", ""),
        "labels": dict(body.get("labels") or {}),
        "config": {
            "control_plane_endpoint": f"https://{id_[:8]}.cp.konnect-emulator.invalid",
            "telemetry_endpoint": f"https://{id_[:8]}.tp.konnect-emulator.invalid",
            "cluster_type": body.get("cluster_type", CLUSTER_TYPES[0]),
            "auth_type": body.get("auth_type", AUTH_TYPES[0]),
            "cloud_gateway": body.get("cloud_gateway", False),
            "proxy_urls": list(body.get("proxy_urls") or []),
        },
        "created_at": moment,
        "updated_at": moment,
    }


def find_control_plane(state: EmulatorState, id_: str) -> ControlPlane:
    """Return a control plane; raises a 404, also for a malformed id."""
    control_plane = state.control_planes.get(id_.lower())
    if control_plane is None:
        raise not_found("The requested control plane was not found.", SERVICE)
    return control_plane


class ControlPlaneEndpoints:
    """The endpoints of control planes."""

    def __init__(self, state: EmulatorState, settings: Settings) -> None:
        self._state = state
        self._page_limit = settings.page_size

    def routes(self) -> list[Route]:
        """Return the routes of the application."""
        path = "/v2/control-planes"
        return [
            Route("/konnect-api/api/runtime_groups", self.list_runtime_groups, methods=["GET"]),
            *(Route(path + slash, self.list, methods=["GET"]) for slash in ("", "/")),
            *(Route(path + slash, self.create, methods=["POST"]) for slash in ("", "/")),
            Route(path + "/{id}", self.read, methods=["GET"]),
            Route(path + "/{id}", self.update, methods=["PATCH"]),
            Route(path + "/{id}", self.delete, methods=["DELETE"]),
        ]

    def _find(self, request: Request) -> ControlPlane:
        id_ = request.path_params["id"]
        if not is_uuid(id_):
            invalid = [{"field": "id", "reason": "invalid ID format"}]
            raise ProblemError(400, "Bad Request", "Request contains invalid ID format", invalid, service=SERVICE)
        return find_control_plane(self._state, id_)

    def _require_free_name(self, name: str, owner: ControlPlane | None = None) -> None:
        if self._state.find_by_name(name) not in (None, owner):
            raise ProblemError(409, "Conflict", "Control Plane with provided name already exists.", service=SERVICE)

    async def list(self, request: Request) -> Response:
        """GET /v2/control-planes."""
        records = filtered_records(request, self._state)
        field, _space, direction = request.query_params.get("sort", "").partition(" ")
        if field in ("created_at", "name"):
            records.sort(key=lambda record: str(record[field]), reverse=direction.strip().lower() == "desc")
        return json_response(numbered_page(request, records, self._page_limit))

    async def list_runtime_groups(self, request: Request) -> Response:
        """GET /konnect-api/api/runtime_groups, by which decK finds the id of a control plane; pages begin at 1."""
        word = request.query_params.get("page", "")
        number = max(1, int(word)) if word.isascii() and word.isdigit() else 1
        size = min(self._page_limit or RUNTIME_GROUPS_SIZE, RUNTIME_GROUPS_SIZE)
        groups = [{key: plane.record[key] for key in ("id", "name")} for plane in self._state.control_planes]
        page = groups[(number - 1) * size : number * size]
        return json_response({"data": page, "page": number, "pageCount": max(1, -(-len(groups) // size))})

    async def create(self, request: Request) -> Response:
        """POST /v2/control-planes."""
        body = await read_body(request, SERVICE)
        check_fields(body, updating=False)
        self._require_free_name(body["name"])
        return json_response(self._state.add(partial(new_control_plane, body)).record, 201)

    async def read(self, request: Request) -> Response:
        """GET /v2/control-planes/{id}."""
        return json_response(self._find(request).record)

    async def update(self, request: Request) -> Response:
        """PATCH /v2/control-planes/{id}: given fields replace, given labels are merged, a null removes a label."""
        control_plane = self._find(request)
        body = await read_body(request, SERVICE)
        check_fields(body, updating=True)
        old = control_plane.record
        name = str(body.get("name", old["name"]))
        self._require_free_name(name, owner=control_plane)
        labels = {**old["labels"], **body.get("labels", {})}
        record = {
            **old,
            "name": name,
            "description": body.get("description", old["description"]),
            "labels": {key: label for key, label in labels.items() if label is not None},
            "config": {key: body.get(key, value) for key, value in old["config"].items()},
            "updated_at": iso_timestamp(self._state.clock.now_ms()),
        }
        self._state.replace_record(control_plane, record)
        return json_response(record)

    async def delete(self, request: Request) -> Response:
        """DELETE /v2/control-planes/{id}."""
        self._state.remove(self._find(request))
        return Response(status_code=204)
