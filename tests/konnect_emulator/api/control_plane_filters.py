# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters of the list of control planes: ``filter[name][eq|neq|contains]``, ``filter[id][eq|oeq]``, ``labels``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from starlette.requests import Request

from ..state import EmulatorState, Record

Filter = Callable[[Record], bool]

FILTER = re.compile(r"filter\[(name|id|cluster_type|cloud_gateway)\](?:\[(eq|neq|oeq|contains)\])?")
OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "neq": lambda value, wanted: value != wanted,
    "oeq": lambda value, wanted: value in wanted.split(","),
    "contains": lambda value, wanted: wanted.lower() in value.lower(),
}


def _field_filter(field: str, operator: str, wanted: str) -> Filter:
    compare = OPERATORS[operator]

    def matches(record: Record) -> bool:
        value = str(record.get(field, record["config"].get(field)))
        return compare(value.lower() if field == "cloud_gateway" else value, wanted)

    return matches


def _label_filter(term: str) -> Filter:
    key, colon, label = term.partition(":")

    def matches(record: Record) -> bool:
        return key in record["labels"] and (not colon or record["labels"][key] == label)

    return matches


def _parse_filters(request: Request) -> tuple[list[Filter], set[str]]:
    """Return the filters of a request, and the names that ``filter[name][eq]`` asks for."""
    filters: list[Filter] = []
    names: set[str] = set()
    for parameter, wanted in request.query_params.multi_items():
        found = FILTER.fullmatch(parameter)
        if found:
            field, operator = found[1], found[2] or "eq"
            filters.append(_field_filter(field, operator, wanted))
            if (field, operator) == ("name", "eq"):
                names.add(wanted)
        elif parameter == "labels":
            filters += map(_label_filter, filter(None, wanted.split(",")))
    return filters, names


def _candidates(state: EmulatorState, names: set[str]) -> Iterator[Record]:
    """Yield the records that can match: with a name only its own, however many control planes there are."""
    if not names:
        yield from (control_plane.record for control_plane in state.control_planes)
        return
    control_plane = state.find_by_name(min(names))
    if control_plane is not None:
        yield control_plane.record


def filtered_records(request: Request, state: EmulatorState) -> list[Record]:
    """Return the records of the control planes that pass all filters of the request."""
    filters, names = _parse_filters(request)
    return [record for record in _candidates(state, names) if all(matches(record) for matches in filters)]
