# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``.../core-entities/plugin-schemas``: the schemas of custom plugins, each by the name that its Lua code gives.

(Konnect OpenAPI control-planes-config v2, tag Custom Plugin Schemas.) The Lua code is not run.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from ..errors import ALREADY_EXISTS, CoreEntityError, core_entity_not_found, field_violation, validation_error
from ..json_application import json_response
from ..request_bodies import read_core_entity_body
from ..state import ControlPlane, Record
from .pagination import items_page

NAME = re.compile(r"""\bname\s*=\s*["']([\w.\-]+)["']""")


async def respond(request: Request, control_plane: ControlPlane, names: list[str], page_limit: int | None) -> Response:
    """Handle a path below ``plugin-schemas``; ``names`` is what follows it."""
    table = control_plane.plugin_schemas
    if len(names) > 1:
        raise core_entity_not_found()
    if request.method == "POST" and not names:
        return await _write(request, control_plane, None)
    if not names:
        return json_response(items_page(request, table, dict, page_limit))
    if request.method == "PUT":
        return await _write(request, control_plane, names[0])
    found = table.get(names[0])
    if found is None:
        raise core_entity_not_found()
    if request.method == "DELETE":
        table.remove(names[0])
        return Response(status_code=204)
    return json_response({"item": found})


async def _write(request: Request, control_plane: ControlPlane, name: str | None) -> Response:
    body = await read_core_entity_body(request)
    source = body.get("lua_schema")
    named = NAME.search(source) if isinstance(source, str) else None
    if named is None or "fields" not in str(source):
        raise validation_error([field_violation("lua_schema", "invalid plugin schema: missing name or fields")])
    if name not in (None, named[1]):
        raise validation_error([field_violation("lua_schema", f"the schema is that of plugin '{named[1]}'")])
    table = control_plane.plugin_schemas
    old = table.get(named[1])
    if old is not None and name is None:
        found = [field_violation("name", "(type: unique) constraint failed")]
        raise CoreEntityError(409, ALREADY_EXISTS, "data constraint error", found)
    now = control_plane.clock.now_seconds()
    created = old["created_at"] if old else now
    record: Record = {"name": named[1], "lua_schema": source, "created_at": created, "updated_at": now}
    table.put(named[1], record)
    return json_response({"item": record}, 201 if name is None else 200)
