# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The consumers of a consumer group, and the groups of a consumer (Konnect OpenAPI control-planes-config v2).

``POST consumer_groups/{group}/consumers {"consumer": id or username}`` and ``POST consumers/{consumer}/consumer_groups
{"group": id or name}`` add one; a DELETE takes off one, or all. A GET of a group shows it below ``consumer_group``, and
its members too unless ``list_consumers=false``: decK takes them from there.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ..entities import storage
from ..entities.credential_kinds import MEMBERS
from ..entities.kinds import CONSUMER_GROUPS, CONSUMERS, EntityKind
from ..errors import ALREADY_EXISTS, INVALID_ARGUMENT, CoreEntityError, core_entity_not_found, validation_error
from ..errors import field_violation as violation
from ..json_application import json_response
from ..request_bodies import read_core_entity_body
from ..state import ControlPlane, Record
from .pagination import offset_page


@dataclass(frozen=True)
class _Side:
    """One end of a membership: its kind, the field of a membership that holds it, and its name in a request."""

    kind: EntityKind
    field: str
    word: str


_SIDES = {
    "consumers": _Side(CONSUMERS, "consumer", "consumer"),
    "consumer_groups": _Side(CONSUMER_GROUPS, "consumer_group", "group"),
}


def is_membership(segments: list[str]) -> bool:
    """Find out whether a path below ``core-entities`` is about the members of groups."""
    return len(segments) in (3, 4) and {segments[0], segments[2]} == set(_SIDES)


async def respond(
    request: Request, control_plane: ControlPlane, segments: list[str], page_limit: int | None, duplicate: int
) -> Response:
    """Handle such a path; ``duplicate`` is the status for a member that is one already."""
    own, other = _SIDES[segments[0]], _SIDES[segments[2]]
    holder = _find(control_plane, own, segments[1])
    memberships = control_plane.entity_table(MEMBERS.path)
    held = [row for row in memberships if row[own.field]["id"] == holder["id"]]
    if request.method == "POST" and len(segments) == 3:
        return await _add(request, control_plane, (own, holder), other, duplicate)
    if request.method == "DELETE":
        if len(segments) == 4:
            member = _find(control_plane, other, segments[3])
            held = [row for row in held if row[other.field]["id"] == member["id"]]
        if not held and len(segments) == 4:
            raise core_entity_not_found()
        for row in held:
            storage.delete(control_plane, MEMBERS, row, force=True)
        return Response(status_code=204)
    if request.method != "GET" or len(segments) != 3:
        raise core_entity_not_found()
    ids = {row[other.field]["id"] for row in held}
    table = control_plane.entity_table(other.kind.path)
    path = f"/{'/'.join(segments)}"
    return json_response(offset_page(request, table, path, dict, page_limit, lambda entity: entity["id"] in ids))


def with_members(request: Request, control_plane: ControlPlane, group: Record) -> Record:
    """Return a consumer group as a GET of it alone shows it."""
    if request.query_params.get("list_consumers") == "false":
        return {"consumer_group": group}
    rows = control_plane.entity_table(MEMBERS.path)
    ids = [row["consumer"]["id"] for row in rows if row["consumer_group"]["id"] == group["id"]]
    return {"consumer_group": group, "consumers": [control_plane.entity_table("consumers").get(id_) for id_ in ids]}


async def _add(
    request: Request, control_plane: ControlPlane, holder: tuple[_Side, Record], other: _Side, duplicate: int
) -> Response:
    body = await read_core_entity_body(request)
    if not isinstance(body.get(other.word), str):
        raise validation_error([violation(other.word, "required field missing")])
    own, entity = holder
    member = _find(control_plane, other, body[other.word])
    row = {own.field: {"id": entity["id"]}, other.field: {"id": member["id"]}}
    found = storage.conflicts(control_plane, MEMBERS, row, current_id=None)
    if found:
        code = ALREADY_EXISTS if duplicate == 409 else INVALID_ARGUMENT
        raise CoreEntityError(duplicate, code, "data constraint error", found)
    storage.write(control_plane, MEMBERS, row, None)
    return json_response({own.field: entity, f"{other.field}s": [member]}, 201)


def _find(control_plane: ControlPlane, side: _Side, reference: str) -> Record:
    entity = storage.find(control_plane, side.kind, reference)
    if entity is None:
        raise core_entity_not_found()
    return entity
