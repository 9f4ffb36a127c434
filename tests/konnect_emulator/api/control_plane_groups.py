# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control plane groups and their members (Konnect OpenAPI control-planes v2, tag Control Plane Groups).

A group holds no configuration of its own: its nodes run that of its members.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import ProblemError
from ..json_application import json_response
from ..record_table import RecordTable
from ..request_bodies import read_body
from ..settings import Settings
from ..state import ControlPlane, EmulatorState
from .control_plane_fields import GROUP, SERVICE
from .control_planes import find_control_plane
from .pagination import cursor_page


def _invalid(field: str, reason: str) -> ProblemError:
    invalid = [{"field": field, "reason": reason}]
    return ProblemError(400, "Bad Request", "Invalid request format", invalid, service=SERVICE)


class ControlPlaneGroupEndpoints:
    """The endpoints of control plane groups."""

    def __init__(self, state: EmulatorState, settings: Settings) -> None:
        self._state = state
        self._page_limit = settings.page_size

    def routes(self) -> list[Route]:
        """Return the routes of the application."""
        path = "/v2/control-planes/{id}"
        return [
            Route(f"{path}/group-memberships", self.list_members, methods=["GET"]),
            Route(f"{path}/group-memberships", self.replace, methods=["PUT"]),
            Route(f"{path}/group-memberships/add", self.add, methods=["POST"]),
            Route(f"{path}/group-memberships/remove", self.remove, methods=["POST"]),
            Route(f"{path}/group-member-status", self.member_status, methods=["GET"]),
            Route(f"{path}/group-status", self.group_status, methods=["GET"]),
        ]

    def _group(self, request: Request) -> ControlPlane:
        group = find_control_plane(self._state, request.path_params["id"])
        if group.record["config"]["cluster_type"] != GROUP:
            raise _invalid("id", "the control plane is not a control plane group")
        return group

    def _members(self, group: ControlPlane) -> RecordTable[ControlPlane]:
        return self._state.group_members.setdefault(group.record["id"], RecordTable())

    async def _sent_members(self, request: Request) -> list[ControlPlane]:
        """Return the control planes of ``{"members": [{"id": ID}]}``; raises a 400 if one cannot be a member."""
        sent = (await read_body(request, SERVICE)).get("members")
        if not isinstance(sent, list) or not all(isinstance(item, dict) and "id" in item for item in sent):
            raise _invalid("members", "members must be an array of objects with an id")
        members = []
        for item in sent:
            member = self._state.control_planes.get(str(item["id"]).lower())
            if member is None or member.record["config"]["cluster_type"] == GROUP:
                raise _invalid("members", "a member must be a control plane that is not a group")
            members.append(member)
        return members

    async def list_members(self, request: Request) -> Response:
        """GET .../group-memberships."""
        group = self._group(request)
        members = self._members(group)
        path = f"/control-planes/{group.record['id']}/group-memberships"
        page = cursor_page(request, members, path, lambda member: member.record, self._page_limit)
        meta: dict[str, Any] = page["meta"]["page"]
        total = {"total": len(members)} if meta.pop("previous") is None else {}
        return json_response({"meta": {"page": {**meta, **total}}, "data": page["data"]})

    async def replace(self, request: Request) -> Response:
        """PUT .../group-memberships."""
        group = self._group(request)
        members = await self._sent_members(request)
        self._state.group_members[group.record["id"]] = RecordTable()
        return self._add(group, members)

    async def add(self, request: Request) -> Response:
        """POST .../group-memberships/add."""
        return self._add(self._group(request), await self._sent_members(request))

    def _add(self, group: ControlPlane, members: list[ControlPlane]) -> Response:
        for member in members:
            self._members(group).put(member.record["id"], member)
        return Response(status_code=204)

    async def remove(self, request: Request) -> Response:
        """POST .../group-memberships/remove."""
        members = self._members(self._group(request))
        for member in await self._sent_members(request):
            if members.get(member.record["id"]) is not None:
                members.remove(member.record["id"])
        return Response(status_code=204)

    async def member_status(self, request: Request) -> Response:
        """GET .../group-member-status."""
        control_plane = find_control_plane(self._state, request.path_params["id"])
        return json_response({"is_member": self._state.group_of(control_plane) is not None})

    async def group_status(self, request: Request) -> Response:
        """GET .../group-status: the emulator looks for no conflicts."""
        record = self._group(request).record
        times = {name: record[name] for name in ("created_at", "updated_at")}
        return json_response({"item": {"id": record["id"], "conflicts": [], "state": "OK", **times}})
