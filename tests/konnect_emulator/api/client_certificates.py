# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``.../dp-client-certificates``: the certificates with which data plane nodes connect to a control plane.

(Konnect OpenAPI control-planes-config v2, tag DP Certificates.) The list has no pages. That a certificate is there once
is a decision of this emulator.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..entities import text_checks
from ..errors import ALREADY_EXISTS, CoreEntityError, core_entity_not_found, field_violation, validation_error
from ..json_application import json_response
from ..request_bodies import read_core_entity_body
from ..state import ControlPlane, EmulatorState, Record, is_uuid, new_id
from .control_planes import find_control_plane


class ClientCertificateEndpoints:
    """The client certificates of the nodes of a control plane."""

    def __init__(self, state: EmulatorState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Return the routes of the application."""
        path = "/v2/control-planes/{control_plane}/dp-client-certificates"
        return [
            *(Route(path + slash, self.list, methods=["GET"]) for slash in ("", "/")),
            Route(path, self.create, methods=["POST"]),
            Route(f"{path}/{{certificate}}", self.one, methods=["GET", "PUT", "DELETE"]),
        ]

    def _control_plane(self, request: Request) -> ControlPlane:
        return find_control_plane(self._state, request.path_params["control_plane"])

    async def list(self, request: Request) -> Response:
        """GET .../dp-client-certificates."""
        found = [*self._control_plane(request).client_certificates]
        return json_response({"items": found, "page": {"total_count": len(found)}})

    async def create(self, request: Request) -> Response:
        """POST .../dp-client-certificates."""
        return json_response({"item": await self._write(request, None)}, 201)

    async def one(self, request: Request) -> Response:
        """GET, PUT or DELETE .../dp-client-certificates/{certificate}."""
        table, id_ = self._control_plane(request).client_certificates, request.path_params["certificate"]
        found = table.get(id_)
        if request.method == "PUT" and is_uuid(id_):
            return json_response({"item": await self._write(request, id_)})
        if found is None:
            raise core_entity_not_found()
        if request.method == "DELETE":
            table.remove(id_)
            return Response(status_code=204)
        return json_response({"item": found})

    async def _write(self, request: Request, id_: str | None) -> Record:
        body = await read_core_entity_body(request)
        control_plane = self._control_plane(request)
        table = control_plane.client_certificates
        wrong = _violations(body)
        if wrong:
            raise validation_error(wrong)
        if any(row["cert"] == body["cert"] and row["id"] != id_ for row in table):
            found = [field_violation("cert", "(type: unique) constraint failed")]
            raise CoreEntityError(409, ALREADY_EXISTS, "data constraint error", found)
        now = control_plane.clock.now_seconds()
        old = table.get(id_) if id_ else None
        fields = {name: body[name] for name in ("cert", "title") if body.get(name) is not None}
        times = {"created_at": old["created_at"] if old else now, "updated_at": now}
        record = {"id": id_ or new_id(), **fields, **times}
        table.put(record["id"], record)
        return record


def _violations(body: dict[str, Any]) -> list[Any]:
    found = [field_violation(name, "unknown field") for name in body if name not in ("cert", "title")]
    cert = body.get("cert")
    if not isinstance(cert, str) or text_checks.certificate(cert):
        found.append(field_violation("cert", "must be a PEM-encoded certificate"))
    return found
