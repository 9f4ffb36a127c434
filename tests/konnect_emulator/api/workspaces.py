# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workspaces of a control plane: ``core-entities/workspaces``, and the segment with one in other paths.

Source: Kong's how-to Manage Workspaces in Konnect, and the operations of workspaces in Kong's Go SDK for Konnect.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from ..errors import (
    ALREADY_EXISTS,
    INVALID_ARGUMENT,
    CoreEntityError,
    core_entity_not_found,
    entity_violation,
    field_violation,
    validation_error,
)
from ..json_application import json_response
from ..record_table import RecordTable
from ..request_bodies import read_core_entity_body
from ..state import SHARED_KINDS, ControlPlane, Record, Workspace, new_id
from .pagination import offset_page

DEFAULT_WORKSPACE = "default"
PATH = "workspaces"
_NAME = re.compile(r"[\w.\-~]{1,128}")


def content_at(control_plane: ControlPlane, segments: list[str], method: str) -> tuple[ControlPlane, list[str]]:
    """Return what a path below ``core-entities`` is about, and the path without a workspace in front.

    Raises the 400 of a write to what belongs to the whole control plane. None of it is there to be read: decK lists CA
    certificates in each workspace, and takes only a 404 for "not there".
    """
    first, *rest = segments
    if not rest or first == DEFAULT_WORKSPACE:
        return control_plane, rest or segments
    found = control_plane.find_workspace(first)
    if found is None:
        return control_plane, segments
    if rest[0] in (*SHARED_KINDS, "plugin-schemas"):
        if method == "GET":
            raise core_entity_not_found()
        reason = entity_violation(f"{rest[0]} are managed in the default workspace")
        raise CoreEntityError(400, INVALID_ARGUMENT, "usage constraint error", [reason])
    return found.content, rest


async def respond(request: Request, control_plane: ControlPlane, names: list[str], page_limit: int | None) -> Response:
    """Handle a path below ``workspaces``; ``names`` is what follows it."""
    if len(names) > 1 or (names and request.method == "POST"):
        raise core_entity_not_found()
    if request.method == "POST":
        return json_response(await _create(request, control_plane), 201)
    if not names:
        wanted = request.query_params.get("filter[name][eq]")

        def matches(record: Record) -> bool:
            return wanted in (None, record["name"])

        return json_response(offset_page(request, _records(control_plane), f"/{PATH}", dict, page_limit, matches))
    found = control_plane.find_workspace(names[0])
    if names[0] == DEFAULT_WORKSPACE and request.method == "GET":
        return json_response(_default(control_plane))
    if found is None:
        raise core_entity_not_found()
    if request.method == "DELETE":
        _delete(control_plane, found)
        return Response(status_code=204)
    return json_response(found.record)


def _default(control_plane: ControlPlane) -> Record:
    moment = control_plane.created_ms // 1000
    return {"id": control_plane.record["id"], "name": DEFAULT_WORKSPACE, "created_at": moment, "updated_at": moment}


def _records(control_plane: ControlPlane) -> RecordTable[Record]:
    table: RecordTable[Record] = RecordTable()
    for record in (_default(control_plane), *(workspace.record for workspace in control_plane.workspaces)):
        table.put(record["id"], record)
    return table


async def _create(request: Request, control_plane: ControlPlane) -> Record:
    body = await read_core_entity_body(request)
    name = body.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise validation_error([field_violation("name", "required field missing or invalid")])
    if name == DEFAULT_WORKSPACE or control_plane.find_workspace(name):
        reason = field_violation("name", "(type: unique) constraint failed")
        raise CoreEntityError(409, ALREADY_EXISTS, "data constraint error", [reason])
    now = control_plane.clock.now_seconds()
    record: Record = {**body, "id": new_id(), "created_at": now, "updated_at": now}
    control_plane.add_workspace(record)
    return record


def _delete(control_plane: ControlPlane, workspace: Workspace) -> None:
    tables = workspace.content.entity_tables.items()
    if len(workspace.content.config_stores) or any(len(table) for kind, table in tables if kind not in SHARED_KINDS):
        reason = entity_violation("workspace is not empty")
        raise CoreEntityError(400, INVALID_ARGUMENT, "data constraint error", [reason])
    control_plane.workspaces.remove(workspace.record["id"])
