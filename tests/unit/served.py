# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes of the scripted server for entities that it holds."""

from __future__ import annotations

from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._entities.kind import Entity, Kind
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID

PLANE_PATH = f"/v2/control-planes/{PLANE_ID}"


def page(*entities: Entity) -> tuple[int, dict[str, Any]]:
    """A response with a list that has one page, in the form of every kind but data plane nodes."""
    return 200, {"data": [*entities]}


def held(kind: Kind, *entities: Entity) -> dict[str, Any]:
    """Routes for the list of a kind in the control plane of the tests, and for each entity by its id."""
    path = "/".join((PLANE_PATH, *kind.segments))
    return {f"GET {path}": page(*entities), **{f"GET {path}/{entity['id']}": (200, entity) for entity in entities}}
