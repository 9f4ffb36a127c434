# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters of lists of core entities; unknown query parameters are ignored, as the API does."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request

from ..entities import storage
from ..entities.kinds import EntityKind
from ..errors import INVALID_ARGUMENT, CoreEntityError
from ..state import ControlPlane, Record

Filter = Callable[[Record], bool]


def parse_filters(request: Request, kind: EntityKind) -> list[Filter]:
    """Parse ``tags=a,b`` (all), ``tags=a/b`` (any), and ``filter[name][eq|contains]`` where the kind has it."""
    query = request.query_params
    filters: list[Filter] = []
    tags = query.get("tags", "")
    if "," in tags and "/" in tags:
        raise CoreEntityError(400, INVALID_ARGUMENT, "invalid filter parameter: tags take ',' or '/', not both")
    if "/" in tags:
        any_of = set(tags.split("/"))
        filters.append(lambda entity: not any_of.isdisjoint(entity.get("tags", ())))
    elif tags:
        all_of = set(tags.split(","))
        filters.append(lambda entity: all_of.issubset(entity.get("tags", ())))
    name_field = kind.filter_by
    if name_field and "filter[name][eq]" in query:
        wanted = query["filter[name][eq]"]
        filters.append(lambda entity: entity.get(name_field) == wanted)
    if name_field and "filter[name][contains]" in query:
        part = query["filter[name][contains]"].lower()
        filters.append(lambda entity: part in str(entity.get(name_field, "")).lower())
    return filters


def entities_by_unique_name(request: Request, control_plane: ControlPlane, kind: EntityKind) -> list[Record] | None:
    """Return what ``filter[name][eq]`` asks for without a walk through the table; None where names are not unique."""
    wanted = request.query_params.get("filter[name][eq]")
    if wanted is None or kind.filter_by is None or kind.filter_by != kind.key:
        return None
    entity = storage.find_by_key(control_plane, kind, wanted)
    return [] if entity is None else [entity]
