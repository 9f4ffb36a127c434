# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Why a strategy cannot rotate a secret here, found before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._entities.kinds import PLUGIN, ROUTE
from .._plugins.plugin import is_created_by_collection
from .options import RotationOptions
from .reading import Reading, Reference
from .trial import MAX_PRIORITY, LiveRoute, find_route, live_route

OTHERS = (
    "blue_green points the references at the new value before it is proved, so live requests fail while a bad value is "
    "found out. in_place writes over the old value, which is lost unless old_value is given."
)


def tried_routes(reading: Reading, key: str, options: RotationOptions) -> list[tuple[LiveRoute, set[str]]]:
    """The routes that the probes reach, in their order, each with the ids of the plugins on it that use the secret.

    Raises InvalidInput when the route of a probe cannot be told.
    """
    ids = {row.entity["id"] for row in reading.references_to(key) if row.kind is PLUGIN}
    if not ids or not options.probes:
        return []
    lives = {route["id"]: live_route(reading.plugins, route) for route in reading.routes}
    using = {route_id: ids & {plugin["id"] for plugin in live.effective} for route_id, live in lives.items()}
    candidates = [route_id for route_id, used in using.items() if used]
    if not candidates:
        return []
    found = [find_route(probe, reading.routes, candidates)["id"] for probe in options.probes]
    return [(lives[route_id], using[route_id]) for route_id in found]


def refusal(reading: Reading, keys: Sequence[str], options: RotationOptions) -> str | None:
    """None when the strategy can work.

    :param keys: the secret, and after it what a rotation that is taken over may have pointed references at.
    """
    key, rows = keys[0], [row for key in keys for row in reading.references_to(key)]
    if not rows:
        return (
            f"Nothing that the gateway resolves refers to {key}, so a new value could not be tried. Write it with "
            "konnect_secret."
        )
    if not options.probes:
        return (
            f"Say how to test the new value of {key}: give probes, or the URL of a data plane for the chat request of "
            "the tutorial."
        )
    if options.strategy == "trial":
        tried = [row for key in keys for row in tried_routes(reading, key, options)]
        return _refusal_of_trial(key, [_named(reading, row) for row in rows], tried)
    if options.strategy == "blue_green" and options.references == "own":
        foreign = [f"{_named(reading, row)} ({row.entity['id']})" for row in _foreign(rows)]
        if foreign:
            return (
                f"The strategy blue_green would change what this collection did not create: {', '.join(foreign)}. "
                "Whoever manages it may point it back. Set references to all to do it nevertheless."
            )
    return None


def _refusal_of_trial(key: str, names: Iterable[str], tried: Sequence[tuple[LiveRoute, set[str]]]) -> str | None:
    if not any(using for _live, using in tried):
        where = ", ".join(sorted(set(names)))
        return (
            f"The strategy trial cannot reach what refers to {key} ({where}): no probe leads to a plugin of a route, a "
            f"service or the control plane that uses it. Choose another strategy by name. {OTHERS}"
        )
    first = [ROUTE.display(live.route) for live, _using in tried if live.route.get("priority") == MAX_PRIORITY]
    if first:
        return (
            f"The strategy trial needs a temporary route before route {first[0]}, whose priority is the highest there "
            f"is. Lower it by one, or choose another strategy by name. {OTHERS}"
        )
    return None


def _foreign(rows: Sequence[Reference]) -> list[Reference]:
    """One reference of each entity that was not, or not for sure, created by this collection."""
    found = {row.entity["id"]: row for row in rows}
    return [
        row
        for row in found.values()
        if row.kind is not PLUGIN or not is_created_by_collection(row.control_plane, row.entity)
    ]


def _named(reading: Reading, row: Reference) -> str:
    """The entity of a reference, as messages call it."""
    workspace = row.control_plane.workspace
    place = "" if workspace == reading.control_plane.workspace else f" in workspace {workspace}"
    return f"{row.kind.label} {row.kind.display(row.entity)}{place}"
